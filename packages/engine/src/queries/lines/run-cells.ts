// The rows of `carried` by the numbers that tell apart what was billed together: a cell is a bill, a kind of charge and a
// service, and every line of a bill is in one. Whoever carries a part of a cell is one row of it.
import { ALLOCATION_FLAGS } from '@spillway/core'
import type { RunTable } from '../../catalog/tables.ts'
import { literal } from '../../stages/allocate/period-scope.ts'
import { flagBit, isNumbered, type ResultTable, storedTable } from '../../warehouse/result-tables.ts'
import type { RowScope, ScopedWorkspace } from '../../workspace/scope.ts'
import { amongSql, conditionOf, type RowFilter } from '../filter/report-filter.ts'

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

/**
 * Common table expressions: the relations of NAMES; `every_part` (all of the run), `shown_part` (those that the filter and the
 * scope show) and `cell_part` (every part of a cell of which one is shown). They bind $tenant.
 */
export async function runCells(
  { warehouse, tenant }: Pick<ScopedWorkspace, 'warehouse' | 'tenant'>,
  { run, filter, rows }: { readonly run: RunTable; readonly filter: RowFilter; readonly rows: RowScope | null },
): Promise<string> {
  const ofRun = `tenant = $tenant AND run = ${literal(run.id)}`
  // Runs of version 1 of the warehouse have names in every row: they are numbered here.
  const [old] = await warehouse.rows(`SELECT 1 AS found FROM carried_text WHERE ${ofRun} LIMIT 1`, { tenant })
  const every = old ? textParts(ofRun) : numberedParts(await rowsOfRun({ warehouse, tenant }, run))
  const isWhole = filter.size === 0 && rows === null
  const shown = isWhole
    ? 'shown_part AS NOT MATERIALIZED (FROM every_part), cell_part AS NOT MATERIALIZED (FROM every_part)'
    : `shown_part AS MATERIALIZED (SELECT p.* FROM every_part AS p ${filterSql(filter)} WHERE ${scopeSql(rows)}),
       cell_part AS MATERIALIZED (SELECT * FROM every_part SEMI JOIN shown_part USING (${CELL}))`
  return `${every}, ${shown}`
}

const FLAG_SQL = `concat_ws(' ', ${ALLOCATION_FLAGS.map((flag) => `CASE WHEN flags_no & ${flagBit(flag)} <> 0 THEN '${flag}' END`).join(', ')})`

type RowsOf = (table: ResultTable) => string

/** By the number of the run, where rows have it: of a million services in each of many runs, those of others are not looked at. */
async function rowsOfRun(
  { warehouse, tenant }: Pick<ScopedWorkspace, 'warehouse' | 'tenant'>,
  run: RunTable,
): Promise<RowsOf> {
  const ofRun = `tenant = $tenant AND run = ${literal(run.id)}`
  const [numbered] = await warehouse.rows<{ run_no: number }>(`SELECT run_no FROM run_number WHERE ${ofRun}`, {
    tenant,
  })
  return (table) =>
    isNumbered(table)
      ? `${storedTable(table)} WHERE ${numbered === undefined ? 'false' : `run_no = ${numbered.run_no}`}`
      : `${table} WHERE ${ofRun}`
}

function numberedParts(rowsOf: RowsOf): string {
  const names = NAME_RELATIONS.filter((relation) => relation !== 'line_flags').map((relation) => {
    const { from, number, columns } = NAMES[relation]
    return `${relation} AS (SELECT ${[number, ...columns].join(', ')} FROM ${rowsOf(from)})`
  })
  return `${names.join(', ')},
    every_part AS NOT MATERIALIZED (SELECT ${PART}, actual_minor, adjusted_minor FROM ${rowsOf('carried_row')}),
    line_flags AS (SELECT flags_no, ${FLAG_SQL} AS flag FROM (SELECT DISTINCT flags_no FROM every_part))`
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
