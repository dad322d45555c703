// What a service is charged for a class of usage, divided over its calls in proportion to what they used (largest remainder).
// Millions of calls: whole numbers where they are exact, bigints where a product could pass 2^53.
import { invariant } from '../invariant.ts'
import { divideByLargestRemainder } from '../money/largest-remainder.ts'

/**
 * Minor units of each call; they sum to `total`. Calls come in the order of (start, source, id), which breaks ties: of two
 * equal remainders the earlier call gets the unit. 100n over 30, 30, 30 is 34n, 33n, 33n.
 *
 * @throws Bug where the calls used nothing.
 */
export function divideOverCalls(total: bigint, used: ArrayLike<number>): bigint[] {
  if (total === 0n) return Array.from(used, () => 0n)
  if (used.length === 1) return [total]
  let sum = 0
  for (let index = 0; index < used.length; index += 1) sum += used[index] as number
  invariant(sum > 0, 'calls that are charged used something', { total, calls: used.length })
  const magnitude = Number(total < 0n ? -total : total)
  if (magnitude * sum > Number.MAX_SAFE_INTEGER) return divideWide(total, used)
  const parts = new Float64Array(used.length)
  const rests = new Float64Array(used.length)
  let placed = 0
  for (let index = 0; index < used.length; index += 1) {
    const product = magnitude * (used[index] as number)
    // A remainder of floating numbers takes longer than all else; a quotient is at most one too large.
    let part = Math.floor(product / sum)
    if (part * sum > product) part -= 1
    const rest = product - part * sum
    parts[index] = part
    rests[index] = rest
    placed += part
  }
  giveUnits(parts, { rests, left: magnitude - placed })
  const sign = total < 0n ? -1 : 1
  const amounts = new Array<bigint>(used.length)
  for (let index = 0; index < used.length; index += 1) amounts[index] = BigInt(sign * (parts[index] as number))
  return amounts
}

/** One more to each of the `left` calls with the largest rests, of equal ones to the earlier. */
function giveUnits(
  parts: Float64Array,
  { rests, left }: { readonly rests: Float64Array; readonly left: number },
): void {
  if (left === 0) return
  const smallest = rests.slice().sort()[rests.length - left] as number
  let ofSmallest = left
  for (const rest of rests) if (rest > smallest) ofSmallest -= 1
  for (let index = 0; index < rests.length; index += 1) {
    const rest = rests[index] as number
    if (rest < smallest || (rest === smallest && ofSmallest === 0)) continue
    parts[index] = (parts[index] as number) + 1
    if (rest === smallest) ofSmallest -= 1
  }
}

function divideWide(total: bigint, used: ArrayLike<number>): bigint[] {
  const digits = String(used.length).length
  return divideByLargestRemainder(
    total,
    Array.from(used, (weight, index) => ({ weight: BigInt(weight), tieBreak: String(index).padStart(digits, '0') })),
  )
}
