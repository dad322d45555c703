// Finds the delimiter of a table and the line of its header, also where a title stands above it. Looks at the first records alone.
import type { Part, TableOptions } from '../intake/part.ts'

const RECORDS_LOOKED_AT = 60
const DELIMITERS = [',', '\t', ';', '|'] as const

export type Layout = {
  readonly delimiter: string | undefined
  /** From 1; null where the table seems to have none. */
  readonly headerRow: number | null
  /** How many cells most of its rows have. */
  readonly width: number
}

type Record = { readonly line: number; readonly cells: ReadonlyArray<string> }

/** `asked` is kept; the rest is looked for. */
export async function findLayout(part: Part, asked: TableOptions): Promise<Layout> {
  const isText = part.sheet === '' && asked.delimiter === undefined
  const tried = isText ? DELIMITERS.map((delimiter) => ({ ...asked, delimiter })) : [asked]
  let best: Layout & { readonly score: number } = { delimiter: asked.delimiter, headerRow: 1, width: 1, score: -1 }
  for (const options of tried) {
    const layout = layoutOf(await firstRecords(part, options), asked.headerRow)
    if (layout.score > best.score) best = { ...layout, delimiter: options.delimiter }
  }
  const { score: _, ...layout } = best
  return layout
}

async function firstRecords(part: Part, { encoding, delimiter }: TableOptions): Promise<Record[]> {
  const options = { ...(encoding === undefined ? {} : { encoding }), ...(delimiter === undefined ? {} : { delimiter }) }
  const table = await part.openTable({ ...options, isSectioned: true })
  const records: Record[] = [{ line: table.headerLine, cells: table.header }]
  for await (const batch of table.rows) {
    for (const row of batch) if ('cells' in row) records.push(row)
    if (records.length >= RECORDS_LOOKED_AT) break
  }
  return records.slice(0, RECORDS_LOOKED_AT)
}

/** The widest width that many records share; the header is the first record of it that is all words. */
function layoutOf(records: ReadonlyArray<Record>, headerRow: number | undefined) {
  const widths = new Map<number, number>()
  for (const { cells } of records) {
    const width = widthOf(cells)
    const known = widths.get(width)
    widths.set(width, known === undefined ? 1 : known + 1)
  }
  // Rows may end with empty cells: wider ones are of the same table.
  const atLeast = (width: number) => records.filter(({ cells }) => cells.length >= width).length
  let width = 1
  let score = 0
  for (const [candidate] of widths) {
    const points = candidate < 2 ? 0 : (atLeast(candidate) / records.length) * Math.min(candidate, 40)
    if (points > score) [width, score] = [candidate, points]
  }
  if (headerRow !== undefined) return { headerRow, width, score }
  const header = records.find(({ cells }) => widthOf(cells) >= Math.max(2, width * 0.6) && cells.every(isTitle))
  return { headerRow: header?.line ?? (width < 2 ? 1 : null), width, score }
}

function widthOf(cells: ReadonlyArray<string>): number {
  let width = cells.length
  while (width > 0 && cells[width - 1]?.trim() === '') width -= 1
  return width
}

/** A title has a letter, or is empty; a day or an amount is none. */
function isTitle(cell: string): boolean {
  const text = cell.trim()
  return text === '' || (/\p{L}/u.test(text) && !/^\W*\d[\d.,]*\W*$/.test(text))
}
