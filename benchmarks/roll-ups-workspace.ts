// A workspace with 13 closed months of one company: the newest is closed as any other, and its rows are copied to the twelve
// months before with other amounts, because what is measured is reading, and twelve more closes would store rows of the same
// shape. Same size, same rows, on every machine.
import { closePeriod, openWorkspace, periodNamed, type Workspace } from '@spillway/engine'
import { buildBenchmarkWorkspace, type Size } from './build-workspace.ts'

export const NEWEST = '2026-10'
export const ACTOR = { who: 'bench', now: () => new Date('2026-11-02T00:00:00Z'), codeVersion: 'bench' }

/** Twelve names before the newest month, newest first. */
export const EARLIER: ReadonlyArray<string> = Array.from({ length: 12 }, (_, index) => {
  const month = 2026 * 12 + 9 - (index + 1)
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`
})

/** Makes it in an empty folder and closes it. */
export async function buildThirteenMonths(directory: string, size: Size): Promise<void> {
  const built = await buildBenchmarkWorkspace(directory, size)
  await built.close()
  const workspace = await openWorkspace(directory, { access: 'write', actor: ACTOR, holder: 'bench' })
  const { run } = await closePeriod(workspace, { period: periodNamed(NEWEST) })
  for (const [index, month] of EARLIER.entries()) await copyRun(workspace, { run, month, index })
  await workspace.warehouse.run('CHECKPOINT')
  await workspace.close()
}

async function copyRun(
  { catalog, warehouse, tenant }: Workspace,
  { run, month, index }: { readonly run: string; readonly month: string; readonly index: number },
): Promise<void> {
  const copy = `${month}.1`
  const of = { tenant, run }
  await warehouse.run('INSERT INTO run_number SELECT $tenant, $run, coalesce(max(run_no), 0) + 1 FROM run_number', {
    tenant,
    run: copy,
  })
  const numberOf = (name: string) => `(SELECT run_no FROM run_number WHERE tenant = '${tenant}' AND run = '${name}')`
  const tables = await warehouse.rows<{ table_name: string; key: string }>(
    `SELECT table_name, min(column_name) AS key FROM duckdb_tables() JOIN duckdb_columns() USING (table_name)
     WHERE column_name IN ('run', 'run_no') AND table_name <> 'run_number' GROUP BY table_name ORDER BY table_name`,
  )
  for (const { table_name: table, key } of tables) {
    // Both views by the same amount, so that they go on to come to the same.
    const extra = `(service_no * ${index + 3} % 97)`
    const changed =
      table === 'carried_row_stored'
        ? `, actual_minor + ${extra} AS actual_minor, adjusted_minor + ${extra} AS adjusted_minor`
        : ''
    const [replaced, where] =
      key === 'run'
        ? [`'${copy}' AS run`, 'tenant = $tenant AND run = $run']
        : [`${numberOf(copy)} AS run_no`, `run_no = ${numberOf(run)}`]
    await warehouse.run(
      `INSERT INTO ${table} BY NAME SELECT * REPLACE (${replaced}${changed}) FROM ${table} WHERE ${where}`,
      ...(key === 'run' ? [of] : []),
    )
  }
  const row = await catalog.selectFrom('run').selectAll().where('id', '=', run).executeTakeFirstOrThrow()
  await catalog
    .insertInto('run')
    .values({ ...row, id: copy, period: month, closed_at: `${month}-28T00:00:00.000Z` })
    .execute()
}
