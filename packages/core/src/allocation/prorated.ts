// The method `prorated`: in proportion to usage in the basis.
import { countedUsage, integerWeights, type Participant, type Weights } from './participant.ts'

export function proratedWeights(participants: ReadonlyArray<Participant>): Weights {
  return integerWeights(participants, countedUsage)
}

/**
 * Capacity that nobody used under `unused: central`: the allowance (the pool's, else the sum of the contributions) less
 * what was used, and 0 where more was used than there was.
 */
export function unusedCapacity(participants: ReadonlyArray<Participant>, allowanceBase: bigint | null): bigint {
  let used = 0n
  let contributed = 0n
  for (const participant of participants) {
    used += countedUsage(participant)
    contributed += participant.contributionBase
  }
  const unused = (allowanceBase ?? contributed) - used
  return unused > 0n ? unused : 0n
}
