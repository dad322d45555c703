// What needs attention of facts and results, remembered while nothing is changed of what it is made of: the first screen is
// looked at often, and reads millions of rows. Whoever asks is asked for by their scope; nothing is remembered of a catalog
// that is closed.
import type { Attention } from '@spillway/core'
import { sql } from 'kysely'
import { keptRead } from '../../catalog/kept-reads.ts'
import type { Catalog } from '../../catalog/open-catalog.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'

type Remembered = { readonly state: string; readonly found: Map<string, Promise<ReadonlyArray<Attention>>> }

const REMEMBERED = new WeakMap<Catalog, Remembered>()
/** Of so many scopes and months. */
const ENTRIES_MAX = 200

/** What `read` found when the catalog was as it is; one that fails is asked again. */
export async function remembered(
  workspace: ScopedWorkspace,
  { of, read }: { readonly of: string; readonly read: () => Promise<ReadonlyArray<Attention>> },
): Promise<ReadonlyArray<Attention>> {
  const { catalog, tenant, scope } = workspace
  const state = await stateOfFacts(workspace)
  let kept = REMEMBERED.get(catalog)
  if (kept === undefined || kept.state !== state || kept.found.size >= ENTRIES_MAX) {
    kept = { state, found: new Map() }
    REMEMBERED.set(catalog, kept)
  }
  const { found } = kept
  const key = JSON.stringify([tenant, scope.rows, of])
  const known = found.get(key)
  if (known) return known
  const reading = read()
  found.set(key, reading)
  reading.catch(() => found.delete(key))
  return reading
}

/** Another text wherever other documents, runs, configuration or decisions count. */
export function stateOfFacts({ catalog, tenant }: Held): Promise<string> {
  return keptRead(catalog, { question: ['state of facts', tenant] }, () => readState({ catalog, tenant }))
}

type Held = Pick<ScopedWorkspace, 'catalog' | 'tenant'>

async function readState({ catalog, tenant }: Held): Promise<string> {
  const { rows } = await sql`SELECT
    (SELECT json_array(count(*), sum(id), max(id)) FROM document WHERE tenant = ${tenant} AND live = 1) AS documents,
    (SELECT json_group_array(json_array(id, state)) FROM run WHERE tenant = ${tenant}) AS runs,
    (SELECT json_array(count(*), max(rowid), sum(deleted)) FROM configuration WHERE tenant = ${tenant}) AS configuration,
    (SELECT json_group_array(json_array(invoice, currency, difference_minor)) FROM accepted_difference WHERE tenant = ${tenant}) AS accepted,
    (SELECT json_array(count(*), count(voided_at)) FROM bill_issue WHERE tenant = ${tenant}) AS issues`.execute(catalog)
  return JSON.stringify(rows)
}
