// `report usage`: the usage that counted in a period, by service and usage class, or by one dimension; of services that we
// sell, with the bucket and tier that each part was drawn from and what it costs.
import type { Period, Report } from '@spillway/core'
import { inputsOf } from '../catalog/run-record.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { amountField, type ReportField, textField, toReportRows } from './amount-cells.ts'
import { currentRun } from './current-run.ts'
import { DIMENSION_COLUMN, NAME_SQL, namesCte } from './names.ts'

export const USAGE_DIMENSIONS = ['service', 'person', 'cost-centre', 'project', 'vendor', 'pool', 'account'] as const
export type UsageDimension = (typeof USAGE_DIMENSIONS)[number]

/** The words of a usage class in this order, those that are given: `voice/domestic/peak/on-net`. */
export const USAGE_CLASS_SQL = `concat_ws('/', usage_type, nullif(zone, ''), nullif(time_band, ''), nullif(network, ''))`

const RATED_FIELDS: ReadonlyArray<ReportField> = [
  textField('account', 'Account'),
  textField('service', 'Service'),
  textField('usage_class', 'Usage class'),
  { ...textField('bucket', 'Bucket'), isDetail: true },
  { ...textField('tier', 'Tier'), isDetail: true },
  { key: 'quantity', title: 'Quantity', kind: 'usage' },
  { ...amountField('amount', 'Amount'), isNullable: true },
]

const RUN = 'tenant = $tenant AND run = $run'

// One row per account, service and usage class. Nothing of a vendor's bill is drawn from buckets or rated: those cells are empty.
const usedRows = (where: string) => `
  SELECT account, service, ${USAGE_CLASS_SQL} AS usage_class, '' AS bucket, '' AS tier, 0 AS tier_no,
    sum(quantity_base) AS quantity, NULL::BIGINT AS amount_minor, '' AS currency
  FROM used WHERE ${RUN} ${where} GROUP BY ALL`

// One row per account, service, usage class, bucket and tier; out of bucket both are empty.
const RATED_ROWS = `
  SELECT account, service, usage_class, bucket, CASE WHEN tier = 0 THEN '' ELSE tier::VARCHAR END AS tier, tier AS tier_no,
    sum(quantity_base) AS quantity, sum(amount_minor)::BIGINT AS amount_minor, currency
  FROM rated WHERE ${RUN} GROUP BY ALL`

// Usage of a service that we sell stands in its rated rows alone: in those of this run, and of the run before where its account
// is billed beyond the first day of this period ($before; '' for none).
const NOT_SOLD = `AND service NOT IN (SELECT service FROM rated WHERE ${RUN})
  AND service NOT IN (SELECT service FROM rated WHERE tenant = $tenant AND run = $before AND account IN (
    SELECT l.account FROM customer_bill AS b JOIN customer_bill_line AS l ON l.tenant = b.tenant AND l.run = b.run AND l.number = b.number
    WHERE b.tenant = $tenant AND b.run = $before AND b.period_end_on > $start_on::DATE))`

const SOLD_AND_USED = `${RATED_ROWS} UNION ALL ${usedRows(NOT_SOLD)}`

// One row per key and usage class.
const sumsBy = (by: UsageDimension, where = '') => `
  SELECT ${DIMENSION_COLUMN[by]} AS key, usage_type, ${USAGE_CLASS_SQL} AS usage_class, sum(quantity_base) AS quantity
  FROM used WHERE ${RUN} ${where} GROUP BY ALL`

// The same by account, where events of a service that we sell seldom name one: theirs is that of the service.
const SUMS_BY_ACCOUNT = `
  SELECT key, usage_type, usage_class, sum(quantity) AS quantity FROM (
    SELECT account AS key, split_part(usage_class, '/', 1) AS usage_type, usage_class, quantity_base AS quantity
    FROM rated WHERE ${RUN} UNION ALL ${sumsBy('account', NOT_SOLD)}) GROUP BY ALL`

const BY_FIELDS: ReadonlyArray<ReportField> = [
  textField('key', 'Key'),
  textField('name', 'Name'),
  textField('usage_class', 'Usage class'),
  { key: 'quantity', title: 'Quantity', kind: 'usage' },
  textField('unit', 'Unit'),
]

/** Quantities are whole base units: bytes, seconds, counts, byte-hours. @throws Refusal `period-not-closed`. */
export async function usageReport(
  workspace: ScopedWorkspace,
  { period, by }: { period: Period; by?: UsageDimension | undefined },
): Promise<Report> {
  const run = await currentRun(workspace, period)
  const { tenant } = workspace
  const title = `Usage of ${period.name}${by ? ` by ${by.replace('-', ' ')}` : ''}`
  const { rating } = inputsOf(run)
  const sold = { before: rating?.before ?? '', start_on: period.startOn }
  if (by === undefined) {
    const sql = rating ? SOLD_AND_USED : usedRows('')
    const rows = workspace.warehouse.stream(
      `SELECT * FROM (${sql}) ORDER BY account, service, usage_class, bucket, tier_no`,
      { tenant, run: run.id, ...(rating ? sold : {}) },
    )
    return { name: 'usage', title, columns: RATED_FIELDS, rows: toReportRows(rows, RATED_FIELDS) }
  }
  // One row per key and usage class.
  const isByOwnAccount = by === 'account' && rating !== undefined
  const sql = `WITH ${namesCte(run)}, sums AS (${isByOwnAccount ? SUMS_BY_ACCOUNT : sumsBy(by)})
    SELECT key, CASE WHEN key <> '' THEN coalesce(name, '') WHEN $empty = 'pool' THEN 'not pooled' ELSE 'unassigned' END AS name, usage_class, quantity,
      CASE WHEN usage_type = 'data' THEN 'B' WHEN usage_type IN ('voice', 'conference') THEN 's' WHEN usage_type = 'storage' THEN 'Bh' ELSE 'count' END AS unit
    FROM sums LEFT JOIN (${NAME_SQL[by]}) AS named USING (key)
    ORDER BY key, usage_class`
  const rows = workspace.warehouse.stream(sql, { tenant, run: run.id, empty: by, ...(isByOwnAccount ? sold : {}) })
  return { name: 'usage', title, columns: BY_FIELDS, rows: toReportRows(rows, BY_FIELDS) }
}
