// The tables that rating and billing make in the scratch database, as they are stored afterwards without tenant and run.

import { columnsOf } from '../../warehouse/fact-columns.ts'
import { RATED_TABLES, type RatedTable } from '../../warehouse/rated-tables.ts'
import type { RowWriter } from '../../warehouse/warehouse.ts'
import type { PeriodScope } from '../allocate/period-scope.ts'

/** Makes the table and a writer of it, whose rows have the columns of the table in its order. */
export async function makeRatedTable(
  { warehouse, scratch }: Pick<PeriodScope, 'warehouse' | 'scratch'>,
  table: RatedTable,
): Promise<RowWriter> {
  const columns = columnsOf(table).filter((column) => column !== 'tenant' && column !== 'run')
  const definition = RATED_TABLES[table].replace(/^\s*tenant[^,]*,\s*run[^,]*,/, '')
  await warehouse.run(`CREATE TABLE ${scratch}.${table} (${definition})`)
  return warehouse.writer(table, columns, scratch)
}
