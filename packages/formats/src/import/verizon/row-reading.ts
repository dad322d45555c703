// What the four files of the download have in common: a row under a bill (account, invoice, cycle, period, number), its
// problems under the file's own column names, and the walk over a table. Knows nothing of categories or classes of use.
import { canHoldUse, type DateRange, type DocumentKey, type LocalDate, type ReadRow } from '@spillway/core'
import type { ColumnSpec } from '../../intake/column-lookup.ts'
import { type RowReading, type RowsOf, readRows as readRowsIn } from '../row-reading.ts'
import { isAbsent, periodEndingOn, readDate, readWirelessNumber } from '../written-values.ts'
import { readBillPeriod } from './written-values.ts'

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
  const day = readDate(value)
  if (day !== null && canHoldUse(day)) return day
  return reading.report('date-unreadable', { column, value, expected }, { column })
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

/** Reads every row of a table of the download, in batches as they come. */
export function readRows<C extends string>(
  rows: Omit<RowsOf<C>, 'currency'>,
  readRow: (reading: RowReading<C>) => ReadRow,
): AsyncGenerator<ReadonlyArray<ReadRow>> {
  return readRowsIn({ ...rows, currency: CURRENCY }, readRow)
}
