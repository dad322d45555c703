// Cells that no honest file holds where they are put, by what the column holds: each must be read for what it says or be
// refused. Written with escapes, so that the file can be read.
import type { Random } from '../generators/random.ts'

const NUMBERS = [
  '1e309',
  '1e5',
  '0x10',
  '\u0661\u0662\u0663',
  '\uff11\uff12',
  '1,2,3',
  '1,23',
  '12,34,567.00',
  '--5',
  '+-5',
  '5-',
  '\u22125',
  '9'.repeat(40),
  `-${'9'.repeat(40)}.99`,
  '9223372036854775807',
  '92233720368547758.08',
  '-9223372036854775809',
  '9007199254740993',
  '(12.50',
  '12.50)',
  '((12.50))',
  '(-3)',
  '1.2.3',
  '1.',
  '.5',
  '.',
  '0.005',
  '12.345',
  'NaN',
  'Infinity',
  '-0',
  '$',
  '$-',
  '$ 1 000',
  '1_000',
  '1\u00a0000',
  '=1+1',
  '12 34',
  '',
]
const DATES = [
  '0000-00-00',
  '2026-02-31',
  '31/02/2026',
  '02/31/2026',
  '99999-01-01',
  '9999-12-31',
  '0001-01-01',
  '1900-02-29',
  '2026-13-01',
  '2026-1-1',
  '2026-10-31T25:61:61',
  '2026-10-31T00:00:60Z',
  '+275760-09-13T00:00:00Z',
  '-000001-01-01',
  '00/00/00',
  '45961',
  '\u0662\u0660\u0662\u0666-01-01',
  'today',
  'Feb 30',
  '',
]
const IDS = [
  '../../etc/passwd',
  'C:\\Windows\\system.ini',
  'a\u0000b',
  '\u0000',
  '\ud800',
  'x\udfffy',
  '\u202etxt.exe',
  '\u200b',
  '\ufeff',
  'x'.repeat(100_000),
  "=cmd|' /C calc'!A0",
  '@SUM(1+1)',
  '+1+1',
  '-2+3',
  '\t=1',
  '\r=1',
  '__proto__',
  'constructor',
  'toString',
  "'; DROP TABLE charge; --",
  `\${jndi:ldap://x}`,
  '\u001d\u001f',
  'line\nbreak',
  '"',
  '""',
  'null',
  '   ',
  '',
]

export type CellKind = 'number' | 'date' | 'text'

export function kindOfCell(cell: string): CellKind {
  if (/^\s*[-+($\u20ac]*\s*\d[\d.,' ]*\)?-?\s*$/.test(cell)) return 'number'
  if (/\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|^[A-Z][a-z]{2} \d{1,2}\b|^\d{8}$/.test(cell)) return 'date'
  return 'text'
}

const OF_KIND: Readonly<Record<CellKind, ReadonlyArray<string>>> = { number: NUMBERS, date: DATES, text: IDS }

/** Mostly of the kind that stands there, now and then of another. */
export function hostileCell(cell: string, random: Random): string {
  const kind = random.chance(0.75) ? kindOfCell(cell) : random.pick(['number', 'date', 'text'] as const)
  return random.pick(OF_KIND[kind])
}
