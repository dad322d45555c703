// `report problems`: what the close of a period found wrong, worst first. `report quarantine`: rows that no import could read.
import type { Period, Report } from '@spillway/core'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { requireWholeTenant } from '../workspace/scopes.ts'
import { type ReportField, textField, toReportRows } from './amount-cells.ts'
import { currentRun } from './current-run.ts'
import { waitingRowsSql } from './waiting-rows.ts'

const PROBLEM_FIELDS: ReadonlyArray<ReportField> = [
  textField('severity', 'Severity'),
  textField('code', 'Problem'),
  textField('message', 'What is wrong'),
  textField('hint', 'What to do'),
]

// One row per problem of the run.
const PROBLEM_ROWS = `
  SELECT severity, code, message, hint FROM run_problem WHERE tenant = $tenant AND run = $run
  ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, code, ordinal`

/** @throws Refusal `period-not-closed`. */
export async function problemsReport(workspace: ScopedWorkspace, { period }: { period: Period }): Promise<Report> {
  requireWholeTenant(workspace, 'The list of problems')
  const { id } = await currentRun(workspace, period)
  const rows = workspace.warehouse.stream(PROBLEM_ROWS, { tenant: workspace.tenant, run: id })
  return {
    name: 'problems',
    title: `Problems of ${period.name}`,
    columns: PROBLEM_FIELDS,
    rows: toReportRows(rows, PROBLEM_FIELDS),
  }
}

const QUARANTINE_FIELDS: ReadonlyArray<ReportField> = [
  textField('file', 'File'),
  { key: 'line', title: 'Line', kind: 'quantity' },
  { ...textField('column_name', 'Column'), isDetail: true },
  { ...textField('value', 'Value'), isDetail: true },
  textField('code', 'Problem'),
  textField('message', 'What is wrong'),
  { ...textField('hint', 'What to do'), isDetail: true },
  { ...textField('raw', 'Row as it was'), isDetail: true },
  { ...textField('batch', 'Import'), isDetail: true },
]

/** Every row that waits in quarantine, in the order of files and lines: of imports that nobody took back, and not those that came back mended. */
export async function quarantineReport(workspace: ScopedWorkspace): Promise<Report> {
  requireWholeTenant(workspace, 'The quarantine')
  const { tenant, warehouse } = workspace
  const sql = `SELECT place AS file, line, column_name, value, code, message, hint, raw, batch
    FROM (${await waitingRowsSql(workspace)}) ORDER BY file, line, code`
  return {
    name: 'quarantine',
    title: 'Rows in quarantine',
    columns: QUARANTINE_FIELDS,
    rows: toReportRows(warehouse.stream(sql, { tenant }), QUARANTINE_FIELDS),
  }
}
