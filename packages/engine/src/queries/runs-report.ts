// `report runs`: every close of every period: when, by whom, published or not, and why it was reopened.
import { compareBytes, formatAmount, type Report, type ReportColumn } from '@spillway/core'
import { outputsOf } from '../catalog/run-record.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { requireWholeTenant } from '../workspace/scopes.ts'
import { oneBatch, textField } from './amount-cells.ts'

const COLUMNS: ReadonlyArray<ReportColumn> = [
  textField('period', 'Period'),
  textField('run', 'Run'),
  textField('state', 'State'),
  { ...textField('closed_at', 'Closed'), isDetail: true },
  { ...textField('closed_by', 'By'), isDetail: true },
  { ...textField('published_at', 'Published'), isDetail: true },
  textField('reopen_reason', 'Reopened because'),
  textField('totals', 'Totals'),
]

export async function runsReport(workspace: ScopedWorkspace): Promise<Report> {
  requireWholeTenant(workspace, 'The list of runs')
  const { catalog, tenant } = workspace
  const runs = await catalog
    .selectFrom('run')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('state', 'in', ['closed', 'published', 'reopened'])
    .execute()
  // Runs of a period are numbered as they are closed: two of one second still have their order.
  const numberOf = (id: string) => Number(id.slice(id.lastIndexOf('.') + 1))
  runs.sort((a, b) => compareBytes(a.period, b.period) || numberOf(a.id) - numberOf(b.id))
  const rows = runs.map((run) => [
    run.period,
    run.id,
    run.state,
    run.closed_at,
    run.closed_by,
    run.published_at ?? '',
    run.reopen_reason ?? '',
    outputsOf(run)
      .totals.map(({ currency, adjusted_minor }) => `${formatAmount(BigInt(adjusted_minor), currency)} ${currency}`)
      .join(', '),
  ])
  return { name: 'runs', title: 'Runs', columns: COLUMNS, rows: oneBatch(rows) }
}
