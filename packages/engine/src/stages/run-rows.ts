// The rows of one run as SQL: by its name, as everybody reads them, and while it is written by its number, which costs no
// look at a text in a million rows.
import { isNumbered, type ResultTable, storedTable, type TextTable } from '../warehouse/result-tables.ts'
import type { NumberedRun, RunKey } from '../warehouse/run-numbers.ts'
import { literal } from './allocate/period-scope.ts'

/** What stands behind FROM; columns are those of the table. Binds nothing. */
export type RunRows = (table: ResultTable | TextTable) => string

export function rowsByName({ tenant, run }: RunKey): RunRows {
  return (table) => `(FROM ${table} WHERE tenant = ${literal(tenant)} AND run = ${literal(run)})`
}

export function rowsByNumber(tenant: string, { run, runNo }: NumberedRun): RunRows {
  const byName = rowsByName({ tenant, run })
  return (table) =>
    isNumbered(table as ResultTable)
      ? `(SELECT ${literal(tenant)} AS tenant, ${literal(run)} AS run, * EXCLUDE (run_no)
          FROM ${storedTable(table as ResultTable)} WHERE run_no = ${runNo})`
      : byName(table)
}
