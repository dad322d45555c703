// What is settled of an event once, at intake: its class, and the quantity that is drawn and rated (spec, share plans,
// "Rate plan"; spec, money and units, "Quantities"). Refuses nothing: usage that no line prices keeps its raw quantity.

import { timeBandAt } from './peak-hours.ts'
import type { Increment, Rate, RatePlan } from './rate-plan.ts'
import { firstMatch, type UsageClass } from './usage-class.ts'
import type { ZoneClock } from './zone-clock.ts'

export type SettledUsage = {
  readonly usageClass: UsageClass
  /** Base units; rounded up by the increment of the line that prices it. */
  readonly billedBase: bigint
}

export type UsageToSettle = {
  /** null where the product has none. */
  readonly ratePlan: RatePlan | null
  readonly product: string
  /** As the row says; '' for a band that it does not say. */
  readonly usageClass: UsageClass
  readonly startMicros: number
  /** The clock of the service's account. */
  readonly clock: ZoneClock
  readonly quantityBase: bigint
}

/** A call of 61 s at an increment of 60/60 is billed 120 s; nothing used is nothing billed. */
export function settleUsage(usage: UsageToSettle): SettledUsage {
  const { ratePlan, product, startMicros, clock } = usage
  const isBandFromClock = usage.usageClass.timeBand === '' && ratePlan !== null && ratePlan.peak !== null
  const usageClass = isBandFromClock
    ? { ...usage.usageClass, timeBand: timeBandAt(ratePlan.peak, startMicros, clock) }
    : usage.usageClass
  const increment = ratePlan === null ? null : (rateFor(ratePlan, product, usageClass)?.increment ?? null)
  return { usageClass, billedBase: increment === null ? usage.quantityBase : roundUp(usage.quantityBase, increment) }
}

/** The first line of a plan that prices a class for a product; null for none. */
export function rateFor(ratePlan: RatePlan, product: string, usageClass: UsageClass): Rate | null {
  const lines = ratePlan.rates.filter((rate) => rate.product === '' || rate.product === product)
  const matches = lines.map(({ match }) => match)
  return lines[firstMatch(matches, usageClass)] ?? null
}

/**
 * The first block, and as many following ones as it takes: 31 s at 30/6 is 36 s. 0 stays 0; a correction (negative) takes
 * back what the same usage was billed.
 */
export function roundUp(quantityBase: bigint, { firstBase, followingBase }: Increment): bigint {
  if (quantityBase < 0n) return -roundUp(-quantityBase, { text: '', firstBase, followingBase })
  if (quantityBase === 0n || quantityBase <= firstBase) return quantityBase === 0n ? 0n : firstBase
  const following = quantityBase - firstBase
  return firstBase + ((following + followingBase - 1n) / followingBase) * followingBase
}
