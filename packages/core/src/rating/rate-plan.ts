// Rate plans (spec, share plans, "Rate plan"): what usage costs that no bucket covers.

import type { LocalDate } from '../time/local-date.ts'
import type { Quantity } from './quantity-said.ts'
import type { ClassMatch } from './usage-class.ts'

/** First and following blocks in base units, both above 0: `60/60`, `30/6`; of a block of bytes both are the block. */
export type Increment = { readonly text: string; readonly firstBase: bigint; readonly followingBase: bigint }

/** One line; the first one of its plan that matches counts. Prices are decimal texts in the account's currency. */
export type Rate = {
  readonly match: ClassMatch
  /** '' for every product. */
  readonly product: string
  /** For each `per`, at most 9 places. */
  readonly price: string
  /** Above 0. */
  readonly per: Quantity
  readonly increment: Increment | null
  /** For the part of an event that is out of bucket; null for none. */
  readonly minimum: string | null
  /** Once for an event of which a part is out of bucket; null for none. */
  readonly connection: string | null
}

/** Within one local day: minutes of the wall clock from midnight, half-open; `untilMinute` is at most 1440. */
export type PeakSpan = {
  /** ISO: 1 is Monday, 7 is Sunday. */
  readonly weekday: number
  readonly fromMinute: number
  readonly untilMinute: number
}

/** A holiday has no peak hours. */
export type PeakHours = { readonly spans: ReadonlyArray<PeakSpan>; readonly holidays: ReadonlyArray<LocalDate> }

export type RatePlan = {
  readonly ratePlan: string
  readonly name: string
  readonly rates: ReadonlyArray<Rate>
  /** null: usage without a time band of its own has none. */
  readonly peak: PeakHours | null
}
