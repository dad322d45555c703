// Every version that a document of configuration ever had, those among them with which it was deleted: who saved it, when,
// and what it said. Nothing of it changes any more.
import { Refusal, type Report } from '@spillway/core'
import { stringify } from 'yaml'
import { oneBatch, textField } from '../queries/amount-cells.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { findConfigurationVersion } from './configuration.ts'
import type { DocumentName } from './delete-configuration.ts'

export type DocumentVersion = {
  readonly version: number
  /** ISO instant. */
  readonly savedAt: string
  readonly savedBy: string
  /** With this version it went out of force; its body is the one of before. */
  readonly isDeleted: boolean
  readonly isInForce: boolean
}

type Held = Pick<Workspace, 'catalog' | 'tenant'>

/** The newest first. @throws Refusal `not-found` where there never was one. */
export async function documentVersions(
  { catalog, tenant }: Held,
  { kind, name }: DocumentName,
): Promise<ReadonlyArray<DocumentVersion>> {
  const rows = await catalog
    .selectFrom('configuration')
    .select(['version', 'saved_at', 'saved_by', 'deleted'])
    .where('tenant', '=', tenant)
    .where('kind', '=', kind)
    .where('name', '=', name)
    .orderBy('version', 'desc')
    .execute()
  if (rows.length === 0) throw noSuch(`${kind} ${name}`, 'List the documents in force with `spillway export config`.')
  return rows.map(({ version, saved_at, saved_by, deleted }, at) => ({
    version,
    savedAt: saved_at,
    savedBy: saved_by,
    isDeleted: deleted === 1,
    isInForce: at === 0 && deleted === 0,
  }))
}

export type VersionText = Omit<DocumentVersion, 'isInForce'> & {
  readonly body: unknown
  /** As YAML, in the order of its keys as it was written. */
  readonly text: string
}

/** @throws Refusal `not-found`. */
export async function documentVersion(
  held: Held,
  { kind, name, version }: DocumentName & { readonly version: number },
): Promise<VersionText> {
  const row = await findConfigurationVersion(held, { kind, name, version })
  if (!row) throw noSuch(`version ${version} of ${kind} ${name}`, 'List its versions.')
  const body: unknown = JSON.parse(row.body)
  return {
    ...{ version: row.version, savedAt: row.saved_at, savedBy: row.saved_by, isDeleted: row.deleted === 1, body },
    text: stringify(body, { version: '1.2', lineWidth: 120 }),
  }
}

function noSuch(what: string, hint: string): Refusal {
  return new Refusal('not-found', `There is no ${what}.`, { hint })
}

const COLUMNS = [
  { key: 'version', title: 'Version', kind: 'quantity' as const },
  textField('saved_at', 'Saved'),
  textField('saved_by', 'By'),
  textField('state', 'State'),
]

/** One row per version, the newest first. */
export function documentVersionsReport({ kind, name }: DocumentName, versions: ReadonlyArray<DocumentVersion>): Report {
  const stateOf = ({ isDeleted, isInForce }: DocumentVersion) =>
    isInForce ? 'in force' : isDeleted ? 'deleted' : 'earlier'
  return {
    name: 'versions',
    title: `Versions of ${kind} ${name}`,
    columns: COLUMNS,
    rows: oneBatch(versions.map((one) => [String(one.version), one.savedAt, one.savedBy, stateOf(one)])),
  }
}
