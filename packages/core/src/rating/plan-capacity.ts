// The sizes of a share plan bucket's tiers in one period (spec, share plans, "Share plan bucket"): fixed, or by what the
// participating services bring. One figure for the period, whatever the order in which services began.

import { type Rational, rationalOf } from '../allocation/rational.ts'
import type { LocalDate } from '../time/local-date.ts'
import { type DateRange, daysIn, overlapDays } from '../time/period.ts'
import type { Participation, SharePlanBucket, Tier } from './share-plan.ts'

/** One row of a service that takes part; null dates are without beginning or end. */
export type Contributor = {
  readonly service: string
  readonly participation: Participation
  readonly from: LocalDate | null
  readonly until: LocalDate | null
}

export type CapacityInput = {
  readonly bucket: SharePlanBucket
  readonly isContributionProrated: boolean
  readonly contributors: ReadonlyArray<Contributor>
  readonly period: DateRange
  /** The days of the period on which the plan is in force: who left before them brings nothing. */
  readonly inForce: DateRange
  /** Whether no service has two rows among them, so that nobody need be looked for. */
  readonly areDistinct?: boolean
}

/** Base units of each tier; null is without end. */
export function tierSizes(input: CapacityInput): Array<bigint | null> {
  return fixedSizes(input.bucket) ?? sizesOf(input.bucket, sumBrought(input))
}

/** The same where no service brings anything to it; null where the sizes are what services bring. */
export function fixedSizes(bucket: SharePlanBucket): Array<bigint | null> | null {
  return isVariable(bucket) ? null : sizesOf(bucket, null)
}

/** Whether sizes are what services bring. */
export function isVariable({ tiers }: SharePlanBucket): boolean {
  return tiers.some(({ size }) => size.kind === 'contributions' || (size.kind === 'own' && size.growth !== null))
}

function sizesOf({ tiers }: SharePlanBucket, brought: Brought | null): Array<bigint | null> {
  return tiers.map((tier) => sizeOf(tier, brought))
}

type Brought = { readonly base: Rational; readonly services: Rational }

function sizeOf({ size }: Tier, brought: Brought | null): bigint | null {
  if (size.kind === 'endless') return null
  if (size.kind === 'contributions') return brought === null ? 0n : roundUp(brought.base)
  if (size.growth === null || brought === null) return size.size.base
  const { numerator, denominator } = brought.services
  return size.size.base + roundUp(rationalOf(numerator * size.growth.base, denominator))
}

/** A service counts once: whole, by the largest contribution of its rows; by day, each row by its own. */
function sumBrought(input: CapacityInput): Brought {
  const { bucket, isContributionProrated, contributors, period, inForce } = input
  const isAnyNamed = bucket.contributions.size > 0
  const isWholeInForce = overlapDays(period, inForce) > 0
  const best = new Map<string, bigint>()
  const whole = { base: 0n, services: 0 }
  let days = 0n
  let baseDays = 0n
  for (const one of contributors) {
    const active = activeRange(one, period)
    if (active === null || (active === period ? !isWholeInForce : overlapDays(active, inForce) === 0)) continue
    const base = bucket.contributions.get(one.participation.id)?.base ?? 0n
    const isContributing = base > 0n || (!isAnyNamed && bucket.type === 'variable-multi-tier')
    if (!isContributing) continue
    if (isContributionProrated) {
      days += BigInt(daysIn(active))
      baseDays += BigInt(daysIn(active)) * base
    } else if (input.areDistinct) {
      whole.base += base
      whole.services += 1
    } else {
      const known = best.get(one.service)
      if (known === undefined || known < base) best.set(one.service, base)
    }
  }
  if (isContributionProrated) {
    const length = BigInt(daysIn(period))
    return { base: rationalOf(baseDays, length), services: rationalOf(days, length) }
  }
  for (const base of best.values()) whole.base += base
  return { base: rationalOf(whole.base), services: rationalOf(BigInt(whole.services + best.size)) }
}

/** The days of the period on which a row is in force; null for none. */
function activeRange({ from, until }: Contributor, period: DateRange): DateRange | null {
  if ((from === null || from <= period.startOn) && (until === null || until >= period.endOn)) return period
  const startOn = from === null || from < period.startOn ? period.startOn : from
  const endOn = until === null || until > period.endOn ? period.endOn : until
  return startOn < endOn ? { startOn, endOn } : null
}

function roundUp({ numerator, denominator }: Rational): bigint {
  return (numerator + denominator - 1n) / denominator
}
