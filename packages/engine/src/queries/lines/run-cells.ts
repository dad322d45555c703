// The rows of `carried` by the numbers that tell apart what was billed together: a cell is a bill, a kind of charge and a
// service, and every line of a bill is in one. Whoever carries a part of a cell is one row of it.
import { ALLOCATION_FLAGS } from '@spillway/core'
import type { RunTable } from '../../catalog/tables.ts'
import { flagBit, isNumbered, type ResultTable, storedTable } from '../../warehouse/result-tables.ts'
import { literal } from '../../warehouse/sql-literal.ts'
import type { RowScope, ScopedWorkspace } from '../../workspace/scope.ts'
import { amongSql, conditionOf } from '../filter/report-filter.ts'
import type { RowFilter } from '../filter/row-filter.ts'
import { numberedRun } from '../numbered-run.ts'

export const CELL = 'bill_no, sort_no, service_no'
export const PART = `${CELL}, owner_no, name_no, flags_no`

/** The name behind each number, in a relation of its own. */
const NAMES = {
  line_bill: { from: 'run_bill', number: 'bill_no', columns: ['vendor', 'account', 'invoice'] },
  line_kind: { from: 'run_charge_kind', number: 'sort_no', columns: ['currency', 'category', 'usage_type'] },
  line_service: { from: 'run_service', number: 'service_no', columns: ['service'] },
  line_owner: { from: 'run_owner', number: 'owner_no', columns: ['person', 'cost_centre', 'project'] },
  line_component: { from: 'run_component', number: 'name_no', columns: ['pool', 'component'] },
  line_flags: { from: '', number: 'flags_no', columns: ['flag'] },
} as const
export const NAME_RELATIONS = Object.keys(NAMES) as ReadonlyArray<keyof typeof NAMES>
export const numberOf = (relation: keyof typeof NAMES) => NAMES[relation].number
const columnsOf = (relation: keyof typeof NAMES): ReadonlyArray<string> => NAMES[relation].columns

/** What is retained stays; so does what is as large in both views. Of a part `p` and its component `c`. */
export const STAYS = `(c.component = '' OR p.actual_minor = p.adjusted_minor)`
/** What comes back of a component to who carries the part. */
export const SHARE_SQL = `(CASE WHEN ${STAYS} THEN p.adjusted_minor - p.actual_minor ELSE p.adjusted_minor END)`

/** Whether SHARE_SQL of a part `p` is not 0, without its component: by the numbers of those that are '', of what is retained. */
export function hasShareSql(retainedNos: ReadonlyArray<number>): string {
  const isRetained = `p.name_no IN (${retainedNos.length === 0 ? 'NULL' : retainedNos.join(', ')})`
  return `p.actual_minor <> p.adjusted_minor AND (p.adjusted_minor <> 0 OR coalesce(${isRetained}, false))`
}

type CellsOfRun = {
  readonly run: RunTable
  readonly filter: RowFilter
  readonly rows: RowScope | null
  /** The only ones of which anything is shown, by number; null where that is not known. */
  readonly services?: ReadonlyArray<number> | null
}

/**
 * Common table expressions: the relations of NAMES; `every_part` (all of the run), `shown_part` (those that the filter and the
 * scope show) and `cell_part` (every part of a cell of which one is shown). They bind $tenant.
 */
export async function runCells(
  { warehouse, tenant }: Pick<ScopedWorkspace, 'warehouse' | 'tenant'>,
  { run, filter, rows, services = null }: CellsOfRun,
): Promise<string> {
  const ofRun = `tenant = $tenant AND run = ${literal(run.id)}`
  // Runs of version 1 of the warehouse have names in every row: they are numbered here.
  const [old] = await warehouse.rows(`SELECT 1 AS found FROM carried_text WHERE ${ofRun} LIMIT 1`, { tenant })
  const numbered = (await numberedRun({ warehouse, tenant }, run)) ?? { run: run.id, runNo: null }
  const among = services && `service_no IN (${services.length === 0 ? 'NULL' : services.join(', ')})`
  const where = among ? { line_service: among, every_part: among } : {}
  const isFew = among !== null
  return `${old ? textParts(ofRun) : cellsOfNumbers({ ...numbered, where, isFew })}, ${shownParts({ filter, rows })}`
}

/** `shown_part` and `cell_part`. */
export function shownParts({ filter, rows }: Pick<CellsOfRun, 'filter' | 'rows'>): string {
  const isWhole = filter.size === 0 && rows === null
  return isWhole
    ? 'shown_part AS NOT MATERIALIZED (FROM every_part), cell_part AS NOT MATERIALIZED (FROM every_part)'
    : `shown_part AS MATERIALIZED (SELECT p.* FROM every_part AS p ${filterSql(filter)} WHERE ${scopeSql(rows)}),
       cell_part AS MATERIALIZED (SELECT * FROM every_part SEMI JOIN shown_part USING (${CELL}))`
}

const FLAG_SQL = `concat_ws(' ', ${ALLOCATION_FLAGS.map((flag) => `CASE WHEN flags_no & ${flagBit(flag)} <> 0 THEN '${flag}' END`).join(', ')})`

type CellsOf = {
  readonly run: string
  /** null where the run has no rows by numbers. */
  readonly runNo: number | null
  /** Conditions on the columns of a relation; rows of it that do not meet them are none. */
  readonly where?: Readonly<Partial<Record<keyof typeof NAMES | 'every_part', string>>>
  /** Few parts meet the conditions: they are found once, not for each that reads them. */
  readonly isFew?: boolean
  /** Relations of NAMES that whoever asks makes. */
  readonly without?: ReadonlyArray<keyof typeof NAMES>
}

/**
 * The relations of NAMES, and `every_part`, of a run in numbers: asked for by the number of the run, so that of a million services
 * in each of many runs those of others are not looked at.
 */
export function cellsOfNumbers({ run, runNo, where = {}, without = [], isFew = false }: CellsOf): string {
  const rowsOf = (table: ResultTable) =>
    isNumbered(table)
      ? `${storedTable(table)} WHERE ${runNo === null ? 'false' : `run_no = ${runNo}`}`
      : `${table} WHERE tenant = $tenant AND run = ${literal(run)}`
  const names = NAME_RELATIONS.flatMap((relation) => {
    if (relation === 'line_flags' || without.includes(relation)) return []
    const { from, number, columns } = NAMES[relation]
    return [
      `${relation} AS (SELECT ${[number, ...columns].join(', ')} FROM ${rowsOf(from)} AND ${where[relation] ?? 'true'})`,
    ]
  })
  const flags = without.includes('line_flags') ? [] : [flagsOf('every_part')]
  return [
    ...names,
    `every_part AS ${isFew ? '' : 'NOT '}MATERIALIZED (SELECT ${PART}, actual_minor, adjusted_minor FROM ${rowsOf('carried_row')} AND ${where.every_part ?? 'true'})`,
    ...flags,
  ].join(', ')
}

/** `line_flags` of the parts of a relation. */
export function flagsOf(parts: string): string {
  return `line_flags AS (SELECT flags_no, ${FLAG_SQL} AS flag FROM (SELECT DISTINCT flags_no FROM ${parts}))`
}

function textParts(ofRun: string): string {
  const numbers = NAME_RELATIONS.map((relation) => {
    const { number, columns } = NAMES[relation]
    return `(dense_rank() OVER (ORDER BY ${columns.join(', ')}))::INTEGER AS ${number}`
  })
  const names = NAME_RELATIONS.map((relation) => {
    const { number, columns } = NAMES[relation]
    return `${relation} AS (SELECT DISTINCT ${[number, ...columns].join(', ')} FROM text_part)`
  })
  return `text_part AS MATERIALIZED (SELECT *, ${numbers.join(', ')} FROM carried_text WHERE ${ofRun}), ${names.join(', ')},
    every_part AS (SELECT ${PART}, sum(actual_minor)::BIGINT AS actual_minor, sum(adjusted_minor)::BIGINT AS adjusted_minor
      FROM text_part GROUP BY ALL)`
}

function filterSql(filter: RowFilter): string {
  return NAME_RELATIONS.map((relation) => {
    const own = new Map([...filter].filter(([column]) => columnsOf(relation).includes(column)))
    if (own.size === 0) return ''
    return `SEMI JOIN (SELECT ${numberOf(relation)} FROM ${relation} WHERE ${conditionOf(own)}) AS ${relation}_of USING (${numberOf(relation)})`
  }).join('\n')
}

/** As the scope's rule for `carried`: by its cost centre, its person or its account. */
function scopeSql(rows: RowScope | null): string {
  if (rows === null) return 'true'
  const { costCentres, people, accounts } = rows
  return `(p.owner_no IN (SELECT owner_no FROM line_owner WHERE cost_centre ${amongSql(costCentres)} OR person ${amongSql(people)})
    OR p.bill_no IN (SELECT bill_no FROM line_bill WHERE account ${amongSql(accounts)}))`
}
