// What the bills of a month are short of the minimums of products and accounts: asks the database only for the sums that a
// minimum is laid beside, and nothing where nobody has one. What is due is core's.

import {
  billShortfall,
  type Calendars,
  type CustomerAccount,
  compareBytes,
  type IndexedCatalogue,
  type LocalDate,
  type RatedService,
  usageShortfall,
} from '@spillway/core'
import type { PeriodScope } from '../allocate/period-scope.ts'
import { billingPeriod } from './rating-groups.ts'
import type { SoldList } from './sold-list.ts'

export type MinimumLine = {
  /** Account of the bill. */
  readonly billedTo: string
  /** Account of the service; of the bill's own minimum the account that is billed. */
  readonly account: string
  /** '' for the minimum of the bill. */
  readonly service: string
  /** Whose minimum it is; '' for the bill. */
  readonly product: string
  readonly periodStartOn: LocalDate
  readonly currency: string
  readonly amountMinor: bigint
}

export type MinimumsOf = {
  readonly index: IndexedCatalogue
  readonly calendars: Calendars
  readonly list: SoldList
  /** Minor units of recurring charges on the bill of an account; not there: none. */
  readonly recurringOf: ReadonlyMap<string, bigint>
}

/** In the order of accounts and services. Needs `rated` in the scratch database: usage on the bills of the month. */
export async function findMinimums(scope: PeriodScope, of: MinimumsOf): Promise<ReadonlyArray<MinimumLine>> {
  const lines = await usageMinimums(scope, of)
  return [...lines, ...(await billMinimums(scope, of, lines))]
}

async function usageMinimums(scope: PeriodScope, of: MinimumsOf): Promise<MinimumLine[]> {
  const { index, list } = of
  const { products } = index.catalogue
  const asking = [...products.values()].flatMap(({ product, minimum }) => (minimum === undefined ? [] : [product]))
  if (asking.length === 0) return []
  const asks = new Set(asking)
  const rowsOf = new Map<string, RatedService[]>()
  for (const row of list.all)
    if (asks.has(row.product)) {
      const key = keyOf(row)
      const known = rowsOf.get(key)
      if (known) known.push(row)
      else rowsOf.set(key, [row])
    }
  const used = await usageOf(scope)
  const lines: MinimumLine[] = []
  for (const [key, rows] of rowsOf) {
    const [{ account, service }] = rows as [RatedService]
    const billed = index.billedTo(account)
    const period = billingPeriod({ ...of, month: scope.period }, billed)
    const usageMinor = used.get(key) ?? NOTHING
    const short = usageShortfall({ rows, products, currency: billed.currency, period, usageMinor })
    if (short === null) continue
    const at = { billedTo: billed.account, periodStartOn: period.startOn, currency: billed.currency }
    lines.push({ ...at, account, service, ...short })
  }
  return lines
}

/** The sum over no rows. */
const NOTHING = 0n

function keyOf({ account, service }: Pick<RatedService, 'account' | 'service'>): string {
  return JSON.stringify([account, service])
}

/** One entry per account and service with usage on the bills of the month. */
async function usageOf({ warehouse, scratch }: PeriodScope): Promise<ReadonlyMap<string, bigint>> {
  const found = new Map<string, bigint>()
  const batches = warehouse.stream<{ account: string; service: string; amount_minor: bigint }>(
    `SELECT account, service, sum(amount_minor)::BIGINT AS amount_minor FROM ${scratch}.rated GROUP BY ALL
     HAVING sum(amount_minor) <> 0`,
  )
  for await (const batch of batches) for (const { amount_minor, ...row } of batch) found.set(keyOf(row), amount_minor)
  return found
}

async function billMinimums(
  { warehouse, scratch, period: month, soldTo }: PeriodScope,
  of: MinimumsOf,
  usageLines: ReadonlyArray<MinimumLine>,
): Promise<MinimumLine[]> {
  const { index, recurringOf } = of
  const asking = [...index.catalogue.accounts.values()].filter(
    ({ account, minimum }) => minimum !== undefined && soldTo?.accounts.has(account) !== false,
  )
  if (asking.length === 0) return []
  // One row per account that is billed and currency.
  const sums = await warehouse.rows<{ billed_to: string; currency: string; amount_minor: bigint }>(
    `SELECT billed_to, currency, sum(amount_minor)::BIGINT AS amount_minor FROM ${scratch}.rated GROUP BY ALL`,
  )
  const billed = new Map<string, bigint>(recurringOf)
  const add = (account: string, amountMinor: bigint) =>
    billed.set(account, (billed.get(account) ?? NOTHING) + amountMinor)
  for (const { billed_to, currency, amount_minor } of sums)
    if (currency === index.account(billed_to).currency) add(billed_to, amount_minor)
  for (const { billedTo, amountMinor } of usageLines) add(billedTo, amountMinor)
  const inForce = servicesBilled(of, new Set(asking.map(({ account }) => account)))
  return asking
    .sort((a, b) => compareBytes(a.account, b.account))
    .flatMap((account: CustomerAccount): MinimumLine[] => {
      const { account: billedTo, currency, minimum = '0' } = account
      const period = billingPeriod({ ...of, month }, account)
      const rows = inForce.get(billedTo) ?? []
      const billedMinor = billed.get(billedTo) ?? NOTHING
      const amountMinor = billShortfall({ minimum, currency, period, inForce: rows, billedMinor })
      if (amountMinor === NOTHING) return []
      const at = { billedTo, account: billedTo, periodStartOn: period.startOn, currency }
      return [{ ...at, service: '', product: '', amountMinor }]
    })
}

/** Of each wanted account its services, and those whose usage it is billed. */
function servicesBilled({ index, list }: MinimumsOf, wanted: ReadonlySet<string>): Map<string, RatedService[]> {
  const found = new Map([...wanted].map((account): [string, RatedService[]] => [account, []]))
  for (const service of list.all) {
    found.get(service.account)?.push(service)
    const { usageInvoicer } = index.account(service.account)
    if (usageInvoicer !== '') found.get(usageInvoicer)?.push(service)
  }
  return found
}
