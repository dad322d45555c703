// A file of refused rows that somebody mended, as the table that they come from: without the columns that said what was wrong,
// without the apostrophes that made formulas harmless, and read as it was written by us, whatever its source says of its files.
import { problem, type Table, type TableRow, type UnreadableRow } from '@spillway/core'
import type { Part, TableOptions } from './part.ts'
import { type RejectsPositions, rejectsPositions } from './rejects-columns.ts'
import { sampleTable } from './table-sample.ts'

/** The part as it is where it holds no mended rows. */
export async function mendedPart(part: Part): Promise<Part> {
  const { header, rows } = await sampleTable(part)
  const positions = rejectsPositions(header)
  const [first] = rows
  if (positions === null || first === undefined) return part
  const supplements = (first[positions.from] ?? '').trim()
  // Where it comes from a sheet, its numbers and days are plain.
  const isPlain = (first[positions.at] ?? '').includes('#')
  let lines: MendedLines = new Map()
  return {
    ...part,
    supplements,
    mendedLines: () => lines,
    openTable: async ({ onBytes }: TableOptions = {}) => {
      const table = await part.openTable(onBytes === undefined ? {} : { onBytes })
      lines = new Map()
      return mendedTable(table, { positions, supplements, isPlain, lines })
    },
  }
}

/** By place. */
type MendedLines = Map<string, number[]>

type Mended = {
  readonly positions: RejectsPositions
  readonly supplements: string
  readonly isPlain: boolean
  /** Learns where each row was refused. */
  readonly lines: MendedLines
}

function mendedTable(table: Table, { positions, supplements, isPlain, lines }: Mended): Table {
  const ownOf = (cells: ReadonlyArray<string>) => positions.own.map((index) => withoutApostrophe(cells[index] ?? ''))
  const { header, rows, ...rest } = table
  const mend = (row: TableRow | UnreadableRow): TableRow | UnreadableRow => {
    if (!('cells' in row)) return row
    const { line } = row
    const from = (row.cells[positions.from] ?? '').trim()
    const cells = ownOf(row.cells)
    const raw = cells.map(quoted).join(',')
    if (from === '' || from === supplements) {
      noteLine(lines, row.cells[positions.at] ?? '')
      return { line, cells, raw }
    }
    const reason = `it belongs to import ${from}, and the rows before it to ${supplements}`
    return { line, raw, problem: problem('row-unreadable', { reason }, { source: { file: '', line } }) }
  }
  return {
    ...rest,
    header: ownOf(header),
    delimiter: ',',
    ...(isPlain || table.isPlain ? { isPlain: true } : {}),
    rows: (async function* () {
      for await (const batch of rows) yield batch.map(mend)
    })(),
  }
}

/** `bill.csv:12`; whatever else somebody wrote there is no place, and nothing is known to be mended by it. */
function noteLine(lines: MendedLines, at: string): void {
  const [, place, line] = /^(.+):(\d{1,9})$/s.exec(withoutApostrophe(at.trim())) ?? []
  if (place === undefined || line === undefined) return
  const known = lines.get(place)
  if (known) known.push(Number(line))
  else lines.set(place, [Number(line)])
}

/** As `encodeRejects` writes it: one apostrophe more before what a spreadsheet would run. */
function withoutApostrophe(cell: string): string {
  return /^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell
}

function quoted(cell: string): string {
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
