// Which weights a component is shared by, and what stands in where they sum to zero (spec, allocation, "Arithmetic").

import { evenWeights } from './even.ts'
import { excessWeights } from './excess.ts'
import type { Participant, Weights } from './participant.ts'
import type { AllocationMethod, UnusedRule, WhenNoUsage } from './policy.ts'
import { proratedWeights, unusedCapacity } from './prorated.ts'
import { weightedWeights } from './weighted.ts'

type WeightsOf = (participants: ReadonlyArray<Participant>) => Weights

/** Each method with what it falls back to, in order; the last never sums to zero. */
const CHAINS: Readonly<Record<Exclude<AllocationMethod, 'as-billed'>, ReadonlyArray<WeightsOf>>> = {
  even: [evenWeights],
  prorated: [proratedWeights, evenWeights],
  excess: [excessWeights, proratedWeights, evenWeights],
  weighted: [weightedWeights, evenWeights],
}

export type Weighing = {
  readonly weights: Weights
  /** Capacity that nobody used, over the same denominator; 0 under `recover`. */
  readonly unused: bigint
  /** What the participants that a cap leaves over are shared by, where their weights sum to zero. */
  readonly fallbacks: ReadonlyArray<WeightsOf>
}

/**
 * The first weights of the method's chain that do not sum to zero; null where the component stays as billed. Days of
 * membership stand last, and `when-no-usage: as-billed` takes their place.
 */
export function weigh({
  method,
  whenNoUsage,
  unused,
  participants,
  allowanceBase,
}: {
  readonly method: AllocationMethod
  readonly whenNoUsage: WhenNoUsage
  readonly unused: UnusedRule
  readonly participants: ReadonlyArray<Participant>
  readonly allowanceBase: bigint | null
}): Weighing | null {
  if (method === 'as-billed') return null
  const chain = CHAINS[method]
  const capacity = unused === 'central' ? unusedCapacity(participants, allowanceBase) : 0n
  for (const [index, weightsOf] of chain.entries()) {
    const isLastResort = index > 0 && index === chain.length - 1
    if (isLastResort && whenNoUsage === 'as-billed') return null
    const weights = weightsOf(participants)
    if (weights.total + capacity > 0n) return { weights, unused: capacity, fallbacks: chain.slice(index + 1) }
  }
  return null
}
