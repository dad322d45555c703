// `report bills`: the bills that we make of a period, or their lines by service. A bill is a draft until its period is
// published, and issued from then on.
import type { Period, Report } from '@spillway/core'
import { inputsOf } from '../catalog/run-record.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { amountField, oneBatch, type ReportField, textField, toReportRows } from './amount-cells.ts'
import { currentRun } from './current-run.ts'

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
  { ...amountField('adjustment', 'Adjustments'), isDetail: true },
  amountField('total', 'Total'),
]

const RUN = 'tenant = $tenant AND run = $run'
const sumOf = (kind: string) => `coalesce(sum(amount_minor) FILTER (kind = '${kind}'), 0)::BIGINT AS ${kind}_minor`

// One row per bill.
const BILL_ROWS = `
  SELECT b.number AS bill, b.account, b.period_start_on, b.period_end_on, $state AS state, b.currency, l.recurring_minor,
    l.usage_minor, l.adjustment_minor, b.total_minor
  FROM customer_bill AS b JOIN (SELECT number, ${['recurring', 'usage', 'adjustment'].map(sumOf).join(', ')}
    FROM customer_bill_line WHERE ${RUN} GROUP BY number) AS l USING (number)
  WHERE ${RUN} ORDER BY bill`

const LINE_FIELDS: ReadonlyArray<ReportField> = [
  textField('bill', 'Bill'),
  textField('account', 'Account'),
  textField('service', 'Service'),
  textField('charge', 'Charge'),
  textField('about', 'For'),
  textField('currency', 'Currency'),
  amountField('amount', 'Amount'),
]

// One row per bill, account and service, kind of charge and what it is for.
const LINE_ROWS = `
  SELECT number AS bill, account, service, kind AS charge, about, currency, amount_minor FROM customer_bill_line
  WHERE ${RUN} ORDER BY bill, account, service, charge, about`

/** @throws Refusal `period-not-closed`. */
export async function billsReport(
  { catalog, tenant, warehouse }: Workspace,
  { period, by }: { period: Period; by?: BillDimension | undefined },
): Promise<Report> {
  const run = await currentRun({ catalog, tenant }, period)
  const [sql, columns] = by === undefined ? ([BILL_ROWS, BILL_FIELDS] as const) : ([LINE_ROWS, LINE_FIELDS] as const)
  const state = run.state === 'published' ? 'issued' : 'draft'
  const parameters = { tenant, run: run.id, ...(by === undefined ? { state } : {}) }
  const rows = inputsOf(run).rating ? warehouse.stream(sql, parameters) : oneBatch([])
  const title = `Bills of ${period.name}${by ? ` by ${by}` : ''}`
  return { name: 'bills', title, columns, hasTotals: true, rows: toReportRows(rows, columns) }
}
