// Usage classes: usage type with zone, time band and network (spec, share plans, "Words"), and which of them a bucket or a
// line of a rate plan takes. Reads no rows and no clock.

import type { Network, TimeBand, Zone } from '../facts/words.ts'
import type { UsageType } from '../quantity/unit.ts'

/** '' where the usage does not say. */
export type UsageClass = {
  readonly usageType: UsageType
  readonly zone: Zone | ''
  readonly timeBand: TimeBand | ''
  readonly network: Network | ''
}

/** What a bucket accepts or a rate prices; null takes any. */
export type ClassMatch = {
  readonly usageType: UsageType
  readonly zone: Zone | null
  readonly timeBand: TimeBand | null
  readonly network: Network | null
}

/** `voice domestic peak on-net`; what is not said is left out. No two classes have the same text. */
export function formatUsageClass({ usageType, zone, timeBand, network }: UsageClass): string {
  return [usageType, zone, timeBand, network].filter((word) => word !== '').join(' ')
}

/**
 * The index of the first match of a list that takes a class, -1 for none. Usage without a zone is domestic and without a
 * network off-net, as on every bill that names only the exceptions. `off-peak` takes the weekend too, unless the list
 * names `weekend` for such usage.
 */
export function firstMatch(list: ReadonlyArray<ClassMatch>, usageClass: UsageClass): number {
  const isWeekend = usageClass.timeBand === 'weekend'
  const isWeekendNamed = isWeekend && list.some((one) => one.timeBand === 'weekend' && isSameKind(one, usageClass))
  return list.findIndex(
    (one) =>
      isSameKind(one, usageClass) &&
      (one.timeBand === null ||
        one.timeBand === usageClass.timeBand ||
        (isWeekend && !isWeekendNamed && one.timeBand === 'off-peak')),
  )
}

function isSameKind(match: ClassMatch, usageClass: UsageClass): boolean {
  return (
    match.usageType === usageClass.usageType &&
    (match.zone === null || match.zone === (usageClass.zone === '' ? 'domestic' : usageClass.zone)) &&
    (match.network === null || match.network === (usageClass.network === '' ? 'off-net' : usageClass.network))
  )
}
