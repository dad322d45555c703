// The rows of one run as SQL: by its name, as everybody reads them, and while it is written by its number, which costs no
// look at a text in a million rows.
import { isNumberedRated, type RatedTable, storedRatedTable } from '../warehouse/rated-tables.ts'
import { isNumbered, type ResultTable, storedTable, type TextTable } from '../warehouse/result-tables.ts'
import type { NumberedRun, RunKey } from '../warehouse/run-numbers.ts'
import { literal } from '../warehouse/sql-literal.ts'

/** What stands behind FROM; columns are those of the table. Binds nothing. */
export type RunRows = (table: ResultTable | TextTable | RatedTable) => string

export function rowsByName({ tenant, run }: RunKey): RunRows {
  return (table) => `(FROM ${table} WHERE tenant = ${literal(tenant)} AND run = ${literal(run)})`
}

export function rowsByNumber(tenant: string, { run, runNo }: NumberedRun): RunRows {
  const byName = rowsByName({ tenant, run })
  return (table) => {
    const stored = numberedTable(table)
    if (stored === null) return byName(table)
    return `(SELECT ${literal(tenant)} AS tenant, ${literal(run)} AS run, * EXCLUDE (run_no)
      FROM ${stored} WHERE run_no = ${runNo})`
  }
}

/** null for one whose rows have the names of their run. */
function numberedTable(table: ResultTable | TextTable | RatedTable): string | null {
  if (isNumberedRated(table)) return storedRatedTable(table)
  return isNumbered(table as ResultTable) ? storedTable(table as ResultTable) : null
}
