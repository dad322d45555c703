// `report allocation`: what each participant of each pool carries, actual and adjusted side by side.
import type { Period, Report } from '@spillway/core'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { amountField, type ReportField, textField, toReportRows } from './amount-cells.ts'
import { currentRun } from './current-run.ts'

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
const ROWS = `
  SELECT pool, policy, component, currency, service, actual_minor, adjusted_minor,
    adjusted_minor - actual_minor AS difference_minor, weight, share, floor_minor, flags
  FROM allocation
  WHERE tenant = $tenant AND run = $run
  ORDER BY pool, component, currency, service, segment_start_on, policy, flags`

/** @throws Refusal `period-not-closed`. */
export async function allocationReport(workspace: ScopedWorkspace, { period }: { period: Period }): Promise<Report> {
  const { id } = await currentRun(workspace, period)
  const rows = workspace.warehouse.stream(ROWS, { tenant: workspace.tenant, run: id })
  return {
    name: 'allocation',
    title: `Allocation of ${period.name}`,
    columns: FIELDS,
    hasTotals: true,
    rows: toReportRows(rows, FIELDS),
  }
}
