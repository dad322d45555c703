// Configuration as documents with a kind, a name and versions. Saving the same content again makes no version.

import { createHash } from 'node:crypto'
import { invariant } from '@spillway/core'
import { sql } from 'kysely'
import type { Workspace } from '../workspace/workspace.ts'
import { type AuditEntry, appendAudits } from './audit.ts'
import { KeptLast } from './kept-last.ts'
import type { ConfigurationTable } from './tables.ts'

export type ConfigurationDocument = {
  readonly kind: string
  readonly name: string
  readonly version: number
  readonly digest: string
  readonly body: unknown
}

type Held = Pick<Workspace, 'catalog' | 'tenant' | 'actor'>

const inForce = new KeptLast<ReadonlyArray<ConfigurationDocument>>()

/**
 * The newest version of every document of a kind (or of all kinds) that is not deleted, ordered by kind and name. The same list for
 * as long as nothing is saved: a provider's documents are tens of thousands, and are asked for with every key that somebody types.
 */
export async function loadConfiguration(held: Held, kind?: string): Promise<ReadonlyArray<ConfigurationDocument>> {
  const { catalog, tenant } = held
  const state = await configurationState(held)
  const all = { name: tenant, state }
  if (kind === undefined) return inForce.get(catalog, all, () => readInForce(held))
  if (inForce.has(catalog, all))
    return (await inForce.get(catalog, all, () => readInForce(held))).filter((document) => document.kind === kind)
  return inForce.get(catalog, { name: `${tenant} ${kind}`, state }, () => readInForce(held, kind))
}

/** Another after every change: a change is a version more. */
export async function configurationState({ catalog }: Pick<Held, 'catalog'>): Promise<string> {
  const row = await catalog
    .selectFrom('configuration')
    .select(sql<number | null>`max(rowid)`.as('last'))
    .executeTakeFirst()
  return String(row?.last)
}

async function readInForce({ catalog, tenant }: Held, kind?: string): Promise<ReadonlyArray<ConfigurationDocument>> {
  const rows = await catalog
    .selectFrom('configuration as c')
    .selectAll()
    .where('tenant', '=', tenant)
    .$if(kind !== undefined, (query) => query.where('kind', '=', String(kind)))
    .where((where) =>
      where('version', '=', (query) =>
        query
          .selectFrom('configuration as newest')
          .select((select) => select.fn.max('newest.version').as('version'))
          .whereRef('newest.tenant', '=', 'c.tenant')
          .whereRef('newest.kind', '=', 'c.kind')
          .whereRef('newest.name', '=', 'c.name'),
      ),
    )
    .orderBy('kind')
    .orderBy('name')
    .execute()
  return rows
    .filter(({ deleted }) => deleted === 0)
    .map(({ kind, name, version, digest, body }) => ({ kind, name, version, digest, body: JSON.parse(body) }))
}

/** One version as it is stored, deleted or not. */
export function findConfigurationVersion(
  { catalog, tenant }: Pick<Held, 'catalog' | 'tenant'>,
  { kind, name, version }: PinnedVersion,
) {
  return catalog
    .selectFrom('configuration')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('kind', '=', kind)
    .where('name', '=', name)
    .where('version', '=', version)
    .executeTakeFirst()
}

/** One pinned version, as a run used it; undefined where there is none. */
export async function loadConfigurationVersion(
  held: Held,
  { kind, name, version }: PinnedVersion,
): Promise<ConfigurationDocument | undefined> {
  const row = await findConfigurationVersion(held, { kind, name, version })
  return row && { kind, name, version, digest: row.digest, body: JSON.parse(row.body) }
}

export type PinnedVersion = Pick<ConfigurationDocument, 'kind' | 'name' | 'version'>

/** Pinned versions in their order, undefined where there is none: one question a kind, however many documents a run used. */
export async function loadConfigurationVersions(
  { catalog, tenant }: Held,
  pinned: ReadonlyArray<PinnedVersion>,
): Promise<(ConfigurationDocument | undefined)[]> {
  const found = new Map<string, ConfigurationDocument>()
  const keyOf = ({ kind, name, version }: PinnedVersion) => JSON.stringify([kind, name, version])
  const wanted = new Set(pinned.map(keyOf))
  for (const kind of new Set(pinned.map((one) => one.kind))) {
    const rows = await catalog
      .selectFrom('configuration')
      .select(['kind', 'name', 'version', 'digest', 'body'])
      .where('tenant', '=', tenant)
      .where('kind', '=', kind)
      .execute()
    for (const row of rows) if (wanted.has(keyOf(row))) found.set(keyOf(row), { ...row, body: JSON.parse(row.body) })
  }
  return pinned.map((one) => found.get(keyOf(one)))
}

export type SavedDocument = {
  readonly kind: string
  readonly name: string
  readonly version: number
  readonly outcome: 'created' | 'changed' | 'unchanged'
}

/** Saves a document as its next version; `unchanged` where it equals the one in force. */
export async function saveConfiguration(
  held: Held,
  document: { kind: string; name: string; body: unknown },
): Promise<{ version: number; outcome: SavedDocument['outcome'] }> {
  const [saved] = await saveConfigurations(held, [document])
  invariant(saved, 'a saved document has a version', { kind: document.kind, name: document.name })
  return { version: saved.version, outcome: saved.outcome }
}

/** Saves all of them or none. */
export async function saveConfigurations(held: Held, documents: ReadonlyArray<NewDocument>): Promise<SavedDocument[]> {
  return held.catalog
    .transaction()
    .execute((transaction) => saveConfigurationsIn({ ...held, catalog: transaction }, documents))
}

export type NewDocument = { readonly kind: string; readonly name: string; readonly body: unknown }

/** The same within a transaction that does more: `catalog` is that transaction. */
export async function saveConfigurationsIn(
  { catalog, tenant, actor }: Held,
  documents: ReadonlyArray<NewDocument>,
): Promise<SavedDocument[]> {
  const saved_at = actor.now().toISOString()
  const newest = await newestOf({ catalog, tenant }, documents)
  const rows: ConfigurationTable[] = []
  const entries: AuditEntry[] = []
  const saved = documents.map(({ kind, name, body }): SavedDocument => {
    const text = JSON.stringify(body)
    const digest = createHash('sha256').update(text).digest('hex')
    const before = newest.get(keyOf({ kind, name }))
    if (before && before.digest === digest && before.deleted === 0)
      return { kind, name, version: before.version, outcome: 'unchanged' }
    const version = before ? before.version + 1 : 1
    rows.push({ tenant, kind, name, version, body: text, digest, deleted: 0, saved_at, saved_by: actor.who })
    // The same document again in the same command follows on what it was made.
    newest.set(keyOf({ kind, name }), { version, digest, deleted: 0, body: text })
    entries.push({
      ...{ tenant, at: saved_at, who: actor.who, action: 'apply', subject: `${kind}/${name}`, details: { version } },
      before: before?.deleted === 0 ? JSON.parse(before.body) : undefined,
      after: body,
    })
    return { kind, name, version, outcome: before ? 'changed' : 'created' }
  })
  for (let start = 0; start < rows.length; start += ROWS_PER_INSERT)
    await catalog
      .insertInto('configuration')
      .values(rows.slice(start, start + ROWS_PER_INSERT))
      .execute()
  await appendAudits(catalog, entries)
  return saved
}

/** SQLite takes 32,766 values in a statement. */
const ROWS_PER_INSERT = 1000
const NAMES_PER_QUESTION = 10_000

type Newest = Pick<ConfigurationTable, 'version' | 'digest' | 'deleted' | 'body'>

const keyOf = ({ kind, name }: Pick<NewDocument, 'kind' | 'name'>) => JSON.stringify([kind, name])

/** The newest version of each, deleted or not; a question a kind, however many there are. */
async function newestOf(
  { catalog, tenant }: Pick<Held, 'catalog' | 'tenant'>,
  documents: ReadonlyArray<NewDocument>,
): Promise<Map<string, Newest>> {
  const found = new Map<string, Newest>()
  for (const kind of new Set(documents.map((one) => one.kind))) {
    const names = [...new Set(documents.flatMap((one) => (one.kind === kind ? [one.name] : [])))]
    for (let start = 0; start < names.length; start += NAMES_PER_QUESTION) {
      const rows = await catalog
        .selectFrom('configuration')
        .select(['name', 'version', 'digest', 'deleted', 'body'])
        .where('tenant', '=', tenant)
        .where('kind', '=', kind)
        .where('name', 'in', names.slice(start, start + NAMES_PER_QUESTION))
        .orderBy('version')
        .execute()
      for (const { name, ...row } of rows) found.set(keyOf({ kind, name }), row)
    }
  }
  return found
}
