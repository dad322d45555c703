// A report on paper: a table with the columns that a person reads, its totals, and the sums that stand below it. The same
// report is the same bytes. Refuses more rows than anybody turns pages for: files have them all.
import {
  addToTotals,
  groupDigits,
  Refusal,
  type Report,
  type ReportColumn,
  type ReportTotals,
  toTotalRows,
} from '@spillway/core'
import type { Content, createPdf, TableCell } from 'pdfmake'
import { loadPdfmake } from './load-pdfmake.ts'
import { type PaperText, paperText } from './paper-text.ts'
import { FONT, MARGIN, PAPERS, rowsLayout, STYLES } from './statement-style.ts'

type DocumentDefinition = Parameters<typeof createPdf>[0]

const ROWS_MAX = 10_000
const FONT_SIZE = 7.5

/** @throws Refusal `bad-command` for a report of more rows than a paper has. */
export async function* encodeReportPdf(report: Report): AsyncGenerator<Uint8Array> {
  const { pdfmake, characters } = await loadPdfmake()
  const text = paperText(characters)
  const tables: Content[] = []
  for (const [index, part] of [report, ...(report.below ?? [])].entries())
    tables.push(...(await tableOf(part, { text, isFirst: index === 0 })))
  yield await pdfmake.createPdf(documentOf(report, { text, tables })).getBuffer()
}

/** Of nobody's clock: the same report is the same paper on any day. */
const NO_DATE = new Date(0)

function documentOf(report: Report, { text, tables }: { text: PaperText; tables: Content[] }): DocumentDefinition {
  const { width, height } = PAPERS.a4
  const title = text.of(report.title)
  return {
    pageSize: { width: height, height: width },
    pageMargins: [MARGIN.side, MARGIN.top, MARGIN.side, MARGIN.bottom],
    defaultStyle: { font: FONT, fontSize: FONT_SIZE, lineHeight: 1.15 },
    styles: STYLES,
    info: { title, creator: 'Spillway', producer: 'Spillway', creationDate: NO_DATE },
    header: { margin: [MARGIN.side, 26, MARGIN.side, 0], text: title, bold: true },
    footer: (page, pages) => ({
      margin: [MARGIN.side, 18, MARGIN.side, 0],
      text: `Page ${page} of ${pages}`,
      alignment: 'right',
    }),
    content: tables,
  }
}

async function tableOf(
  report: Report,
  { text, isFirst }: { readonly text: PaperText; readonly isFirst: boolean },
): Promise<Content[]> {
  const shown = report.columns.flatMap((column, index) => (column.isDetail === true ? [] : [{ column, index }]))
  const totals: ReportTotals = new Map()
  const body: TableCell[][] = []
  for await (const batch of report.rows)
    for (const row of batch) {
      if (report.hasTotals === true) addToTotals(totals, { columns: report.columns, row })
      if (body.length === ROWS_MAX)
        throw new Refusal('bad-command', `A paper has at most ${ROWS_MAX} rows, and ${report.title} has more.`, {
          hint: 'Write it as CSV or XLSX, or ask for less.',
        })
      body.push(shown.map(({ column, index }) => cellOf(row[index], column, text)))
    }
  const sums = toTotalRows(totals, report.columns)
  const totalRow = body.length + 1
  body.push(
    ...sums.map((row) => shown.map(({ column, index }) => ({ ...cellOf(row[index], column, text), bold: true }))),
  )
  const heading: Content[] = isFirst ? [] : [{ text: text.of(report.title), style: 'heading' }]
  if (body.length === 0) return [...heading, { text: 'Nothing to show.' }]
  const head = shown.map(
    ({ column }): TableCell => ({ text: column.title, style: 'head', alignment: isNumber(column) ? 'right' : 'left' }),
  )
  return [
    ...heading,
    {
      table: {
        headerRows: 1,
        dontBreakRows: true,
        widths: shown.map(({ column }) => (isNumber(column) ? 'auto' : '*')),
        body: [head, ...body],
      },
      layout: rowsLayout(sums.length > 0 ? { totalRow } : {}),
    },
  ]
}

const isNumber = ({ kind }: ReportColumn) =>
  kind === 'amount' || kind === 'quantity' || kind === 'usage' || kind === 'share'

function cellOf(cell: string | undefined, column: ReportColumn, text: PaperText) {
  const value = cell ?? ''
  if (!isNumber(column)) return { text: text.of(value) }
  return { text: /^-?\d+(\.\d+)?$/.test(value) ? groupDigits(value) : text.of(value), alignment: 'right' as const }
}
