// Makes the bills of a month: for every account one bill of the usage that is billed to it, of its own recurring charges, of
// what is short of a minimum, and of adjustments to periods that are closed. The database only adds; what is prorated and
// rounded is core's.

import { setImmediate } from 'node:timers/promises'
import {
  type Adjustment,
  type BilledAhead,
  billRevision,
  type CustomerAccount,
  compareBytes,
  type IndexedCatalogue,
  plansSoldBy,
  type RatedService,
  recurringCharges,
} from '@spillway/core'
import type { PeriodScope } from '../allocate/period-scope.ts'
import { findMinimums } from './find-minimums.ts'
import { makeTable } from './make-table.ts'
import type { RatedMonth } from './rate-month.ts'
import { makeRatedTable } from './rated-output.ts'
import { billingPeriod, monthIndex } from './rating-groups.ts'
import type { RatingState } from './rating-state.ts'

export type BillsOf = RatedMonth & {
  readonly opening: RatingState
  readonly adjustments: ReadonlyArray<Adjustment>
  /** Whether usage lines say their quantity and their share plan. */
  readonly hasPlans: boolean
  /** From 2 on a part of the numbers. */
  readonly issue: number
}

/** After so many a server answers others, who would wait for tens of thousands. */
const ACCOUNTS_AT_ONCE = 1000

/** Makes `customer_bill`, `customer_bill_line` and `rating_adjustment` beside `rated`; what was billed ahead, for the next run. */
export async function billMonth(scope: PeriodScope, of: BillsOf): Promise<ReadonlyArray<BilledAhead>> {
  const { warehouse, scratch } = scope
  const columns = await makeTable(scope, 'billed_account', {
    account: 'VARCHAR',
    account_currency: 'VARCHAR',
    period_start_on: 'DATE',
    period_end_on: 'DATE',
  })
  const accounts = await warehouse.writer('billed_account', columns, scratch)
  const owed = await warehouse.writer('owed', await makeTable(scope, 'owed', OWED), scratch)
  const adjustments = await makeRatedTable(scope, 'rating_adjustment')
  const ahead: BilledAhead[] = []
  const servicesOf = byAccount(of.sold.list.all)
  const aheadOf = byAccount(of.opening.billedAhead)
  const { index, calendars } = { ...of.sold, ...of }
  const recurringOf = new Map<string, bigint>()
  const sorted = [...index.catalogue.accounts.values()].sort((a, b) => compareBytes(a.account, b.account))
  for (const [at, account] of sorted.entries()) {
    if (at % ACCOUNTS_AT_ONCE === 0) await setImmediate()
    const period = billingPeriod({ calendars, month: scope.period }, account)
    accounts.append([account.account, account.currency, period.startOn, period.endOn])
    const recurring = recurringCharges({
      ...account,
      services: servicesOf.get(account.account) ?? [],
      products: index.catalogue.products,
      period,
      next: calendars.billing(account).period(monthIndex(scope.period) + 1),
      ahead: aheadOf.get(account.account) ?? [],
    })
    ahead.push(...recurring.ahead)
    for (const { service, product, amountMinor } of recurring.lines) {
      const plan = of.hasPlans ? shownPlanOf(product, index) : null
      owed.append([
        account.account,
        account.account,
        service,
        'recurring',
        product,
        account.currency,
        amountMinor,
        plan,
      ])
      recurringOf.set(account.account, (recurringOf.get(account.account) ?? 0n) + amountMinor)
    }
  }
  const minimums = await findMinimums(scope, { ...of.sold, calendars, recurringOf })
  for (const { billedTo, account, service, product, currency, amountMinor } of minimums)
    owed.append([billedTo, account, service, 'minimum', product, currency, amountMinor, of.hasPlans ? '' : null])
  for (const { account, service, billedTo, periodStartOn, currency, amountMinor } of of.adjustments) {
    adjustments.append([account, service, billedTo, periodStartOn, currency, amountMinor])
    const plan = of.hasPlans ? '' : null
    owed.append([billedTo, account, service, 'adjustment', periodStartOn, currency, amountMinor, plan])
  }
  for (const writer of [accounts, owed, adjustments]) writer.close()
  await storeShownPlans(scope, index)
  await addUp(scope, of)
  return ahead
}

const OWED = {
  billed_to: 'VARCHAR',
  account: 'VARCHAR',
  service: 'VARCHAR',
  kind: 'VARCHAR',
  about: 'VARCHAR',
  currency: 'VARCHAR',
  amount_minor: 'BIGINT',
  plan: 'VARCHAR',
} as const

/** The plan that a product sells, where it sells one and that is shown on bills; else ''. */
function shownPlanOf(product: string, { catalogue }: IndexedCatalogue): string {
  const [plan, another] = plansSoldBy(product, catalogue)
  return plan !== undefined && another === undefined && plan.isShownOnBills ? plan.plan : ''
}

/** Makes `shown_bucket`: one row per bucket of a plan that is shown on bills. */
async function storeShownPlans(scope: PeriodScope, { catalogue }: IndexedCatalogue): Promise<void> {
  const columns = await makeTable(scope, 'shown_bucket', { bucket: 'VARCHAR', plan: 'VARCHAR' })
  const writer = await scope.warehouse.writer('shown_bucket', columns, scope.scratch)
  for (const { plan, isShownOnBills, buckets } of catalogue.sharePlans.values())
    if (isShownOnBills) for (const { bucket } of buckets) writer.append([bucket, plan])
  writer.close()
}

function byAccount<T extends Pick<RatedService, 'account'>>(
  items: ReadonlyArray<T>,
): Map<CustomerAccount['account'], T[]> {
  const found = new Map<string, T[]>()
  for (const item of items) {
    const list = found.get(item.account)
    if (list) list.push(item)
    else found.set(item.account, [item])
  }
  return found
}

/** The number of a bill: account and period, which are there once; a currency that is not the account's own makes a second. */
const NUMBER = `concat(o.billed_to, '-', strftime(a.period_start_on, '%Y-%m-%d'),
  CASE WHEN o.currency = a.account_currency THEN '' ELSE '-' || o.currency END`

/** Bills that were taken back keep their numbers: those in their place say that they are the second, or a later one. */
function numberSql(issue: number): string {
  return issue === 1 ? `${NUMBER})` : `${NUMBER}, '${billRevision(issue)}')`
}

async function addUp(scope: PeriodScope, { hasPlans, issue }: Pick<BillsOf, 'hasPlans' | 'issue'>): Promise<void> {
  const { warehouse, scratch } = scope
  const number = numberSql(issue)
  for (const table of ['customer_bill_line', 'customer_bill'] as const) (await makeRatedTable(scope, table)).close()
  const plans = hasPlans
    ? {
        columns: "r.quantity_base, coalesce(b.plan, '') AS plan",
        join: `LEFT JOIN ${scratch}.shown_bucket AS b USING (bucket)`,
      }
    : { columns: 'NULL AS quantity_base, NULL AS plan', join: '' }
  // One row per bill, account and service, kind of charge, what it is for, and plan.
  await warehouse.run(
    `INSERT INTO ${scratch}.customer_bill_line
     SELECT ${number}, o.account, o.service, o.kind, o.about, o.currency, sum(o.amount_minor)::BIGINT,
       sum(o.quantity_base)::BIGINT, o.plan
     FROM (SELECT r.billed_to, r.account, r.service, 'usage' AS kind, r.usage_class AS about, r.currency, r.amount_minor,
         ${plans.columns} FROM ${scratch}.rated AS r ${plans.join}
       UNION ALL SELECT billed_to, account, service, kind, about, currency, amount_minor, NULL, plan FROM ${scratch}.owed) AS o
     JOIN ${scratch}.billed_account AS a ON a.account = o.billed_to GROUP BY ALL`,
  )
  // One row per bill.
  await warehouse.run(
    `INSERT INTO ${scratch}.customer_bill
     SELECT l.number, n.billed_to, n.period_start_on, n.period_end_on, l.currency, l.total_minor
     FROM (SELECT number, currency, sum(amount_minor)::BIGINT AS total_minor FROM ${scratch}.customer_bill_line GROUP BY ALL) AS l
     JOIN (SELECT ${number} AS number, o.billed_to, o.currency, a.period_start_on, a.period_end_on
       FROM (SELECT billed_to, currency FROM ${scratch}.rated UNION SELECT billed_to, currency FROM ${scratch}.owed) AS o
       JOIN ${scratch}.billed_account AS a ON a.account = o.billed_to) AS n USING (number, currency)`,
  )
}
