// What allocation reads of each participant of a component, and the weights that the methods make of it.

import type { Rational } from './rational.ts'

export type Participant = {
  readonly service: string
  /** Days of membership under `by-day`; 1 under `full` (and then the period has 1 day). At least 1. */
  readonly days: number
  /** Usage in the component's basis while a member, base units; negative where a correction exceeds what it corrects. */
  readonly usageBase: bigint
  /** Base units. */
  readonly contributionBase: bigint
  /** For `weighted`; null is 0. */
  readonly weight: Rational | null
  /** What the vendor put on it, minor units. */
  readonly actualMinor: bigint
}

/** One weight per participant, in their order, over a common denominator; `total` is their sum. None is negative. */
export type Weights = {
  readonly numerators: ReadonlyArray<bigint>
  readonly denominator: bigint
  readonly total: bigint
}

/** Weights that are integers. */
export function integerWeights(
  participants: ReadonlyArray<Participant>,
  weightOf: (participant: Participant) => bigint,
): Weights {
  let total = 0n
  const numerators = participants.map((participant) => {
    const weight = weightOf(participant)
    total += weight
    return weight
  })
  return { numerators, denominator: 1n, total }
}

/** Usage as it counts: a negative total is 0. */
export function countedUsage({ usageBase }: Participant): bigint {
  return usageBase < 0n ? 0n : usageBase
}
