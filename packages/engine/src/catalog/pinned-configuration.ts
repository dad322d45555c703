// The versions of configuration that runs read, kept for the runs that were asked about last: a provider's are tens of thousands,
// and a run's never change.
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

/** By tenant, then by the text of what the run read: a text with more before it would be made, and looked through, each time. */
type OfCatalog = Map<string, LastAsked<string, OfRun>>

const keptBy = new WeakMap<Workspace['catalog'], OfCatalog>()

/**
 * Of the kinds that `isRead` chooses, in the order of the run: the same list for the same run and choice, so that what follows from it
 * can be kept beside it.
 *
 * @throws Bug where a pinned version is not there.
 */
export function pinnedConfiguration(
  held: Held,
  run: Pick<RunTable, 'id' | 'inputs'>,
  isRead?: IsRead,
): Promise<Documents> {
  const ofRun = keptOf(held, run.inputs)
  const known = ofRun.get(isRead)
  if (known !== undefined) return known
  const documents = load(held, run, isRead)
  ofRun.set(isRead, documents)
  documents.catch(() => ofRun.delete(isRead))
  return documents
}

function keptOf({ catalog, tenant }: Held, inputs: string): OfRun {
  const tenants: OfCatalog = keptBy.get(catalog) ?? new Map()
  keptBy.set(catalog, tenants)
  const runs = tenants.get(tenant) ?? new LastAsked<string, OfRun>(RUNS_KEPT)
  tenants.set(tenant, runs)
  const known = runs.get(inputs)
  if (known) return known
  const ofRun: OfRun = new Map()
  runs.set(inputs, ofRun)
  return ofRun
}

async function load(held: Held, run: Pick<RunTable, 'id' | 'inputs'>, isRead: IsRead = () => true): Promise<Documents> {
  const pinned = inputsOf(run).configuration.filter(({ kind }) => isRead(kind))
  const found = await loadConfigurationVersions(held, pinned)
  return pinned.map(({ kind, name, version }, at) => {
    const document = found[at]
    invariant(document, 'a pinned version of configuration is kept', { run: run.id, kind, name, version })
    return document
  })
}
