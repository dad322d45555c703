// Steps 2 to 5 of the arithmetic (spec, allocation): floors, shares, caps, largest remainder, on a charge that is not
// negative. Exact throughout: a share is floor + rest × weight / total weight, and only its integer part is divided out.

import { invariant } from '../invariant.ts'
import { divideHalfAwayFromZero } from '../money/amount.ts'
import { evenWeights } from './even.ts'
import type { Participant, Weights } from './participant.ts'
import type { Weighing } from './weigh.ts'

export type SettlementFlag = '' | 'floor-exceeds-charge' | 'cap-below-charge'

/** Amounts are minor units; arrays are in the order of the participants, and have the *unused* row as one more at the end. */
export type Settlement = {
  readonly flag: SettlementFlag
  /** The floor of each, also where it was not used. */
  readonly floors: ReadonlyArray<bigint>
  readonly amounts: ReadonlyArray<bigint>
  /** 1 where the participant is held at its cap. */
  readonly isHeld: Uint8Array
  /** 1 where one of the leftover units went. */
  readonly hasUnit: Uint8Array
  /** 1 where the share is no whole number of units. */
  readonly hasFraction: Uint8Array
  /** The weights that the charge was shared by before any cap; what the result reports. */
  readonly reported: Weights
  readonly reportedUnused: bigint
  /** Of those who are not held: what each carries before the rest is shared, and by which weights the rest is. */
  readonly base: ReadonlyArray<bigint>
  readonly final: Weights
  readonly finalUnused: bigint
  /** What is taken from the charge before the rest is shared: held caps, then floors. */
  readonly deductions: ReadonlyArray<bigint>
}

export type SettleInput = {
  /** |T|, not negative. */
  readonly chargeMinor: bigint
  /** At least one, sorted by service id. */
  readonly participants: ReadonlyArray<Participant>
  readonly weighing: Weighing
  readonly floorMinor: bigint | null
  readonly capMinor: bigint | null
  readonly periodDays: number
}

/** The part of a settlement that rounding starts from. */
type Shares = Pick<Settlement, 'base' | 'final' | 'finalUnused' | 'deductions' | 'isHeld'>

export function settle(input: SettleInput): Settlement {
  const { chargeMinor, participants, weighing, capMinor } = input
  const floors = floorsOf(input)
  const floorTotal = sum(floors)
  if (floorTotal >= chargeMinor) {
    const days = evenWeights(participants)
    const shares = { ...openShares(participants, days), base: floors.map(() => 0n), deductions: [] }
    const flag = chargeMinor === 0n ? '' : 'floor-exceeds-charge'
    return { flag, floors, reported: days, reportedUnused: 0n, ...round(input, shares) }
  }
  const capTotal = capMinor === null ? null : capMinor * BigInt(participants.length)
  // The *unused* row has no cap, so where there is one it takes what no participant may.
  if (capMinor !== null && capTotal !== null && capTotal < chargeMinor && weighing.unused === 0n) {
    const days = evenWeights(participants)
    const shares = { ...openShares(participants, days), base: floors.map(() => capMinor), deductions: [capTotal] }
    return { flag: 'cap-below-charge', floors, reported: days, reportedUnused: 0n, ...round(input, shares) }
  }
  const shares = capMinor === null ? uncapped(input, floors, floorTotal) : capped({ ...input, capMinor }, floors)
  return { flag: '', floors, reported: weighing.weights, reportedUnused: weighing.unused, ...round(input, shares) }
}

function floorsOf({ participants, floorMinor, periodDays }: SettleInput): ReadonlyArray<bigint> {
  if (floorMinor === null) return participants.map(() => 0n)
  const whole = BigInt(periodDays)
  return participants.map(({ days }) =>
    days === periodDays ? floorMinor : divideHalfAwayFromZero(floorMinor * BigInt(days), whole),
  )
}

function openShares(participants: ReadonlyArray<Participant>, weights: Weights) {
  return { final: weights, finalUnused: 0n, isHeld: new Uint8Array(participants.length + 1) }
}

function uncapped({ participants, weighing }: SettleInput, floors: ReadonlyArray<bigint>, floorTotal: bigint): Shares {
  return {
    ...openShares(participants, weighing.weights),
    finalUnused: weighing.unused,
    base: floors,
    deductions: floorTotal === 0n ? [] : [floorTotal],
  }
}

/**
 * Step 4: whoever is over the cap is held at it, and what is left is shared over the others, until nobody is over it.
 * Each round holds at least one more, so it ends; not everybody can be held, since the caps cover the charge.
 */
function capped(input: SettleInput & { readonly capMinor: bigint }, floors: ReadonlyArray<bigint>): Shares {
  const { chargeMinor, participants, weighing, capMinor } = input
  const isHeld = new Uint8Array(participants.length + 1)
  const fallbacks = [...weighing.fallbacks]
  let weights = weighing.weights
  let heldTotal = 0n
  for (;;) {
    let weightTotal = weighing.unused
    let floorTotal = 0n
    for (let index = 0; index < floors.length; index += 1) {
      if (isHeld[index] === 1) continue
      weightTotal += weights.numerators[index] as bigint
      floorTotal += floors[index] as bigint
    }
    if (weightTotal === 0n) {
      const next = fallbacks.shift()
      invariant(next, 'a cap leaves somebody over to carry the rest', { chargeMinor, capMinor, heldTotal })
      weights = next(participants)
      continue
    }
    const rest = chargeMinor - heldTotal - floorTotal
    const held = holdOverCap({ isHeld, floors, numerators: weights.numerators, rest, weightTotal, capMinor })
    if (held === 0) {
      const deductions = [heldTotal, floorTotal].filter((deduction) => deduction > 0n)
      const final = { ...weights, total: weightTotal - weighing.unused }
      return { isHeld, base: floors, final, finalUnused: weighing.unused, deductions }
    }
    heldTotal += capMinor * BigInt(held)
  }
}

/** Marks whoever's share is over the cap, and returns how many they are. */
function holdOverCap({
  isHeld,
  floors,
  numerators,
  rest,
  weightTotal,
  capMinor,
}: {
  readonly isHeld: Uint8Array
  readonly floors: ReadonlyArray<bigint>
  readonly numerators: ReadonlyArray<bigint>
  readonly rest: bigint
  readonly weightTotal: bigint
  readonly capMinor: bigint
}): number {
  let held = 0
  for (let index = 0; index < floors.length; index += 1) {
    if (isHeld[index] === 1) continue
    const room = (capMinor - (floors[index] as bigint)) * weightTotal
    if (rest * (numerators[index] as bigint) <= room) continue
    isHeld[index] = 1
    held += 1
  }
  return held
}

/** Step 5: integer parts, then one unit each to the largest fractional parts. */
function round({ chargeMinor, capMinor }: SettleInput, shares: Shares) {
  const { base, final, finalUnused, deductions, isHeld } = shares
  const count = base.length
  const rest = chargeMinor - sum(deductions)
  const weightTotal = final.total + finalUnused
  const amounts: bigint[] = []
  const remainders: bigint[] = []
  const hasFraction = new Uint8Array(count + 1)
  let placed = 0n
  for (let index = 0; index <= count; index += 1) {
    const weight = index < count ? (final.numerators[index] as bigint) : finalUnused
    const isAtCap = isHeld[index] === 1
    const product = isAtCap ? 0n : rest * weight
    const part = product / weightTotal
    const remainder = product - part * weightTotal
    const before = index === count ? 0n : isAtCap ? (capMinor as bigint) : (base[index] as bigint)
    if (remainder > 0n) hasFraction[index] = 1
    remainders.push(remainder)
    amounts.push(before + part)
    placed += before + part
  }
  const hasUnit = chooseLargest(remainders, Number(chargeMinor - placed))
  for (let index = 0; index <= count; index += 1) {
    if (hasUnit[index] === 1) amounts[index] = (amounts[index] as bigint) + 1n
  }
  return { ...shares, amounts, hasFraction, hasUnit }
}

/**
 * 1 for each of the `count` largest, ties to the earlier. The fractional parts sum to `count` and each is under 1, so more
 * than `count` of them are not zero, and whoever has none (a participant held at its cap, say) takes none.
 */
function chooseLargest(remainders: ReadonlyArray<bigint>, count: number): Uint8Array {
  const chosen = new Uint8Array(remainders.length)
  if (count === 0) return chosen
  const positive = remainders.filter((remainder) => remainder > 0n)
  invariant(positive.length >= count, 'leftover units are fewer than fractional parts', { count })
  const threshold = nthLargest(positive, count)
  let left = count
  for (const [index, remainder] of remainders.entries()) {
    if (remainder <= threshold) continue
    chosen[index] = 1
    left -= 1
  }
  for (let index = 0; left > 0; index += 1) {
    if (remainders[index] !== threshold) continue
    chosen[index] = 1
    left -= 1
  }
  return chosen
}

function nthLargest(values: ReadonlyArray<bigint>, nth: number): bigint {
  // 64-bit typed arrays sort natively; weights that no 64 bits hold (fractions of many centres, say) are rare.
  const fits = values.every((value) => value < 1n << 64n)
  const ascending = fits
    ? BigUint64Array.from(values).sort()
    : [...values].sort((left, right) => (left < right ? -1 : left > right ? 1 : 0))
  return ascending[ascending.length - nth] as bigint
}

function sum(values: ReadonlyArray<bigint>): bigint {
  let total = 0n
  for (const value of values) total += value
  return total
}
