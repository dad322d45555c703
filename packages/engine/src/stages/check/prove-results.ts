// Proves that the stored results of a run are what its inputs give: computed again beside them, and compared row by row.
import { outputsOf } from '../../catalog/run-record.ts'
import type { RunTable } from '../../catalog/tables.ts'
import type { ResultTable } from '../../warehouse/schema.ts'
import type { Cell, Row } from '../../warehouse/warehouse.ts'
import type { PeriodScope } from '../allocate/period-scope.ts'
import { computePeriod } from '../compute-period.ts'
import { computedColumns, digestOutputs, RESULT_TABLE_NAMES } from '../result-digests.ts'
import { type CheckFailure, FAILURES_MAX } from './check-failure.ts'
import { failedChecks } from './result-checks.ts'

/** What names a row of each result table. */
const KEYS: Readonly<Record<ResultTable, ReadonlyArray<string>>> = {
  allocation: ['pool', 'segment_start_on', 'component', 'currency', 'service', 'flags'],
  carried: [
    'vendor',
    'account',
    'invoice',
    'currency',
    'service',
    'person',
    'cost_centre',
    'project',
    'pool',
    'component',
    'category',
    'usage_type',
    'flag',
  ],
  used: [
    'vendor',
    'account',
    'service',
    'person',
    'cost_centre',
    'project',
    'pool',
    'usage_type',
    'zone',
    'time_band',
    'network',
  ],
  run_problem: ['ordinal'],
}

/** Failures about the results of `run`; `scope` holds what the run pinned and an empty scratch database. */
export async function proveResults(scope: PeriodScope, run: RunTable): Promise<CheckFailure[]> {
  await computePeriod(scope)
  return compareResults(scope, run)
}

/** As `proveResults`, where the period is computed in the scratch database already. */
export async function compareResults(scope: PeriodScope, run: RunTable): Promise<CheckFailure[]> {
  const { warehouse, tenant } = scope
  const failures: CheckFailure[] = []
  for (const table of RESULT_TABLE_NAMES) failures.push(...(await differingRows(scope, { table, run: run.id })))
  const { tables, totals } = outputsOf(run)
  const found = await digestOutputs(warehouse, { tenant, run: run.id })
  for (const [index, { table, rows, digest }] of tables.entries()) {
    const now = found.tables[index]
    if (now?.rows === rows && now.digest === digest) continue
    failures.push({
      what: 'the digest of a result table',
      row: `${table} of ${run.id}`,
      expected: `${rows} rows, ${digest}`,
      found: `${now?.rows} rows, ${now?.digest}`,
    })
  }
  if (JSON.stringify(totals) !== JSON.stringify(found.totals))
    failures.push({
      what: 'the totals of a run',
      row: `carried of ${run.id}`,
      expected: JSON.stringify(totals),
      found: JSON.stringify(found.totals),
    })
  for (const { question, rows } of await failedChecks(scope, { run: run.id, rowsMax: FAILURES_MAX }))
    failures.push(...rows.map(({ row_key, expected, found }) => ({ what: question, row: row_key, expected, found })))
  return failures
}

/** Stored rows that the computation does not give, and the other way round; laid side by side by their keys. */
async function differingRows(
  { warehouse, tenant, scratch }: PeriodScope,
  { table, run }: { readonly table: ResultTable; readonly run: string },
): Promise<CheckFailure[]> {
  const columns = computedColumns(table)
  const list = columns.join(', ')
  const stored = `SELECT ${list} FROM ${table} WHERE tenant = $tenant AND run = $run`
  const again = `SELECT ${list} FROM ${scratch}.${table}`
  const only = (left: string, right: string) =>
    warehouse.rows(`SELECT * FROM (${left} EXCEPT ALL ${right}) ORDER BY ALL LIMIT ${FAILURES_MAX}`, { tenant, run })
  // Equal rows have equal hashes: where every hash counts the same on both sides, no row is laid beside another.
  const counted = (rows: string, step: number) => `SELECT hash(${list}) AS row_hash, ${step} AS step FROM (${rows})`
  const suspicious = await warehouse.rows(
    `SELECT 1 FROM (${counted(stored, 1)} UNION ALL ${counted(again, -1)}) GROUP BY row_hash HAVING sum(step) <> 0 LIMIT 1`,
    { tenant, run },
  )
  if (suspicious.length === 0) return []
  const found = await only(stored, again)
  const expected = await only(again, stored)
  const keyOf = (row: Row) => KEYS[table].map((column) => String(row[column])).join(' / ')
  const missing = new Map(expected.map((row) => [keyOf(row), row]))
  const failures: CheckFailure[] = []
  for (const row of found) {
    const key = keyOf(row)
    const right = missing.get(key)
    missing.delete(key)
    const name = `${table} ${key}`
    if (!right)
      failures.push({
        what: 'a result row that the inputs do not give',
        row: name,
        expected: 'no row',
        found: textOf(row),
      })
    else
      for (const column of columns)
        if (row[column] !== right[column])
          failures.push({
            what: `${column} of a result row`,
            row: name,
            expected: String(right[column]),
            found: String(row[column]),
          })
  }
  for (const [key, row] of missing)
    failures.push({
      what: 'a result row that is missing',
      row: `${table} ${key}`,
      expected: textOf(row),
      found: 'no row',
    })
  return failures
}

function textOf(row: Row): string {
  return JSON.stringify(row, (_, cell: Cell) => (typeof cell === 'bigint' ? cell.toString() : cell))
}
