// What the four files of the download have in common: a row under a bill (account, invoice, cycle, period, number), its
// problems under the file's own column names, and the walk over a table. Knows nothing of categories or classes of use.
import {
  type DateRange,
  type DocumentKey,
  type ExtraColumns,
  type LocalDate,
  type Problem,
  type ProblemCode,
  type ProblemFacts,
  parseAmount,
  problem,
  type ReadContext,
  type ReadRow,
  type Severity,
  type SourcePlace,
  type Table,
  type TableRow,
  toBaseUnits,
  type UsageType,
} from '@spillway/core'
import { type ColumnLookup, type ColumnSpec, requireColumns } from '../../intake/column-lookup.ts'
import {
  isAbsent,
  periodEndingOn,
  readAmountText,
  readBillPeriod,
  readDate,
  readNumberText,
  readWirelessNumber,
} from './written-values.ts'

export const VENDOR = 'verizon'
/** The download names no currency; the vendor bills in US dollars alone. */
export const CURRENCY = 'USD'

/** Columns of every file but the account summary, which has no wireless number. */
export const BILL_COLUMNS = [
  { name: 'Account Number', required: true },
  { name: 'Invoice Number', required: true },
  { name: 'Bill Cycle Date' },
  { name: 'Bill Period' },
] as const satisfies ReadonlyArray<ColumnSpec>
export type BillColumn = (typeof BILL_COLUMNS)[number]['name']

/** The bill that a row belongs to. */
export type Bill = {
  readonly account: string
  readonly invoice: string
  readonly issuedOn: LocalDate | null
  readonly period: DateRange
}

/** One row: cells by column, and the problems found while reading them. */
export class RowReading<C extends string> {
  readonly problems: Problem[] = []
  private readonly lookup: Pick<ColumnLookup<C>, 'cell' | 'columnName' | 'extra'>
  private readonly row: TableRow
  private readonly place: SourcePlace

  constructor(lookup: ColumnLookup<C>, row: TableRow, place: SourcePlace) {
    this.lookup = lookup
    this.row = row
    this.place = { ...place, line: row.line }
  }

  text(column: C): string {
    return this.lookup.cell(this.row.cells, column).trim()
  }

  nameOf(column: C): string {
    return this.lookup.columnName(column)
  }

  report<P extends ProblemCode>(
    code: P,
    facts: ProblemFacts[P],
    { column, severity }: { column?: C; severity?: Severity } = {},
  ): null {
    const source = column === undefined ? this.place : { ...this.place, column: this.nameOf(column) }
    this.problems.push(problem(code, facts, { source, ...(severity ? { severity } : {}) }))
    return null
  }

  /** The cell, which must not be blank. */
  required(column: C): string {
    const text = this.text(column)
    if (isAbsent(text)) this.report('value-missing', { column: this.nameOf(column) }, { column })
    return text
  }

  /** Minor units; null where the cell is absent or cannot be read, which is then reported. */
  amountMinor(column: C): bigint | null {
    const written = this.text(column)
    if (isAbsent(written)) return null
    const cell = { column: this.nameOf(column), value: written }
    const text = readAmountText(written)
    const reading = text === null ? null : parseAmount(text, CURRENCY)
    if (reading?.ok) return reading.minor
    if (reading?.reason === 'too-precise') {
      return this.report('amount-precision', { ...cell, currency: CURRENCY, decimals: 2 }, { column })
    }
    return this.report('amount-unreadable', cell, { column })
  }

  /** Decimal text and base units; null where the cell is absent or cannot be read, which is then reported. */
  quantity(column: C, kind: { readonly unit: string; readonly usageType: UsageType }) {
    const written = this.text(column)
    if (isAbsent(written)) return null
    const quantity = readNumberText(written)
    const reading = quantity === null ? null : toBaseUnits(quantity, kind.unit, kind.usageType)
    if (quantity !== null && reading?.ok) return { quantity, base: reading.base }
    return this.report('number-unreadable', { column: this.nameOf(column), value: written }, { column })
  }

  /** Cells that are not empty: columns nobody knows, and the known ones named here. */
  extra(columns: ReadonlyArray<C>): ExtraColumns {
    const kept = columns.filter((column) => this.text(column) !== '')
    return {
      ...Object.fromEntries(kept.map((column) => [this.nameOf(column), this.text(column)])),
      ...this.lookup.extra(this.row.cells),
    }
  }

  done(facts: ReadRow['facts']): ReadRow {
    return { line: this.row.line, raw: this.row.raw, facts, problems: this.problems }
  }
}

/** The bill of a row; null where its account, invoice or period cannot be read, which is then reported. */
export function readBill(reading: RowReading<BillColumn>): Bill | null {
  const account = reading.required('Account Number')
  const invoice = reading.required('Invoice Number')
  const issuedOn = readCycleDate(reading)
  const period = readPeriod(reading, issuedOn)
  if (reading.problems.length > 0 || !period) return null
  return { account, invoice, issuedOn, period }
}

function readCycleDate(reading: RowReading<BillColumn>): LocalDate | null {
  const column = 'Bill Cycle Date'
  const value = reading.text(column)
  if (isAbsent(value)) return null
  const expected = 'a date like Jan 31, 2026'
  return readDate(value) ?? reading.report('date-unreadable', { column, value, expected }, { column })
}

/** The bill period as written; without one, the month that ends with the cycle date. */
function readPeriod(reading: RowReading<BillColumn>, cycleDate: LocalDate | null): DateRange | null {
  const column = 'Bill Period'
  const value = reading.text(column)
  if (!isAbsent(value)) {
    const expected = 'a period like Jan 1 - Jan 31, 2026'
    return readBillPeriod(value) ?? reading.report('date-unreadable', { column, value, expected }, { column })
  }
  if (cycleDate) return periodEndingOn(cycleDate)
  return reading.problems.length > 0 ? null : reading.report('value-missing', { column }, { column })
}

/** '' for the account's own rows (`N/A`). */
export function readService(reading: RowReading<'Wireless Number'>): string {
  return readWirelessNumber(reading.text('Wireless Number'))
}

export function documentOf(part: string, bill: Bill): DocumentKey {
  return { part, vendor: VENDOR, account: bill.account, invoice: bill.invoice }
}

/** The columns of a fact that its bill gives. */
export function billFields(bill: Bill) {
  return {
    vendor: VENDOR,
    account: bill.account,
    invoice: bill.invoice,
    issuedOn: bill.issuedOn,
    periodStartOn: bill.period.startOn,
    periodEndOn: bill.period.endOn,
    currency: CURRENCY,
  }
}

/** Reads every row of a table, in batches as they come; rows that could not be split keep their own problem. */
export async function* readRows<C extends string>(
  { table, context, columns }: { table: Table; context: ReadContext; columns: ReadonlyArray<ColumnSpec<C>> },
  readRow: (reading: RowReading<C>) => ReadRow,
): AsyncGenerator<ReadonlyArray<ReadRow>> {
  const place: SourcePlace = { file: context.fileName, ...(table.sheet ? { sheet: table.sheet } : {}) }
  const lookup = requireColumns(table.header, columns, { ...place, line: table.headerLine })
  for await (const batch of table.rows) {
    yield batch.map((row) =>
      'problem' in row
        ? { line: row.line, raw: row.raw, facts: [], problems: [row.problem] }
        : readRow(new RowReading(lookup, row, place)),
    )
  }
}
