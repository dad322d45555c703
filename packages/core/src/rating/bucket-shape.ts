// What a bucket is made of once its documents are known, the same for all who hold it in a group; and what one run leaves of
// it to the next.

import type { Calendar, CalendarPeriod } from './calendar.ts'
import type { DrawOrder, Pricing, TierRate } from './share-plan.ts'

/** The most base units that are counted down at once; twice as many are still a safe integer. */
export const CHUNK_BASE = 2 ** 52

/** What was drawn before this run began, of a period that was under way. */
export type DrawnBefore = {
  readonly drawnBase: bigint
  readonly drawnByService: ReadonlyMap<string, bigint>
  /** By tier; null: it has not run out. */
  readonly ranOutAt: ReadonlyArray<number | null>
}

/** Where a bucket is: on one service (of one account), on an account, or in a share plan that an account has. */
export type BucketHolder =
  | { readonly on: 'service'; readonly account: string; readonly service: string }
  | { readonly on: 'account'; readonly account: string }
  | { readonly on: 'share-plan'; readonly account: string; readonly plan: string }

/** Half-open, in UTC microseconds; infinite where without beginning or end. */
export type InForce = { readonly fromMicros: number; readonly untilMicros: number }

/** Without beginning and end. */
export const ALWAYS: InForce = { fromMicros: Number.NEGATIVE_INFINITY, untilMicros: Number.POSITIVE_INFINITY }

/** A run of periods counted from one first instant, and when in it the bucket is in force; at least one range, in order. */
export type Series = { readonly calendar: Calendar; readonly ranges: ReadonlyArray<InForce> }

export type LineTier = { readonly flat: string | null; readonly rate: TierRate | null }

/** Of each tier in a period, without what rolls in. */
export type TierSizes = {
  /** null is without end. */
  readonly base: ReadonlyArray<bigint | null>
  /** The same as numbers: Infinity without end, NaN above CHUNK_BASE. */
  readonly safe: ReadonlyArray<number>
}

export function tierSizesOf(base: ReadonlyArray<bigint | null>): TierSizes {
  return { base, safe: base.map(safeSize) }
}

/** Infinity for one without end, NaN for one that is counted down in chunks. */
export function safeSize(size: bigint | null): number {
  if (size === null) return Number.POSITIVE_INFINITY
  const number = Number(size)
  return number <= CHUNK_BASE ? number : Number.NaN
}

export type BucketBalance = {
  readonly holder: BucketHolder
  readonly bucket: string
  /** Of the period. */
  readonly startMicros: number
  /** As the period opened, oldest first, each by the start of the period that it comes from. */
  readonly rolledIn: ReadonlyArray<{ readonly startMicros: number; readonly leftBase: bigint }>
} & DrawnBefore

export type LineRollover = { readonly periods: number; readonly atMostBase: bigint | null }

export type BucketLineShape = {
  readonly bucket: string
  /** Own buckets first, then accounts from the leaves up, then share plans in the order listed. */
  readonly rank: number
  readonly priority: number
  /** 0 one-time, 1 recurring, 2 recurring-rollover. */
  readonly lifeRank: number
  /** By class of the group. */
  readonly accepts: ReadonlyArray<boolean>
  readonly rollover: LineRollover | null
  readonly tiers: ReadonlyArray<LineTier>
  readonly sizesIn: (period: CalendarPeriod) => TierSizes
  /** By row of the group: the most that its service draws in a period, Infinity for no limit; null: no row has one. */
  readonly limits: Float64Array | null
  readonly pricing: Pricing
  readonly order: DrawOrder
  /** Whether anything is owed for it: it is then priced for a whole period at once. */
  readonly isRated: boolean
  /** Rated, or covering what is dearest first. */
  readonly isSettledAtEnd: boolean
}

/** What the buckets of a group have in common. */
export type LineRun = {
  /** No period before the one that contains this instant is looked at; what it left is in the balance. */
  readonly windowFromMicros: number
  /** Services, of which several rows may be. */
  readonly serviceCount: number
  /** undefined for one that is not in the group. */
  readonly numberOfService: (service: string) => number | undefined
}

export function makeShape(shape: Omit<BucketLineShape, 'isRated' | 'isSettledAtEnd'>): BucketLineShape {
  const { bucket, rank, priority, accepts, lifeRank, rollover, tiers, sizesIn, limits, pricing, order } = shape
  const isRated = tiers.some(({ flat, rate }) => flat !== null || rate !== null)
  const isSettledAtEnd = isRated || order === 'highest-rate'
  // Named one by one: some are made for every group, and a copy by the names it finds takes longer than all else of it.
  return {
    bucket,
    rank,
    priority,
    lifeRank,
    accepts,
    rollover,
    tiers,
    sizesIn,
    limits,
    pricing,
    order,
    isRated,
    isSettledAtEnd,
  }
}
