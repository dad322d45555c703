// `report bills`: the bills that we make of a period, or the lines of all or of one by service. A bill is a draft until its
// period is published, and issued from then on.
import { BILL_LINE_KINDS, type Period, parsePeriod, Refusal, type Report } from '@spillway/core'
import { loadConfigurationVersion } from '../catalog/configuration.ts'
import { inputsOf } from '../catalog/run-record.ts'
import type { RunTable } from '../catalog/tables.ts'
import { literal } from '../stages/allocate/period-scope.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { amountField, oneBatch, type ReportField, textField, toReportRows } from './amount-cells.ts'
import { currentRun, currentRuns } from './current-run.ts'

export const BILL_DIMENSIONS = ['service'] as const
export type BillDimension = (typeof BILL_DIMENSIONS)[number]

const dateField = (key: string, title: string): ReportField => ({ key, title, kind: 'date' })

const BILL_FIELDS: ReadonlyArray<ReportField> = [
  textField('bill', 'Bill'),
  textField('account', 'Account'),
  { ...dateField('period_start_on', 'From'), isDetail: true },
  { ...dateField('period_end_on', 'Until'), isDetail: true },
  textField('state', 'State'),
  textField('currency', 'Currency'),
  { ...amountField('recurring', 'Recurring'), isDetail: true },
  { ...amountField('usage', 'Usage'), isDetail: true },
  { ...amountField('minimum', 'Minimums'), isDetail: true },
  { ...amountField('adjustment', 'Adjustments'), isDetail: true },
  amountField('total', 'Total'),
]

const RUN = 'tenant = $tenant AND run = $run'
const sumOf = (kind: string) => `coalesce(sum(amount_minor) FILTER (kind = '${kind}'), 0)::BIGINT AS ${kind}_minor`

// One row per bill.
const BILL_ROWS = `
  SELECT b.number AS bill, b.account, b.period_start_on, b.period_end_on, $state AS state, b.currency, l.recurring_minor,
    l.usage_minor, l.minimum_minor, l.adjustment_minor, b.total_minor
  FROM customer_bill AS b JOIN (SELECT number, ${BILL_LINE_KINDS.map(sumOf).join(', ')}
    FROM customer_bill_line WHERE ${RUN} GROUP BY number) AS l USING (number)
  WHERE ${RUN} ORDER BY bill`

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
}

/** @throws Refusal `period-not-closed`, `not-found` where there is no such bill, `bad-command` without period and number. */
export async function billsReport(workspace: ScopedWorkspace, options: BillsOptions): Promise<Report> {
  const { warehouse, tenant } = workspace
  const { by, number } = options
  const period = options.period ?? (await periodOfBill(workspace, number))
  const run = await currentRun(workspace, period)
  if (number !== undefined) await requireBill(workspace, { run, number })
  const isRated = inputsOf(run).rating !== undefined
  const state = run.state === 'published' ? 'issued' : 'draft'
  if (by === undefined && number === undefined) {
    const bills = isRated ? warehouse.stream(BILL_ROWS, { tenant, run: run.id, state }) : oneBatch([])
    const rows = toReportRows(bills, BILL_FIELDS)
    return { name: 'bills', title: `Bills of ${period.name}`, columns: BILL_FIELDS, hasTotals: true, rows }
  }
  const sql = lineRows(await shownPlans(workspace, run), number === undefined ? '' : 'AND l.number = $number')
  const parameters = { tenant, run: run.id, ...(number === undefined ? {} : { number }) }
  const lines = isRated ? warehouse.stream(sql, parameters) : oneBatch([])
  const title = number === undefined ? `Bills of ${period.name} by service` : `Bill ${number}, ${state}`
  const columns = number === undefined ? LINE_FIELDS : ONE_BILL_FIELDS
  return { name: 'bills', title, columns, hasTotals: true, rows: toReportRows(lines, columns) }
}

async function requireBill(
  { warehouse, tenant }: ScopedWorkspace,
  { run, number }: { readonly run: RunTable; readonly number: string },
): Promise<void> {
  const bills = await warehouse.rows(`SELECT 1 FROM customer_bill WHERE ${RUN} AND number = $number`, {
    ...{ tenant, number },
    run: run.id,
  })
  if (bills.length === 0) throw noSuchBill(number, run.period)
}

/** The newest closed month that has the bill. */
async function periodOfBill(workspace: ScopedWorkspace, number: string | undefined): Promise<Period> {
  if (number === undefined)
    throw new Refusal('bad-command', '`report bills` needs a period.', {
      hint: 'Add --period 2026-10, or name a bill with --number.',
    })
  const runs = await currentRuns(workspace)
  const bills = await workspace.warehouse.rows<{ run: string }>(
    `SELECT run FROM customer_bill WHERE tenant = $tenant AND number = $number`,
    { tenant: workspace.tenant, number },
  )
  const found = runs.findLast(({ id }) => bills.some(({ run }) => run === id))
  const period = found && parsePeriod(found.period)
  if (!period) throw noSuchBill(number, 'any month')
  return period
}

function noSuchBill(number: string, where: string): Refusal {
  return new Refusal('not-found', `There is no bill ${number} of ${where}.`, {
    hint: 'List the bills with `spillway report bills --period 2026-10`.',
    facts: { number },
  })
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
