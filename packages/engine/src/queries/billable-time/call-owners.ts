// Whose a call is, and which project it belongs to: the owners of sub-accounts, the assignments of services, the projects and
// the rules, read once and asked for every call.
import {
  type AccountCodes,
  buildTimelines,
  type CallOwner,
  type CallPart,
  type CodeFault,
  faultOfCode,
  type LocalDate,
  ownerOn,
  type Person,
  type PersonStints,
  type Project,
  ProjectBook,
  type ProjectRule,
  projectOfCode,
  readProjectRules,
  resolveProject,
  type Service,
  type ServiceTimeline,
  type SubAccount,
  stintsByPerson,
  subAccountName,
} from '@spillway/core'
import { loadConfiguration } from '../../catalog/configuration.ts'
import { readWholeDirectory } from '../../stages/import/live-directory.ts'
import { loadSubAccounts } from '../../sub-accounts/load-sub-accounts.ts'
import { fromDirectoryRow } from '../../warehouse/fact-rows.ts'
import { liveDocuments, liveDocumentsCte } from '../../warehouse/live-documents.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import type { AccountFacts } from '../calls/account-facts.ts'
import type { Call } from './read-calls.ts'

type Known = {
  readonly accounts: AccountFacts
  readonly projects: ProjectBook
  readonly people: ReadonlyArray<Person>
  readonly timelines: ReadonlyMap<string, ServiceTimeline>
  readonly subAccounts: ReadonlyMap<string, SubAccount>
  readonly rules: ReadonlyArray<ProjectRule>
}

export class CallOwners {
  readonly projects: ProjectBook
  readonly #known: Known
  readonly #stints: PersonStints
  readonly #names: ReadonlyMap<string, string>

  constructor(known: Known) {
    this.#known = known
    this.projects = known.projects
    this.#stints = stintsByPerson(known.people)
    this.#names = new Map(known.people.map(({ employee, name }) => [employee, name]))
  }

  /** '' where nobody of this number is known. */
  nameOf(person: string): string {
    return this.#names.get(person) ?? ''
  }

  partsOf(call: Call): ReadonlyArray<CallPart> {
    const { account, service, source, people, peers, startedOn: on } = call
    const { timelines, rules } = this.#known
    const span = timelines.get(service)?.spans.find(({ start, end }) => start <= on && on < end)
    return resolveProject({
      codeProject: projectOfCode(this.#dialled(call)),
      owner: this.#ownerOf(call),
      pieces: span?.pieces ?? [],
      rules,
      call: { account, service, source, participants: people, peers, on },
    })
  }

  /** The days on which it may become somebody else's, where no rule decides and no code is dialled; in no order, some perhaps twice. */
  changeDays({ account, service }: Pick<Call, 'account' | 'service'>): ReadonlyArray<LocalDate> {
    const owners = this.#known.subAccounts.get(subAccountName({ account, userId: service }))?.owners ?? []
    const stints = owners.flatMap(({ owner }) => (owner.kind === 'person' ? (this.#stints.get(owner.id) ?? []) : []))
    const spans = [...(this.#known.timelines.get(service)?.spans ?? []), ...stints]
    const ofOwners = owners.flatMap(({ from, until }) => [from, until]).filter((day) => day !== null)
    return [...spans.flatMap(({ start, end }) => [start, end]), ...ofOwners] as LocalDate[]
  }

  /** What is wrong with the code that was dialled for the call, or was not. */
  faultOf(call: Call): CodeFault | null {
    return faultOfCode(this.#dialled(call))
  }

  #dialled({ account, code, startedOn }: Call) {
    const rules: AccountCodes | null = this.#known.accounts.codesOf(account)
    return { code, rules, isProject: (id: string) => this.projects.projectOn(id, startedOn) !== null }
  }

  #ownerOf({ account, service, startedOn }: Call): CallOwner | null {
    const subAccount = this.#known.subAccounts.get(subAccountName({ account, userId: service }))
    const owner = subAccount ? ownerOn(subAccount, startedOn) : null
    if (owner === null) return null
    const nobody = { person: '', costCentre: '', project: '' }
    if (owner.kind === 'project') return { ...nobody, project: owner.id }
    if (owner.kind === 'cost-centre') return { ...nobody, costCentre: owner.id }
    // A client has people and projects of its own; which one a call was for it does not say.
    if (owner.kind === 'client') return nobody
    return { ...nobody, person: owner.id, costCentre: this.#costCentreOf(owner.id, startedOn) }
  }

  #costCentreOf(person: string, on: LocalDate): string {
    return this.#stints.get(person)?.find(({ start, end }) => start <= on && on < end)?.costCentre ?? ''
  }
}

/** All that there are and were. */
export async function readProjects(workspace: Workspace): Promise<ProjectBook> {
  return new ProjectBook((await readWholeDirectory(workspace, 'project', new Map())) as Project[])
}

/** Of the services in `call` of the scratch database. */
export async function readCallOwners(
  workspace: Workspace,
  { scratch, accounts }: { scratch: string; accounts: AccountFacts },
): Promise<CallOwners> {
  const projects = await readProjects(workspace)
  const documents = await liveDocuments(workspace)
  // One row per row of the inventory of a service that somebody has some day: what nobody has is nobody's without it.
  const rows = await workspace.warehouse.rows(
    `WITH ${liveDocumentsCte(documents)},
       live AS (SELECT * FROM service
         WHERE tenant = $tenant AND doc IN (FROM live_document) AND service IN (SELECT service FROM ${scratch}.call))
     SELECT * FROM live WHERE service IN (SELECT service FROM live WHERE person <> '' OR cost_centre <> '' OR project <> '')
     ORDER BY doc, ordinal`,
    { tenant: workspace.tenant },
  )
  const services = rows.map((row) => fromDirectoryRow('service', row) as Service)
  const subAccounts = await loadSubAccounts(workspace)
  const people = await readPeople(workspace, documents, peopleOf(services, subAccounts.values()))
  const { timelines } = buildTimelines({ services, people })
  const rules = readProjectRules((await loadConfiguration(workspace, 'ProjectRule')).map(({ body }) => body))
  const newest = [...people].sort((a, b) => ((a.from ?? '') < (b.from ?? '') ? -1 : 1))
  return new CallOwners({
    accounts,
    projects,
    people: newest,
    timelines,
    subAccounts,
    rules,
  })
}

/** Whoever a call can be of: the people of these services and the owners of sub-accounts. */
function peopleOf(services: ReadonlyArray<Service>, subAccounts: Iterable<SubAccount>): ReadonlySet<string> {
  const found = new Set(services.map(({ person }) => person))
  for (const { owners } of subAccounts) for (const { owner } of owners) if (owner.kind === 'person') found.add(owner.id)
  found.delete('')
  return found
}

/** Every row of these people, in the order of document and file. */
async function readPeople(
  { warehouse, tenant }: Workspace,
  documents: Awaited<ReturnType<typeof liveDocuments>>,
  wanted: ReadonlySet<string>,
): Promise<Person[]> {
  const rows = await warehouse.rows(
    `WITH ${liveDocumentsCte(documents)} SELECT * FROM person
     WHERE tenant = $tenant AND doc IN (FROM live_document) AND employee IN (SELECT unnest(string_split($wanted, chr(30))))
     ORDER BY doc, ordinal`,
    { tenant, wanted: [...wanted].join('\u001e') },
  )
  return rows.map((row) => fromDirectoryRow('person', row) as Person)
}
