// What the catalogue says of usage classes and own buckets, compiled once for all groups of a run: which classes a list of
// matches takes, what a class costs out of bucket, and the shapes of the buckets that come with services.

import { compareBytes } from '../money/largest-remainder.ts'
import type { Bucket, BucketLife } from './bucket.ts'
import { type BucketLineShape, makeShape, tierSizesOf } from './bucket-shape.ts'
import { type ExactPrice, type OutPrice, outPriceOf } from './exact-price.ts'
import type { IndexedCatalogue } from './indexed-catalogue.ts'
import { rateFor } from './settle-usage.ts'
import type { SharePlanBucket, TierRate } from './share-plan.ts'
import { type ClassMatch, firstMatch, formatUsageClass, type UsageClass } from './usage-class.ts'

/** By class: what one product costs out of bucket in one currency; undefined where nobody asked yet. */
type OutPrices = Array<OutPrice | null | undefined>

const LIFE_RANKS = { 'one-time': 0, recurring: 1, 'recurring-rollover': 2 } as const

const INCLUDED: BucketLineShape['tiers'] = [{ flat: null, rate: null }]

/** Own buckets are 0, accounts count up from 1 by how far they are above the leaves, plans come after all. */
export const OWN_RANK = 0

export class CompiledClasses {
  readonly index: IndexedCatalogue
  readonly classes: ReadonlyArray<UsageClass>
  readonly names: ReadonlyArray<string>
  readonly numberOfName: ReadonlyMap<string, number>
  /** Of each class, its place by name; no two have one name. */
  readonly order: ReadonlyArray<number>
  readonly #accepts = new Map<ReadonlyArray<ClassMatch>, ReadonlyArray<boolean>>()
  readonly #outPrices = new Map<string, Map<string, OutPrices>>()
  readonly #tierPrices = new Map<TierRate, Map<string, Map<string, ExactPrice | null>>>()
  readonly #ownShapes = new Map<Bucket, BucketLineShape>()
  readonly #planShapes = new Map<SharePlanBucket, Map<number, BucketLineShape>>()
  readonly #ownBuckets = new Map<string, ReadonlyArray<Bucket>>()

  constructor(index: IndexedCatalogue, classes: ReadonlyArray<UsageClass>) {
    this.index = index
    this.classes = [...classes]
    this.names = classes.map((usageClass) => formatUsageClass(usageClass))
    this.numberOfName = new Map(this.names.map((name, number) => [name, number]))
    this.order = ranksOf(this.names, compareBytes)
  }

  accepts(list: ReadonlyArray<ClassMatch>): ReadonlyArray<boolean> {
    const known = this.#accepts.get(list)
    if (known) return known
    const made = this.classes.map((usageClass) => firstMatch(list, usageClass) !== -1)
    this.#accepts.set(list, made)
    return made
  }

  /** Shared by all rows of a product and currency; filled by {@link outPrice}. */
  outPrices(product: string, currency: string): OutPrices {
    return within(
      within(this.#outPrices, currency, newMap<string, OutPrices>),
      product,
      newList<OutPrice | null | undefined>,
    )
  }

  /** null: no line of the product's rate plan prices the class. */
  outPrice(prices: OutPrices, { product: id, currency, usageClass }: PriceAsked): OutPrice | null {
    const known = prices[usageClass]
    if (known !== undefined) return known
    const product = this.index.catalogue.products.get(id)
    const ratePlan = product && this.index.catalogue.ratePlans.get(product.ratePlan)
    const rate = ratePlan ? rateFor(ratePlan, id, this.classes[usageClass] as UsageClass) : null
    const price = rate === null ? null : outPriceOf(rate, currency)
    prices[usageClass] = price
    return price
  }

  /** By currency and participation; `make` is asked once for each. */
  tierPrice(rate: TierRate, currency: string, participation: string, make: () => ExactPrice | null): ExactPrice | null {
    const prices = within(
      within(this.#tierPrices, rate, newMap<string, Map<string, ExactPrice | null>>),
      currency,
      newMap<string, ExactPrice | null>,
    )
    const known = prices.get(participation)
    if (known !== undefined) return known
    const made = make()
    prices.set(participation, made)
    return made
  }

  /** Of a bucket on a service or an account: one tier, included, as large in every period. */
  shapeOf(bucket: Bucket, rank: number): BucketLineShape {
    if (rank !== OWN_RANK) return this.#makeShape(bucket, rank)
    const known = this.#ownShapes.get(bucket)
    if (known) return known
    const made = this.#makeShape(bucket, rank)
    this.#ownShapes.set(bucket, made)
    return made
  }

  #makeShape(bucket: Bucket, rank: number): BucketLineShape {
    const sizes = tierSizesOf([bucket.amount.base])
    const { lifeRank, rollover } = lifeOf(bucket.life)
    return makeShape({
      bucket: bucket.bucket,
      rank,
      priority: bucket.priority,
      accepts: this.accepts(bucket.accepts),
      lifeRank,
      rollover,
      tiers: INCLUDED,
      sizesIn: () => sizes,
      limits: null,
      pricing: 'progressive',
      order: 'time',
    })
  }

  /** Of a bucket of a share plan that is the same for all who have the plan; `make` is asked once for each rank. */
  planShape(bucket: SharePlanBucket, rank: number, make: () => BucketLineShape): BucketLineShape {
    const shapes = within(this.#planShapes, bucket, newMap<number, BucketLineShape>)
    const known = shapes.get(rank)
    if (known !== undefined) return known
    const made = make()
    shapes.set(rank, made)
    return made
  }

  /** That come with each service of a product. */
  ownBuckets(product: string): ReadonlyArray<Bucket> {
    const known = this.#ownBuckets.get(product)
    if (known) return known
    const { products, buckets } = this.index.catalogue
    const ids = new Set(products.get(product)?.buckets ?? [])
    const made = [...ids].flatMap((id) => buckets.get(id) ?? [])
    this.#ownBuckets.set(product, made)
    return made
  }
}

type PriceAsked = { readonly product: string; readonly currency: string; readonly usageClass: number }

const KNOWN = new WeakMap<IndexedCatalogue, WeakMap<ReadonlyArray<UsageClass>, CompiledClasses>>()

/** The same for all groups that name the same catalogue and list of classes. */
export function compiledClasses(index: IndexedCatalogue, classes: ReadonlyArray<UsageClass>): CompiledClasses {
  let byClasses = KNOWN.get(index)
  if (byClasses === undefined) {
    byClasses = new WeakMap()
    KNOWN.set(index, byClasses)
  }
  const known = byClasses.get(classes)
  // A list that grew since is another list.
  if (known !== undefined && known.classes.length === classes.length) return known
  const made = new CompiledClasses(index, classes)
  byClasses.set(classes, made)
  return made
}

export function lifeOf(life: BucketLife): Pick<BucketLineShape, 'lifeRank' | 'rollover'> {
  const rollover =
    life.life === 'recurring-rollover'
      ? { periods: life.periods, atMostBase: life.atMost === null ? null : life.atMost.base }
      : null
  return { lifeRank: LIFE_RANKS[life.life], rollover }
}

/** The place of each item in the order; equal ones share theirs. Quick where they are in order. */
export function ranksOf<T>(items: ReadonlyArray<T>, compare: (a: T, b: T) => number): number[] {
  const order = items.map((_, index) => index)
  const isSorted = items.every((item, at) => at === 0 || compare(items[at - 1] as T, item) <= 0)
  if (!isSorted) order.sort((a, b) => compare(items[a] as T, items[b] as T))
  const ranks = order.slice()
  let rank = 0
  for (let place = 0; place < order.length; place += 1) {
    const item = order[place] as number
    if (place > 0 && compare(items[order[place - 1] as number] as T, items[item] as T) !== 0) rank = place
    ranks[item] = rank
  }
  return ranks
}

function newMap<K, V>(): Map<K, V> {
  return new Map()
}

function newList<T>(): T[] {
  return []
}

function within<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
