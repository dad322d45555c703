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
export function divideOverCalls(total: bigint, used: ReadonlyArray<number>): bigint[] {
  if (total === 0n) return used.map(() => 0n)
  if (used.length === 1) return [total]
  const sum = used.reduce((all, one) => all + one, 0)
  invariant(sum > 0, 'calls that are charged used something', { total, calls: used.length })
  const magnitude = Number(total < 0n ? -total : total)
  if (magnitude * sum > Number.MAX_SAFE_INTEGER) return divideWide(total, used)
  const sign = total < 0n ? -1 : 1
  const parts = new Array<number>(used.length)
  const rests = new Array<number>(used.length)
  let placed = 0
  for (const [index, weight] of used.entries()) {
    const product = magnitude * weight
    const rest = product % sum
    const part = (product - rest) / sum
    parts[index] = part
    rests[index] = rest
    placed += part
  }
  const left = magnitude - placed
  if (left > 0) {
    const order = used.map((_, index) => index)
    order.sort((a, b) => (rests[b] as number) - (rests[a] as number) || a - b)
    for (let place = 0; place < left; place += 1) {
      const index = order[place] as number
      parts[index] = (parts[index] as number) + 1
    }
  }
  return parts.map((part) => BigInt(sign * part))
}

function divideWide(total: bigint, used: ReadonlyArray<number>): bigint[] {
  const digits = String(used.length).length
  return divideByLargestRemainder(
    total,
    used.map((weight, index) => ({ weight: BigInt(weight), tieBreak: String(index).padStart(digits, '0') })),
  )
}
