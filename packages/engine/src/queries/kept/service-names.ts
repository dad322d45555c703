// What services are called, which have no names of their own: after the people that they were assigned to, from memory.
import { compareBytes } from '@spillway/core'
import type { RunTable } from '../../catalog/tables.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { directoryNames } from './directory-names.ts'
import type { ServiceSums } from './service-sums.ts'

type NamesOf = {
  /** The last first. */
  readonly inMonths: ReadonlyArray<ServiceSums>
  /** Whose directory has the names. */
  readonly run: Pick<RunTable, 'inputs'>
  readonly keys: ReadonlyArray<string>
}

/** Services are named after the people that they were assigned to in the last of the months that has any with a name. */
export async function serviceNames(
  workspace: ScopedWorkspace,
  { inMonths, run, keys }: NamesOf,
): Promise<ReadonlyMap<string, string>> {
  const peopleIn = (services: ServiceSums, key: string) => {
    const place = services.hasPeople ? services.placeOf(key) : -1
    return place < 0 ? [] : services.peopleOf(place)
  }
  const people = new Map(keys.map((key) => [key, inMonths.map((services) => peopleIn(services, key))]))
  const wanted = [...new Set([...people.values()].flat(2))]
  if (wanted.length === 0) return new Map()
  const known = await directoryNames(workspace, { by: 'person', run, keys: wanted })
  const named = (inMonth: ReadonlyArray<string>) => new Set(inMonth.flatMap((person) => known.get(person) ?? []))
  return new Map(
    [...people].map(([key, months]) => {
      const names = months.map(named).find(({ size }) => size > 0) ?? new Set<string>()
      return [key, [...names].sort(compareBytes).join(', ')]
    }),
  )
}
