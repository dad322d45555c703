// Buckets on services and accounts (spec, share plans, "Words"). Those of share plans are share-plan.ts.

import type { Moment } from './moment.ts'
import type { Quantity } from './quantity-said.ts'
import type { ClassMatch } from './usage-class.ts'

export const BUCKET_LIVES = ['one-time', 'recurring', 'recurring-rollover'] as const

export type Rollover = {
  readonly life: 'recurring-rollover'
  /** What is left of a period is carried over into so many later ones, at least 1. */
  readonly periods: number
  /** The most that is carried over into one period; the oldest is dropped. null: all. */
  readonly atMost: Quantity | null
}
/** `from` and `until` are half-open; null is without beginning or end. */
export type OneTime = { readonly life: 'one-time'; readonly from: Moment | null; readonly until: Moment | null }
export type BucketLife = OneTime | { readonly life: 'recurring' } | Rollover

export type BaseBucket = {
  readonly baseBucket: string
  readonly name: string
  readonly accepts: ReadonlyArray<ClassMatch>
}

export type Bucket = {
  readonly bucket: string
  readonly name: string
  /** '' where it names its own classes. */
  readonly base: string
  /** Those of its base where it names one; usage types of one base unit. */
  readonly accepts: ReadonlyArray<ClassMatch>
  readonly amount: Quantity
  readonly life: BucketLife
  /** The lower is drawn first. */
  readonly priority: number
  /** null: it comes with each service of the products that list it. */
  readonly on: { readonly account: string; readonly isSharedToChildren: boolean } | null
}

/** The priority of a bucket that names none. */
export const DEFAULT_PRIORITY = 100
