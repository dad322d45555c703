// Proves that the stored results of a run are what its inputs give: computed again beside them, and compared row by row.
import { outputsOf } from '../../catalog/run-record.ts'
import type { RunTable } from '../../catalog/tables.ts'
import { RESULT_VIEWS, type ResultTable, type ResultView, viewColumns } from '../../warehouse/result-tables.ts'
import type { Cell, Row } from '../../warehouse/warehouse.ts'
import type { PeriodScope } from '../allocate/period-scope.ts'
import { computePeriod } from '../compute-period.ts'
import { computedColumns } from '../computed-columns.ts'
import { proveRating } from '../rate/stored-rating.ts'
import { digestOutputs, digestTextOutputs, isOfTexts, RESULT_TABLE_NAMES } from '../result-digests.ts'
import { rowsByName } from '../run-rows.ts'
import { type CheckFailure, FAILURES_MAX } from './check-failure.ts'
import { failedChecks } from './result-checks.ts'

type Shown = ResultView | 'run_problem'

/** What names a row of each result. */
const KEYS: Readonly<Record<Shown, ReadonlyArray<string>>> = {
  allocation: ['pool', 'segment_start_on', 'component', 'currency', 'service', 'flags'],
  carried: viewColumns('carried').filter((column) => !column.endsWith('_minor')),
  used: viewColumns('used').filter((column) => column !== 'quantity_base'),
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
  const outputs = outputsOf(run)
  const { tables, totals } = outputs
  // Numbers that are the same have the same names; where they differ, or version 1 stored none, the names are compared.
  if (isOfTexts(outputs) || (await differ(scope, run.id)))
    for (const shown of [...RESULT_VIEWS, 'run_problem'] as const)
      failures.push(...(await differingRows(scope, { shown, run: run.id })))
  const digest = isOfTexts(outputs) ? digestTextOutputs : digestOutputs
  const found = await digest(warehouse, { tenant, run: run.id })
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
  for (const { question, rows } of await failedChecks(scope, {
    ...{ run: run.id, rowsMax: FAILURES_MAX, rowsOf: isOfTexts(outputs) ? null : rowsByName({ tenant, run: run.id }) },
  }))
    failures.push(...rows.map(({ row_key, expected, found }) => ({ what: question, row: row_key, expected, found })))
  if (scope.rating) failures.push(...(await proveRating(scope, { run: run.id, told: outputs.rated })))
  return failures
}

/** Whether any stored table has other rows than the computation gives. */
async function differ(scope: PeriodScope, run: string): Promise<boolean> {
  for (const table of RESULT_TABLE_NAMES) {
    const sides = sidesOf(scope, table, computedColumns(table))
    if (await haveOtherRows(scope, { ...sides, run })) return true
  }
  return false
}

type Sides = { readonly list: string; readonly stored: string; readonly again: string }

function sidesOf({ scratch }: PeriodScope, table: ResultTable | ResultView, columns: ReadonlyArray<string>): Sides {
  const list = columns.join(', ')
  return {
    list,
    stored: `SELECT ${list} FROM ${table} WHERE tenant = $tenant AND run = $run`,
    again: `SELECT ${list} FROM ${scratch}.${table}`,
  }
}

/** Equal rows have equal hashes: where every hash counts the same on both sides, no row is laid beside another. */
async function haveOtherRows(
  { warehouse, tenant }: PeriodScope,
  { list, stored, again, run }: Sides & { readonly run: string },
): Promise<boolean> {
  const counted = (rows: string, step: number) => `SELECT hash(${list}) AS row_hash, ${step} AS step FROM (${rows})`
  const suspicious = await warehouse.rows(
    `SELECT 1 FROM (${counted(stored, 1)} UNION ALL ${counted(again, -1)}) GROUP BY row_hash HAVING sum(step) <> 0 LIMIT 1`,
    { tenant, run },
  )
  return suspicious.length > 0
}

/** Stored rows that the computation does not give, and the other way round; laid side by side by their keys. */
async function differingRows(
  scope: PeriodScope,
  { shown, run }: { readonly shown: Shown; readonly run: string },
): Promise<CheckFailure[]> {
  const { warehouse, tenant } = scope
  const columns = shown === 'run_problem' ? computedColumns(shown) : viewColumns(shown)
  const sides = sidesOf(scope, shown, columns)
  const { stored, again } = sides
  const only = (left: string, right: string) =>
    warehouse.rows(`SELECT * FROM (${left} EXCEPT ALL ${right}) ORDER BY ALL LIMIT ${FAILURES_MAX}`, { tenant, run })
  if (!(await haveOtherRows(scope, { ...sides, run }))) return []
  const found = await only(stored, again)
  const expected = await only(again, stored)
  const keyOf = (row: Row) => KEYS[shown].map((column) => String(row[column])).join(' / ')
  const missing = new Map(expected.map((row) => [keyOf(row), row]))
  const failures: CheckFailure[] = []
  for (const row of found) {
    const key = keyOf(row)
    const right = missing.get(key)
    missing.delete(key)
    const name = `${shown} ${key}`
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
      row: `${shown} ${key}`,
      expected: textOf(row),
      found: 'no row',
    })
  return failures
}

function textOf(row: Row): string {
  return JSON.stringify(row, (_, cell: Cell) => (typeof cell === 'bigint' ? cell.toString() : cell))
}
