// Turns what was drawn into rated rows: quantities by row, and exact amounts that are rounded once, half away from zero
// (spec, money and units, "Money"). The only place of rating where money is divided.

import { divideHalfAwayFromZero } from '../money/amount.ts'
import { compareBytes } from '../money/largest-remainder.ts'
import type { BucketPeriod, Reached } from './bucket-period.ts'
import type { BucketLineShape, LineTier } from './bucket-shape.ts'
import type { Chain } from './chain.ts'
import type { BucketGroup } from './compile-group.ts'
import { ranksOf } from './compiled-classes.ts'
import { type ExactPrice, exactMinor, exactPrice } from './exact-price.ts'
import { ExactSum } from './exact-sum.ts'
import type { FlatCharge, RatedRow, RowColumns, RowSlot, UnratedUsage } from './rated-result.ts'
import type { GroupRow, RowKind } from './row-kind.ts'
import type { TierRate } from './share-plan.ts'
import { tierPriceOf } from './tier-price.ts'

export type RatedRows = {
  readonly rows: ReadonlyArray<RatedRow>
  /** The same rows; null where a number is no safe integer, or a service of the group has several rows. */
  readonly columns: RowColumns | null
  readonly flats: ReadonlyArray<FlatCharge>
  readonly unrated: ReadonlyArray<UnratedUsage>
}

/** A row of the service and class that are posted just now; used again for the next ones. */
type OpenRow = {
  bucket: string
  tier: number
  /** By index in the billing periods of the account that is billed. */
  billedIn: number
  quantityBase: number | bigint
  /** null while nothing is owed. */
  sum: ExactSum | null
}

/** A slot and what it was made of. */
type OpenSlot = RowSlot & { readonly kind: RowKind; readonly billedIn: number }

/** Rows that there is room for before there must be more. */
const ROWS_AT_FIRST = 128

/** In place of a number that is no safe integer. */
type Wide = { readonly quantityBase: bigint; readonly amountMinor: bigint }

type FlatAt = { readonly period: BucketPeriod; readonly tier: number; readonly reached: Reached; readonly flat: string }

/** Rows in the order of `report usage`: account, service, class, bucket, tier; then period. */
export function rateRows(group: BucketGroup, chains: ReadonlyArray<Chain>): RatedRows {
  const posting = new Posting(group)
  posting.post(chains)
  return posting
}

class Posting implements RatedRows {
  readonly #group: BucketGroup
  readonly #row: number[] = []
  readonly #slot: number[] = []
  readonly #quantityBase: number[] = []
  /** Safe integers; longer than the others. */
  #amountMinor = new Float64Array(ROWS_AT_FIRST)
  readonly #slots: OpenSlot[] = []
  /** By position of the row. */
  #wide: Map<number, Wide> | null = null
  readonly #flats: FlatCharge[] = []
  readonly #unrated: UnratedUsage[] = []
  /** By place of the service and class: flat charges of the tiers that they reached. */
  readonly #flatsAt = new Map<number, FlatAt[]>()
  /** By row, the place of its service among the rows by account and service. */
  readonly #order: ReadonlyArray<number>
  readonly #open: OpenRow[] = []
  #openCount = 0
  /** Of the same, what nothing prices, by bucket. */
  readonly #unpriced: Array<{ readonly bucket: string; quantityBase: bigint }> = []

  constructor(group: BucketGroup) {
    this.#group = group
    this.#order = group.input.serviceRows?.areInOrder ? ranksInOrder(group.rows) : ranksOf(group.rows, compareServices)
  }

  /** Chains of one service and class stand behind one another once they are in order, and make rows of their own. */
  post(chains: ReadonlyArray<Chain>): void {
    for (const { isRated, madePeriods } of this.#group.lines)
      if (isRated) for (const period of madePeriods) this.#findFlats(period)
    const places = chains.map(({ row, usageClass }) => this.#placeOf(row, usageClass))
    const order = chains.map((_, at) => at)
    if (!isAscending(places)) order.sort((a, b) => (places[a] as number) - (places[b] as number) || a - b)
    for (let at = 0; at < order.length; ) {
      const first = order[at] as number
      const place = places[first] as number
      for (; at < order.length && places[order[at] as number] === place; at += 1)
        this.#chain(chains[order[at] as number] as Chain)
      this.#close(place, chains[first] as Chain)
    }
  }

  get flats(): ReadonlyArray<FlatCharge> {
    return this.#flats
  }

  get unrated(): ReadonlyArray<UnratedUsage> {
    return this.#unrated
  }

  get columns(): RowColumns | null {
    if (this.#wide !== null || this.#group.input.serviceRows?.areInOrder !== true) return null
    return {
      count: this.#row.length,
      row: this.#row,
      slot: this.#slot,
      quantityBase: this.#quantityBase,
      amountMinor: this.#amountMinor,
      slots: this.#slots,
    }
  }

  get rows(): RatedRow[] {
    const { rows, compiled } = this.#group
    return this.#row.map((row, at) => {
      const { account, service } = (rows[row] as GroupRow).service
      const { usageClass, bucket, tier, billedTo, periodStartOn, currency } = this.#slots[
        this.#slot[at] as number
      ] as OpenSlot
      const { quantityBase, amountMinor } = this.#wide?.get(at) ?? {
        quantityBase: BigInt(this.#quantityBase[at] as number),
        amountMinor: BigInt(this.#amountMinor[at] as number),
      }
      const of = { account, service, usageClass: compiled.names[usageClass] as string, bucket, tier }
      return { ...of, billedTo, periodStartOn, currency, quantityBase, amountMinor }
    })
  }

  #placeOf(row: number, usageClass: number): number {
    return (this.#order[row] as number) * this.#group.classCount + (this.#group.compiled.order[usageClass] as number)
  }

  #chain(chain: Chain): void {
    const { periods, bases } = chain
    for (let link = 0; link < periods.length; link += 1) {
      const period = periods[link] as BucketPeriod
      const base = bases[link] as number
      const tiers = period.line.shape.tiers.length
      for (let tier = 0; tier < tiers; tier += 1) {
        const quantity = chain.quantityAt(base + tier)
        if (quantity > 0) this.#drawn(chain, { period, tier, quantity })
      }
    }
    if (chain.outEvents > 0) this.#out(chain)
  }

  /** Of a bracket, all units are in the tier that the total reaches, at its price. */
  #drawn({ kind, usedIn }: Chain, { period, tier, quantity }: DrawnFromTier): void {
    const { shape } = period.line
    const posted = shape.pricing === 'bracket' ? period.tier : tier
    const { rate } = shape.tiers[posted] as LineTier
    const billedIn = isDueAtEnd(shape, posted) ? this.#billedIn(kind, period) : usedIn
    const open = this.#openRow(shape.bucket, posted + 1, billedIn)
    open.quantityBase = plus(open.quantityBase, quantity)
    if (rate === null) return
    const price = this.#tierPrice(rate, kind)
    if (price === null) {
      this.#noPrice(shape.bucket, quantity)
      return
    }
    open.sum ??= new ExactSum()
    open.sum.add(price, quantity)
  }

  #out(chain: Chain): void {
    const { price, out, outEvents, minimumEvents } = chain
    const open = this.#openRow('', 0, chain.dueIn)
    open.quantityBase = plus(open.quantityBase, chain.quantityAt(out))
    if (price === null) {
      this.#noPrice('', chain.quantityAt(out))
      return
    }
    open.sum ??= new ExactSum()
    open.sum.add(price.perBase, chain.quantityAt(out + 1))
    if (price.minimum && minimumEvents > 0) open.sum.add(price.minimum, minimumEvents)
    if (price.connection) open.sum.add(price.connection, outEvents)
  }

  #findFlats(period: BucketPeriod): void {
    const { shape } = period.line
    period.reached?.forEach((reached, tier) => {
      const { flat } = shape.tiers[tier] as LineTier
      const isPosted = shape.pricing !== 'bracket' || tier === period.tier
      if (flat === null || reached === null || !isPosted) return
      const place = this.#placeOf(reached.row, reached.usageClass)
      const list = this.#flatsAt.get(place) ?? []
      if (list.length === 0) this.#flatsAt.set(place, list)
      list.push({ period, tier, reached, flat })
    })
  }

  /** Makes rows of what is open for a service and class. */
  #close(place: number, chain: Chain): void {
    const flats = this.#flatsAt.get(place)
    if (flats !== undefined) this.#postFlats(chain, flats)
    if (this.#unpriced.length > 0) {
      this.#unpriced.sort((a, b) => compareBytes(a.bucket, b.bucket))
      const of = this.#named(chain)
      for (const { bucket, quantityBase } of this.#unpriced) this.#unrated.push({ ...of, bucket, quantityBase })
      this.#unpriced.length = 0
    }
    const count = this.#openCount
    this.#openCount = 0
    if (count > 1) sortFirst(this.#open, count)
    for (let at = 0; at < count; at += 1) this.#push(chain, this.#open[at] as OpenRow)
  }

  #push(chain: Chain, open: OpenRow): void {
    const { quantityBase } = open
    const amountMinor = open.sum === null ? 0 : open.sum.roundedSafely()
    if (typeof quantityBase === 'bigint' || typeof amountMinor === 'bigint') {
      this.#wide ??= new Map()
      this.#wide.set(this.#row.length, { quantityBase: BigInt(quantityBase), amountMinor: BigInt(amountMinor) })
    }
    this.#setAmount(this.#row.length, typeof amountMinor === 'number' ? amountMinor : Number.NaN)
    this.#row.push(chain.row)
    this.#slot.push(this.#slotOf(chain, open))
    this.#quantityBase.push(typeof quantityBase === 'number' ? quantityBase : Number.NaN)
  }

  #setAmount(at: number, amount: number): void {
    if (at === this.#amountMinor.length) {
      const longer = new Float64Array(at * 2)
      longer.set(this.#amountMinor)
      this.#amountMinor = longer
    }
    this.#amountMinor[at] = amount
  }

  /** A group has few, so that looking through them is quicker than any index. */
  #slotOf({ usageClass, kind }: Chain, { bucket, tier, billedIn }: OpenRow): number {
    const slots = this.#slots
    for (let at = 0; at < slots.length; at += 1) {
      const one = slots[at] as OpenSlot
      const isOfBill = one.kind === kind && one.billedIn === billedIn
      if (isOfBill && one.usageClass === usageClass && one.tier === tier && one.bucket === bucket) return at
    }
    const { account: billedTo, currency } = kind.billedTo
    const periodStartOn = kind.billing.period(billedIn).startOn
    return slots.push({ usageClass, bucket, tier, billedTo, periodStartOn, currency, kind, billedIn }) - 1
  }

  #named({ row, usageClass }: Chain) {
    const { account, service } = (this.#group.rows[row] as GroupRow).service
    return { account, service, usageClass: this.#group.compiled.names[usageClass] as string }
  }

  #postFlats(chain: Chain, found: ReadonlyArray<FlatAt>): void {
    const { kind } = chain
    const { currency } = kind.billedTo
    const of = this.#named(chain)
    const flats: FlatCharge[] = []
    for (const { period, tier, reached, flat } of found) {
      const { bucket } = period.line.shape
      const billedIn = this.#billedIn(kind, period)
      const open = this.#openRow(bucket, tier + 1, billedIn)
      const exact = exactMinor(flat, currency)
      open.sum ??= new ExactSum()
      open.sum.add(exactPrice(exact), 1)
      const periodStartOn = kind.billing.period(billedIn).startOn
      const bill = { billedTo: kind.billedTo.account, periodStartOn, currency }
      const amountMinor = divideHalfAwayFromZero(exact.numerator, exact.denominator)
      flats.push({ ...of, bucket, tier: tier + 1, ...bill, amountMinor, reachedAtMicros: reached.atMicros })
    }
    this.#flats.push(...flats.sort(compareFlats))
  }

  #billedIn(kind: RowKind, period: BucketPeriod): number {
    return billedAtEnd(kind, period, this.#group.input)
  }

  #openRow(bucket: string, tier: number, billedIn: number): OpenRow {
    const rows = this.#open
    for (let at = 0; at < this.#openCount; at += 1) {
      const row = rows[at] as OpenRow
      if (row.tier === tier && row.billedIn === billedIn && row.bucket === bucket) return row
    }
    const known = rows[this.#openCount]
    const open = known ?? { bucket, tier, billedIn, quantityBase: 0, sum: null }
    if (known === undefined) rows[this.#openCount] = open
    else {
      known.bucket = bucket
      known.tier = tier
      known.billedIn = billedIn
      known.quantityBase = 0
      known.sum = null
    }
    this.#openCount += 1
    return open
  }

  /** Exact minor units for a base unit; null where the tier has rates by product and none for this one. */
  #tierPrice(rate: TierRate, kind: RowKind): ExactPrice | null {
    const { billedTo, participation } = kind
    const id = participation === null ? '' : participation.id
    return this.#group.compiled.tierPrice(rate, billedTo.currency, id, () => tierPriceOf(rate, kind))
  }

  #noPrice(bucket: string, quantity: number | bigint): void {
    const known = this.#unpriced.find((one) => one.bucket === bucket)
    if (known) known.quantityBase += BigInt(quantity)
    else this.#unpriced.push({ bucket, quantityBase: BigInt(quantity) })
  }
}

type DrawnFromTier = { readonly period: BucketPeriod; readonly tier: number; readonly quantity: number | bigint }

/** What is owed for a bucket is billed in the billing period in which the bucket's period ends, which is given by index. */
export function billedAtEnd(
  { billing }: RowKind,
  { untilMicros }: BucketPeriod,
  run: { readonly untilMicros: number },
): number {
  const endMicros = untilMicros === Number.POSITIVE_INFINITY ? run.untilMicros : untilMicros
  return billing.indexAt(endMicros - 1)
}

/** Whether units of a tier are owed for, so that they stand in the bill in which the bucket's period ends. */
export function isDueAtEnd({ tiers, pricing, isRated }: BucketLineShape, tier: number): boolean {
  const { flat, rate } = tiers[tier] as LineTier
  return flat !== null || rate !== null || (pricing === 'bracket' && isRated)
}

/** A number as long as it is a safe integer. */
function plus(left: number | bigint, right: number | bigint): number | bigint {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right
    if (sum <= Number.MAX_SAFE_INTEGER) return sum
  }
  return BigInt(left) + BigInt(right)
}

function isAscending(numbers: ReadonlyArray<number>): boolean {
  for (let at = 1; at < numbers.length; at += 1) if ((numbers[at] as number) < (numbers[at - 1] as number)) return false
  return true
}

/** Of services that stand in the order of results already. */
function ranksInOrder(rows: ReadonlyArray<GroupRow>): number[] {
  return rows.map((_, row) => row)
}

function compareServices({ service: left }: GroupRow, { service: right }: GroupRow): number {
  return compareBytes(left.account, right.account) || compareBytes(left.service, right.service)
}

/** Puts the first rows of a list that is used again and again into their order. */
function sortFirst(rows: OpenRow[], count: number): void {
  for (let at = 1; at < count; at += 1) {
    const row = rows[at] as OpenRow
    let place = at
    for (; place > 0 && compareOpen(rows[place - 1] as OpenRow, row) > 0; place -= 1)
      rows[place] = rows[place - 1] as OpenRow
    rows[place] = row
  }
}

function compareOpen(left: OpenRow, right: OpenRow): number {
  return compareBytes(left.bucket, right.bucket) || left.tier - right.tier || left.billedIn - right.billedIn
}

function compareFlats(left: FlatCharge, right: FlatCharge): number {
  return (
    compareBytes(left.bucket, right.bucket) ||
    left.tier - right.tier ||
    compareBytes(left.periodStartOn, right.periodStartOn)
  )
}
