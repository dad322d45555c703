// Where a document of configuration is used: the documents that name it, and the services of the inventory that have it. What
// a deletion would refuse is asked as the deletion asks it, so that a screen never offers what would be refused.
import type { Report } from '@spillway/core'
import { type ConfigurationDocument, loadConfiguration } from '../../catalog/configuration.ts'
import { type DocumentName, issuesOfDeletion, requireConfiguration } from '../../catalog/delete-configuration.ts'
import { liveDocuments, liveDocumentsCte } from '../../warehouse/live-documents.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { oneBatch, textField } from '../amount-cells.ts'
import { referencesOf } from './references-of.ts'

export type DocumentUse = DocumentName & {
  /** Where it names the document: `participating[0].product`; '' for the whole of it. */
  readonly path: string
  /** Whether a deletion is refused because of it. */
  readonly isHolding: boolean
}

export type DocumentUses = {
  /** In order of kind, name and path. */
  readonly users: ReadonlyArray<DocumentUse>
  /** Of the inventory, that have the product, the service type or the account; 0 for other kinds. */
  readonly services: number
  readonly canDelete: boolean
}

/** @throws Refusal `not-found`. */
export async function documentUses(workspace: Workspace, document: DocumentName): Promise<DocumentUses> {
  await requireConfiguration(workspace, document)
  const issues = await issuesOfDeletion(workspace, document)
  const holding = new Set(issues.map(keyOf))
  const places = placesBy(await loadConfiguration(workspace)).get(keyOf(document)) ?? []
  const named = places.map((place) => ({ ...place, isHolding: holding.has(keyOf(place)) }))
  const known = new Set(named.map(keyOf))
  const others = new Map(issues.filter((issue) => !known.has(keyOf(issue))).map((issue) => [keyOf(issue), issue]))
  const rest = [...others.values()].map(({ kind, name }) => ({ kind, name, path: '', isHolding: true }))
  return {
    users: [...named, ...rest].sort((a, b) => compare(keyOf(a), keyOf(b))),
    services: await countServices(workspace, document),
    canDelete: issues.length === 0,
  }
}

type NamingPlace = Omit<DocumentUse, 'isHolding'>
/** By the document that is named. */
type PlacesByName = ReadonlyMap<string, ReadonlyArray<NamingPlace>>

/** Made once for a list of documents, which is kept for as long as nothing is saved: a provider's are tens of thousands. */
const placesOf = new WeakMap<ReadonlyArray<ConfigurationDocument>, PlacesByName>()

function placesBy(documents: ReadonlyArray<ConfigurationDocument>): PlacesByName {
  const known = placesOf.get(documents)
  if (known) return known
  const places = new Map<string, NamingPlace[]>()
  for (const user of documents)
    for (const { path, ...named } of referencesOf(user)) {
      const place = { kind: user.kind, name: user.name, path }
      const others = places.get(keyOf(named))
      if (others) others.push(place)
      else places.set(keyOf(named), [place])
    }
  placesOf.set(documents, places)
  return places
}

const keyOf = ({ kind, name }: DocumentName) => `${kind}/${name}`
const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b))

const INVENTORY_COLUMN: Readonly<Record<string, string>> = {
  Account: 'account',
  Product: 'product',
  ServiceType: 'service_type',
}

async function countServices(workspace: Workspace, { kind, name }: DocumentName): Promise<number> {
  const column = INVENTORY_COLUMN[kind]
  if (column === undefined) return 0
  const { count } = await workspace.warehouse.row<{ count: bigint }>(
    `WITH ${liveDocumentsCte(await liveDocuments(workspace))} SELECT count(DISTINCT service) AS count FROM service
     WHERE tenant = $tenant AND doc IN (FROM live_document) AND ${column} = $name`,
    { tenant: workspace.tenant, name },
  )
  return Number(count)
}

const COLUMNS = [
  textField('kind', 'Kind'),
  textField('name', 'Name'),
  textField('path', 'Where'),
  textField('holds', 'Holds'),
]

/** One row per place in a document that names it; `holds` where a deletion is refused for it. */
export function documentUsesReport({ kind, name }: DocumentName, { users }: DocumentUses): Report {
  return {
    name: 'uses',
    title: `Uses of ${kind} ${name}`,
    columns: COLUMNS,
    whenEmpty: `No document names ${kind} ${name}.`,
    rows: oneBatch(users.map((one) => [one.kind, one.name, one.path, one.isHolding ? 'yes' : ''])),
  }
}
