// The method `excess`: in proportion to usage over the participant's own contribution; who caused the overage carries it.
import { countedUsage, integerWeights, type Participant, type Weights } from './participant.ts'

export function excessWeights(participants: ReadonlyArray<Participant>): Weights {
  return integerWeights(participants, (participant) => {
    const excess = countedUsage(participant) - participant.contributionBase
    return excess > 0n ? excess : 0n
  })
}
