// What late usage owes to closed periods: the new amount less what was posted and adjusted before, for each corrected period
// and service (spec, share plans, "Billing"). Closed bills are not touched; the caller posts these to the open period.

import { compareBytes } from '../money/largest-remainder.ts'
import type { LocalDate } from '../time/local-date.ts'
import type { RatedRow } from './rated-result.ts'

type Amount = Pick<RatedRow, 'account' | 'service' | 'billedTo' | 'periodStartOn' | 'currency' | 'amountMinor'>

/** One per corrected period and service of an account. */
export type Adjustment = {
  readonly account: string
  readonly service: string
  readonly billedTo: string
  /** The closed billing period of `billedTo` that is corrected. */
  readonly periodStartOn: LocalDate
  readonly currency: string
  /** Never 0. */
  readonly amountMinor: bigint
}

export type Corrections = {
  /** The rows of closed periods, rated again with everything that is known now. */
  readonly rated: ReadonlyArray<Amount>
  /** The rows on the bills of those periods, as they were published. */
  readonly posted: ReadonlyArray<Amount>
  /** Those made before for the same periods. */
  readonly earlier: ReadonlyArray<Adjustment>
}

/** Rated 12.00, posted 9.00, adjusted before by 1.00: 2.00. A service whose amount does not move has none. */
export function adjustments({ rated, posted, earlier }: Corrections): Adjustment[] {
  const sums = new Map<string, { place: Omit<Adjustment, 'amountMinor'>; amountMinor: bigint }>()
  const add = (amounts: ReadonlyArray<Amount>, sign: bigint): void => {
    for (const { account, service, billedTo, periodStartOn, currency, amountMinor } of amounts) {
      const key = JSON.stringify([billedTo, periodStartOn, account, service, currency])
      const known = sums.get(key) ?? {
        place: { account, service, billedTo, periodStartOn, currency },
        amountMinor: 0n,
      }
      known.amountMinor += sign * amountMinor
      sums.set(key, known)
    }
  }
  add(rated, 1n)
  add(posted, -1n)
  add(earlier, -1n)
  return [...sums.values()]
    .flatMap(({ place, amountMinor }) => (amountMinor === 0n ? [] : [{ ...place, amountMinor }]))
    .sort(compareAdjustments)
}

function compareAdjustments(left: Adjustment, right: Adjustment): number {
  return (
    compareBytes(left.billedTo, right.billedTo) ||
    compareBytes(left.periodStartOn, right.periodStartOn) ||
    compareBytes(left.account, right.account) ||
    compareBytes(left.service, right.service) ||
    compareBytes(left.currency, right.currency)
  )
}
