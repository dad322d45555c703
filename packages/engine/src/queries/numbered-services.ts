// What services of a run carry of what a filter leaves, by their numbers, which follow the order of their names: names are looked up
// for the rows of a page alone, and those that a search finds are looked for where names are.
import type { RunTable } from '../catalog/tables.ts'
import { literal } from '../warehouse/sql-literal.ts'
import type { Row } from '../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { boundParameters } from './bound-parameters.ts'
import { wantedNumbers } from './filter/result-rows.ts'
import type { RowFilter } from './filter/row-filter.ts'
import { NAME_OF_EMPTY, NAME_SQL, namesCte } from './names.ts'
import { withServices } from './page-names.ts'
import type { LeanRows } from './sql-report.ts'

export type NumberedServices = {
  readonly run: RunTable
  readonly runNo: number
  /** Not about services. */
  readonly filter: RowFilter
}

/** Rows of `key, currency` and the amounts of `report charges --by service`. */
export function numberedServices(workspace: ScopedWorkspace, { run, runNo, filter }: NumberedServices): LeanRows {
  const conditions = wantedNumbers(filter).map(({ number, sql }) => `${number} IN (${sql})`)
  const rows = `SELECT *, adjusted_minor - actual_minor AS difference_minor FROM (
      SELECT service_no, currency, sum(actual_minor) AS actual_minor, sum(adjusted_minor) AS adjusted_minor
      FROM (SELECT service_no, sort_no, actual_minor, adjusted_minor FROM carried_row_stored
        WHERE ${[`run_no = ${runNo}`, ...conditions].join(' AND ')})
      LEFT JOIN (SELECT sort_no, currency FROM run_charge_kind WHERE tenant = $tenant AND run = $run) USING (sort_no)
      GROUP BY ALL)`
  const fill = (page: ReadonlyArray<Row>) =>
    withServices(workspace, { rows: page, run, runNo, empty: NAME_OF_EMPTY.service })
  return { ctes: '', rows, order: 'service_no, currency', without: ['key', 'name'], fill }
}

/** The filter without what leaves nothing of the run out, as that of the only vendor. */
export async function narrowingFilter(
  { warehouse, tenant, scope, sums }: ScopedWorkspace,
  { run, filter }: Pick<NumberedServices, 'run' | 'filter'>,
): Promise<RowFilter> {
  if (!scope.isWholeTenant || sums?.numberOf(run.id) === undefined) return filter
  const narrowing = new Map(filter)
  for (const { columns, others } of wantedNumbers(filter)) {
    if (columns.includes('service')) continue
    const [other] = await warehouse.rows(others, { tenant, run: run.id })
    if (other === undefined) for (const column of columns) narrowing.delete(column)
  }
  return narrowing
}

/** Those with the text in their name, or in the name of somebody they were assigned to, at most so many; null where they are more. */
export async function foundServices(
  { warehouse, tenant }: ScopedWorkspace,
  { run, runNo, search, most }: Omit<NumberedServices, 'filter'> & { readonly search: string; readonly most: number },
): Promise<ReadonlyArray<number> | null> {
  // Names of several people stand with a comma between them.
  if (search.includes(',')) return null
  const has = (column: string) => `contains(lower(${column}), lower(${literal(search)}))`
  const sql = `WITH ${namesCte(run)},
    found_owner AS (SELECT owner_no FROM run_owner WHERE tenant = $tenant AND run = $run AND person <> ''
      AND person IN (SELECT key FROM (${NAME_SQL.person}) WHERE ${has('name')}))
    SELECT service_no FROM run_service_stored WHERE run_no = ${runNo} AND ${has(`CASE WHEN service = '' THEN ${literal(NAME_OF_EMPTY.service)} ELSE service END`)}
    UNION SELECT service_no FROM carried_row_stored WHERE run_no = ${runNo} AND owner_no IN (FROM found_owner) LIMIT ${most + 1}`
  const found = await warehouse.rows<{ service_no: number }>(sql, boundParameters(sql, { tenant, run: run.id }))
  return found.length > most ? null : found.map((row) => row.service_no)
}
