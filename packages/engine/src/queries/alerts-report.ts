// `report alerts`: buckets of which 80, 90 or 100 % were drawn, with the instant at which they ran out, or will at the pace so
// far, then limits of sub-accounts of which as much was used. Each stands in the report of one month of its period. Limits are
// known in memory, and handed to the query that has the buckets: a provider has tens of thousands of either.
import type { Period, Report } from '@spillway/core'
import { inputsOf } from '../catalog/run-record.ts'
import { limitAlertsOfRun, type SubAccountAlert, usedOfLimit } from '../sub-accounts/limit-alerts.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { wholeWorkspaceOf } from '../workspace/scopes.ts'
import { type ReportField, textField } from './amount-cells.ts'
import { BUCKET_TYPE, bucketTypeCells, bucketUsageTypes, typeCellsSql, usageCells } from './bucket-usage-types.ts'
import { currentRun } from './current-run.ts'
import { sqlReport } from './sql-report.ts'
import { textRelationSql } from './text-relation.ts'

const FIELDS: ReadonlyArray<ReportField> = [
  textField('account', 'Account'),
  { ...textField('on', 'On'), from: 'holder_on', isDetail: true },
  textField('holder', 'Holder'),
  textField('bucket', 'Bucket'),
  { ...textField('limit', 'Limit'), from: 'limit_name' },
  { ...textField('usage_type', 'Usage type'), isDetail: true },
  { ...textField('unit', 'Unit'), isDetail: true },
  { ...textField('start_at', 'From'), isDetail: true },
  { key: 'percent', title: 'Per cent', kind: 'quantity' },
  { key: 'capacity', title: 'Capacity', kind: 'usage', isNullable: true },
  { key: 'drawn', title: 'Drawn', kind: 'usage', isDetail: true, isNullable: true },
  { ...textField('used', 'Used'), isDetail: true },
  textField('exhausted_at', 'Exhausted'),
  textField('projected', 'Projected'),
]

/** Buckets first: all of them have the place 0. */
const ORDER = 'limit_place, account, holder_on, holder, bucket, start_at, percent'

// One row per bucket of a holder, period and share of its capacity.
const bucketRows = (where: string, typeCells = '') => `
  SELECT account, holder_on, CASE WHEN holder = '' THEN account ELSE holder END AS holder, bucket, '' AS limit_name,
    ${typeCells} start_at,
    share_percent AS percent, capacity_base::HUGEINT AS capacity, drawn_base::HUGEINT AS drawn, '' AS used, exhausted_at,
    CASE WHEN is_projected THEN 'yes' ELSE '' END AS projected, 0 AS limit_place
  FROM bucket_alert AS a WHERE tenant = $tenant AND run = $run ${where}`

export type AlertsOptions = {
  readonly period: Period
  readonly account?: string | undefined
  /** Of this one alone, and then of no limit. */
  readonly bucket?: string | undefined
}

/** Of buckets capacity and drawn are whole base units; of limits `used` says both. @throws Refusal `period-not-closed`. */
export async function alertsReport(workspace: ScopedWorkspace, options: AlertsOptions): Promise<Report> {
  const { period, account, bucket } = options
  const run = await currentRun(workspace, period)
  const isRated = inputsOf(run).rating !== undefined
  const where = [
    ...(account === undefined ? [] : ['AND account = $account']),
    ...(bucket === undefined ? [] : ['AND bucket = $bucket']),
  ]
  const visible = workspace.scope.rows?.accounts
  const accounts = account === undefined ? visible : [account].filter((one) => visible?.includes(one) !== false)
  const limits =
    bucket === undefined ? await limitAlertsOfRun(wholeWorkspaceOf(workspace), { run, period, accounts }) : []
  const types = await bucketUsageTypes(workspace, run)
  const ofBuckets = [...where, ...(isRated ? [] : ['AND false'])].join(' ')
  const withLimits = (rows: string) => (limits.length === 0 ? rows : `${rows} UNION ALL BY NAME ${limitRows(limits)}`)
  return sqlReport(workspace, {
    ...headOf(period),
    fields: FIELDS,
    ctes: BUCKET_TYPE,
    rows: withLimits(bucketRows(ofBuckets, `${typeCellsSql('a.bucket')},`)),
    order: ORDER,
    parameters: {
      ...{ tenant: workspace.tenant, run: run.id, account: account ?? '', bucket: bucket ?? '' },
      ...bucketTypeCells(types),
    },
    lean: {
      ctes: '',
      rows: withLimits(bucketRows(ofBuckets)),
      without: ['usage_type', 'unit'],
      fill: async (rows) => rows.map((row) => ({ ...row, ...usageCells(types.get(String(row.bucket))) })),
    },
  })
}

const headOf = (period: Period) => ({ name: 'alerts', title: `Alerts of ${period.name}` })

const LIMIT_COLUMNS = [
  ...['account', 'holder', 'limit_name', 'start_at', 'used'].map((name) => ({ name, type: 'VARCHAR' })),
  ...['percent', 'limit_place'].map((name) => ({ name, type: 'INTEGER' })),
]

/** One row per limit and share of it; their places are the order in which they come. What a bucket alone has is ''. */
function limitRows(alerts: ReadonlyArray<SubAccountAlert>): string {
  const rows = alerts.map((alert, at) => [
    ...[alert.account, alert.userId, alert.limit, alert.startOn, usedOfLimit(alert)],
    ...[String(alert.sharePercent), String(at + 1)],
  ])
  return `SELECT *, 'sub-account' AS holder_on, '' AS bucket, '' AS usage_type, '' AS unit, NULL::HUGEINT AS capacity,
      NULL::HUGEINT AS drawn, '' AS exhausted_at, '' AS projected
    FROM (${textRelationSql({ columns: LIMIT_COLUMNS, rows })})`
}
