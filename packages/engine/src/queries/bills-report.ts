// `report bills`: the bills that we make of a period, or the lines of all or of one by service. A bill is a draft until its
// period is published, and issued from then on; one that was taken back is void, and in no sum.
import { BILL_LINE_KINDS, type Period, Refusal, type Report, readBillNumber } from '@spillway/core'
import { loadConfigurationVersion } from '../catalog/configuration.ts'
import { inputsOf } from '../catalog/run-record.ts'
import type { BillIssueTable, RunTable } from '../catalog/tables.ts'
import { literal } from '../warehouse/sql-literal.ts'
import type { Row } from '../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { amountField, oneBatch, type ReportField, textField, toReportRows } from './amount-cells.ts'
import { findBill, noSuchBill } from './bill/find-bill.ts'
import { currentRun } from './current-run.ts'
import { haveOneScale, withMixedScales } from './mixed-scales.ts'
import { rowsOfAccount } from './rows-of-account.ts'
import { sqlReport } from './sql-report.ts'

export const BILL_DIMENSIONS = ['service'] as const
export type BillDimension = (typeof BILL_DIMENSIONS)[number]

const dateField = (key: string, title: string): ReportField => ({ key, title, kind: 'date' })

const BILL_FIELDS: ReadonlyArray<ReportField> = [
  textField('bill', 'Bill'),
  // The number of a bill begins with its account.
  { ...textField('account', 'Account'), isRepeated: true },
  { ...dateField('period_start_on', 'From'), isDetail: true },
  { ...dateField('period_end_on', 'Until'), isDetail: true },
  textField('state', 'State'),
  textField('currency', 'Currency'),
  { ...amountField('recurring', 'Recurring'), isNullable: true },
  { ...amountField('usage', 'Usage'), isNullable: true },
  { ...amountField('minimum', 'Minimums'), isDetail: true, isNullable: true },
  { ...amountField('adjustment', 'Adjustments'), isDetail: true, isNullable: true },
  { ...amountField('total', 'Total'), isNullable: true },
  { ...textField('replaces', 'Replaces'), isDetail: true },
  { ...amountField('void', 'Void'), isDetail: true, isNullable: true },
]

const RUN = 'tenant = $tenant AND run = $run'
const sumOf = (kind: string) => `coalesce(sum(amount_minor) FILTER (kind = '${kind}'), 0)::BIGINT AS ${kind}_minor`

/** Of `amount`, nothing for a bill that is void. */
const inForceSql = (amount: string) =>
  `CASE WHEN NOT coalesce(i.is_void, false) THEN ${amount} END AS ${amount.split('.')[1]}`

// One row per bill and issue of it: a void bill is listed with what it was in a column of its own, so that every sum is of bills in
// force. `issue` has those that were taken back or issued again, by the number that the run gave them.
const billRows = (only: string) => `
  SELECT coalesce(i.number, b.number) AS bill, b.account, b.period_start_on, b.period_end_on,
    CASE WHEN i.is_void THEN 'void' ELSE $state END AS state, b.currency,
    ${BILL_LINE_KINDS.map((kind) => inForceSql(`l.${kind}_minor`)).join(', ')}, ${inForceSql('b.total_minor')},
    coalesce(i.replaces, '') AS replaces, CASE WHEN i.is_void THEN b.total_minor END AS void_minor, b.number AS given, i.place
  FROM (SELECT * FROM customer_bill WHERE ${RUN} ${only}) AS b
  JOIN (SELECT number, ${BILL_LINE_KINDS.map(sumOf).join(', ')} FROM customer_bill_line
    WHERE ${RUN} ${only === '' ? '' : `AND number IN (SELECT number FROM customer_bill WHERE ${RUN} ${only})`}
    GROUP BY number) AS l USING (number)
  LEFT JOIN issue AS i ON i.bill = b.number`

const LINE_FIELDS: ReadonlyArray<ReportField> = [
  textField('bill', 'Bill'),
  textField('account', 'Account'),
  textField('service', 'Service'),
  textField('charge', 'Charge'),
  textField('about', 'For'),
  { ...textField('plan', 'Plan'), isDetail: true },
  textField('plan_name', 'Share plan'),
  { ...textField('plan_description', 'Description'), isDetail: true },
  { ...textField('usage_type', 'Usage type'), isDetail: true },
  { key: 'quantity', title: 'Quantity', kind: 'usage', from: 'quantity_base', isNullable: true },
  textField('currency', 'Currency'),
  amountField('amount', 'Amount'),
]

/** The number stands in the title. */
const [BILL_FIELD, ACCOUNT_FIELD, ...OTHER_FIELDS] = LINE_FIELDS as [ReportField, ReportField, ...ReportField[]]
const ONE_BILL_FIELDS = [ACCOUNT_FIELD, { ...BILL_FIELD, isDetail: true }, ...OTHER_FIELDS]

/** One row per bill, account and service, kind of charge, what it is for and share plan; `plans` is a relation of all names. */
const lineRows = (plans: string, only: string) => `
  SELECT l.number AS bill, l.account, l.service, l.kind AS charge, l.about, coalesce(l.plan, '') AS plan, p.plan_name, p.plan_description,
    l.quantity_base, CASE WHEN l.kind = 'usage' THEN split_part(l.about, '/', 1) ELSE '' END AS usage_type, l.currency, l.amount_minor
  FROM customer_bill_line AS l LEFT JOIN ${plans} AS p ON p.plan = l.plan
  WHERE l.tenant = $tenant AND l.run = $run ${only} ORDER BY bill, account, service, charge, about, plan`

export type BillsOptions = {
  /** May be left out where a bill is named. */
  readonly period?: Period | undefined
  readonly by?: BillDimension | undefined
  /** One bill alone, with its lines. */
  readonly number?: string | undefined
  /** Of this one alone; totals are then of it. */
  readonly account?: string | undefined
}

/** @throws Refusal `period-not-closed`, `not-found` where there is no such bill, `bad-command` without period and number. */
export async function billsReport(workspace: ScopedWorkspace, options: BillsOptions): Promise<Report> {
  const { warehouse, tenant } = workspace
  const { by, period, number, account } = options
  if (number !== undefined) return rowsOfAccount(await oneBill(workspace, { period, number }), account)
  if (period === undefined)
    throw new Refusal('bad-command', '`report bills` needs a period.', {
      hint: 'Add --period 2026-10, or name a bill with --number.',
    })
  const run = await currentRun(workspace, period)
  const isRated = inputsOf(run).rating !== undefined
  const issues = await issuesOf(workspace, run.id)
  if (by === undefined) return everyBill(workspace, { run, issues, account, period, isRated })
  const sql = lineRows(await shownPlans(workspace, run), '')
  const lines = isRated ? warehouse.stream(sql, { tenant, run: run.id }) : oneBatch([])
  const rows = toReportRows(inForce(lines, issues), LINE_FIELDS)
  return rowsOfAccount(
    { name: 'bills', title: `Bills of ${period.name} by service`, columns: LINE_FIELDS, hasTotals: true, rows },
    account,
  )
}

type EveryBill = Pick<BillsOptions, 'account'> & {
  readonly run: RunTable
  readonly issues: Issues
  readonly period: Period
  readonly isRated: boolean
}

async function everyBill(
  workspace: ScopedWorkspace,
  { run, issues, account, period, isRated }: EveryBill,
): Promise<Report> {
  const head = { name: 'bills', title: `Bills of ${period.name}`, hasTotals: true }
  if (!isRated) return { ...head, columns: BILL_FIELDS, rows: oneBatch([]) }
  const report = sqlReport(workspace, {
    ...head,
    fields: BILL_FIELDS,
    ctes: issueCte(issues),
    rows: billRows(account === undefined ? '' : 'AND account = $account'),
    order: 'given, place',
    parameters: {
      ...{ tenant: workspace.tenant, run: run.id, account: account ?? '' },
      state: run.state === 'published' ? 'issued' : 'draft',
    },
  })
  const rows = await workspace.warehouse.rows<{ currency: string }>(
    `SELECT DISTINCT currency FROM customer_bill WHERE ${RUN}`,
    { tenant: workspace.tenant, run: run.id },
  )
  return haveOneScale(rows.map(({ currency }) => currency)) ? report : withMixedScales(report)
}

/** One row per bill of the run and issue of it, of those that were issued again or taken back. */
function issueCte(issues: Issues): string {
  const rows = [...issues].flatMap(([bill, own]) =>
    own.map(({ number, replaces, voided_at }, place) => {
      return `(${[bill, number, replaces].map(literal).join(', ')}, ${voided_at !== null}, ${place})`
    }),
  )
  const columns = 'issue(bill, number, replaces, is_void, place)'
  return rows.length === 0
    ? `${columns} AS (SELECT NULL::VARCHAR, NULL::VARCHAR, NULL::VARCHAR, NULL::BOOLEAN, NULL::INTEGER WHERE false)`
    : `${columns} AS (VALUES ${rows.join(', ')})`
}

/** Its lines, also where it was taken back. */
async function oneBill(
  workspace: ScopedWorkspace,
  { period, number }: { readonly period: Period | undefined; readonly number: string },
): Promise<Report> {
  if (period) await currentRun(workspace, period)
  const { bill, run, state } = await findBill(workspace, number)
  if (period && run.period !== period.name) throw noSuchBill(number, period.name)
  const sql = lineRows(await shownPlans(workspace, run), 'AND l.number = $bill')
  const lines = workspace.warehouse.stream(sql, { tenant: workspace.tenant, run: run.id, bill })
  const rows = toReportRows(underNumber(lines, number), ONE_BILL_FIELDS)
  return { name: 'bills', title: `Bill ${number}, ${state}`, columns: ONE_BILL_FIELDS, hasTotals: true, rows }
}

type Issues = ReadonlyMap<string, ReadonlyArray<BillIssueTable>>

/** Bills of the run that were taken back or issued again, by the number that the run gave them; each in order of its issues. */
async function issuesOf({ catalog, tenant }: ScopedWorkspace, run: string): Promise<Issues> {
  const rows = await catalog
    .selectFrom('bill_issue')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('run', '=', run)
    .execute()
  const found = new Map<string, BillIssueTable[]>()
  rows.sort((a, b) => readBillNumber(a.number).issue - readBillNumber(b.number).issue)
  for (const row of rows) found.set(row.bill, [...(found.get(row.bill) ?? []), row])
  return found
}

type Batches = AsyncIterable<ReadonlyArray<Row>>

/** Lines under the number that is in force; those of a void bill are in no sum. */
async function* inForce(batches: Batches, issues: Issues): AsyncGenerator<Row[]> {
  for await (const batch of batches)
    yield batch.flatMap((row) => {
      const own = issues.get(String(row.bill))
      if (own === undefined) return [row]
      const last = own.find(({ voided_at }) => voided_at === null)
      return last ? [{ ...row, bill: last.number }] : []
    })
}

async function* underNumber(batches: Batches, bill: string): AsyncGenerator<Row[]> {
  for await (const batch of batches) yield batch.map((row) => ({ ...row, bill }))
}

/** A relation `plan, plan_name, plan_description`: the share plans that are shown on bills, as the run read them. */
async function shownPlans(workspace: ScopedWorkspace, run: RunTable): Promise<string> {
  const plans: string[] = []
  for (const { kind, name, version } of inputsOf(run).configuration) {
    if (kind !== 'SharePlan') continue
    const body = (await loadConfigurationVersion(workspace, { kind, name, version }))?.body as
      | { readonly name?: string; readonly description?: string }
      | undefined
    plans.push(`(${[name, body?.name ?? '', body?.description ?? ''].map(literal).join(', ')})`)
  }
  const none =
    '(SELECT NULL::VARCHAR AS plan, NULL::VARCHAR AS plan_name, NULL::VARCHAR AS plan_description WHERE false)'
  return plans.length === 0
    ? none
    : `(SELECT * FROM (VALUES ${plans.join(', ')}) AS v (plan, plan_name, plan_description))`
}
