// `report alerts`: buckets of which 80, 90 or 100 % were drawn, with the instant at which they ran out, or will at the pace so
// far. Each stands in the report of one month of its bucket's period.
import type { Period, Report } from '@spillway/core'
import { inputsOf } from '../catalog/run-record.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { oneBatch, type ReportField, textField, toReportRows } from './amount-cells.ts'
import { currentRun } from './current-run.ts'

const FIELDS: ReadonlyArray<ReportField> = [
  textField('account', 'Account'),
  textField('on', 'On'),
  textField('holder', 'Holder'),
  textField('bucket', 'Bucket'),
  { ...textField('start_at', 'From'), isDetail: true },
  { key: 'percent', title: 'Per cent', kind: 'quantity' },
  { key: 'capacity', title: 'Capacity', kind: 'quantity' },
  { key: 'drawn', title: 'Drawn', kind: 'quantity' },
  textField('exhausted_at', 'Exhausted'),
  textField('projected', 'Projected'),
]

// One row per bucket of a holder, period and share of its capacity.
const ROWS = `
  SELECT account, holder_on AS "on", CASE WHEN holder = '' THEN account ELSE holder END AS holder, bucket, start_at,
    share_percent AS percent, capacity_base AS capacity, drawn_base AS drawn, exhausted_at,
    CASE WHEN is_projected THEN 'yes' ELSE '' END AS projected
  FROM bucket_alert WHERE tenant = $tenant AND run = $run
  ORDER BY account, holder_on, holder, bucket, start_at, share_percent`

/** Quantities are whole base units. @throws Refusal `period-not-closed`. */
export async function alertsReport(workspace: Workspace, { period }: { period: Period }): Promise<Report> {
  const run = await currentRun(workspace, period)
  const isRated = inputsOf(run).rating !== undefined
  const rows = isRated ? workspace.warehouse.stream(ROWS, { tenant: workspace.tenant, run: run.id }) : oneBatch([])
  return { name: 'alerts', title: `Alerts of ${period.name}`, columns: FIELDS, rows: toReportRows(rows, FIELDS) }
}
