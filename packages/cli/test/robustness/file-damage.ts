// What happens to real files on their way: to their bytes, their lines, their cells and their archives. Seeded: the same
// random numbers give the same damage.
import { gzipSync } from 'node:zlib'
import { ZipFile } from 'yazl'

export type Random = () => number
export type Damage = (bytes: Buffer, random: Random) => Buffer | Promise<Buffer>

const MOMENT = new Date('2026-01-01T00:00:00Z')
const HOSTILE_CELLS = [
  '',
  '-',
  '0x10',
  '1e400',
  'NaN',
  'Infinity',
  '-0',
  '9223372036854775807',
  '-9223372036854775808',
  '99999999999999999999.99',
  '90071992547409.93',
  '1,234.56',
  '(12.50)',
  '=1+1',
  '2026-02-30',
  '0000-00-00',
  '9999-12-31',
  '1,2,3',
  '--5',
  '(12.50',
  '\u0661\u0662\u0663',
  '9'.repeat(40),
  '../../etc/passwd',
  '@SUM(1+1)',
  '+275760-09-13T00:00:00Z',
  "'; DROP TABLE charge; --",
  '"unclosed',
  '\u0000',
  '\u202e\u0000',
  '\ud800',
  '__proto__',
  '\t',
  'x'.repeat(70_000),
]

const pick = <T>(values: ReadonlyArray<T>, random: Random): T => values[Math.floor(random() * values.length)] as T
const below = (count: number, random: Random) => Math.floor(random() * count)

function linesOf(bytes: Buffer): string[] {
  return bytes.toString('latin1').split('\n')
}
const joined = (lines: ReadonlyArray<string>) => Buffer.from(lines.join('\n'), 'latin1')

function flipBits(bytes: Buffer, random: Random): Buffer {
  const damaged = Buffer.from(bytes)
  for (let flips = 1 + below(12, random); flips > 0 && damaged.length > 0; flips -= 1) {
    const at = below(damaged.length, random)
    damaged[at] = (damaged[at] as number) ^ (1 << below(8, random))
  }
  return damaged
}

const delimiterOf = (header: string) =>
  [...',;\t|'].sort((a, b) => header.split(b).length - header.split(a).length)[0] as string

/** Cells are cut at every delimiter, also inside quotes: what they then mean is no matter here. */
function withCells(bytes: Buffer, change: (rows: string[][]) => void): Buffer {
  const lines = linesOf(bytes)
  const delimiter = delimiterOf(lines[0] ?? '')
  const rows = lines.map((line) => line.split(delimiter))
  change(rows)
  return joined(rows.map((cells) => cells.join(delimiter)))
}

async function zipOf(members: Readonly<Record<string, Buffer>>): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, content] of Object.entries(members)) zip.addBuffer(content, name, { mtime: MOMENT, compress: true })
  zip.end()
  const chunks: Buffer[] = []
  for await (const chunk of zip.outputStream) chunks.push(Buffer.from(chunk as Buffer))
  return Buffer.concat(chunks)
}

/** Of any file, archives too. */
export const BYTE_DAMAGES: Readonly<Record<string, Damage>> = {
  'flipped bits': flipBits,
  'an end cut off': (bytes, random) => bytes.subarray(0, below(bytes.length, random)),
  'a piece taken out': (bytes, random) => {
    const from = below(bytes.length, random)
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + below(200, random))])
  },
}

/** Of delimited text. */
export const TEXT_DAMAGES: Readonly<Record<string, Damage>> = {
  'line ends mixed': (bytes, random) =>
    Buffer.from(
      bytes.toString('latin1').replace(/\n/g, () => pick(['\n', '\r\n', '\r', '\n\n', '\u0085'], random)),
      'latin1',
    ),
  'half as UTF-16': (bytes, random) => {
    const from = below(bytes.length, random)
    return Buffer.concat([bytes.subarray(0, from), Buffer.from(bytes.subarray(from).toString(), 'utf16le')])
  },
  'UTF-8 taken for Windows-1252': (bytes) => Buffer.from(bytes.toString('latin1'), 'utf8'),
  'UTF-16 without a mark': (bytes) => Buffer.from(bytes.toString(), 'utf16le').swap16(),
  'lines twice': (bytes, random) => joined(linesOf(bytes).flatMap((line) => (random() < 0.1 ? [line, line] : [line]))),
  'lines shuffled': (bytes, random) => {
    const [header = '', ...lines] = linesOf(bytes)
    return joined([
      header,
      ...lines
        .map((line) => ({ line, at: random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ line }) => line),
    ])
  },
  'another delimiter': (bytes, random) =>
    Buffer.from(
      bytes.toString('latin1').replace(/[,;\t|]/g, () => (random() < 0.98 ? ';' : '\t')),
      'latin1',
    ),
  'columns swapped': (bytes, random) =>
    withCells(bytes, ([header = []]) => {
      const [from, to] = [below(header.length, random), below(header.length, random)]
      const [left = '', right = ''] = [header[from], header[to]]
      header.splice(from, 1, right)
      header.splice(to, 1, left)
    }),
  'a column dropped': (bytes, random) =>
    withCells(bytes, (rows) => {
      const column = below(rows[0]?.length ?? 1, random)
      for (const cells of rows) cells.splice(column, 1)
    }),
  'a row torn, and the header again': (bytes, random) =>
    withCells(bytes, (rows) => {
      const at = below(rows.length, random)
      const cells = rows[at] as string[]
      rows.splice(at + 1, 0, cells.splice(below(cells.length, random)), [...(rows[0] as string[])])
    }),
  'hostile cells': (bytes, random) =>
    withCells(bytes, (rows) => {
      for (let cells = 1 + below(20, random); cells > 0; cells -= 1) {
        const row = rows[1 + below(Math.max(1, rows.length - 1), random)]
        if (row) row[below(row.length, random)] = pick(HOSTILE_CELLS, random)
      }
    }),
  'cells missing': (bytes, random) =>
    withCells(bytes, (rows) => {
      for (const row of rows.slice(1)) if (random() < 0.1) row.splice(below(row.length, random), 1 + below(3, random))
    }),
  'digits changed': (bytes, random) =>
    Buffer.from(
      bytes.toString('latin1').replace(/\d/g, (digit) => (random() < 0.01 ? String(below(10, random)) : digit)),
      'latin1',
    ),
  'quotes strewn in': (bytes, random) =>
    Buffer.from(
      bytes.toString('latin1').replace(/,/g, (comma) => (random() < 0.003 ? '",' : comma)),
      'latin1',
    ),
  'a damaged archive': async (bytes, random) => flipBits(await zipOf({ 'bill.txt': bytes }), random),
  'a damaged gzip file': (bytes, random) => flipBits(gzipSync(bytes), random),
}

/** Made to hurt rather than damaged; each must be refused early. */
export const BOMBS: Readonly<Record<string, () => Buffer | Promise<Buffer>>> = {
  'a zip bomb': () => zipOf({ 'charges.csv': Buffer.alloc(64 * 1024 * 1024, 0x30) }),
  'a zip bomb in a zip': async () => zipOf({ 'a.zip': await zipOf({ 'b.csv': Buffer.alloc(1024 * 1024, 0x30) }) }),
  'a gzip bomb': () => gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x30)),
  'a million columns': () => Buffer.from(`${'a,'.repeat(1_000_000)}b\n`),
  'a line of 40 MB': () => Buffer.concat([Buffer.from('vendor,account\n'), Buffer.alloc(40 * 1024 * 1024, 0x61)]),
  'a quote that never ends': () => Buffer.from(`vendor,account\n"${'line\n'.repeat(2_000_000)}`),
  'nothing but line ends': () => Buffer.alloc(1024 * 1024, 0x0a),
}
