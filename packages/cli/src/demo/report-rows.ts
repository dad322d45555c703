// The rows of a report for what a demo draws of it, by the keys of their columns.
import {
  addToTotals,
  type Report,
  type ReportColumn,
  type ReportRow,
  type ReportTotals,
  toTotalRows,
} from '@spillway/core'

export async function collectRows({ rows }: Report): Promise<ReportRow[]> {
  const all: ReportRow[] = []
  for await (const batch of rows) all.push(...batch)
  return all
}

/** A row as its cells by key; '' for a key that the report does not have. */
export type RowCells = (key: string) => string

export async function collectCells(report: Report): Promise<RowCells[]> {
  const at = new Map(report.columns.map(({ key }, index) => [key, index]))
  return (await collectRows(report)).map((row) => (key) => row[at.get(key) ?? -1] ?? '')
}

export function totalsOf(columns: ReadonlyArray<ReportColumn>, rows: ReadonlyArray<ReportRow>): ReportRow[] {
  const totals: ReportTotals = new Map()
  for (const row of rows) addToTotals(totals, { columns, row })
  return toTotalRows(totals, columns)
}
