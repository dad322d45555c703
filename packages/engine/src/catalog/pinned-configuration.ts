// The versions of configuration that runs read, kept for the runs that were asked about last: a provider's are tens of thousands,
// and a run's never change. From one month to the next few do: what two runs read alike is read once.
import { invariant } from '@spillway/core'
import type { Workspace } from '../workspace/workspace.ts'
import { type ConfigurationDocument, loadConfigurationVersions } from './configuration.ts'
import { LastAsked } from './last-asked.ts'
import { inputsOf } from './run-record.ts'
import type { RunTable } from './tables.ts'

type Held = Pick<Workspace, 'catalog' | 'tenant' | 'actor'>
type Documents = ReadonlyArray<ConfigurationDocument>
/** One for all kinds, or for each choice of kinds. */
type OfRun = Map<IsRead, Promise<Documents>>
type IsRead = ((kind: string) => boolean) | undefined

const RUNS_KEPT = 3

type Runs = LastAsked<string, OfRun>

/** By tenant, then by the text of what the run read: a text with more before it would be made, and looked through, each time. */
type OfCatalog = Map<string, Runs>

const keptBy = new WeakMap<Workspace['catalog'], OfCatalog>()

/**
 * Of the kinds that `isRead` chooses, in the order of the run: the same list for the same run and choice, and for another run that
 * read the same versions, so that what follows from it can be kept beside it.
 *
 * @throws Bug where a pinned version is not there.
 */
export function pinnedConfiguration(
  held: Held,
  run: Pick<RunTable, 'id' | 'inputs'>,
  isRead?: IsRead,
): Promise<Documents> {
  const runs = runsOf(held)
  const ofRun = keptOf(runs, run.inputs)
  const known = ofRun.get(isRead)
  if (known !== undefined) return known
  const others = [...runs.entries()].flatMap(([, other]) => other.get(isRead) ?? [])
  const documents = load(held, { run, isRead, others })
  ofRun.set(isRead, documents)
  documents.catch(() => ofRun.delete(isRead))
  return documents
}

/** Whether of any run all kinds are kept: then those of another are soon read, and have more beside them. */
export function isWholeKept(held: Held): boolean {
  return [...runsOf(held).entries()].some(([, ofRun]) => ofRun.has(undefined))
}

function runsOf({ catalog, tenant }: Held): Runs {
  const tenants: OfCatalog = keptBy.get(catalog) ?? new Map()
  keptBy.set(catalog, tenants)
  const runs = tenants.get(tenant) ?? new LastAsked<string, OfRun>(RUNS_KEPT)
  tenants.set(tenant, runs)
  return runs
}

function keptOf(runs: Runs, inputs: string): OfRun {
  const known = runs.get(inputs)
  if (known) return known
  const ofRun: OfRun = new Map()
  runs.set(inputs, ofRun)
  return ofRun
}

type LoadOf = {
  readonly run: Pick<RunTable, 'id' | 'inputs'>
  readonly isRead: IsRead
  /** What other runs read, of the same kinds. */
  readonly others: ReadonlyArray<Promise<Documents>>
}

async function load(held: Held, { run, isRead = () => true, others }: LoadOf): Promise<Documents> {
  const pinned = inputsOf(run).configuration.filter(({ kind }) => isRead(kind))
  const lists = (await Promise.allSettled(others)).flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const same = lists.find((list) => areAll(list, pinned))
  if (same !== undefined) return same
  const known = new Map(lists.flat().map((document) => [nameOf(document), document]))
  const missing = pinned.filter((one) => !isVersion(known.get(nameOf(one)), one))
  for (const one of missing) known.delete(nameOf(one))
  for (const document of await loadConfigurationVersions(held, missing))
    if (document !== undefined) known.set(nameOf(document), document)
  return pinned.map((one) => {
    const document = known.get(nameOf(one))
    const { kind, name, version } = one
    invariant(document, 'a pinned version of configuration is kept', { run: run.id, kind, name, version })
    return document
  })
}

type Version = Pick<ConfigurationDocument, 'kind' | 'name' | 'version' | 'digest'>

const nameOf = ({ kind, name, version }: Omit<Version, 'digest'>) => `${kind} ${version} ${name}`

function areAll(documents: Documents, pinned: ReadonlyArray<Version>): boolean {
  return documents.length === pinned.length && pinned.every((one, at) => isVersion(documents[at], one))
}

function isVersion(document: Version | undefined, { kind, name, version, digest }: Version): boolean {
  return document?.name === name && document.version === version && document.kind === kind && document.digest === digest
}
