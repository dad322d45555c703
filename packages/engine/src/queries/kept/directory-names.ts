// Names of keys from the directory as a run saw it, from memory where they are kept there. Runs that pinned the same documents have
// the same names.
import { createHash } from 'node:crypto'
import { inputsOf } from '../../catalog/run-record.ts'
import type { RunTable } from '../../catalog/tables.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { amongSql } from '../filter/report-filter.ts'
import { type DIMENSION_COLUMN, NAME_OF_EMPTY, NAME_SQL, namesCte } from '../names.ts'

/** Services have no names of their own. */
export type NamedDimension = Exclude<keyof typeof DIMENSION_COLUMN, 'service'>

export type NamesOf = {
  readonly by: NamedDimension
  readonly run: Pick<RunTable, 'inputs'>
  readonly keys: ReadonlyArray<string>
}

const UNNAMED: ReadonlySet<NamedDimension> = new Set(['vendor', 'category', 'usage-type'])

/** Of these keys, and perhaps of others, those that the directory has. */
export async function directoryNames(
  workspace: ScopedWorkspace,
  { by, run, keys }: NamesOf,
): Promise<ReadonlyMap<string, string>> {
  if (UNNAMED.has(by) || keys.length === 0) return new Map()
  const { documents } = inputsOf(run)
  const place = `${by} ${createHash('sha256').update(JSON.stringify(documents)).digest('base64')}`
  const kept = await workspace.sums?.names.of(place, (most) =>
    readNames(workspace, { by, run, condition: 'true', limit: `LIMIT ${most}` }),
  )
  return kept ?? readNames(workspace, { by, run, condition: `key ${amongSql(keys)}`, limit: '' })
}

/** As reports show them: an empty key has a name too, what has none is ''. */
export async function shownNames(workspace: ScopedWorkspace, of: NamesOf): Promise<(key: string) => string> {
  const names = await directoryNames(workspace, of)
  const empty = NAME_OF_EMPTY[of.by]
  return (key) => (key === '' ? empty : (names.get(key) ?? ''))
}

type Reading = Omit<NamesOf, 'keys'> & { readonly condition: string; readonly limit: string }

async function readNames(
  { warehouse, tenant }: ScopedWorkspace,
  { by, run, condition, limit }: Reading,
): Promise<ReadonlyMap<string, string>> {
  const sql = `WITH ${namesCte(run)} SELECT key, name FROM (${NAME_SQL[by]}) AS named WHERE ${condition} ${limit}`
  // One row per key that has a name.
  const rows = await warehouse.rows<{ key: string; name: string | null }>(sql, { tenant })
  return new Map(rows.map(({ key, name }) => [key, name ?? '']))
}
