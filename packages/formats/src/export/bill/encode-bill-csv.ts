// A bill as CSV: one row a line and one a call; `amount` sums to the bill, and `call_amount` says what of it each call has.
import type { Bill, ReportRow } from '@spillway/core'
import { encodeCsv } from '../csv/encode-csv.ts'
import { BILL_COLUMN_KEYS, BILL_COLUMNS, billRows, toReportCells } from './bill-rows.ts'

export function encodeBillCsv(bill: Bill): AsyncGenerator<string> {
  return encodeCsv({ name: 'bill', title: `Bill ${bill.heading.number}`, columns: BILL_COLUMNS, rows: cellsOf(bill) })
}

async function* cellsOf(bill: Bill): AsyncGenerator<ReportRow[]> {
  for await (const rows of billRows(bill)) yield rows.map((row) => toReportCells(row, BILL_COLUMN_KEYS))
}
