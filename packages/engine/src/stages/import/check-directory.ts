// What is wrong across the directory after an import: references to what nobody defined, leavers with services, pools
// that overlap or are full. Problems only: nothing is left out for it.
import {
  buildCostCentreTree,
  buildMemberships,
  type CostCentre,
  checkPoolCeilings,
  checkPoolOverlaps,
  type LocalDate,
  leaversWithServices,
  type Person,
  type Pool,
  type PoolMember,
  type Problem,
  type Project,
  problem,
  Refusal,
  type Service,
} from '@spillway/core'
import type { Workspace } from '../../workspace/workspace.ts'
import type { PendingDirectory } from './import-options.ts'
import { readWholeDirectory } from './live-directory.ts'

/** Each missing id once, with the first row that names it and how many more do. */
export async function checkDirectory(
  workspace: Workspace,
  asOfOn: LocalDate,
  pending: PendingDirectory,
): Promise<Problem[]> {
  const people = (await readWholeDirectory(workspace, 'person', pending)) as Person[]
  const services = (await readWholeDirectory(workspace, 'service', pending)) as Service[]
  const centres = (await readWholeDirectory(workspace, 'cost-centre', pending)) as CostCentre[]
  const projects = (await readWholeDirectory(workspace, 'project', pending)) as Project[]
  const pools = (await readWholeDirectory(workspace, 'pool', pending)) as Pool[]
  const members = (await readWholeDirectory(workspace, 'pool-member', pending)) as PoolMember[]
  const { memberships, problems } = buildMemberships({ pools, members })
  return [
    ...buildCostCentreTree(centres).problems,
    ...unknownReferences({ people, services, centres, projects }),
    ...leaversWithServices({ people, services, asOfOn }),
    ...problems,
    ...checkPoolOverlaps(memberships),
    ...checkPoolCeilings(memberships),
  ]
}

type Named = { readonly id: string; readonly usedBy: string }

function unknownReferences({
  people,
  services,
  centres,
  projects,
}: {
  people: ReadonlyArray<Person>
  services: ReadonlyArray<Service>
  centres: ReadonlyArray<CostCentre>
  projects: ReadonlyArray<Project>
}): Problem[] {
  const ofPeople = people.map((person) => ({ id: person.costCentre, usedBy: `person ${person.employee}` }))
  const ofServices = (field: 'costCentre' | 'person' | 'project') =>
    services.map((service) => ({ id: service[field], usedBy: `service ${service.service}` }))
  const managers = people.map((person) => ({ id: person.manager, usedBy: `person ${person.employee}` }))
  const missing = (named: ReadonlyArray<Named>, known: ReadonlyArray<string>) => notIn(named, new Set(known))
  return [
    ...missing(
      [...ofPeople, ...ofServices('costCentre')],
      centres.map((centre) => centre.costCentre),
    ).map(({ id, usedBy }) => problem('cost-centre-unknown', { costCentre: id, usedBy })),
    ...missing(
      [...ofServices('person'), ...managers],
      people.map((person) => person.employee),
    ).map(({ id, usedBy }) => problem('person-unknown', { person: id, usedBy })),
    ...missing(
      ofServices('project'),
      projects.map((project) => project.project),
    ).map(({ id, usedBy }) => problem('project-unknown', { project: id, usedBy })),
  ]
}

function notIn(named: ReadonlyArray<Named>, known: ReadonlySet<string>): Named[] {
  const missing = new Map<string, { usedBy: string; more: Set<string> }>()
  for (const { id, usedBy } of named) {
    if (id === '' || known.has(id)) continue
    const found = missing.get(id)
    if (!found) missing.set(id, { usedBy, more: new Set() })
    else if (usedBy !== found.usedBy) found.more.add(usedBy)
  }
  return [...missing].map(([id, { usedBy, more }]) => ({
    id,
    usedBy: more.size === 0 ? usedBy : `${usedBy} (and ${more.size} more)`,
  }))
}

/** @throws Refusal `cost-centre-cycle`, naming the circle: the whole file is refused. */
export function refuseCycle(centres: ReadonlyArray<CostCentre>): void {
  const found = buildCostCentreTree(centres).problems.find(({ code }) => code === 'cost-centre-cycle')
  if (!found) return
  throw new Refusal('cost-centre-cycle', found.message, { hint: found.hint, facts: found.facts })
}
