// Cost centres and accounts with all that is below them, as the directory and the documents have it now: what a grant on one of
// them reaches.
import { CATALOGUE_DOCUMENTS } from '@spillway/core'
import { loadConfiguration } from '../catalog/configuration.ts'
import { liveDocuments, liveDocumentsCte } from '../warehouse/live-documents.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'

/** The roots themselves among them, also those that the directory has not; each once, in order. */
export function costCentresBelow(workspace: ScopedWorkspace, roots: ReadonlyArray<string>): Promise<string[]> {
  return keysBelow(workspace, { table: 'cost_centre', roots, written: new Map() })
}

/** As `costCentresBelow`, of accounts; a document counts before a file. */
export async function accountsBelow(workspace: ScopedWorkspace, roots: ReadonlyArray<string>): Promise<string[]> {
  if (roots.length === 0) return []
  const written = new Map<string, string>()
  for (const { body } of await loadConfiguration(workspace, 'Account')) {
    const reading = CATALOGUE_DOCUMENTS.Account.safeParse(body)
    if (reading.success) written.set(reading.data.id, reading.data.parent ?? '')
  }
  return keysBelow(workspace, { table: 'account', roots, written })
}

type Below = {
  readonly table: 'cost_centre' | 'account'
  readonly roots: ReadonlyArray<string>
  /** Parents by key that documents name, whatever files say. */
  readonly written: ReadonlyMap<string, string>
}

async function keysBelow(workspace: ScopedWorkspace, { table, roots, written }: Below): Promise<string[]> {
  if (roots.length === 0) return []
  const documents = await liveDocuments(workspace)
  // One row per key: a later document replaces an earlier one.
  const rows = await workspace.warehouse.rows<{ key: string; parent: string }>(
    `WITH ${liveDocumentsCte(documents)} SELECT DISTINCT ON (${table}) ${table} AS key, parent FROM ${table}
     WHERE tenant = $tenant AND doc IN (FROM live_document) ORDER BY ${table}, doc DESC, ordinal DESC`,
    { tenant: workspace.tenant },
  )
  const children = new Map<string, string[]>()
  const parents = new Map([...rows.map(({ key, parent }) => [key, parent] as const), ...written])
  for (const [key, parent] of parents) if (parent !== '') children.set(parent, [...(children.get(parent) ?? []), key])
  // A set, so that a circle of parents ends.
  const found = new Set(roots)
  for (const key of found) for (const child of children.get(key) ?? []) found.add(child)
  return [...found].sort()
}
