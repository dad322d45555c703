// Turns rows of the warehouse into the text cells of a report.
import { formatAmount, type ReportColumn, type ReportRow } from '@spillway/core'
import type { Row } from '../warehouse/warehouse.ts'

/** A column of a report with the warehouse column that it shows; `amount` columns are read in the row's `currency`. */
export type ReportField = ReportColumn & { readonly from?: string }

/** The cells of one row; a null is ''. Amount columns come as BIGINT or HUGEINT minor units. */
export function toReportRow(row: Row, fields: ReadonlyArray<ReportField>): ReportRow {
  return fields.map(({ key, kind, from }) => {
    const cell = row[from ?? key]
    if (cell === null || cell === undefined) return ''
    return kind === 'amount' ? formatAmount(BigInt(cell as bigint), String(row.currency)) : String(cell)
  })
}

export async function* toReportRows(
  batches: AsyncIterable<ReadonlyArray<Row>>,
  fields: ReadonlyArray<ReportField>,
): AsyncGenerator<ReportRow[]> {
  for await (const batch of batches) yield batch.map((row) => toReportRow(row, fields))
}

export const textField = (key: string, title: string): ReportField => ({ key, title, kind: 'text' })
export const amountField = (key: string, title: string): ReportField => ({
  key,
  title,
  kind: 'amount',
  from: `${key}_minor`,
})

/** Rows that are all in memory, as the one batch of a report. */
export async function* oneBatch<R>(rows: ReadonlyArray<R>): AsyncGenerator<ReadonlyArray<R>> {
  yield rows
}
