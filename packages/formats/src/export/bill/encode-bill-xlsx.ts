// A bill as a workbook: a summary, then a sheet for each section. Beyond so many sections a workbook is of no use to anybody:
// further ones stand one below the other on sheets that name the section in every row. Nothing is left out.
import {
  type Bill,
  type BillAmounts,
  type BillSection,
  formatAmount,
  type ReportColumn,
  type ReportRow,
} from '@spillway/core'
import { type CellTone, toHeaderCell, toSheetCell } from '../xlsx/sheet-cell.ts'
import { WorkbookStream } from '../xlsx/workbook-stream.ts'
import {
  BILL_COLUMNS,
  type BillColumnKey,
  type BillRow,
  callRow,
  sectionKey,
  sectionRows,
  toReportCells,
} from './bill-rows.ts'
import { SheetNames } from './sheet-names.ts'

/** Sections with a sheet of their own. */
const SECTION_SHEETS_MAX = 200
/** Rows of a sheet in the format, less those for a total. */
const LINES_MAX = 1_048_570

const WIDTHS: Readonly<Partial<Record<BillColumnKey, number>>> = {
  ...{ section: 16, section_name: 24, charge: 15, about: 30, account: 12, service: 16, start: 26, call: 20 },
  ...{ quantity: 16, amount: 14, call_amount: 14 },
}
const WIDTH = 11
const SECTION_KEYS: ReadonlyArray<BillColumnKey> = [
  ...(['charge', 'about', 'account', 'service', 'start', 'seconds', 'participants', 'account_code', 'call'] as const),
  ...(['quantity_base', 'quantity', 'call_amount', 'amount'] as const),
]
const FURTHER_KEYS: ReadonlyArray<BillColumnKey> = ['section', 'section_name', ...SECTION_KEYS]

type Limits = { readonly sheetsMax?: number; readonly linesMax?: number }

/** The limits are lower in tests. */
export async function* encodeBillXlsx(
  bill: Bill,
  { sheetsMax = SECTION_SHEETS_MAX, linesMax = LINES_MAX }: Limits = {},
): AsyncGenerator<Uint8Array> {
  const { number, account } = bill.heading
  const workbook = await WorkbookStream.open({ title: `Bill ${number}`.replace(/\p{C}/gu, ' '), subject: account })
  try {
    const sheets = new BillSheets(bill, { workbook, sheetsMax, linesMax })
    sheets.summary()
    for await (const piece of bill.pieces) {
      if (piece.kind === 'section') sheets.section(piece.section)
      else for (const call of piece.calls) sheets.add(callRow(call, bill.heading.currency))
      yield* workbook.readyBytes()
    }
    sheets.close()
    yield* workbook.close()
  } finally {
    workbook.abandon()
  }
}

type SheetsOf = { readonly workbook: WorkbookStream } & Required<Limits>

class BillSheets {
  readonly #bill: Bill
  readonly #of: SheetsOf
  readonly #names = new SheetNames()
  #keys: ReadonlyArray<BillColumnKey> = []
  #title = ''
  /** Of the open sheet; 0 where none is open. */
  #lines = 0
  #sections = 0
  #section: BillSection | null = null

  constructor(bill: Bill, of: SheetsOf) {
    this.#bill = bill
    this.#of = of
  }

  /** One row per section, and the bill below them. */
  summary(): void {
    const { workbook, sheetsMax } = this.#of
    const { heading, sections, amounts } = this.#bill
    workbook.openSheet({
      name: this.#names.of('Summary'),
      widths: [18, 34, 14, 14, 14, 14, 14, 40],
      pageHeader: this.#header(),
    })
    workbook.addRow(SUMMARY.map(({ title, kind }) => toHeaderCell(title, kind)))
    const money = (minor: bigint) => formatAmount(minor, heading.currency)
    const row = (first: ReadonlyArray<string>, of: BillAmounts, total: bigint, note: string): ReportRow => [
      ...first,
      ...[of.recurring, of.usage, of.minimum, of.adjustment, total].map(money),
      note,
    ]
    for (const [index, section] of sections.entries()) {
      const note = index < sheetsMax ? '' : `on the sheets ${FURTHER}`
      this.#write(row([sectionKey(section), section.name], section.amounts, section.subtotalMinor, note), SUMMARY)
    }
    const filtered = sections.length + 1
    workbook.skipRow()
    const title = [`Total ${heading.currency}`, '']
    this.#write(row(title, amounts, heading.totalMinor, ''), SUMMARY, 'total')
    workbook.skipRow()
    for (const [name, value] of this.#facts()) this.#write([name, value, '', '', '', '', '', ''], SUMMARY)
    workbook.closeSheet({ lines: filtered, columns: SUMMARY.length })
  }

  section(section: BillSection): void {
    this.#endSection()
    this.#section = section
    this.#sections += 1
    const isOwn = this.#sections <= this.#of.sheetsMax
    if (isOwn) this.#open(sectionKey(section), SECTION_KEYS)
    else if (this.#sections === this.#of.sheetsMax + 1) this.#open(FURTHER, FURTHER_KEYS)
    for (const row of sectionRows(section, this.#bill.heading.currency)) this.add(row)
  }

  add(row: BillRow): void {
    this.#room()
    const section = this.#section ? { section: sectionKey(this.#section), section_name: this.#section.name } : {}
    this.#write(toReportCells({ ...section, ...row }, this.#keys), this.#columns())
    this.#lines += 1
  }

  close(): void {
    this.#endSection()
    this.#closeSheet()
  }

  /** The subtotal stands below the last row of a section, wherever it stands. */
  #endSection(): void {
    const section = this.#section
    if (section === null) return
    this.#room()
    const amount = formatAmount(section.subtotalMinor, this.#bill.heading.currency)
    const total = { section: sectionKey(section), section_name: section.name, charge: 'Subtotal', amount }
    this.#write(toReportCells(total, this.#keys), this.#columns(), 'total')
    this.#lines += 1
    this.#section = null
  }

  #room(): void {
    if (this.#lines >= this.#of.linesMax) this.#open(this.#title, this.#keys)
  }

  #open(title: string, keys: ReadonlyArray<BillColumnKey>): void {
    this.#closeSheet()
    this.#title = title
    this.#keys = keys
    const { workbook } = this.#of
    const widths = keys.map((key) => WIDTHS[key] ?? WIDTH)
    workbook.openSheet({ name: this.#names.of(title), widths, pageHeader: this.#header() })
    workbook.addRow(this.#columns().map(({ title: column, kind }) => toHeaderCell(column, kind)))
    this.#lines = 1
  }

  #closeSheet(): void {
    if (this.#lines > 0) this.#of.workbook.closeSheet({ lines: this.#lines, columns: this.#keys.length })
    this.#lines = 0
  }

  #columns(): ReadonlyArray<ReportColumn> {
    return this.#keys.map((key) => BILL_COLUMNS.find((column) => column.key === key) as ReportColumn)
  }

  #write(cells: ReportRow, columns: ReadonlyArray<ReportColumn>, tone: CellTone = 'data'): void {
    this.#of.workbook.addRow(columns.map(({ kind }, index) => toSheetCell(cells[index] ?? '', kind, tone)))
  }

  #header(): string {
    return `Bill ${this.#bill.heading.number}`.replace(/\p{C}/gu, ' ')
  }

  #facts(): ReadonlyArray<readonly [string, string]> {
    const { heading } = this.#bill
    const facts: ReadonlyArray<readonly [string, string]> = [
      ['Bill', heading.number],
      ['State', heading.state],
      ['Void because', heading.voidReason],
      ['Replaces', heading.replaces],
      ['Replaced by', heading.replacedBy],
      ['From', heading.provider],
      ['Account', heading.account],
      ['Name', heading.name],
      ['Address', heading.address.join(', ')],
      ['First day', heading.from],
      ['Until (exclusive)', heading.until],
      ['Times in', heading.timeZone],
    ]
    return facts.filter(([, value]) => value !== '')
  }
}

const FURTHER = 'Further sections'
const SUMMARY: ReadonlyArray<ReportColumn> = [
  { key: 'section', title: 'Section', kind: 'text' },
  { key: 'name', title: 'Name', kind: 'text' },
  { key: 'recurring', title: 'Recurring', kind: 'amount' },
  { key: 'usage', title: 'Usage', kind: 'amount' },
  { key: 'minimum', title: 'Minimums', kind: 'amount' },
  { key: 'adjustment', title: 'Adjustments', kind: 'amount' },
  { key: 'subtotal', title: 'Subtotal', kind: 'amount' },
  { key: 'note', title: 'Where', kind: 'text' },
]
