// The services that a filter, a scope and a search leave of a run, where they are few: what is read of the run's lines and of its
// parts is then read of these alone.
import type { RunTable } from '../../catalog/tables.ts'
import type { NumberedRun } from '../../warehouse/run-numbers.ts'
import { literal } from '../../warehouse/sql-literal.ts'
import type { RowScope, ScopedWorkspace } from '../../workspace/scope.ts'
import { boundParameters } from '../bound-parameters.ts'
import type { RowFilter } from '../filter/row-filter.ts'
import { servicePlaces } from '../filter/service-places.ts'
import { cellsOfNumbers, shownParts } from './run-cells.ts'

export type ServiceOfRun = { readonly serviceNo: number; readonly service: string }

type Shown = {
  readonly numbered: NumberedRun
  /** `live_document` and query of billed lines. */
  readonly live: string
  readonly lines: string
  readonly filter: RowFilter
  readonly rows: RowScope | null
  readonly search: string
  /** Texts that rows have beside those of the run and of lines, such as the names of files. */
  readonly others: ReadonlyArray<string>
}

const SERVICES_MAX = 6000

/** Those that a filter names, whatever else it says; null where it names none or many. */
export async function namedServices(
  workspace: Pick<ScopedWorkspace, 'scope' | 'warehouse' | 'tenant' | 'sums'>,
  { run, filter }: { readonly run: Pick<RunTable, 'id'>; readonly filter: RowFilter },
): Promise<ReadonlyArray<ServiceOfRun> | null> {
  const places = await servicePlaces(workspace, { runs: [run.id], filter })
  return places?.map(({ serviceNo, service }) => ({ serviceNo, service })) ?? null
}

/** Of every row that is shown, and perhaps of others; null where they are too many to say. */
export async function fewServices(
  { warehouse, tenant }: Pick<ScopedWorkspace, 'warehouse' | 'tenant'>,
  { numbered, live, lines, filter, rows, search, others }: Shown,
): Promise<ReadonlyArray<ServiceOfRun> | null> {
  const sought = search.toLowerCase()
  if (filter.size === 0 && rows === null && sought === '') return null
  if (sought !== '' && [...ENTRY_WORDS, ...others].some((word) => word.toLowerCase().includes(sought))) return null
  const ctes = `${live}, ${cellsOfNumbers(numbered)}, ${shownParts({ filter, rows })}`
  const found =
    sought === ''
      ? 'SELECT DISTINCT service_no FROM shown_part'
      : `SELECT service_no FROM shown_part WHERE ${foundSql(sought)}
         UNION SELECT service_no FROM line_service SEMI JOIN (FROM (${lines}) WHERE ${hasSql(['product', 'description'], sought)}) USING (service)`
  const sql = `WITH ${ctes}, found AS MATERIALIZED (FROM (${found}) LIMIT ${SERVICES_MAX + 1})
    SELECT service_no, service FROM line_service WHERE service_no IN (FROM found)`
  const services = await warehouse.rows<{ service_no: number; service: string }>(sql, boundParameters(sql, { tenant }))
  if (services.length > SERVICES_MAX) return null
  return services.map(({ service_no: serviceNo, service }) => ({ serviceNo, service }))
}

/** What rows say that is in no table. */
const ENTRY_WORDS = ['charge', 'share', 'divided', 'in proportion']

function hasSql(columns: ReadonlyArray<string>, sought: string): string {
  return `(${columns.map((column) => `contains(lower(${column}), ${literal(sought)})`).join(' OR ')})`
}

function foundSql(sought: string): string {
  const among = (number: string, relation: string, columns: ReadonlyArray<string>) =>
    `${number} IN (SELECT ${number} FROM ${relation} WHERE ${hasSql(columns, sought)})`
  return [
    among('bill_no', 'line_bill', ['vendor', 'account', 'invoice']),
    among('sort_no', 'line_kind', ['category', 'usage_type']),
    among('service_no', 'line_service', ['service']),
    among('owner_no', 'line_owner', ['person', 'cost_centre', 'project']),
    // A share is described by both.
    among('name_no', 'line_component', ['pool', 'component', `concat_ws(' ', 'share of', pool, component)`]),
  ].join(' OR ')
}
