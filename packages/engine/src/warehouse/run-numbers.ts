// The number that stands for a tenant's run in the tables of many rows, and all rows of a run by it. Nobody counts on a number
// outside the run's own statements: readers ask by tenant and run.
import { invariant } from '@spillway/core'
import { isNumberedRated, RATED_TABLES, type RatedTable, storedRatedTable } from './rated-tables.ts'
import { isNumbered, RESULT_TABLES, type ResultTable, storedTable, TEXT_TABLES } from './result-tables.ts'
import type { Warehouse } from './warehouse.ts'

export type RunKey = { readonly tenant: string; readonly run: string }
/** A run and the number in its rows. */
export type NumberedRun = { readonly run: string; readonly runNo: number }

const OF_RUN = 'tenant = $tenant AND run = $run'

/** Gives the run the next number, under which its rows are written. */
export async function giveRunNumber(warehouse: Warehouse, key: RunKey): Promise<NumberedRun> {
  await warehouse.run('INSERT INTO run_number SELECT $tenant, $run, coalesce(max(run_no), 0) + 1 FROM run_number', key)
  const rows = await warehouse.rows<{ run_no: number }>(`SELECT run_no FROM run_number WHERE ${OF_RUN}`, key)
  invariant(rows.length === 1, 'a run has one number', { ...key, numbers: rows.length })
  return { run: key.run, runNo: rows[0]?.run_no as number }
}

/** Deletes every row of a run, of whatever version; its number last, so that what is left of it after a crash is found again. */
export async function deleteRun(warehouse: Warehouse, key: RunKey): Promise<void> {
  const ofNumber = `run_no IN (SELECT run_no FROM run_number WHERE ${OF_RUN})`
  for (const table of Object.keys(RESULT_TABLES) as ResultTable[])
    await warehouse.run(`DELETE FROM ${storedTable(table)} WHERE ${isNumbered(table) ? ofNumber : OF_RUN}`, key)
  for (const table of Object.keys(RATED_TABLES) as RatedTable[])
    await warehouse.run(
      `DELETE FROM ${storedRatedTable(table)} WHERE ${isNumberedRated(table) ? ofNumber : OF_RUN}`,
      key,
    )
  for (const table of [...Object.keys(TEXT_TABLES), 'run_number'])
    await warehouse.run(`DELETE FROM ${table} WHERE ${OF_RUN}`, key)
}
