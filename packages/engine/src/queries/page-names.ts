// The names of the few keys that a page shows: a query over the names of all would cost more than the figures do.
import { literal } from '../stages/allocate/period-scope.ts'
import type { Row } from '../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { boundParameters } from './bound-parameters.ts'

export type PageNames = {
  readonly rows: ReadonlyArray<Row>
  /** Common table expressions that the names need, without WITH. */
  readonly ctes: string
  /** One row per key: `key, name`. */
  readonly nameSql: string
  /** Bound as $run where the names ask for it. */
  readonly run: string
  /** The name of an empty key. */
  readonly empty: string
}

/** The rows with their `name`. */
export async function withNames(
  { warehouse, tenant }: ScopedWorkspace,
  { rows, ctes, nameSql, run, empty }: PageNames,
): Promise<ReadonlyArray<Row>> {
  const keys = [...new Set(rows.map(({ key }) => String(key)))].filter((key) => key !== '')
  const sql = `WITH ${ctes} SELECT key, name FROM (${nameSql}) AS named WHERE key IN (${keys.map(literal).join(', ')})`
  const parameters = boundParameters(sql, { tenant, run })
  // One row per key that has a name.
  const found = keys.length === 0 ? [] : await warehouse.rows<{ key: string; name: string | null }>(sql, parameters)
  const names = new Map(found.map(({ key, name }) => [key, name ?? '']))
  return rows.map((row) => ({ ...row, name: row.key === '' ? empty : (names.get(String(row.key)) ?? '') }))
}
