// A report of accounts, of one account alone; totals are then of it.
import type { Report, ReportRow } from '@spillway/core'

export function rowsOfAccount(report: Report, account: string | undefined): Report {
  if (account === undefined) return report
  const at = report.columns.findIndex(({ key }) => key === 'account')
  return { ...report, rows: only(report, (row) => row[at] === account) }
}

async function* only(report: Report, isWanted: (row: ReportRow) => boolean): AsyncGenerator<ReadonlyArray<ReportRow>> {
  for await (const batch of report.rows) yield batch.filter(isWanted)
}
