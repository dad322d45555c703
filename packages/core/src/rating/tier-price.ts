// The price of a rated tier for a row: one for all, or that of what the row takes part as.

import { type ExactPrice, pricePerBase } from './exact-price.ts'
import type { RowKind } from './row-kind.ts'
import type { TierRate } from './share-plan.ts'

/** Exact minor units for a base unit; null where the tier has rates by product and none for this one. */
export function tierPriceOf(
  rate: TierRate,
  { billedTo, participation }: Pick<RowKind, 'billedTo' | 'participation'>,
): ExactPrice | null {
  const text = typeof rate.price === 'string' ? rate.price : rate.price.get(participation?.id ?? '')
  if (text === undefined) return null
  return pricePerBase({ price: text, perBase: rate.per.base, currency: billedTo.currency })
}
