// What a service is charged for a class of usage, divided over its calls in proportion to what they used (largest remainder).
// Millions of calls: whole numbers where they are exact, bigints where a product could pass 2^53.
import { invariant } from '../invariant.ts'
import { divideByLargestRemainder } from '../money/largest-remainder.ts'

/** What each call is charged, by its place. Held as whole numbers where they are exact: few of millions are asked for twice. */
export class CallAmounts {
  readonly #minor: ArrayLike<number> | ArrayLike<bigint>

  constructor(minor: ArrayLike<number> | ArrayLike<bigint>) {
    this.#minor = minor
  }

  get length(): number {
    return this.#minor.length
  }

  /** Minor units of the call at a place. */
  at(place: number): bigint {
    return BigInt(this.#minor[place] as number | bigint)
  }
}

/** Of so many calls that are charged nothing. */
export const noAmounts = (calls: number): CallAmounts => new CallAmounts(new Int8Array(calls))

/**
 * Minor units of each call; they sum to `total`. Calls come in the order of (start, source, id), which breaks ties: of two
 * equal remainders the earlier call gets the unit. 100n over 30, 30, 30 is 34n, 33n, 33n.
 *
 * @throws Bug where the calls used nothing.
 */
export function divideOverCalls(total: bigint, used: ArrayLike<number>): CallAmounts {
  if (total === 0n) return noAmounts(used.length)
  if (used.length === 1) return new CallAmounts([total])
  let sum = 0
  for (let index = 0; index < used.length; index += 1) sum += used[index] as number
  invariant(sum > 0, 'calls that are charged used something', { total, calls: used.length })
  const magnitude = Number(total < 0n ? -total : total)
  if (magnitude * sum > Number.MAX_SAFE_INTEGER) return new CallAmounts(divideWide(total, used))
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
  if (total < 0n) for (let index = 0; index < parts.length; index += 1) parts[index] = -(parts[index] as number)
  return new CallAmounts(parts)
}

/** One more to each of the `left` calls with the largest rests, of equal ones to the earlier. */
function giveUnits(
  parts: Float64Array,
  { rests, left }: { readonly rests: Float64Array; readonly left: number },
): void {
  if (left === 0) return
  const smallest = inOrder(rests, rests.length - left)
  let ofSmallest = left
  for (const rest of rests) if (rest > smallest) ofSmallest -= 1
  for (let index = 0; index < rests.length; index += 1) {
    const rest = rests[index] as number
    if (rest < smallest || (rest === smallest && ofSmallest === 0)) continue
    parts[index] = (parts[index] as number) + 1
    if (rest === smallest) ofSmallest -= 1
  }
}

/** So many are put in order as a whole: the shorter way may take long where numbers are placed badly for it. */
const CHOSEN_MAX = 4096

/** The number at a place, were they in order; only that one is brought to its place, which takes a tenth of the time. */
function inOrder(numbers: Float64Array, place: number): number {
  const copy = numbers.slice()
  if (copy.length > CHOSEN_MAX) return copy.sort()[place] as number
  for (let from = 0, to = copy.length - 1; from < to; ) {
    const middle = copy[(from + to) >> 1] as number
    let [low, high] = [from, to]
    while (low <= high) {
      while ((copy[low] as number) < middle) low += 1
      while ((copy[high] as number) > middle) high -= 1
      if (low > high) break
      const held = copy[low] as number
      copy[low] = copy[high] as number
      copy[high] = held
      low += 1
      high -= 1
    }
    if (place <= high) to = high
    else if (place >= low) from = low
    else break
  }
  return copy[place] as number
}

function divideWide(total: bigint, used: ArrayLike<number>): bigint[] {
  const digits = String(used.length).length
  return divideByLargestRemainder(
    total,
    Array.from(used, (weight, index) => ({ weight: BigInt(weight), tieBreak: String(index).padStart(digits, '0') })),
  )
}
