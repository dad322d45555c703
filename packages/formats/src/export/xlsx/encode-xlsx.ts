// A report as an XLSX workbook: typed cells below a frozen header that filters, and totals set off at the end. The same
// report is the same bytes. What does not fit on one sheet goes on on the next; nothing is left out.
import { addToTotals, type Report, type ReportRow, type ReportTotals, toTotalRows } from '@spillway/core'
import { type CellTone, toHeaderCell, toSheetCell } from './sheet-cell.ts'
import { WorkbookStream } from './workbook-stream.ts'

/** Rows of a sheet in the format, one of them the header. */
const LINES_MAX = 1_048_576
/** Column widths are measured on the first rows: the sheet's columns stand before its cells. */
const MEASURED_ROWS = 500
/** In characters. At 9 exceljs leaves a width out. */
const WIDTH_MIN = 10
const WIDTH_MAX = 60

/** `linesMax`: rows of a sheet with its header, lower in tests. @throws what reading the report's rows throws. */
export async function* encodeXlsx(report: Report, { linesMax = LINES_MAX } = {}): AsyncGenerator<Uint8Array> {
  const workbook = await WorkbookStream.open({ title: printableProperty(report.title), subject: report.name })
  try {
    const sheets = new ReportSheets(report, { workbook, linesMax })
    for await (const batch of report.rows) {
      for (const row of batch) sheets.add(row)
      yield* workbook.readyBytes()
    }
    sheets.close()
    yield* workbook.close()
  } finally {
    workbook.abandon()
  }
}

/** The rows of a report on as many sheets as they need. */
class ReportSheets {
  readonly #report: Report
  readonly #workbook: WorkbookStream
  readonly #linesMax: number
  readonly #totals: ReportTotals = new Map()
  /** Until the widths are known. */
  #held: ReportRow[] | undefined = []
  #widths: ReadonlyArray<number> = []
  #sheets = 0
  /** Of the open sheet, the header among them. */
  #lines = 0

  constructor(report: Report, { workbook, linesMax }: { workbook: WorkbookStream; linesMax: number }) {
    this.#report = report
    this.#workbook = workbook
    this.#linesMax = linesMax
  }

  add(row: ReportRow): void {
    if (this.#report.hasTotals === true) addToTotals(this.#totals, { columns: this.#report.columns, row })
    if (this.#held === undefined) this.#write(row)
    else if (this.#held.push(row) === MEASURED_ROWS) this.#release()
  }

  close(): void {
    this.#release()
    const totals = toTotalRows(this.#totals, this.#report.columns)
    let filtered = this.#lines
    if (totals.length > 0 && this.#lines + 1 + totals.length > this.#linesMax) {
      this.#openSheet()
      filtered = this.#lines
    } else if (totals.length > 0) {
      // An empty row keeps sorting and filtering off the totals.
      this.#workbook.skipRow()
      this.#lines += 1
    }
    for (const row of totals) this.#write(row, 'total')
    this.#closeSheet(filtered)
  }

  #release(): void {
    const held = this.#held ?? []
    if (this.#held === undefined) return
    this.#held = undefined
    this.#widths = widthsOf(this.#report, held)
    this.#openSheet()
    for (const row of held) this.#write(row)
  }

  #write(row: ReportRow, tone: CellTone = 'data'): void {
    if (this.#lines === this.#linesMax) this.#openSheet()
    this.#workbook.addRow(this.#report.columns.map(({ kind }, index) => toSheetCell(row[index] as string, kind, tone)))
    this.#lines += 1
  }

  #openSheet(): void {
    if (this.#sheets > 0) this.#closeSheet(this.#lines)
    this.#sheets += 1
    const { name, title, columns } = this.#report
    const pageHeader = printableProperty(title)
    this.#workbook.openSheet({ name: sheetName(name, this.#sheets), widths: this.#widths, pageHeader })
    this.#workbook.addRow(columns.map((column) => toHeaderCell(column.title, column.kind)))
    this.#lines = 1
  }

  #closeSheet(lines: number): void {
    this.#workbook.closeSheet({ lines, columns: this.#report.columns.length })
  }
}

/** `charges`, then `charges 2`: at most 31 characters, none of those that a sheet's name must not have. */
export function sheetName(name: string, sheet: number): string {
  const ending = sheet === 1 ? '' : ` ${sheet}`
  const valid = name.replace(/[[\]:*?/\\'\p{C}]/gu, '-')
  return `${valid.slice(0, 31 - ending.length)}${ending}`
}

function widthsOf({ columns }: Report, rows: ReadonlyArray<ReportRow>): number[] {
  return columns.map(({ title, kind }, index) => {
    const cells = rows.map((row) => row[index] ?? '')
    const most = cells.reduce((longest, { length }) => Math.max(longest, length), title.length)
    // Thousands separators, and room for the arrow of the filter.
    const separators = kind === 'text' || kind === 'flags' ? 0 : Math.floor(most / 4)
    return Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, most + separators + 2))
  })
}

/** A document's properties know no escape for what XML cannot carry. */
function printableProperty(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '\ufffd')
}
