// What rating a group yields: rows as `report usage` shows them, the flat charges and problems in them, and what became of
// each bucket (spec, share plans, "Billing").

import type { LocalDate } from '../time/local-date.ts'
import type { BucketHolder } from './bucket-shape.ts'

/**
 * One row per account, service, usage class, bucket, tier and billing period of the account that is billed. Out of bucket
 * `bucket` is '' and `tier` 0; tiers count from 1.
 */
export type RatedRow = {
  readonly account: string
  readonly service: string
  /** As formatUsageClass writes it. */
  readonly usageClass: string
  readonly bucket: string
  readonly tier: number
  /** The account whose bill it is on, and its billing period. */
  readonly billedTo: string
  readonly periodStartOn: LocalDate
  readonly currency: string
  readonly quantityBase: bigint
  /** Exact until it is rounded here, once; flat charges are in it. */
  readonly amountMinor: bigint
}

/** What rows of one kind and class have in common; the class by its number. */
export type RowSlot = Pick<RatedRow, 'bucket' | 'tier' | 'billedTo' | 'periodStartOn' | 'currency'> & {
  readonly usageClass: number
}

/** Rows in columns of safe integers, which may be longer. */
export type RowColumns = {
  readonly count: number
  /** By position among the group's services, in the order of results. */
  readonly row: ArrayLike<number>
  /** By position among `slots`. */
  readonly slot: ArrayLike<number>
  readonly quantityBase: ArrayLike<number>
  readonly amountMinor: ArrayLike<number>
  readonly slots: ReadonlyArray<RowSlot>
}

/** Posted once a period for a tier, and part of the row that it names. */
export type FlatCharge = Omit<RatedRow, 'quantityBase'> & {
  /** The start of the event that reached the tier. */
  readonly reachedAtMicros: number
}

/** Usage that nothing prices; its row has an amount of 0 and must not be published. */
export type UnratedUsage = {
  readonly account: string
  readonly service: string
  readonly usageClass: string
  /** '' for out of bucket; else the bucket of which a rated tier has no rate for the service. */
  readonly bucket: string
  readonly quantityBase: bigint
}

export type TierHistory = {
  /** With what rolled in; null is without end. */
  readonly sizeBase: bigint | null
  readonly drawnBase: bigint
  /** The start of the event that took the last unit; null: it has not run out. */
  readonly ranOutAt: number | null
}

/** One bucket in one of its periods. */
export type BucketHistory = {
  readonly holder: BucketHolder
  readonly bucket: string
  readonly startMicros: number
  /** When the bucket is last in force in the period. */
  readonly untilMicros: number
  readonly rolledInBase: bigint
  /** Of the first tier; null is without end. */
  readonly capacityBase: bigint | null
  readonly drawnBase: bigint
  readonly tiers: ReadonlyArray<TierHistory>
}
