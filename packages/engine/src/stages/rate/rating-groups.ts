// The bucket groups of a run, each with its services and the time whose usage is drawn down together, so that every billing
// period that begins in the month is whole (spec, import, "Command line": `close`), and every period of a plan that ends in it.

import {
  type Calendars,
  type CustomerAccount,
  groupAccounts,
  type IndexedCatalogue,
  type KindOfService,
  type LocalDate,
  type Period,
  planPeriods,
  type RatedService,
  type ServiceRows,
  type SharePlan,
  windowStart,
} from '@spillway/core'
import type { RatingState } from './rating-state.ts'
import { OPEN_DAY, type SoldList } from './sold-list.ts'

export type RatingGroup = {
  readonly number: number
  /** Kept from the first time on. */
  readonly services: ReadonlyArray<RatedService>
  /** The same as new objects, for who looks at every group and keeps none. */
  readonly freshServices: () => ReadonlyArray<RatedService>
  readonly rows: ServiceRows
  /** Of each of them, its place in the list of all. */
  readonly keys: Int32Array
  readonly accounts: ReadonlyArray<CustomerAccount>
  /** UTC microseconds, half-open. */
  readonly fromMicros: number
  readonly untilMicros: number
  /** Where the run of the month after begins. */
  readonly nextFromMicros: number
}

export type GroupsOf = {
  readonly index: IndexedCatalogue
  readonly calendars: Calendars
  readonly month: Period
  readonly opening: RatingState
}

/** The number by which calendars know a month. */
export function monthIndex({ startOn }: Period): number {
  return Number(startOn.slice(0, 4)) * 12 + Number(startOn.slice(5, 7)) - 1
}

/** The billing period of an account that begins in a month. */
export function billingPeriod({ calendars, month }: Pick<GroupsOf, 'calendars' | 'month'>, account: CustomerAccount) {
  return calendars.billing(account).period(monthIndex(month))
}

const groupsBy = new WeakMap<IndexedCatalogue, ReadonlyMap<string, string>>()

/** Made once for a catalogue. */
export function groupsOf(index: IndexedCatalogue): ReadonlyMap<string, string> {
  const groups = groupsBy.get(index) ?? groupAccounts(index)
  groupsBy.set(index, groups)
  return groups
}

const accountsBy = new WeakMap<IndexedCatalogue, ReadonlyMap<string, ReadonlyArray<CustomerAccount>>>()

/** Made once for a catalogue. */
function accountsByGroup(index: IndexedCatalogue): ReadonlyMap<string, ReadonlyArray<CustomerAccount>> {
  const known = accountsBy.get(index)
  if (known) return known
  const groupOf = groupsOf(index)
  const accountsOf = new Map<string, CustomerAccount[]>()
  for (const account of index.catalogue.accounts.values()) {
    const group = groupOf.get(account.account) as string
    const others = accountsOf.get(group)
    if (others) others.push(account)
    else accountsOf.set(group, [account])
  }
  accountsBy.set(index, accountsOf)
  return accountsOf
}

type OfGroup = Pick<RatingGroup, 'accounts'>

/** Groups with services, in the order of the services, numbered among those that are wanted: all where nothing is said. */
export function ratingGroups(
  of: GroupsOf,
  list: SoldList,
  isWanted: (group: OfGroup) => boolean = () => true,
): RatingGroup[] {
  const { index } = of
  const groupOf = groupsOf(index)
  const plansOf = longPlans(index)
  const accountsOf = accountsByGroup(index)
  const rowsOf = new Map<string, RowsOfAccount[]>()
  for (const rows of accountRows(list)) {
    const group = groupOf.get(list.accountOf(rows.from)) as string
    const known = rowsOf.get(group)
    if (known) known.push(rows)
    else rowsOf.set(group, [rows])
  }
  const times = new GroupTimes({ ...of, plansOf })
  return [...rowsOf]
    .map(([group, rows]) => ({ rows, accounts: accountsOf.get(group) as ReadonlyArray<CustomerAccount> }))
    .filter(isWanted)
    .map(
      ({ rows, accounts }, number) =>
        new SoldGroup(list, { number, keys: keysOf(rows), accounts, ...times.of(accounts) }),
    )
}

type TimesOfGroup = Pick<RatingGroup, 'fromMicros' | 'untilMicros' | 'nextFromMicros'>

/** More accounts of a group are hardly like those of another one. */
const ALIKE_ACCOUNTS_MAX = 3

/** The times of groups, each found once for all whose accounts are alike in what times depend on. */
class GroupTimes {
  readonly #of: PlansOf
  readonly #known = new Map<string, TimesOfGroup>()

  constructor(of: PlansOf) {
    this.#of = of
  }

  of(accounts: ReadonlyArray<CustomerAccount>): TimesOfGroup {
    if (accounts.length > ALIKE_ACCOUNTS_MAX) return timesOf(this.#of, accounts)
    const { index, opening } = this.#of
    const key = JSON.stringify(
      accounts.map((one) => {
        const { timeZone, cycleDay } = index.billedTo(one.account)
        const plans = index.plansOn(one.account).map(({ plan, from, until }) => [plan, from, until])
        const atMicros = opening.checkpoints.get(one.account)?.atMicros
        return [one.timeZone, one.cycleDay, timeZone, cycleDay, atMicros, plans]
      }),
    )
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const made = timesOf(this.#of, accounts)
    this.#known.set(key, made)
    return made
  }
}

class SoldGroup implements RatingGroup, ServiceRows {
  readonly number: number
  readonly keys: Int32Array
  readonly accounts: ReadonlyArray<CustomerAccount>
  readonly fromMicros: number
  readonly untilMicros: number
  readonly nextFromMicros: number
  readonly #list: SoldList
  #services: ReadonlyArray<RatedService> | null = null
  #areInOrder: boolean | undefined

  constructor(list: SoldList, of: Omit<RatingGroup, 'services' | 'freshServices' | 'rows'>) {
    this.number = of.number
    this.keys = of.keys
    this.accounts = of.accounts
    this.fromMicros = of.fromMicros
    this.untilMicros = of.untilMicros
    this.nextFromMicros = of.nextFromMicros
    this.#list = list
  }

  get services(): ReadonlyArray<RatedService> {
    this.#services ??= this.#list.pick(this.keys)
    return this.#services
  }

  freshServices(): ReadonlyArray<RatedService> {
    return this.#services ?? this.#list.pick(this.keys)
  }

  get rows(): ServiceRows {
    return this
  }

  get count(): number {
    return this.keys.length
  }

  /** Keys ascend, and the list is in the order of accounts and services. */
  get areInOrder(): boolean {
    this.#areInOrder ??= this.#list.several.size === 0 || this.keys.every((key) => !this.#isSeveral(key))
    return this.#areInOrder
  }

  #isSeveral(key: number): boolean {
    return this.#list.several.has(this.#list.nameOf(key))
  }

  isSameKind(row: number, other: number): boolean {
    const { account, product, type } = this.#list.columns
    const [a, b] = [this.keys[row] as number, this.keys[other] as number]
    return account[a] === account[b] && product[a] === product[b] && type[a] === type[b]
  }

  hasDays(row: number): boolean {
    const { from, until } = this.#list.columns
    const key = this.keys[row] as number
    return from[key] !== OPEN_DAY || until[key] !== OPEN_DAY
  }

  kindAt(row: number): KindOfService {
    return this.#list.kindAt(this.keys[row] as number)
  }

  daysAt(row: number): Pick<RatedService, 'from' | 'until'> {
    const key = this.keys[row] as number
    return { from: this.#list.fromOf(key), until: this.#list.untilOf(key) }
  }

  nameOf(row: number): string {
    return this.#list.nameOf(this.keys[row] as number)
  }

  at(row: number): RatedService {
    return this.#list.at(this.keys[row] as number)
  }
}

/** Places in the list of all that are of one account: from, and up to but without until. */
type RowsOfAccount = { readonly from: number; readonly until: number }

function* accountRows({ count, columns: { account } }: SoldList): Generator<RowsOfAccount> {
  for (let from = 0; from < count; ) {
    let until = from + 1
    while (until < count && account[until] === account[from]) until += 1
    yield { from, until }
    from = until
  }
}

function keysOf(rows: ReadonlyArray<RowsOfAccount>): Int32Array {
  const keys = new Int32Array(rows.reduce((count, { from, until }) => count + until - from, 0))
  let at = 0
  for (const { from, until } of rows) for (let key = from; key < until; key += 1, at += 1) keys[at] = key
  return keys
}

type PlansOf = GroupsOf & { readonly plansOf: ReadonlyMap<string, ReadonlyArray<SharePlan>> }

const longPlansBy = new WeakMap<IndexedCatalogue, PlansOf['plansOf']>()

/** Made once for a catalogue. */
function longPlans(index: IndexedCatalogue): PlansOf['plansOf'] {
  const plans = longPlansBy.get(index) ?? findLongPlans(index)
  longPlansBy.set(index, plans)
  return plans
}

/** By account that has them: plans whose periods are not its billing periods. */
function findLongPlans({ catalogue }: IndexedCatalogue): Map<string, SharePlan[]> {
  const found = new Map<string, Set<SharePlan>>()
  for (const { account, plan: id } of catalogue.accountSharePlans) {
    const plan = catalogue.sharePlans.get(id)
    if (plan === undefined || (plan.usageBilling.every === 1 && plan.usageBilling.unit === 'month')) continue
    found.set(account, (found.get(account) ?? new Set()).add(plan))
  }
  return new Map([...found].map(([account, plans]) => [account, [...plans]]))
}

function timesOf(of: PlansOf, accounts: ReadonlyArray<CustomerAccount>) {
  const month = monthIndex(of.month)
  const kept = accounts.flatMap(({ account }) => {
    const at = of.opening.checkpoints.get(account)
    return at === undefined ? [] : [at.atMicros]
  })
  // Where the run before ended, so that nothing is drawn twice and nothing is left out; further back only where the plans
  // are others now, and a rated period is under way there.
  const fromMicros =
    kept.length > 0 ? ratedFrom(of, { accounts, atMicros: Math.min(...kept) }) : firstInstant(of, { accounts, month })
  const untilMicros = Math.max(...accountsBilled(of, accounts).map((one) => periodOf(of, one, month).untilMicros))
  const next = firstInstant(of, { accounts, month: month + 1 })
  return { fromMicros, untilMicros, nextFromMicros: Math.max(fromMicros, Math.min(next, untilMicros)) }
}

/** The accounts, and those on whose bills their usage is. */
function accountsBilled({ index }: GroupsOf, accounts: ReadonlyArray<CustomerAccount>): CustomerAccount[] {
  return [...new Set(accounts.flatMap((account) => [account, index.billedTo(account.account)]))]
}

function periodOf({ calendars }: GroupsOf, account: CustomerAccount, month: number) {
  return calendars.billing(account).period(month)
}

/**
 * The first instant of the billing periods that begin in a month, and of the periods of plans under way then: usage out of
 * bucket is due at the end of those. From there back to where no rated bucket is in the middle of a period.
 */
function firstInstant(
  of: PlansOf,
  { accounts, month }: { readonly accounts: ReadonlyArray<CustomerAccount>; readonly month: number },
): number {
  const startMicros = Math.min(...accountsBilled(of, accounts).map((one) => periodOf(of, one, month).startMicros))
  let first = startMicros
  for (const account of accounts) {
    for (const plan of of.plansOf.get(account.account) ?? []) {
      for (const { calendar, ranges } of planPeriods({ input: of, plan, account })) {
        const range = ranges.find((one) => one.fromMicros <= startMicros && startMicros < one.untilMicros)
        if (range === undefined) continue
        first = Math.min(first, Math.max(range.fromMicros, calendar.period(calendar.indexAt(startMicros)).startMicros))
      }
    }
  }
  return ratedFrom(of, { accounts, atMicros: first })
}

function ratedFrom(
  of: PlansOf,
  { accounts, atMicros }: { readonly accounts: ReadonlyArray<CustomerAccount>; readonly atMicros: number },
): number {
  return windowStart({ ...of, accounts: accounts.map(({ account }) => account) }, atMicros)
}

/** Of each account that is billed, the first day of its billing period that begins in the month. */
export function billedPeriods(of: Pick<GroupsOf, 'index' | 'calendars' | 'month'>): ReadonlyMap<string, LocalDate> {
  const accounts = [...of.index.catalogue.accounts.values()]
  return new Map(accounts.map((account) => [account.account, billingPeriod(of, account).startOn]))
}
