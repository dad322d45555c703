// The method `even`: the same for each, or by days of membership under `by-day`.
import { integerWeights, type Participant, type Weights } from './participant.ts'

export function evenWeights(participants: ReadonlyArray<Participant>): Weights {
  return integerWeights(participants, ({ days }) => BigInt(days))
}
