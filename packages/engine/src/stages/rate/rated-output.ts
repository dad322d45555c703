// The tables that rating and billing make in the scratch database, as they are stored afterwards without tenant and run.

import { columnsOf } from '../../warehouse/fact-columns.ts'
import { computedRatedViewSql, RATED_TABLES, RATED_VIEWS, type RatedTable } from '../../warehouse/rated-tables.ts'
import type { RowWriter } from '../../warehouse/warehouse.ts'
import type { PeriodScope } from '../allocate/period-scope.ts'

type Place = Pick<PeriodScope, 'warehouse' | 'scratch'>

/** Makes the table and a writer of it, whose rows have the columns of the table in its order. */
export async function makeRatedTable({ warehouse, scratch }: Place, table: RatedTable): Promise<RowWriter> {
  const columns = columnsOf(table).filter((column) => column !== 'tenant' && column !== 'run')
  const definition = RATED_TABLES[table].replace(/^\s*tenant[^,]*,\s*run[^,]*,/, '')
  await warehouse.run(`CREATE TABLE ${scratch}.${table} (${definition})`)
  return warehouse.writer(table, columns, scratch)
}

/** Shows what was rated with its names, once the tables of its numbers are there. */
export async function showRated({ warehouse, scratch }: Place): Promise<void> {
  for (const view of RATED_VIEWS)
    await warehouse.run(`CREATE VIEW ${scratch}.${view} AS ${computedRatedViewSql(view, scratch)}`)
}
