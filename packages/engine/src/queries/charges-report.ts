// `report charges --by …`: the money of a period by one dimension, actual and adjusted side by side.
import { type Period, Refusal, type Report } from '@spillway/core'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { amountField, type ReportField, textField } from './amount-cells.ts'
import { currentRun } from './current-run.ts'
import { CHARGE_FILTERS, readFilter, whereText } from './filter/report-filter.ts'
import { resultRowsSql } from './filter/result-rows.ts'
import { DIMENSION_COLUMN, NAME_OF_EMPTY, NAME_SQL, namesCte } from './names.ts'
import { withNames } from './page-names.ts'
import { sqlReport } from './sql-report.ts'

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

export type ChargesOptions = {
  readonly period: Period
  readonly by: ChargeDimension
  readonly view?: ReportView | undefined
  /** `DIMENSION=VALUE` each, of CHARGE_FILTERS. */
  readonly where?: ReadonlyArray<string> | undefined
}

/**
 * One row per key and currency, ordered by key. What nobody owns has an empty key, so that it comes first.
 * With `view`, that view's column alone; by `line`, the lines of bills behind them (charge-lines-report.ts).
 *
 * @throws Refusal `period-not-closed`; `bad-command` for `user-id` where no account has sub-accounts, and for a filter that it
 *   has not.
 */
export async function chargesReport(workspace: ScopedWorkspace, options: ChargesOptions): Promise<Report> {
  const { period, by, view, where } = options
  if (by === 'user-id')
    throw new Refusal('bad-command', 'No account of this workspace has sub-accounts, so no charge has a user id.', {
      hint: 'Use --by service or --by person.',
    })
  const run = await currentRun(workspace, period)
  const filter = await readFilter(workspace, { where, columns: CHARGE_FILTERS, run })
  const column = DIMENSION_COLUMN[by]
  // One row per key and currency.
  const sums = `sums AS (SELECT ${column} AS key, currency, sum(actual_minor) AS actual_minor, sum(adjusted_minor) AS adjusted_minor
      FROM (${resultRowsSql(workspace, { view: 'carried', columns: [column, 'currency'], runs: [run.id], filter })}) GROUP BY ALL)`
  const cells = 'key, currency, actual_minor, adjusted_minor, adjusted_minor - actual_minor AS difference_minor'
  const parameters = { tenant: workspace.tenant, run: run.id, empty: NAME_OF_EMPTY[by] }
  const nameSql = NAME_SQL[by]
  return sqlReport(workspace, {
    name: 'charges',
    title: `Charges of ${period.name} by ${by.replace('-', ' ')}${whereText(where)}`,
    fields: fieldsOf(view),
    hasTotals: true,
    ctes: `${namesCte(run)}, ${sums}`,
    rows: `SELECT ${cells}, CASE WHEN key = '' THEN $empty ELSE coalesce(name, '') END AS name
      FROM sums LEFT JOIN (${nameSql}) AS named USING (key)`,
    order: 'key, currency',
    parameters,
    lean: {
      ctes: sums,
      rows: `SELECT ${cells} FROM sums`,
      without: ['name'],
      fill: (rows) =>
        withNames(workspace, { rows, ctes: namesCte(run), nameSql, run: run.id, empty: NAME_OF_EMPTY[by] }),
    },
  })
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
