// `report buckets`: every bucket that a period drew from, tier by tier: its size, what rolled in, what was drawn, and when it
// ran out. Who drew it stands in `report usage`.
import type { Period, Report } from '@spillway/core'
import { inputsOf } from '../catalog/run-record.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { oneBatch, type ReportField, textField, toReportRows } from './amount-cells.ts'
import { currentRun } from './current-run.ts'

const quantityField = (key: string, title: string): ReportField => ({ key, title, kind: 'quantity' })

const FIELDS: ReadonlyArray<ReportField> = [
  textField('account', 'Account'),
  textField('on', 'On'),
  textField('holder', 'Holder'),
  textField('bucket', 'Bucket'),
  textField('start_at', 'From'),
  { ...textField('until_at', 'Until'), isDetail: true },
  { ...quantityField('tier', 'Tier'), isDetail: true },
  { ...quantityField('capacity', 'Capacity'), isNullable: true },
  { ...quantityField('rolled_in', 'Rolled in'), isDetail: true },
  quantityField('drawn', 'Drawn'),
  { ...quantityField('left', 'Left'), isNullable: true },
  textField('ran_out_at', 'Ran out'),
]

// One row per bucket of a holder, period and tier. A tier without end has neither capacity nor anything left.
const ROWS = `
  SELECT account, holder_on AS "on", CASE WHEN holder = '' THEN account ELSE holder END AS holder, bucket, start_at, until_at,
    tier, size_base AS capacity, rolled_in_base AS rolled_in, drawn_base AS drawn,
    CASE WHEN size_base = '' THEN '' ELSE (size_base::HUGEINT - drawn_base)::VARCHAR END AS "left", ran_out_at
  FROM bucket_history WHERE tenant = $tenant AND run = $run
  ORDER BY account, holder_on, holder, bucket, start_at, tier`

/** Quantities are whole base units; capacity is with what rolled in. @throws Refusal `period-not-closed`. */
export async function bucketsReport(workspace: Workspace, { period }: { period: Period }): Promise<Report> {
  const run = await currentRun(workspace, period)
  const isRated = inputsOf(run).rating !== undefined
  const rows = isRated ? workspace.warehouse.stream(ROWS, { tenant: workspace.tenant, run: run.id }) : oneBatch([])
  return {
    name: 'buckets',
    title: `Buckets of ${period.name}`,
    columns: FIELDS,
    rows: toReportRows(rows, FIELDS),
  }
}
