// What the time of a call comes to (spec, accounts, "Projects and billable time"): rounded up to the project's increment and
// priced by its hour, per call; and what a call carries of its service's cost. Exact; nothing is rounded twice.
import { parseDecimal } from '../allocation/rational.ts'
import { invariant } from '../invariant.ts'
import { divideHalfAwayFromZero } from '../money/amount.ts'
import { minorDigitsOf } from '../money/currency.ts'
import { divideByLargestRemainder, type ShareHolder } from '../money/largest-remainder.ts'

const SECONDS_PER_MINUTE = 60
const SECONDS_PER_HOUR = 3600n

/** Whole increments: 1 second at 6 minutes is 360, and no time is no time. */
export function billableSeconds(seconds: number, incrementMinutes: number): number {
  const increment = incrementMinutes * SECONDS_PER_MINUTE
  return Math.ceil(seconds / increment) * increment
}

/**
 * Billable time at a rate per hour (decimal text), in minor units of `currency`, rounded half away from zero.
 * 360 seconds at 250.00 USD is 2500.
 */
export function amountOfTime(
  seconds: number,
  { ratePerHour, currency }: { readonly ratePerHour: string; readonly currency: string },
): bigint {
  const rate = parseDecimal(ratePerHour)
  invariant(rate, 'the rate of a project is a decimal', { ratePerHour })
  const scale = 10n ** BigInt(minorDigitsOf(currency))
  return divideHalfAwayFromZero(BigInt(seconds) * rate.numerator * scale, rate.denominator * SECONDS_PER_HOUR)
}

/** A total over calls by the largest remainder; evenly where none has any weight. The parts sum to the total. */
export function shareOverCalls(total: bigint, calls: ReadonlyArray<ShareHolder>): bigint[] {
  const hasWeight = calls.some(({ weight }) => weight > 0n)
  return divideByLargestRemainder(total, hasWeight ? calls : calls.map(({ tieBreak }) => ({ tieBreak, weight: 1n })))
}
