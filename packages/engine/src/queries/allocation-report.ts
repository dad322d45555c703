// `report allocation`: what each participant of each pool carries, actual and adjusted side by side.
import type { Period, Report } from '@spillway/core'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { amountField, type ReportField, textField } from './amount-cells.ts'
import { currentRun } from './current-run.ts'
import { ALLOCATION_FILTERS, conditionOf, readFilter, whereText } from './filter/report-filter.ts'
import { sqlReport } from './sql-report.ts'

const FIELDS: ReadonlyArray<ReportField> = [
  textField('pool', 'Pool'),
  { ...textField('policy', 'Policy'), isDetail: true },
  textField('component', 'Component'),
  textField('currency', 'Currency'),
  textField('service', 'Service'),
  amountField('actual', 'Actual'),
  amountField('adjusted', 'Adjusted'),
  amountField('difference', 'Difference'),
  { key: 'weight', title: 'Weight', kind: 'quantity', isDetail: true },
  { key: 'share', title: 'Share', kind: 'share', isDetail: true },
  { ...amountField('floor', 'Floor'), isDetail: true },
  { key: 'flags', title: 'Flags', kind: 'flags', isDetail: true },
]

// One row per pool, policy, component, currency, service and flag, and per segment where a policy changed inside the window.
const rowsSql = (where: string) => `
  SELECT pool, policy, component, currency, service, actual_minor, adjusted_minor,
    adjusted_minor - actual_minor AS difference_minor, weight, share, floor_minor, flags, segment_start_on
  FROM allocation
  WHERE tenant = $tenant AND run = $run AND ${where}`

/** `where`: of ALLOCATION_FILTERS. @throws Refusal `period-not-closed`, `bad-command`. */
export async function allocationReport(
  workspace: ScopedWorkspace,
  { period, where }: { period: Period; where?: ReadonlyArray<string> | undefined },
): Promise<Report> {
  const run = await currentRun(workspace, period)
  const filter = await readFilter(workspace, { where, columns: ALLOCATION_FILTERS, run })
  return sqlReport(workspace, {
    name: 'allocation',
    title: `Allocation of ${period.name}${whereText(where)}`,
    fields: FIELDS,
    hasTotals: true,
    ctes: '',
    rows: rowsSql(conditionOf(filter)),
    order: 'pool, component, currency, service, segment_start_on, policy, flags',
    parameters: { tenant: workspace.tenant, run: run.id },
  })
}
