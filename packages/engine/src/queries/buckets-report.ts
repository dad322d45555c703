// `report buckets`: every bucket that a period drew from, tier by tier: its size, what rolled in, what was drawn, and when it
// ran out. Who drew it is another report (bucket-draws-report.ts).
import type { Period, Report } from '@spillway/core'
import { inputsOf } from '../catalog/run-record.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { oneBatch, type ReportField, textField } from './amount-cells.ts'
import { unknownBucket } from './bucket-draws-report.ts'
import { BUCKET_TYPE, bucketTypeCells, bucketUsageTypes, typeCellsSql } from './bucket-usage-types.ts'
import { currentRun } from './current-run.ts'
import { ratedRowsSql } from './rated-rows.ts'
import { sqlReport } from './sql-report.ts'

const usageField = (key: string, title: string): ReportField => ({ key, title, kind: 'usage' })

const FIELDS: ReadonlyArray<ReportField> = [
  textField('account', 'Account'),
  { ...textField('on', 'On'), isDetail: true, from: 'holder_on' },
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
  { ...usageField('left', 'Left'), isNullable: true, isDetail: true, from: 'left_base' },
  textField('ran_out_at', 'Ran out'),
]

// One row per bucket of a holder, period and tier. A tier without end has neither capacity nor anything left. Accounts of
// other zones make a run look into periods that only begin: those that nothing is drawn from yet are left to the next report.
const rowsOf = (from: string, where: string) => `
  SELECT account, holder_on, CASE WHEN b.holder = '' THEN account ELSE b.holder END AS holder, bucket, ${typeCellsSql('b.bucket')}, start_at,
    until_at, tier, nullif(size_base, '')::HUGEINT AS capacity, rolled_in_base AS rolled_in, drawn_base AS drawn,
    nullif(size_base, '')::HUGEINT - drawn_base AS left_base, ran_out_at, b.holder AS held
  FROM (${from}) AS b WHERE ${where}
  QUALIFY start_at = min(start_at) OVER (PARTITION BY account, holder_on, b.holder, bucket)
    OR sum(drawn_base) OVER (PARTITION BY account, holder_on, b.holder, bucket ORDER BY start_at DESC) > 0`

export type BucketsOptions = {
  readonly period: Period
  readonly account?: string | undefined
  /** This one alone, whoever holds it. @throws Refusal `not-found` where the run does not know it. */
  readonly bucket?: string | undefined
}

/** Quantities are whole base units; capacity is with what rolled in. @throws Refusal `period-not-closed`. */
export async function bucketsReport(workspace: ScopedWorkspace, options: BucketsOptions): Promise<Report> {
  const { period, account, bucket } = options
  const run = await currentRun(workspace, period)
  const types = await bucketUsageTypes(workspace, run)
  if (bucket !== undefined && !types.has(bucket)) throw unknownBucket({ bucket, known: [...types.keys()], period })
  const head = { name: 'buckets', title: `Buckets of ${period.name}`, columns: FIELDS }
  if (inputsOf(run).rating === undefined) return { ...head, rows: oneBatch([]) }
  const of = { view: 'bucket_history', run, of: 'account' } as const
  const from =
    account === undefined
      ? 'SELECT * FROM bucket_history WHERE tenant = $tenant AND run = $run'
      : await ratedRowsSql(workspace, of)
  const where = [
    ...(account === undefined ? ['true'] : ['account = $account']),
    ...(bucket === undefined ? [] : ['bucket = $bucket']),
  ]
  return sqlReport(workspace, {
    ...{ name: head.name, title: head.title, fields: FIELDS },
    ctes: BUCKET_TYPE,
    rows: rowsOf(from, where.join(' AND ')),
    order: 'account, holder_on, held, bucket, start_at, tier',
    parameters: {
      ...{ tenant: workspace.tenant, run: run.id, account: account ?? '', bucket: bucket ?? '' },
      ...bucketTypeCells(types),
    },
  })
}
