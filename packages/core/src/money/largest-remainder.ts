// Divides an integer exactly over shares: everyone gets the integer part of the exact share, and the units left over go
// one each to the largest fractional parts (spec, allocation, step 5). Refuses to place a unit by list order.
import { invariant } from '../invariant.ts'

export type ShareHolder = {
  /** Not negative; the shares are in proportion to the weights. */
  readonly weight: bigint
  /** Compared byte by byte where two fractional parts are equal: the smaller one gets the unit. */
  readonly tieBreak: string
}

/**
 * Divides `total` (minor units, either sign) in proportion to the holders' weights; the results sum to `total` exactly,
 * in the order of `holders`. Works on |total| and negates, so a credit mirrors a charge.
 *
 * 10000n by weights 1, 1, 1 is 3334n, 3333n, 3333n.
 *
 * @throws Bug where a weight is negative, or the weights sum to zero.
 */
export function divideByLargestRemainder(total: bigint, holders: ReadonlyArray<ShareHolder>): bigint[] {
  const weightTotal = holders.reduce((sum, holder) => sum + holder.weight, 0n)
  invariant(weightTotal > 0n, 'shares need a positive sum of weights', { weightTotal, holders: holders.length })
  const magnitude = total < 0n ? -total : total
  const parts: bigint[] = []
  const remainders: bigint[] = []
  let placed = 0n
  for (const { weight } of holders) {
    invariant(weight >= 0n, 'a weight is never negative', { weight })
    const product = magnitude * weight
    const part = product / weightTotal
    parts.push(part)
    remainders.push(product % weightTotal)
    placed += part
  }
  const order = holders.map((_, index) => index).sort((a, b) => compareClaims(a, b, remainders, holders))
  for (const index of order.slice(0, Number(magnitude - placed))) parts[index] = (parts[index] as bigint) + 1n
  return total < 0n ? parts.map((part) => -part) : parts
}

function compareClaims(
  a: number,
  b: number,
  remainders: ReadonlyArray<bigint>,
  holders: ReadonlyArray<ShareHolder>,
): number {
  const [left, right] = [remainders[a] as bigint, remainders[b] as bigint]
  if (left !== right) return left > right ? -1 : 1
  return compareBytes((holders[a] as ShareHolder).tieBreak, (holders[b] as ShareHolder).tieBreak)
}

/** Compares two ids as UTF-8 bytes (spec, money and units): negative, 0 or positive. Agrees with DuckDB's default order. */
export function compareBytes(left: string, right: string): number {
  if (left === right) return 0
  const length = Math.min(left.length, right.length)
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index)
    const b = right.charCodeAt(index)
    // UTF-16 order differs from UTF-8 order only where surrogates meet the characters above them.
    if (a !== b) return liftSurrogate(a) - liftSurrogate(b)
  }
  return left.length - right.length
}

function liftSurrogate(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
