// `report charges --by …`: the money of a period by one dimension, actual and adjusted side by side.
import { type Period, Refusal, type Report } from '@spillway/core'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { amountField, type ReportField, textField, toReportRows } from './amount-cells.ts'
import { currentRun } from './current-run.ts'
import { DIMENSION_COLUMN, NAME_OF_EMPTY, NAME_SQL, namesCte } from './names.ts'

export const CHARGE_DIMENSIONS = [
  'service',
  'person',
  'cost-centre',
  'project',
  'vendor',
  'account',
  'pool',
  'category',
  'usage-type',
  'user-id',
] as const
export type ChargeDimension = (typeof CHARGE_DIMENSIONS)[number]
export type ReportView = 'actual' | 'adjusted'

/**
 * One row per key and currency, ordered by key. What nobody owns has an empty key, so that it comes first.
 * With `view`, that view's column alone.
 *
 * @throws Refusal `period-not-closed`; `bad-command` for `user-id` where no account has sub-accounts.
 */
export async function chargesReport(
  workspace: ScopedWorkspace,
  { period, by, view }: { period: Period; by: ChargeDimension; view?: ReportView | undefined },
): Promise<Report> {
  if (by === 'user-id')
    throw new Refusal('bad-command', 'No account of this workspace has sub-accounts, so no charge has a user id.', {
      hint: 'Use --by service or --by person.',
    })
  const run = await currentRun(workspace, period)
  const fields = fieldsOf(view)
  // One row per key and currency.
  const sql = `WITH ${namesCte(run)}, sums AS (
      SELECT ${DIMENSION_COLUMN[by]} AS key, currency, sum(actual_minor) AS actual_minor, sum(adjusted_minor) AS adjusted_minor
      FROM carried WHERE tenant = $tenant AND run = $run GROUP BY ALL)
    SELECT key, CASE WHEN key = '' THEN $empty ELSE coalesce(name, '') END AS name, currency, actual_minor, adjusted_minor,
      adjusted_minor - actual_minor AS difference_minor
    FROM sums LEFT JOIN (${NAME_SQL[by]}) AS named USING (key)
    ORDER BY key, currency`
  const rows = workspace.warehouse.stream(sql, { tenant: workspace.tenant, run: run.id, empty: NAME_OF_EMPTY[by] })
  return {
    name: 'charges',
    title: `Charges of ${period.name} by ${by.replace('-', ' ')}`,
    columns: fields,
    hasTotals: true,
    rows: toReportRows(rows, fields),
  }
}

function fieldsOf(view: ReportView | undefined): ReportField[] {
  const keys = [textField('key', 'Key'), textField('name', 'Name'), textField('currency', 'Currency')]
  const amounts = [
    amountField('actual', 'Actual'),
    amountField('adjusted', 'Adjusted'),
    amountField('difference', 'Difference'),
  ]
  return [...keys, ...amounts.filter(({ key }) => view === undefined || key === view)]
}
