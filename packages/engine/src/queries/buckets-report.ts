// `report buckets`: every bucket that a period drew from, tier by tier: its size, what rolled in, what was drawn, and when it
// ran out. Who drew it is another report (bucket-draws-report.ts).
import type { Period, Report } from '@spillway/core'
import { inputsOf } from '../catalog/run-record.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { oneBatch, type ReportField, textField, toReportRows } from './amount-cells.ts'
import { bucketUsageTypes, withUsageType } from './bucket-usage-types.ts'
import { currentRun } from './current-run.ts'

const usageField = (key: string, title: string): ReportField => ({ key, title, kind: 'usage' })

const FIELDS: ReadonlyArray<ReportField> = [
  textField('account', 'Account'),
  { ...textField('on', 'On'), isDetail: true },
  textField('holder', 'Holder'),
  textField('bucket', 'Bucket'),
  { ...textField('usage_type', 'Usage type'), isDetail: true },
  { ...textField('unit', 'Unit'), isDetail: true },
  { ...textField('start_at', 'From'), isDetail: true },
  { ...textField('until_at', 'Until'), isDetail: true },
  { key: 'tier', title: 'Tier', kind: 'quantity' },
  { ...usageField('capacity', 'Capacity'), isNullable: true },
  { ...usageField('rolled_in', 'Rolled in'), isDetail: true },
  usageField('drawn', 'Drawn'),
  { ...usageField('left', 'Left'), isNullable: true, isDetail: true },
  textField('ran_out_at', 'Ran out'),
]

// One row per bucket of a holder, period and tier. A tier without end has neither capacity nor anything left. Accounts of
// other zones make a run look into periods that only begin: those that nothing is drawn from yet are left to the next report.
const rowsOf = (where: string) => `
  SELECT account, holder_on AS "on", CASE WHEN b.holder = '' THEN account ELSE b.holder END AS holder, bucket, start_at, until_at,
    tier, size_base AS capacity, rolled_in_base AS rolled_in, drawn_base AS drawn,
    CASE WHEN size_base = '' THEN '' ELSE (size_base::HUGEINT - drawn_base)::VARCHAR END AS "left", ran_out_at
  FROM bucket_history AS b WHERE tenant = $tenant AND run = $run ${where}
  QUALIFY start_at = min(start_at) OVER (PARTITION BY account, holder_on, b.holder, bucket)
    OR sum(drawn_base) OVER (PARTITION BY account, holder_on, b.holder, bucket ORDER BY start_at DESC) > 0
  ORDER BY account, holder_on, b.holder, bucket, start_at, tier`

/** Quantities are whole base units; capacity is with what rolled in. @throws Refusal `period-not-closed`. */
export async function bucketsReport(
  workspace: ScopedWorkspace,
  { period, account }: { readonly period: Period; readonly account?: string | undefined },
): Promise<Report> {
  const run = await currentRun(workspace, period)
  const isRated = inputsOf(run).rating !== undefined
  const sql = rowsOf(account === undefined ? '' : 'AND account = $account')
  const parameters = { tenant: workspace.tenant, run: run.id, ...(account === undefined ? {} : { account }) }
  const found = isRated ? workspace.warehouse.stream(sql, parameters) : oneBatch([])
  const rows = withUsageType(found, await bucketUsageTypes(workspace, run))
  return {
    name: 'buckets',
    title: `Buckets of ${period.name}`,
    columns: FIELDS,
    rows: toReportRows(rows, FIELDS),
  }
}
