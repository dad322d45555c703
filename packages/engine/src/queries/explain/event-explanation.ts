// What became of one usage event, as plain values that a terminal, a file or a screen can show. Amounts are minor units of the
// `currency` beside them, usage is in base units.
import type { UsageType } from '@spillway/core'
import type { Citation, TracedPartText } from './explanation.ts'

/**
 * `rated`: a close drew and rated it. `late`: it came after the bills of its time were issued, and a later close rated that
 * time again. `not-yet`: no close has read it. `not-rated`: a close of its time read it and had nothing to rate.
 */
export type EventOutcome = 'rated' | 'late' | 'not-yet' | 'not-rated'

/** A row that says something else under the same source and id; it is in quarantine, and counts nowhere. */
export type EventConflict = { readonly place: string; readonly message: string; readonly raw: string }

/** What late usage of one close moved in one service's bill of a period. */
export type MovedAmount = {
  readonly account: string
  readonly service: string
  readonly billedTo: string
  /** First day of the period that is corrected. */
  readonly correctedOn: string
  readonly currency: string
  readonly amountMinor: bigint
}

export type EventExplanation = {
  readonly source: string
  readonly id: string
  readonly service: string
  readonly account: string
  readonly at: Citation
  /** ISO as the row says it; `Z` where it is an instant, none where it is a wall time of the account. */
  readonly startedAt: string
  /** As the row says it, in `unit`. */
  readonly quantity: string
  readonly unit: string
  readonly quantityBase: bigint
  readonly usageType: UsageType
  /** Settled by the rate plan; '' where no run drew it. */
  readonly usageClass: string
  /** As it was drawn and rated; null where no run drew it. */
  readonly billedBase: bigint | null
  readonly outcome: EventOutcome
  /** One sentence. */
  readonly sentence: string
  /** The run that rated it, and the month that it was rated for; '' for none. */
  readonly run: string
  readonly runState: string
  readonly period: string
  /** They sum to `billedBase`. */
  readonly parts: ReadonlyArray<TracedPartText>
  readonly drawnBase: bigint
  readonly ratedBase: bigint
  /** Flat charges of tiers that it reached; they stand in the row of the tier. */
  readonly flats: ReadonlyArray<{
    readonly bucket: string
    readonly tier: number
    readonly currency: string
    readonly amountMinor: bigint
  }>
  /** Of late usage: what the close that rated it again posted, for all late usage together. */
  readonly moved: ReadonlyArray<MovedAmount>
  readonly conflicts: ReadonlyArray<EventConflict>
  /** Files of the same form whose rows repeated rows that were held; such rows are dropped, so that an event counts once. */
  readonly repeats: ReadonlyArray<{ readonly file: string; readonly rowCount: number }>
}
