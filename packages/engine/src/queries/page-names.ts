// The names of the few keys that a page shows: a query over the names of all would cost more than the figures do.
import type { RunTable } from '../catalog/tables.ts'
import type { Row } from '../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { boundParameters } from './bound-parameters.ts'
import { amongSql } from './filter/report-filter.ts'
import { resultRowsSql } from './filter/result-rows.ts'
import { type DIMENSION_COLUMN, NAME_SQL, namesCte } from './names.ts'

export type PageNames = {
  readonly rows: ReadonlyArray<Row>
  readonly by: keyof typeof DIMENSION_COLUMN
  /** Whose directory has the names. */
  readonly run: Pick<RunTable, 'id' | 'inputs'>
  /** The name of an empty key. */
  readonly empty: string
}

/** The rows with their `name`. */
export async function withNames(
  workspace: ScopedWorkspace,
  { rows, by, run, empty }: PageNames,
): Promise<ReadonlyArray<Row>> {
  const keys = [...new Set(rows.map(({ key }) => String(key)))].filter((key) => key !== '')
  const names = await namesOf(workspace, { keys, by, run })
  return rows.map((row) => ({ ...row, name: row.key === '' ? empty : (names.get(String(row.key)) ?? '') }))
}

type NamesOf = Pick<PageNames, 'by' | 'run'> & { readonly keys: ReadonlyArray<string> }

/** By key, of those that have a name. */
export async function namesOf(
  workspace: ScopedWorkspace,
  { keys, by, run }: NamesOf,
): Promise<ReadonlyMap<string, string>> {
  if (keys.length === 0 || (by === 'service' && !(await hasPeople(workspace, run)))) return new Map()
  const nameSql = by === 'service' ? serviceNamesSql(workspace, { run: run.id, keys }) : NAME_SQL[by]
  const sql = `WITH ${namesCte(run)} SELECT key, name FROM (${nameSql}) AS named WHERE key ${amongSql(keys)}`
  // One row per key that has a name.
  const found = await workspace.warehouse.rows<{ key: string; name: string | null }>(
    sql,
    boundParameters(sql, { tenant: workspace.tenant, run: run.id }),
  )
  return new Map(found.map(({ key, name }) => [key, name ?? '']))
}

/** Whether any service of the run was assigned to somebody: a provider's customers are not its people, and none of a million is. */
async function hasPeople({ warehouse, tenant, scope }: ScopedWorkspace, run: Pick<RunTable, 'id'>): Promise<boolean> {
  if (!scope.isWholeTenant || !warehouse.hasNumbers) return true
  const ofRun = "tenant = $tenant AND run = $run AND person <> ''"
  const found = await warehouse.rows(
    `SELECT 1 FROM run_owner WHERE ${ofRun} UNION ALL SELECT 1 FROM carried_text WHERE ${ofRun} LIMIT 1`,
    { tenant, run: run.id },
  )
  return found.length > 0
}

/** As NAME_SQL has it, of these services alone. */
function serviceNamesSql(
  workspace: ScopedWorkspace,
  { run, keys }: { readonly run: string; readonly keys: ReadonlyArray<string> },
): string {
  const filter = new Map([['service', keys]])
  const rows = resultRowsSql(workspace, { view: 'carried', columns: ['service', 'person'], runs: [run], filter })
  return `SELECT service AS key, string_agg(DISTINCT named.name, ', ' ORDER BY named.name) AS name
    FROM (${rows}) AS carried JOIN (${NAME_SQL.person}) AS named ON named.key = carried.person GROUP BY service`
}

export type NumberedServices = {
  /** With `service_no`. */
  readonly rows: ReadonlyArray<Row>
  readonly run: Pick<RunTable, 'id' | 'inputs'>
  readonly runNo: number
  readonly empty: string
}

/** The rows with their service as `key` and its `name`, in place of its number in the run. */
export async function withServices(
  { warehouse, tenant }: ScopedWorkspace,
  { rows, run, runNo, empty }: NumberedServices,
): Promise<ReadonlyArray<Row>> {
  if (rows.length === 0) return rows
  const among = `run_no = ${runNo} AND service_no IN (${rows.map((row) => row.service_no).join(', ')})`
  // One row per service of the page; it is named after the people it was assigned to in the run.
  const sql = `WITH ${namesCte(run)},
    person_name AS (SELECT service_no, string_agg(DISTINCT named.name, ', ' ORDER BY named.name) AS name
      FROM (SELECT DISTINCT service_no, owner_no FROM carried_row_stored WHERE ${among})
      JOIN (SELECT owner_no, person FROM run_owner WHERE tenant = $tenant AND run = $run AND person <> '') USING (owner_no)
      JOIN (${NAME_SQL.person}) AS named ON named.key = person GROUP BY service_no)
    SELECT service_no, service, name FROM (SELECT service_no, service FROM run_service_stored WHERE ${among})
    LEFT JOIN person_name USING (service_no)`
  const found = await warehouse.rows<{ service_no: number; service: string; name: string | null }>(
    sql,
    boundParameters(sql, { tenant, run: run.id }),
  )
  const services = new Map(found.map((one) => [one.service_no, one]))
  return rows.map((row) => {
    const { service = '', name = null } = services.get(row.service_no as number) ?? {}
    return { ...row, key: service, name: service === '' ? empty : (name ?? '') }
  })
}
