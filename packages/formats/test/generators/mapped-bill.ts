// A bill in the columns and writing of some carrier that no format knows, with the Source document that reads it: as
// rows for a delimited file or a sheet. Says what it sums to, and which lines cannot be read.
import { Random } from './random.ts'
import { magnitudeText } from './written-amount.ts'

export type MappedBill = {
  readonly source: Record<string, unknown>
  readonly header: ReadonlyArray<string>
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
  readonly delimiter: string
  /** What the readable rows sum to, and what the vendor says. */
  readonly totalMinor: number
  readonly readableMinor: number
  readonly unreadableLines: ReadonlyArray<number>
  readonly ignoredLines: ReadonlyArray<number>
}

const WRITINGS = [
  { decimal: '.', thousands: ',', negative: 'parentheses', sign: '$' },
  { decimal: '.', thousands: '', negative: 'minus', sign: '' },
  { decimal: ',', thousands: '.', negative: 'trailing-minus', sign: '€' },
  { decimal: ',', thousands: ' ', negative: 'minus', sign: 'EUR' },
  { decimal: '.', thousands: "'", negative: 'cr-suffix', sign: '' },
] as const
type Writing = (typeof WRITINGS)[number]

const DATE_FORMATS = ['MM/DD/YYYY', 'DD.MM.YYYY', 'YYYY-MM-DD', 'D MMM YYYY'] as const

export function generateMappedBill({
  seed,
  unreadableRows = 0,
}: {
  seed: number
  unreadableRows?: number
}): MappedBill {
  const random = new Random(seed)
  const writing = random.pick(WRITINGS)
  const format = random.pick(DATE_FORMATS)
  const isInclusive = random.chance(0.5)
  const isFlipped = random.chance(0.2)
  const count = random.integer(unreadableRows + 1, 40)
  const amounts = Array.from({ length: count }, () => random.pick([1, 1, 1, -1]) * random.integer(0, 3_000_000))
  const spoiled = new Set(random.shuffled(amounts.map((_, index) => index)).slice(0, unreadableRows))
  const columns = [
    'Kunde',
    'Rechnung',
    'Von',
    'Bis',
    'Rufnummer',
    'Art',
    'Betrag',
    ...(random.chance(0.5) ? ['Notiz'] : []),
  ]
  const header = random.shuffled(columns)
  const write = (minor: number) => writeAmount(isFlipped ? -minor : minor, writing)
  const row = (cells: Record<string, string>) => header.map((column) => cells[column] ?? '')
  const bill = {
    Kunde: 'K-1',
    Rechnung: 'R-7',
    Von: writeDate(1, format),
    Bis: writeDate(isInclusive ? 28 : 29, format),
  }
  const rows = amounts.map((minor, index) => {
    const cells = {
      ...bill,
      Rufnummer: `0171 ${100_000 + random.integer(0, 9)}`,
      Art: random.pick(['Plan', 'Tax']),
      Betrag: write(minor),
      Notiz: 'x',
    }
    return row(spoiled.has(index) ? { ...cells, ...spoil(random) } : cells)
  })
  const totalMinor = sum(amounts)
  const hasTotal = random.chance(0.5)
  if (hasTotal) rows.push(row({ ...bill, Art: 'Total', Betrag: write(totalMinor) }))
  return {
    source: sourceOf({ writing, format, isInclusive, isFlipped }),
    header,
    rows,
    delimiter: random.pick([';', '\t', '|']),
    totalMinor,
    readableMinor: sum(amounts.filter((_, index) => !spoiled.has(index))),
    unreadableLines: [...spoiled].map((index) => index + 2).sort((left, right) => left - right),
    ignoredLines: hasTotal ? [count + 2] : [],
  }
}

const sum = (amounts: ReadonlyArray<number>) => amounts.reduce((total, minor) => total + minor, 0)

function spoil(random: Random): Record<string, string> {
  return random.pick([{ Betrag: 'n.a.' }, { Von: '99.99.9999' }, { Art: 'Unheard of' }, { Betrag: '' }, { Kunde: '' }])
}

function writeAmount(minor: number, writing: Writing): string {
  const text = magnitudeText(minor, writing)
  const signed = writing.sign === '$' ? `$${text}` : writing.sign === '' ? text : `${text} ${writing.sign}`
  if (minor >= 0) return signed
  if (writing.negative === 'parentheses') return `(${signed})`
  if (writing.negative === 'trailing-minus') return `${text}- ${writing.sign}`
  return writing.negative === 'cr-suffix' ? `${text} CR` : `-${signed}`
}

/** A day of October 2026, the 29th included. */
function writeDate(day: number, format: (typeof DATE_FORMATS)[number]): string {
  const two = String(day).padStart(2, '0')
  if (format === 'MM/DD/YYYY') return `10/${two}/2026`
  if (format === 'DD.MM.YYYY') return `${two}.10.2026`
  return format === 'YYYY-MM-DD' ? `2026-10-${two}` : `${day} Oct 2026`
}

function sourceOf({
  writing,
  format,
  isInclusive,
  isFlipped,
}: {
  writing: Writing
  format: string
  isInclusive: boolean
  isFlipped: boolean
}) {
  return {
    kind: 'Source',
    name: 'generated',
    numbers: {
      decimal: writing.decimal,
      ...(writing.thousands === '' ? {} : { thousands: writing.thousands }),
      negative: ['minus', ...(writing.negative === 'minus' ? [] : [writing.negative])],
      ...(writing.sign === '' ? {} : { 'currency-signs': [writing.sign] }),
    },
    dates: { format, end: isInclusive ? 'inclusive' : 'exclusive' },
    ignore: [{ when: { Art: 'Total' }, because: 'the sum of the bill' }],
    fields: { vendor: { value: 'carrier' }, currency: { value: 'EUR' } },
    emit: [
      {
        fact: 'charge',
        fields: {
          account: 'Kunde',
          invoice: 'Rechnung',
          period_start: 'Von',
          period_end: 'Bis',
          service: { column: 'Rufnummer', digits: true },
          category: { column: 'Art', map: { Plan: 'access', Tax: 'tax' } },
          amount: isFlipped ? { column: 'Betrag', sign: 'flip' } : 'Betrag',
        },
      },
    ],
  }
}
