// `report usage`: the usage that counted in a period, by service and usage class, or by one dimension; of services that we
// sell, with the bucket and tier that each part was drawn from and what it costs.
import type { Period, Report } from '@spillway/core'
import { inputsOf } from '../catalog/run-record.ts'
import type { RunTable } from '../catalog/tables.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { amountField, type ReportField, textField } from './amount-cells.ts'
import { currentRun } from './current-run.ts'
import { conditionOf, readFilter, SOLD_USAGE_FILTERS, USAGE_FILTERS, whereText } from './filter/report-filter.ts'
import { type ResultRows, resultRowsSql } from './filter/result-rows.ts'
import type { RowFilter } from './filter/row-filter.ts'
import { servicePlaces } from './filter/service-places.ts'
import { DIMENSION_COLUMN, NAME_SQL, namesCte } from './names.ts'
import { withNames } from './page-names.ts'
import { type SqlReportOptions, sqlReport } from './sql-report.ts'

export const USAGE_DIMENSIONS = ['service', 'person', 'cost-centre', 'project', 'vendor', 'pool', 'account'] as const
export type UsageDimension = (typeof USAGE_DIMENSIONS)[number]

/** The words of a usage class in this order, those that are given: `voice/domestic/peak/on-net`. */
export const USAGE_CLASS_SQL = `concat_ws('/', usage_type, nullif(zone, ''), nullif(time_band, ''), nullif(network, ''))`

/** Those that it reads. */
export const USAGE_CLASS_COLUMNS = ['usage_type', 'zone', 'time_band', 'network'] as const

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
const usedRows = (used: string, where: string) => `
  SELECT account, service, ${USAGE_CLASS_SQL} AS usage_class, '' AS bucket, '' AS tier, 0 AS tier_no,
    sum(quantity_base) AS quantity, NULL::BIGINT AS amount_minor, '' AS currency
  FROM (${used}) WHERE ${where} GROUP BY ALL`

// One row per account, service, usage class, bucket and tier; out of bucket both are empty.
const ratedRows = (where: string) => `
  SELECT account, service, usage_class, bucket, CASE WHEN tier = 0 THEN '' ELSE tier::VARCHAR END AS tier, tier AS tier_no,
    sum(quantity_base) AS quantity, sum(amount_minor)::BIGINT AS amount_minor, currency
  FROM (SELECT *, split_part(usage_class, '/', 1) AS usage_type FROM rated WHERE ${RUN}) WHERE ${where} GROUP BY ALL`

// Usage of a service that we sell stands in its rated rows alone: in those of this run, and of the run before where its account
// is billed beyond the first day of this period ($before; '' for none).
const NOT_SOLD = `service NOT IN (SELECT service FROM rated WHERE ${RUN})
  AND service NOT IN (SELECT service FROM rated WHERE tenant = $tenant AND run = $before AND account IN (
    SELECT l.account FROM customer_bill AS b JOIN customer_bill_line AS l ON l.tenant = b.tenant AND l.run = b.run AND l.number = b.number
    WHERE b.tenant = $tenant AND b.run = $before AND b.period_end_on > $start_on::DATE))`

// One row per key and usage class.
const sumsBy = (by: UsageDimension, used: string, where = 'true') => `
  SELECT ${DIMENSION_COLUMN[by]} AS key, usage_type, ${USAGE_CLASS_SQL} AS usage_class, sum(quantity_base) AS quantity
  FROM (${used}) WHERE ${where} GROUP BY ALL`

// The same by account, where events of a service that we sell seldom name one: theirs is that of the service.
const sumsByAccount = (used: string, where: string) => `
  SELECT key, usage_type, usage_class, sum(quantity) AS quantity FROM (
    SELECT account AS key, usage_type, usage_class, quantity_base AS quantity
    FROM (SELECT *, split_part(usage_class, '/', 1) AS usage_type FROM rated WHERE ${RUN}) WHERE ${where}
    UNION ALL ${sumsBy('account', used, NOT_SOLD)}) GROUP BY ALL`

const BY_FIELDS: ReadonlyArray<ReportField> = [
  textField('key', 'Key'),
  textField('name', 'Name'),
  textField('usage_class', 'Usage class'),
  { key: 'quantity', title: 'Quantity', kind: 'usage' },
  textField('unit', 'Unit'),
]

export type UsageOptions = {
  readonly period: Period
  readonly by?: UsageDimension | undefined
  /** Of USAGE_FILTERS; where services are sold, without `by` and by account of SOLD_USAGE_FILTERS. */
  readonly where?: ReadonlyArray<string> | undefined
}

/** Quantities are whole base units: bytes, seconds, counts, byte-hours. @throws Refusal `period-not-closed`, `bad-command`. */
export async function usageReport(workspace: ScopedWorkspace, options: UsageOptions): Promise<Report> {
  const { period, by, where } = options
  const run = await currentRun(workspace, period)
  const { rating } = inputsOf(run)
  const isBySold = rating !== undefined && (by === undefined || by === 'account')
  const filter = await readFilter(workspace, { where, columns: isBySold ? SOLD_USAGE_FILTERS : USAGE_FILTERS, run })
  const places = await servicePlaces(workspace, { runs: [run.id], filter })
  const rows = { filter, places, isBySold, of: conditionOf(filter) }
  const parameters = {
    ...{ tenant: workspace.tenant, run: run.id, empty: by ?? '' },
    ...{ before: rating?.before ?? '', start_on: period.startOn },
  }
  const head = {
    name: 'usage',
    title: `Usage of ${period.name}${by ? ` by ${by.replace('-', ' ')}` : ''}${whereText(where)}`,
    parameters,
  }
  return by === undefined ? usageByService(workspace, { run, head, rows }) : usageBy(workspace, { run, head, rows, by })
}

type UsageParts = {
  readonly run: RunTable
  readonly head: Pick<SqlReportOptions, 'name' | 'title' | 'parameters'>
  readonly rows: Pick<ResultRows, 'places'> & {
    readonly filter: RowFilter
    readonly isBySold: boolean
    readonly of: string
  }
}

function usageByService(workspace: ScopedWorkspace, { run, head, rows }: UsageParts): Report {
  const columns = ['account', 'service', ...USAGE_CLASS_COLUMNS]
  const { filter, places = null } = rows
  const used = resultRowsSql(workspace, { view: 'used', columns, runs: [run.id], filter, places })
  return sqlReport(workspace, {
    ...head,
    fields: RATED_FIELDS,
    ctes: '',
    rows: rows.isBySold ? `${ratedRows(rows.of)} UNION ALL ${usedRows(used, NOT_SOLD)}` : usedRows(used, 'true'),
    order: 'account, service, usage_class, bucket, tier_no',
  })
}

function usageBy(
  workspace: ScopedWorkspace,
  { run, head, rows, by }: UsageParts & { readonly by: UsageDimension },
): Report {
  const columns = [...new Set([DIMENSION_COLUMN[by], ...USAGE_CLASS_COLUMNS, ...(rows.isBySold ? ['service'] : [])])]
  const { filter, places = null } = rows
  const used = resultRowsSql(workspace, { view: 'used', columns, runs: [run.id], filter, places })
  // One row per key and usage class.
  const sums = `sums AS (${rows.isBySold ? sumsByAccount(used, rows.of) : sumsBy(by, used)})`
  const cells = `key, usage_class, quantity,
      CASE WHEN usage_type = 'data' THEN 'B' WHEN usage_type IN ('voice', 'conference') THEN 's' WHEN usage_type = 'storage' THEN 'Bh' ELSE 'count' END AS unit`
  const nameSql = NAME_SQL[by]
  return sqlReport(workspace, {
    ...head,
    fields: BY_FIELDS,
    ctes: `${namesCte(run)}, ${sums}`,
    rows: `SELECT ${cells}, CASE WHEN key <> '' THEN coalesce(name, '') WHEN $empty = 'pool' THEN 'not pooled' ELSE 'unassigned' END AS name
      FROM sums LEFT JOIN (${nameSql}) AS named USING (key)`,
    order: 'key, usage_class',
    lean: {
      ctes: sums,
      rows: `SELECT ${cells} FROM sums`,
      without: ['name'],
      fill: (page) => {
        const empty = by === 'pool' ? 'not pooled' : 'unassigned'
        return withNames(workspace, { rows: page, by, run, empty })
      },
    },
  })
}
