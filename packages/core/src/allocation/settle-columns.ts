// The arithmetic of settle.ts over columns of safe integers, for closes of a million services: no object and no bigint per
// row. Shares what has neither cap nor weights of its own and stays under 2^53; refuses the rest with null, never with an
// amount that is a little wrong, and the caller shares it by `allocateComponent`.

import { divideHalfAwayFromZero } from '../money/amount.ts'
import type { AllocationMethod, UnusedRule, WhenNoUsage } from './policy.ts'
import type { SettlementFlag } from './settle.ts'

/** Columns have an entry per participant, in the order of service ids; all are safe integers. */
export type ComponentColumns = {
  readonly method: AllocationMethod
  readonly whenNoUsage: WhenNoUsage
  readonly unused: UnusedRule
  /** Minor units; null for none. */
  readonly floorMinor: bigint | null
  readonly capMinor: bigint | null
  /** Days of the period under `by-day`, 1 under `full`. */
  readonly periodDays: number
  /** The pool's; null where it is the sum of the contributions. */
  readonly allowanceBase: bigint | null
  /** The sum of the charges, minor units: what stands on participants, and on anybody else. */
  readonly charged: number
  readonly count: number
  /** Of membership, for `periodDays` over 1; not read where it is 1. */
  readonly days: ArrayLike<number>
  readonly usageBase: ArrayLike<number>
  readonly contributionBase: ArrayLike<number>
}

/** The rows of `allocateComponent` for participants, as columns; an entry more at the end for the *unused* row. */
export type SettledColumns = {
  readonly flag: SettlementFlag
  readonly adjustedMinor: Float64Array
  readonly floorMinor: Float64Array
  /** What the result reports as weights; integers. */
  readonly weights: Float64Array
  readonly weightTotal: number
  /** Whether there is an *unused* row. */
  readonly hasUnused: boolean
}

type Weighed = { readonly weights: Float64Array; readonly total: number }

/** Null where the component has a cap or weights of its own, stays as billed, passes 2^53, or nobody participates. */
export function settleColumns(input: ComponentColumns): SettledColumns | null {
  const { count, charged, capMinor } = input
  if (capMinor !== null) return null
  const chargeMinor = Math.abs(charged)
  const weighed = weighColumns(input)
  const floors = floorColumn(input)
  if (count === 0 || weighed === null || floors === null || !Number.isSafeInteger(chargeMinor)) return null
  const { weights, total, unused } = weighed
  if (floors.total >= chargeMinor) {
    const days = dayWeights(input)
    const adjustedMinor = divideColumn({ ...days, rest: chargeMinor, base: null, isCredit: charged < 0 })
    const flag = chargeMinor === 0 ? '' : 'floor-exceeds-charge'
    return adjustedMinor && { flag, adjustedMinor, floorMinor: floors.column, ...reported(days), hasUnused: false }
  }
  const adjustedMinor = divideColumn({
    weights,
    total,
    rest: chargeMinor - floors.total,
    base: floors.total === 0 ? null : floors.column,
    isCredit: charged < 0,
  })
  return (
    adjustedMinor && {
      flag: '',
      adjustedMinor,
      floorMinor: floors.column,
      weights,
      weightTotal: total,
      hasUnused: unused > 0,
    }
  )
}

const reported = ({ weights, total }: Weighed) => ({ weights, weightTotal: total })

/** The weights of the method, or of what it falls back to; the unused capacity stands at the end and in the total. */
function weighColumns(input: ComponentColumns): (Weighed & { readonly unused: number }) | null {
  const { method, count, usageBase, contributionBase } = input
  if (method === 'as-billed' || method === 'weighted') return null
  if (method === 'even') return { ...dayWeights(input), unused: 0 }
  const weights = new Float64Array(count + 1)
  let total = 0
  let used = 0
  let contributed = 0
  for (let index = 0; index < count; index += 1) {
    const usage = Math.max(0, usageBase[index] as number)
    const contribution = contributionBase[index] as number
    used += usage
    contributed += contribution
    const weight = method === 'excess' ? Math.max(0, usage - contribution) : usage
    weights[index] = weight
    total += weight
  }
  // Sums of what is not negative: where the last is safe, all before it were.
  if (!isSafe(used) || !isSafe(contributed)) return null
  if (input.unused === 'central') {
    const allowance = input.allowanceBase === null ? contributed : Number(input.allowanceBase)
    if (!isSafe(allowance)) return null
    const unused = Math.max(0, allowance - used)
    if (unused > 0) {
      weights[count] = unused
      return { weights, total: total + unused, unused }
    }
  }
  if (total > 0) return { weights, total, unused: 0 }
  if (method === 'excess') return weighColumns({ ...input, method: 'prorated' })
  if (input.whenNoUsage === 'as-billed') return null
  return { ...dayWeights(input), unused: 0 }
}

const isSafe = (value: number) => value >= 0 && value <= Number.MAX_SAFE_INTEGER

function dayWeights({ count, days, periodDays }: ComponentColumns): Weighed {
  const weights = new Float64Array(count + 1)
  if (periodDays === 1) {
    weights.fill(1, 0, count)
    return { weights, total: count }
  }
  let total = 0
  for (let index = 0; index < count; index += 1) {
    weights[index] = days[index] as number
    total += days[index] as number
  }
  return { weights, total }
}

/** floor × days / period days, rounded half away from zero; null where the sum is not safe. */
function floorColumn({ count, days, periodDays, floorMinor }: ComponentColumns) {
  const column = new Float64Array(count + 1)
  if (floorMinor === null || floorMinor === 0n) return { column, total: 0 }
  const ofDays = new Map<number, number>()
  let total = 0
  for (let index = 0; index < count; index += 1) {
    const day = periodDays === 1 ? 1 : (days[index] as number)
    let floor = ofDays.get(day)
    if (floor === undefined) {
      floor = Number(divideHalfAwayFromZero(floorMinor * BigInt(day), BigInt(periodDays)))
      ofDays.set(day, floor)
    }
    column[index] = floor
    total += floor
  }
  return isSafe(total) ? { column, total } : null
}

type Division = Weighed & {
  /** Minor units. */
  readonly rest: number
  /** What each carries before the rest is shared; null for nothing. */
  readonly base: Float64Array | null
  readonly isCredit: boolean
}

/** Step 5: integer parts, then one unit each to the largest fractional parts, ties to the earlier. Null where not safe. */
function divideColumn({ weights, total, rest, base, isCredit }: Division): Float64Array | null {
  if (!isSafe(total) || total === 0) return null
  const { length } = weights
  const amounts = new Float64Array(length)
  const remainders = new Float64Array(length)
  let left = rest
  for (let index = 0; index < length; index += 1) {
    const weight = weights[index] as number
    const product = rest * weight
    let part: number
    let remainder: number
    if (product <= Number.MAX_SAFE_INTEGER) {
      // The quotient of two safe integers rounds up to a whole number at most; one unit less is then the integer part.
      part = Math.floor(product / total)
      remainder = product - part * total
      if (remainder < 0) {
        part -= 1
        remainder += total
      }
    } else {
      const exact = BigInt(rest) * BigInt(weight)
      const whole = exact / BigInt(total)
      part = Number(whole)
      remainder = Number(exact - whole * BigInt(total))
    }
    amounts[index] = part
    remainders[index] = remainder
    left -= part
  }
  giveUnits(amounts, remainders, left)
  for (let index = 0; index < length; index += 1) {
    const amount = (amounts[index] as number) + (base === null ? 0 : (base[index] as number))
    // Not -0, which is another value than 0 for a test and for a formatted text.
    amounts[index] = isCredit && amount !== 0 ? -amount : amount
  }
  return amounts
}

function giveUnits(amounts: Float64Array, remainders: Float64Array, count: number): void {
  if (count === 0) return
  const { length } = remainders
  const threshold = Float64Array.from(remainders).sort()[length - count] as number
  let left = count
  for (let index = 0; index < length; index += 1) {
    if ((remainders[index] as number) <= threshold) continue
    amounts[index] = (amounts[index] as number) + 1
    left -= 1
  }
  for (let index = 0; left > 0; index += 1) {
    if (remainders[index] !== threshold) continue
    amounts[index] = (amounts[index] as number) + 1
    left -= 1
  }
}
