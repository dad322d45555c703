// `report alerts`: buckets of which 80, 90 or 100 % were drawn, with the instant at which they ran out, or will at the pace so
// far, then limits of sub-accounts of which as much was used. Each stands in the report of one month of its period.
import type { Period, Report } from '@spillway/core'
import { inputsOf } from '../catalog/run-record.ts'
import { type SubAccountAlert, subAccountAlerts, usedOfLimit } from '../sub-accounts/limit-alerts.ts'
import type { Row } from '../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { wholeWorkspaceOf } from '../workspace/scopes.ts'
import { oneBatch, type ReportField, textField, toReportRows } from './amount-cells.ts'
import { BUCKET_TYPE, bucketTypeCells, bucketUsageTypes, typeCellsSql } from './bucket-usage-types.ts'
import { currentRun } from './current-run.ts'
import { sqlReport } from './sql-report.ts'

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

const ORDER = 'account, holder_on, holder, bucket, start_at, percent'

// One row per bucket of a holder, period and share of its capacity.
const rowsOf = (where: string) => `
  SELECT account, holder_on, CASE WHEN holder = '' THEN account ELSE holder END AS holder, bucket, '' AS limit_name,
    ${typeCellsSql('a.bucket')}, start_at,
    share_percent AS percent, capacity_base::HUGEINT AS capacity, drawn_base::HUGEINT AS drawn, '' AS used, exhausted_at,
    CASE WHEN is_projected THEN 'yes' ELSE '' END AS projected
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
  const ofBuckets = sqlReport(workspace, {
    ...headOf(period),
    fields: FIELDS,
    ctes: BUCKET_TYPE,
    rows: rowsOf([...where, ...(isRated ? [] : ['AND false'])].join(' ')),
    order: ORDER,
    parameters: {
      ...{ tenant: workspace.tenant, run: run.id, account: account ?? '', bucket: bucket ?? '' },
      ...bucketTypeCells(await bucketUsageTypes(workspace, run)),
    },
  })
  const visible = workspace.scope.rows?.accounts
  const accounts = account === undefined ? visible : [account].filter((one) => visible?.includes(one) !== false)
  const ofLimits =
    bucket === undefined ? await subAccountAlerts(wholeWorkspaceOf(workspace), { run, period, accounts }) : []
  if (ofLimits.length === 0) return ofBuckets
  const rows = both(ofBuckets.rows, toReportRows(oneBatch(ofLimits.map(rowOfLimit)), FIELDS))
  return { ...headOf(period), columns: FIELDS, rows }
}

const headOf = (period: Period) => ({ name: 'alerts', title: `Alerts of ${period.name}` })

async function* both(...all: ReadonlyArray<Report['rows']>): Report['rows'] {
  for (const one of all) yield* one
}

function rowOfLimit(alert: SubAccountAlert): Row {
  const { account, userId, limit, startOn, sharePercent } = alert
  return {
    ...{
      account,
      holder_on: 'sub-account',
      holder: userId,
      limit_name: limit,
      start_at: startOn,
      percent: sharePercent,
    },
    used: usedOfLimit(alert),
  }
}
