// What of a result table a computation fills, and what its digest covers.
import { columnsOf } from '../warehouse/fact-columns.ts'
import type { RatedTable } from '../warehouse/rated-tables.ts'
import type { ResultTable } from '../warehouse/result-tables.ts'

/** The columns that the computation makes: all but tenant and run. */
export function computedColumns(table: ResultTable | RatedTable): string[] {
  return columnsOf(table).filter((column) => column !== 'tenant' && column !== 'run')
}
