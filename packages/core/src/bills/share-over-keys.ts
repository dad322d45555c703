// Divides what stands on one service over the sections that have it: by the days on which each has it, or by the shares of one
// call (spec, accounts, "People"). The parts sum to the whole.
import { divideByLargestRemainder } from '../money/largest-remainder.ts'

/** Section keys with what each weighs: days times ten-thousandths of a per cent, or such shares alone. Never empty. */
export type KeyWeights = ReadonlyMap<string, number>

/** Minor or base units by section key; of equal remainders the smaller key gets the unit. */
export function shareOverKeys(total: bigint, weights: KeyWeights): Map<string, bigint> {
  const keys = [...weights.keys()]
  const [only] = keys
  if (keys.length === 1 && only !== undefined) return new Map([[only, total]])
  const parts = divideByLargestRemainder(
    total,
    keys.map((key) => ({ weight: BigInt(weights.get(key) as number), tieBreak: key })),
  )
  return new Map(keys.map((key, index) => [key, parts[index] as bigint]))
}

/** The section that lists a call: the one with the largest share, of equal ones the smaller key. */
export function listingKey(weights: KeyWeights): string {
  let found = ''
  let most = -1
  for (const [key, weight] of weights)
    if (weight > most || (weight === most && key < found)) {
      found = key
      most = weight
    }
  return found
}
