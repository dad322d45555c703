// `report runs`: every close of every period: when, by whom, published or not, and why it was reopened.
import { formatAmount, type Report, type ReportColumn } from '@spillway/core'
import { outputsOf } from '../catalog/run-record.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { textField } from './amount-cells.ts'

const COLUMNS: ReadonlyArray<ReportColumn> = [
  textField('period', 'Period'),
  textField('run', 'Run'),
  textField('state', 'State'),
  textField('closed_at', 'Closed'),
  textField('closed_by', 'By'),
  textField('published_at', 'Published'),
  textField('reopen_reason', 'Reopened because'),
  textField('totals', 'Totals'),
]

export async function runsReport({ catalog, tenant }: Workspace): Promise<Report> {
  const runs = await catalog
    .selectFrom('run')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('state', 'in', ['closed', 'published', 'reopened'])
    .orderBy('period')
    .orderBy('closed_at')
    .execute()
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

async function* oneBatch<T>(rows: ReadonlyArray<T>): AsyncGenerator<ReadonlyArray<T>> {
  yield rows
}
