// People who left and still have services in force: money that should end, or needs another owner.
import type { Person, Service } from '../facts/fact.ts'
import { compareBytes } from '../money/largest-remainder.ts'
import { type Problem, problem } from '../problem.ts'
import type { LocalDate } from '../time/local-date.ts'
import { endOf, isInForceOn } from './stint.ts'

/**
 * `leaver-with-service` once per person whose last stint ended on or before `asOfOn` and who is named by an assignment
 * in force on that day; in order of employee number, services in order of id. Whoever is yet to begin is no leaver.
 */
export function leaversWithServices({
  people,
  services,
  asOfOn,
}: {
  people: Iterable<Person>
  services: Iterable<Service>
  asOfOn: LocalDate
}): Problem[] {
  const leftOn = new Map<string, LocalDate | null>()
  for (const person of people) {
    const known = leftOn.get(person.employee)
    if (isInForceOn(person, asOfOn)) leftOn.set(person.employee, null)
    else if (known !== null && person.to !== null && endOf(person) <= asOfOn && (!known || known < person.to))
      leftOn.set(person.employee, person.to)
  }
  const held = new Map<string, Set<string>>()
  for (const row of services) {
    if (!leftOn.get(row.person) || !isInForceOn(row, asOfOn)) continue
    const known = held.get(row.person)
    if (known) known.add(row.service)
    else held.set(row.person, new Set([row.service]))
  }
  return [...held.keys()].sort(compareBytes).map((person) =>
    problem('leaver-with-service', {
      person,
      leftOn: leftOn.get(person) as LocalDate,
      services: [...(held.get(person) as Set<string>)].sort(compareBytes),
    }),
  )
}
