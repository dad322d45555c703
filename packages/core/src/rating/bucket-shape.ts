// What a bucket of one holder is made of, once its documents and its holder are known; and what one run leaves of it to the next.

import type { Calendar, CalendarPeriod } from './calendar.ts'
import type { DrawOrder, Pricing, TierRate } from './share-plan.ts'

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

/** A run of periods counted from one first instant, and when in it the bucket is in force; at least one range, in order. */
export type Series = { readonly calendar: Calendar; readonly ranges: ReadonlyArray<InForce> }

export type LineTier = { readonly flat: string | null; readonly rate: TierRate | null }

export type BucketBalance = {
  readonly holder: BucketHolder
  readonly bucket: string
  /** Of the period. */
  readonly startMicros: number
  /** As the period opened, oldest first, each by the start of the period that it comes from. */
  readonly rolledIn: ReadonlyArray<{ readonly startMicros: number; readonly leftBase: bigint }>
} & DrawnBefore

export type BucketLineShape = {
  readonly holder: BucketHolder
  readonly bucket: string
  /** Own buckets first, then accounts from the leaves up, then share plans in the order listed. */
  readonly rank: number
  readonly priority: number
  /** 0 one-time, 1 recurring, 2 recurring-rollover. */
  readonly lifeRank: number
  /** By class of the group. */
  readonly accepts: ReadonlyArray<boolean>
  readonly series: ReadonlyArray<Series>
  readonly rollover: { readonly periods: number; readonly atMostBase: bigint | null } | null
  readonly tiers: ReadonlyArray<LineTier>
  /** Of each tier in a period, without what rolls in; null is without end. */
  readonly sizesIn: (period: CalendarPeriod) => ReadonlyArray<bigint | null>
  /** By row of the group: the most that its service draws in a period, Infinity for no limit; null: no row has one. */
  readonly limits: Float64Array | null
  readonly numberOfService: ReadonlyMap<string, number>
  readonly pricing: Pricing
  readonly order: DrawOrder
  /** No period before the one that contains this instant is looked at; what it left is in the balance. */
  readonly windowFromMicros: number
  readonly balance: BucketBalance | null
}
