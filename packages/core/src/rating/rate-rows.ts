// Turns what was drawn into rated rows: quantities by row, and exact amounts that are rounded once, half away from zero
// (spec, money and units, "Money"). The only place of rating where money is divided.

import { addRationals, type Rational, rationalOf } from '../allocation/rational.ts'
import { divideHalfAwayFromZero } from '../money/amount.ts'
import { compareBytes } from '../money/largest-remainder.ts'
import type { BucketPeriod, LineOfPeriod, Reached } from './bucket-period.ts'
import type { LineTier } from './bucket-shape.ts'
import type { Chain } from './chain.ts'
import type { BucketGroup, GroupRow } from './compile-group.ts'
import { exactMinor } from './exact-price.ts'
import type { FlatCharge, RatedRow, UnratedUsage } from './rated-result.ts'
import type { TierRate } from './share-plan.ts'
import { tierPriceOf } from './tier-price.ts'
import { formatUsageClass, type UsageClass } from './usage-class.ts'

export type RatedRows = {
  readonly rows: ReadonlyArray<RatedRow>
  readonly flats: ReadonlyArray<FlatCharge>
  readonly unrated: ReadonlyArray<UnratedUsage>
}

type OpenRow = Omit<RatedRow, 'quantityBase' | 'amountMinor'> & {
  /** Among the rows by account and service, and among the classes by name. */
  readonly order: number
  readonly classOrder: number
  quantityBase: bigint
  exact: Rational
}
type PlaceOfRow = {
  readonly row: number
  readonly usageClass: number
  readonly bucket: string
  readonly tier: number
  /** By index in the billing periods of the account that is billed. */
  readonly billedIn: number
}

const ZERO = rationalOf(0n)

/** Rows in the order of `report usage`: account, service, class, bucket, tier; then period. */
export function rateRows(group: BucketGroup, chains: ReadonlyArray<Chain>): RatedRows {
  const posting = new Posting(group)
  for (const chain of chains) posting.chain(chain)
  for (const line of group.lines) if (line.isRated) for (const period of line.madePeriods) posting.flats(period)
  return posting.result()
}

class Posting {
  readonly #group: BucketGroup
  readonly #rows = new Map<string, OpenRow>()
  readonly #flats: FlatCharge[] = []
  readonly #unrated = new Map<string, UnratedUsage>()
  readonly #tierPrices = new Map<TierRate, Map<string, Rational | null>>()
  readonly #classNames: ReadonlyArray<string>
  readonly #order: { readonly ofRow: ReadonlyArray<number>; readonly ofClass: ReadonlyArray<number> }

  constructor(group: BucketGroup) {
    this.#group = group
    this.#classNames = group.input.classes.map((usageClass: UsageClass) => formatUsageClass(usageClass))
    const services = group.rows.map(({ service }) => service)
    this.#order = {
      ofRow: ranksOf(services, (a, b) => compareBytes(a.account, b.account) || compareBytes(a.service, b.service)),
      ofClass: ranksOf(this.#classNames, compareBytes),
    }
  }

  chain(chain: Chain): void {
    chain.periods.forEach((period, link) => {
      const tiers = period.line.shape.tiers
      for (let tier = 0; tier < tiers.length; tier += 1) {
        const quantity = chain.drawnAt((chain.bases[link] as number) + tier)
        if (quantity > 0n) this.#drawn(chain, { period, tier, quantity })
      }
    })
    if (chain.outEvents > 0) this.#out(chain)
  }

  /** Of a bracket, all units are in the tier that the total reaches, at its price. */
  #drawn(chain: Chain, { period, tier, quantity }: DrawnFromTier): void {
    const { row, usageClass } = chain
    const { line } = period
    const posted = line.shape.pricing === 'bracket' ? period.tier : tier
    const { rate } = line.shape.tiers[posted] as LineTier
    const price = rate === null ? ZERO : this.#tierPrice(rate, row)
    const billedIn = isDueAtEnd(line, posted) ? this.#billedIn(row, period) : chain.usedIn
    const open = this.#row({ row, usageClass, bucket: line.bucket, tier: posted + 1, billedIn })
    open.quantityBase += quantity
    if (price === null) this.#noPrice(open, quantity)
    else if (price !== ZERO) open.exact = addRationals(open.exact, times(price, quantity))
  }

  #out(chain: Chain): void {
    const { row, usageClass, price, outEvents, minimumEvents } = chain
    const open = this.#row({ row, usageClass, bucket: '', tier: 0, billedIn: chain.dueIn })
    const quantity = chain.drawnAt(chain.out)
    open.quantityBase += quantity
    if (price === null) {
      this.#noPrice(open, quantity)
      return
    }
    open.exact = addRationals(open.exact, times(price.perBase, chain.drawnAt(chain.out + 1)))
    if (price.minimum) open.exact = addRationals(open.exact, times(price.minimum, BigInt(minimumEvents)))
    if (price.connection) open.exact = addRationals(open.exact, times(price.connection, BigInt(outEvents)))
  }

  flats(period: BucketPeriod): void {
    const { line } = period
    period.reached.forEach((reached, tier) => {
      const { flat } = line.shape.tiers[tier] as LineTier
      const isPosted = line.shape.pricing !== 'bracket' || tier === period.tier
      if (flat !== null && reached !== null && isPosted) this.#flat({ period, tier, reached, flat })
    })
  }

  #flat({ period, tier, reached, flat }: FlatAt): void {
    const { row, usageClass, atMicros } = reached
    const billedIn = this.#billedIn(row, period)
    const open = this.#row({ row, usageClass, bucket: period.line.bucket, tier: tier + 1, billedIn })
    const exact = exactMinor(flat, open.currency)
    open.exact = addRationals(open.exact, exact)
    const { quantityBase: _, exact: __, order: ___, classOrder: ____, ...place } = open
    const amountMinor = divideHalfAwayFromZero(exact.numerator, exact.denominator)
    this.#flats.push({ ...place, amountMinor, reachedAtMicros: atMicros })
  }

  /** What is owed for a bucket is billed in the billing period in which the bucket's period ends. */
  #billedIn(row: number, period: BucketPeriod): number {
    const { billing } = this.#group.rows[row] as GroupRow
    const endMicros =
      period.untilMicros === Number.POSITIVE_INFINITY ? this.#group.input.untilMicros : period.untilMicros
    return billing.indexAt(endMicros - 1)
  }

  #row({ row, usageClass, bucket, tier, billedIn }: PlaceOfRow): OpenRow {
    const { service, billedTo, billing } = this.#group.rows[row] as GroupRow
    const key = `${this.#order.ofRow[row]} ${usageClass} ${tier} ${billedIn} ${bucket}`
    const known = this.#rows.get(key)
    if (known) return known
    const made = {
      order: this.#order.ofRow[row] as number,
      classOrder: this.#order.ofClass[usageClass] as number,
      account: service.account,
      service: service.service,
      usageClass: this.#classNames[usageClass] as string,
      bucket,
      tier,
      billedTo: billedTo.account,
      periodStartOn: billing.period(billedIn).startOn,
      currency: billedTo.currency,
      quantityBase: 0n,
      exact: ZERO,
    }
    this.#rows.set(key, made)
    return made
  }

  /** Exact minor units for a base unit; null where the tier has rates by product and none for this one. */
  #tierPrice(rate: TierRate, row: number): Rational | null {
    const { billedTo, participation } = this.#group.rows[row] as GroupRow
    const key = JSON.stringify([billedTo.currency, participation?.id])
    const prices = this.#tierPrices.get(rate) ?? new Map<string, Rational | null>()
    this.#tierPrices.set(rate, prices)
    const known = prices.get(key)
    if (known !== undefined) return known
    const price = tierPriceOf(rate, { billedTo, participation })
    prices.set(key, price)
    return price
  }

  #noPrice({ account, service, usageClass, bucket }: OpenRow, quantity: bigint): void {
    const key = JSON.stringify([account, service, usageClass, bucket])
    const before = this.#unrated.get(key)
    const quantityBase = quantity + (before === undefined ? 0n : before.quantityBase)
    this.#unrated.set(key, { account, service, usageClass, bucket, quantityBase })
  }

  result(): RatedRows {
    const rows = [...this.#rows.values()].sort(compareOpenRows).map((open): RatedRow => {
      const { exact, order: _, classOrder: __, ...row } = open
      return { ...row, amountMinor: divideHalfAwayFromZero(exact.numerator, exact.denominator) }
    })
    return {
      rows,
      flats: this.#flats.sort(compareRows),
      unrated: [...this.#unrated.values()].sort((a, b) => compareRows({ ...a, ...NO_TIER }, { ...b, ...NO_TIER })),
    }
  }
}

type DrawnFromTier = { readonly period: BucketPeriod; readonly tier: number; readonly quantity: bigint }
type FlatAt = {
  readonly period: BucketPeriod
  readonly tier: number
  readonly reached: Reached
  readonly flat: string
}

const NO_TIER = { tier: 0, periodStartOn: '' }

/** Whether units of a tier are owed for, so that they stand in the bill in which the bucket's period ends. */
function isDueAtEnd(line: LineOfPeriod, tier: number): boolean {
  const { flat, rate } = line.shape.tiers[tier] as LineTier
  return flat !== null || rate !== null || (line.shape.pricing === 'bracket' && line.isRated)
}

function times({ numerator, denominator }: Rational, quantity: bigint): Rational {
  return rationalOf(numerator * quantity, denominator)
}

/** The place of each item in the order; equal ones share theirs. */
function ranksOf<T>(items: ReadonlyArray<T>, compare: (a: T, b: T) => number): number[] {
  const order = items.map((_, index) => index).sort((a, b) => compare(items[a] as T, items[b] as T))
  const ranks = new Array<number>(items.length)
  let rank = 0
  order.forEach((item, place) => {
    const before = order[place - 1]
    if (before !== undefined && compare(items[before] as T, items[item] as T) !== 0) rank = place
    ranks[item] = rank
  })
  return ranks
}

function compareOpenRows(left: OpenRow, right: OpenRow): number {
  return left.order - right.order || left.classOrder - right.classOrder || compareRows(left, right)
}

type RowOrder = Pick<RatedRow, 'account' | 'service' | 'usageClass' | 'bucket' | 'tier'> & {
  readonly periodStartOn: string
}

function compareRows(left: RowOrder, right: RowOrder): number {
  return (
    compareBytes(left.account, right.account) ||
    compareBytes(left.service, right.service) ||
    compareBytes(left.usageClass, right.usageClass) ||
    compareBytes(left.bucket, right.bucket) ||
    left.tier - right.tier ||
    compareBytes(left.periodStartOn, right.periodStartOn)
  )
}
