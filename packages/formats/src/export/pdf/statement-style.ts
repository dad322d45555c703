// How a statement looks: black on white, two sizes of type, rules of three weights. Nothing is said by colour.
import type { CustomTableLayout, Style } from 'pdfmake'

export const PAPERS = { a4: { width: 595.28, height: 841.89 }, letter: { width: 612, height: 792 } } as const
export type Paper = keyof typeof PAPERS
export const PAPER_NAMES = Object.keys(PAPERS) as ReadonlyArray<Paper>

export const MARGIN = { side: 44, top: 58, bottom: 52 } as const
export const FONT = 'Roboto'
export const FONT_SIZE = 8
/** Digits of the font are all of one width, in ems; separators are narrower. */
const DIGIT_WIDTH = 0.5615
const GREY = '#555555'

export function contentWidth(paper: Paper): number {
  return PAPERS[paper].width - 2 * MARGIN.side
}

/** Points that the longest of some amounts needs at a size of type. */
function amountWidth(texts: ReadonlyArray<string>, fontSize: number): number {
  const longest = texts.reduce((most, text) => Math.max(most, text.length), 0)
  return Math.ceil(longest * DIGIT_WIDTH * fontSize) + 1
}

/** The size of type, at most `fontSize`, at which the longest of some amounts stands on one line of a width. */
export function fittingSize(
  texts: ReadonlyArray<string>,
  { width, fontSize }: { width: number; fontSize: number },
): number {
  const wanted = amountWidth(texts, fontSize)
  return wanted <= width ? fontSize : (fontSize * (width - 1)) / wanted
}

type AmountColumns = { readonly fontSize: number; readonly widths: ReadonlyArray<number> }

/**
 * A width for each column of amounts, so that none is ever broken over two lines: at least `widthMin` points, in smaller type
 * where they would together take more than `room`.
 */
export function amountColumns({
  columns,
  fontSize = FONT_SIZE,
  widthMin,
  room,
}: {
  readonly columns: ReadonlyArray<ReadonlyArray<string>>
  readonly fontSize?: number
  readonly widthMin: number
  readonly room: number
}): AmountColumns {
  const wanted = columns.map((texts) => Math.max(widthMin, amountWidth(texts, fontSize)))
  const sum = wanted.reduce((total, width) => total + width, 0)
  if (sum <= room) return { fontSize, widths: wanted }
  const smaller = (fontSize * (room - columns.length)) / (sum + columns.length)
  return { fontSize: smaller, widths: columns.map((texts) => Math.max(widthMin / 2, amountWidth(texts, smaller))) }
}

export const STYLES: Readonly<Record<string, Style>> = {
  name: { fontSize: 19, bold: true, lineHeight: 1.05 },
  month: { fontSize: 13, bold: true, alignment: 'right' },
  heading: { fontSize: 10.5, bold: true, margin: [0, 13, 0, 3] },
  quiet: { color: GREY },
  head: { bold: true, fontSize: 7.5 },
}

const HAIR = '#bdbdbd'
const INK = '#000000'

type RowsLayout = {
  readonly headerRows?: number
  /** Rows that begin a group; undefined is every row. */
  readonly groupStarts?: ReadonlySet<number>
  readonly totalRow?: number
}

/** A table of rows: a rule below the header and around it nothing. Rows that begin a group get a hair line above. */
export function rowsLayout({ headerRows = 1, groupStarts, totalRow }: RowsLayout = {}): CustomTableLayout {
  return {
    hLineWidth: (row, { table }) => {
      if (row < headerRows) return 0
      if (row === headerRows || row === totalRow) return 0.8
      if (row === table.body.length) return totalRow === undefined ? 0 : 0.8
      return groupStarts === undefined || groupStarts.has(row) ? 0.35 : 0
    },
    hLineColor: (row, { table }) => (row === headerRows || row === totalRow || row === table.body.length ? INK : HAIR),
    vLineWidth: () => 0,
    paddingLeft: (column) => (column === 0 ? 0 : 5),
    paddingRight: (column, { table }) => (column === (table.widths?.length ?? 0) - 1 ? 0 : 5),
    paddingTop: () => 1.8,
    paddingBottom: () => 1.6,
  }
}
