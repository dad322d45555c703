// The method `as-billed`: participants keep what the vendor put on them, whatever the floor and cap. It has no weights.
import type { Participant } from './participant.ts'

/** The amounts in the order of the participants, minor units. */
export function asBilledAmounts(participants: ReadonlyArray<Participant>): ReadonlyArray<bigint> {
  return participants.map(({ actualMinor }) => actualMinor)
}
