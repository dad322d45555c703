// What a run stores of rating and billing: written from the scratch database, told in digests, checked by statements that
// return no rows, and proved by computing it again.

import { compareBytes } from '@spillway/core'
import type { RunOutputs } from '../../catalog/run-record.ts'
import {
  isNumberedRated,
  isOfNumbers,
  RATED_TABLES,
  RATED_VIEWS,
  type RatedTable,
  type RatedView,
  ratedViewColumns,
  WRITTEN_RATED_TABLES,
} from '../../warehouse/rated-tables.ts'
import type { Warehouse } from '../../warehouse/warehouse.ts'
import { OWN_DOC } from '../allocate/own-bills.ts'
import type { PeriodScope } from '../allocate/period-scope.ts'
import { type CheckFailure, FAILURES_MAX } from '../check/check-failure.ts'
import { numbersDigest } from '../check/mixed-sql.ts'
import { computedColumns } from '../computed-columns.ts'
import { type RunRows, rowsByName } from '../run-rows.ts'
import { USE_FACTOR_SQL } from './kept-use.ts'

/** Those that rating did not store as it went ({@link StoredBeside}). */
export async function writeRating({ warehouse, tenant, scratch }: PeriodScope, run: string): Promise<void> {
  for (const table of WRITTEN_RATED_TABLES) {
    if (isNumberedRated(table)) continue
    const columns = computedColumns(table).join(', ')
    await warehouse.run(
      `INSERT INTO ${table} (tenant, run, ${columns}) SELECT $tenant, $run, ${columns} FROM ${scratch}.${table}`,
      { tenant, run },
    )
  }
}

/** Rows and the sum of the rows' digests, per table in order of names; `told`: those that were told before. */
export async function digestRating(warehouse: Warehouse, rowsOf: RunRows, told: Told): Promise<Told> {
  const others = WRITTEN_RATED_TABLES.filter((name) => !told.some(({ table }) => table === name))
  const all = [...told, ...(await digestTables(warehouse, rowsOf, others))]
  return all.sort((left, right) => compareBytes(left.table, right.table))
}

export type Told = NonNullable<RunOutputs['rated']>

/** Version 3 of the warehouse told digests of what are views now. */
const isView = (name: string): name is RatedView => (RATED_VIEWS as ReadonlyArray<string>).includes(name)

export async function digestTables(
  warehouse: Warehouse,
  rowsOf: RunRows,
  names: ReadonlyArray<RatedTable | RatedView>,
): Promise<Told> {
  const parts = names.map((name) => {
    const table = isView(name) ? (`${name}_text` as const) : name
    return `SELECT '${name}' AS name, count(*) AS rows, coalesce(sum(${rowDigest(table)}), 0)::VARCHAR AS digest
      FROM ${rowsOf(table)}`
  })
  const found = await warehouse.rows<{ name: string; rows: bigint; digest: string }>(
    `${parts.join(' UNION ALL ')} ORDER BY name`,
  )
  return found.map(({ name, rows, digest }) => ({ table: name, rows: Number(rows), digest }))
}

function rowDigest(table: RatedTable): string {
  const columns = computedColumns(table)
  if (!isOfNumbers(table))
    return `md5_number_lower(concat_ws(chr(31), ${columns.map((column) => `${column}::VARCHAR`).join(', ')}))`
  const definition = RATED_TABLES[table]
  return numbersDigest(columns.map((column) => ({ column, isWide: definition.includes(`${column} BIGINT`) })))
}

/** `isOfTexts`: stored by version 3, with its names in every row. */
type StoredAs = { readonly rowsOf: RunRows; readonly isOfTexts: boolean }

type Check = { readonly question: string; readonly sql: string }

const RUN = 'tenant = $tenant AND run = $run'

/** Each row of an answer says which row it is about, and what was expected and found. */
function checksOf(scratch: string, { rowsOf, isOfTexts }: StoredAs): readonly [Check, ...Check[]] {
  // Rows of what is stored, by the numbers of the computation.
  const storedUse = isOfTexts
    ? `SELECT n.service_no, c.class_no, t.quantity_base FROM rated_text AS t
       LEFT JOIN ${scratch}.rated_service AS n ON n.account = t.account AND n.service = t.service
       LEFT JOIN ${scratch}.rated_class AS c ON c.usage_class = t.usage_class WHERE ${RUN}`
    : `SELECT service_no, class_no, quantity_base FROM ${rowsOf('rated_row')}`
  return [
    {
      question: 'Of which service and usage class is drawn and rated not what was used?',
      // One row per account, service and usage class; both sides are summed at once, because a join of their sums costs more.
      sql: `WITH sides AS (SELECT service_no, class_no, base AS used, 0 AS stored FROM ${scratch}.rated_use
            UNION ALL SELECT service_no, class_no, 0, quantity_base FROM (${storedUse})),
          off AS (SELECT service_no, class_no, sum(used) AS used, sum(stored) AS stored FROM sides
            GROUP BY service_no, class_no HAVING sum(used) <> sum(stored))
        SELECT 'rated ' || concat_ws(' / ', n.account, n.service, c.usage_class) AS row_key,
          o.used::VARCHAR AS expected, o.stored::VARCHAR AS found
        FROM off AS o LEFT JOIN ${scratch}.rated_service AS n USING (service_no)
        LEFT JOIN ${scratch}.rated_class AS c USING (class_no)`,
    },
    {
      question: 'Which bill is not the sum of its lines?',
      // One row per bill.
      sql: `WITH lines AS (SELECT number, sum(amount_minor) AS total FROM customer_bill_line WHERE ${RUN} GROUP BY ALL),
          bills AS (SELECT number, sum(total_minor) AS total FROM customer_bill WHERE ${RUN} GROUP BY ALL)
        SELECT 'customer_bill ' || number AS row_key, coalesce(l.total::VARCHAR, 'nothing') AS expected,
          coalesce(b.total::VARCHAR, 'nothing') AS found
        FROM lines AS l FULL JOIN bills AS b USING (number) WHERE l.total IS DISTINCT FROM b.total`,
    },
    {
      question: 'Of which service is the usage on the bills not what was rated?',
      // One row per account, service and currency.
      sql: `WITH rows AS (${billedSql({ rowsOf, isOfTexts })}),
          lines AS (SELECT account, service, currency, sum(amount_minor) AS total FROM customer_bill_line
            WHERE ${RUN} AND kind = 'usage' GROUP BY ALL)
        SELECT 'customer_bill_line ' || concat_ws(' / ', account, service, currency) AS row_key,
          coalesce(r.total::VARCHAR, 'nothing') AS expected, coalesce(l.total::VARCHAR, 'nothing') AS found
        FROM rows AS r FULL JOIN lines AS l USING (account, service, currency) WHERE r.total IS DISTINCT FROM l.total`,
    },
  ]
}

/**
 * What was used and what is rated, each service and class with a factor of its own: exact sums of whole numbers, without a group
 * for each of millions. That errors of several services cancel each other is as
 * likely as that two digests are the same; only where the sums differ is it asked which service it is.
 */
async function sumUsedAndRated(
  { warehouse, scratch }: Pick<PeriodScope, 'warehouse' | 'scratch'>,
  rowsOf: RunRows,
): Promise<UsedAndRated> {
  const sum = (base: string) => `coalesce(sum(${base} * ${USE_FACTOR_SQL}), 0)::HUGEINT`
  const { used, rated, sums } = await warehouse.row<{ used: bigint; rated: bigint; sums: bigint }>(
    `SELECT (SELECT ${sum('base')} FROM ${scratch}.rated_use)
       + (SELECT coalesce(sum(total), 0)::HUGEINT FROM ${scratch}.used_sum) AS used,
       (SELECT ${sum('quantity_base')} FROM ${rowsOf('rated_row')}) AS rated,
       (SELECT count(*) FROM ${scratch}.used_sum) AS sums`,
  )
  return { used, rated, isOfRows: sums === 0n }
}

type UsedAndRated = {
  readonly used: bigint
  readonly rated: bigint
  /** Whether it can be asked which service it is. */
  readonly isOfRows: boolean
}

/** What was rated by account, service and currency: of numbers summed before their names are looked for. */
function billedSql({ rowsOf, isOfTexts }: StoredAs): string {
  if (isOfTexts)
    return `SELECT account, service, currency, sum(amount_minor) AS total FROM rated WHERE ${RUN} GROUP BY ALL`
  return `SELECT s.account, s.service, b.currency, sum(r.total) AS total
    FROM (SELECT service_no, bill_no, sum(amount_minor) AS total FROM ${rowsOf('rated_row')} GROUP BY ALL) AS r
    LEFT JOIN (SELECT service_no, account, service FROM ${rowsOf('rated_service')}) AS s USING (service_no)
    LEFT JOIN (SELECT bill_no, currency FROM rated_bill WHERE ${RUN}) AS b USING (bill_no) GROUP BY ALL`
}

/** Needs the charges of the computation. */
function chargesCheck(scratch: string): Check {
  return {
    question: 'Which bill of ours is not what it adds to the charges of its period?',
    // One row per bill.
    sql: `WITH bills AS (SELECT number, total_minor AS total FROM customer_bill WHERE ${RUN}),
        charges AS (SELECT b.invoice AS number, sum(c.amount_minor) AS total FROM ${scratch}.charge_row AS c
          JOIN ${scratch}.bill AS b USING (bill_no) WHERE c.doc = ${OWN_DOC} GROUP BY ALL)
      SELECT 'customer_bill ' || number AS row_key, coalesce(b.total, 0)::VARCHAR AS expected, coalesce(c.total, 0)::VARCHAR AS found
      FROM bills AS b FULL JOIN charges AS c USING (number) WHERE coalesce(b.total, 0) <> coalesce(c.total, 0)`,
  }
}

type CheckedAs = Partial<StoredAs> & {
  /** false where none were made, so that nothing is asked about them. */
  readonly hasBills?: boolean
}

/** What does not hold of the stored rows; `rated_use` of the computation is in the scratch database. */
export async function failedRatingChecks(
  { warehouse, tenant, scratch, rating }: PeriodScope,
  run: string,
  { rowsOf = rowsByName({ tenant, run }), isOfTexts = false, hasBills = true }: CheckedAs = {},
): Promise<CheckFailure[]> {
  const failures: CheckFailure[] = []
  const [used, ...ofBills] = checksOf(scratch, { rowsOf, isOfTexts })
  const sums = isOfTexts ? null : await sumUsedAndRated({ warehouse, scratch }, rowsOf)
  const isUseEqual = sums !== null && sums.used === sums.rated
  if (sums !== null && !isUseEqual && !sums.isOfRows)
    return [{ what: used.question, row: 'rated, of some service', expected: `${sums.used}`, found: `${sums.rated}` }]
  const ofCharges = rating?.areBillsCharges ? [chargesCheck(scratch)] : []
  const checks = [...(isUseEqual ? [] : [used]), ...(hasBills ? [...ofBills, ...ofCharges] : [])]
  for (const { question, sql } of checks) {
    const rows = await warehouse.rows<{ row_key: string; expected: string; found: string }>(
      `SELECT * FROM (${sql}) ORDER BY ALL LIMIT ${FAILURES_MAX}`,
      sql.includes('$run') ? { tenant, run } : undefined,
    )
    failures.push(...rows.map(({ row_key, expected, found }) => ({ what: question, row: row_key, expected, found })))
  }
  return failures
}

/** Failures about what a run stored; the scratch database has it computed again. */
export async function proveRating(
  scope: PeriodScope,
  { run, told }: { readonly run: string; readonly told: RunOutputs['rated'] },
): Promise<CheckFailure[]> {
  const { warehouse, tenant } = scope
  if (told === undefined) return []
  const failures: CheckFailure[] = []
  const names = told.map(({ table }) => table as RatedTable | RatedView)
  for (const table of names) failures.push(...(await differingRows(scope, { table, run })))
  const found = await digestTables(warehouse, rowsByName({ tenant, run }), names)
  for (const [index, { table, rows, digest }] of told.entries()) {
    const now = found[index]
    if (now?.rows === rows && now.digest === digest) continue
    const [expected, other] = [`${rows} rows, ${digest}`, `${now?.rows} rows, ${now?.digest}`]
    failures.push({ what: 'the digest of a result table', row: `${table} of ${run}`, expected, found: other })
  }
  return [...failures, ...(await failedRatingChecks(scope, run, { isOfTexts: names.some(isView) }))]
}

/** Rows as text, so that the whole of each stands in its failure. */
async function differingRows(
  { warehouse, tenant, scratch }: PeriodScope,
  { table, run }: { readonly table: RatedTable | RatedView; readonly run: string },
): Promise<CheckFailure[]> {
  const columns = isView(table) ? ratedViewColumns(table) : computedColumns(table)
  const row = `concat_ws(' / ', ${columns.map((column) => `${column}::VARCHAR`).join(', ')}) AS row_text`
  const stored = `SELECT ${row} FROM ${table} WHERE ${RUN}`
  const again = `SELECT ${row} FROM ${scratch}.${table}`
  const only = (left: string, right: string) =>
    warehouse.rows<{ row_text: string }>(
      `SELECT * FROM (${left} EXCEPT ALL ${right}) ORDER BY ALL LIMIT ${FAILURES_MAX}`,
      { tenant, run },
    )
  const added = (await only(stored, again)).map(({ row_text }) => ({
    what: 'a result row that the inputs do not give',
    row: `${table} ${row_text}`,
    expected: 'no row',
    found: row_text,
  }))
  const missing = (await only(again, stored)).map(({ row_text }) => ({
    what: 'a result row that is missing',
    row: `${table} ${row_text}`,
    expected: row_text,
    found: 'no row',
  }))
  return [...added, ...missing]
}
