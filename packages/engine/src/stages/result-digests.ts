// What a run wrote, told in a few numbers: rows and a digest per result table, totals per currency. Two runs over the same
// inputs have the same, whatever the order in which their rows were written.
import { compareBytes } from '@spillway/core'
import type { RunOutputs } from '../catalog/run-record.ts'
import { columnsOf } from '../warehouse/fact-columns.ts'
import {
  hasNames,
  RESULT_TABLES,
  RESULT_VIEWS,
  type ResultTable,
  type TextTable,
  viewColumns,
} from '../warehouse/result-tables.ts'
import type { RunKey } from '../warehouse/run-numbers.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'
import { numbersDigest } from './check/mixed-sql.ts'
import { computedColumns } from './computed-columns.ts'
import { type RunRows, rowsByName } from './run-rows.ts'

export const RESULT_TABLE_NAMES = Object.keys(RESULT_TABLES).sort() as ReadonlyArray<ResultTable>

type Totals = RunOutputs['totals']

/** Outputs of a stored run, whose rows `rowsOf` finds; `told`: the tables that were told before. */
export async function digestOutputs(
  warehouse: Warehouse,
  key: RunKey,
  { rowsOf, told }: { readonly rowsOf: RunRows; readonly told: RunOutputs['tables'] } = {
    rowsOf: rowsByName(key),
    told: [],
  },
): Promise<RunOutputs> {
  const others = RESULT_TABLE_NAMES.filter((name) => !told.some(({ table }) => table === name))
  const tables = [...told, ...(await digestTables(warehouse, others, rowsOf))]
  return {
    tables: tables.sort((left, right) => compareBytes(left.table, right.table)),
    totals: await readTotals(warehouse, key, rowsOf),
  }
}

/** In the order of their names. */
export async function digestTables(
  warehouse: Warehouse,
  tables: ReadonlyArray<ResultTable>,
  rowsOf: RunRows,
): Promise<RunOutputs['tables']> {
  const digests = tables.map((table) => {
    const digest = hasNames(table) ? textDigest(columnsOf(table)) : numberDigest(table)
    return digestSql({ name: table, rows: rowsOf(table), digest })
  })
  return readDigests(warehouse, digests)
}

/** Outputs of a run that version 1 of the warehouse stored, as version 1 told them. */
export async function digestTextOutputs(warehouse: Warehouse, key: RunKey): Promise<RunOutputs> {
  const tables: ReadonlyArray<readonly [string, TextTable | 'run_problem']> = [
    ...RESULT_VIEWS.map((view) => [view, `${view}_text`] as const),
    ['run_problem', 'run_problem'],
  ]
  const rowsOf = rowsByName(key)
  const digests = tables.map(([name, table]) =>
    digestSql({ name, rows: rowsOf(table), digest: textDigest(columnsOf(table)) }),
  )
  return { tables: await readDigests(warehouse, digests), totals: await readTotals(warehouse, key, rowsOf) }
}

/** Whether version 1 of the warehouse wrote the run: it told a digest for each of the views. */
export function isOfTexts({ tables }: RunOutputs): boolean {
  return tables.some(({ table }) => table === RESULT_VIEWS[0])
}

/** Whether two runs have the same results, row by row: for runs whose digests are of two kinds. */
export async function haveSameRows(
  warehouse: Warehouse,
  { tenant, runs: [run, other] }: { readonly tenant: string; readonly runs: readonly [string, string] },
): Promise<boolean> {
  const shown = [
    ...RESULT_VIEWS.map((view) => [view, viewColumns(view).filter((column) => column !== 'tenant')] as const),
    ['run_problem', computedColumns('run_problem')] as const,
  ]
  for (const [table, columns] of shown) {
    const rows = (name: string) =>
      `SELECT ${columns.join(', ')} FROM ${table} WHERE tenant = $tenant AND run = $${name}`
    const found = await warehouse.rows(
      `SELECT 1 FROM ((${rows('run')} EXCEPT ALL ${rows('other')}) UNION ALL (${rows('other')} EXCEPT ALL ${rows('run')})) LIMIT 1`,
      { tenant, run, other },
    )
    if (found.length > 0) return false
  }
  return true
}

function digestSql({ name, rows, digest }: Readonly<Record<'name' | 'rows' | 'digest', string>>): string {
  return `SELECT '${name}' AS name, count(*) AS rows, coalesce(sum(${digest}), 0)::VARCHAR AS digest FROM ${rows}`
}

/** 64 bits of MD5 over the texts of the cells. No column of a result is ever NULL, which would leave its cell out. */
function textDigest(columns: ReadonlyArray<string>): string {
  const cells = columns.filter((column) => column !== 'run').map((column) => `${column}::VARCHAR`)
  return `md5_number_lower(concat_ws(chr(31), ${cells.join(', ')}))`
}

function numberDigest(table: ResultTable): string {
  const definition = RESULT_TABLES[table]
  const cells = computedColumns(table)
  return numbersDigest(cells.map((column) => ({ column, isWide: definition.includes(`${column} BIGINT`) })))
}

/** One row per result table. */
async function readDigests(warehouse: Warehouse, digests: ReadonlyArray<string>): Promise<RunOutputs['tables']> {
  const found = await warehouse.rows<{ name: string; rows: bigint; digest: string }>(
    `${digests.join(' UNION ALL ')} ORDER BY name`,
  )
  return found.map(({ name, rows, digest }) => ({ table: name, rows: Number(rows), digest }))
}

/** One row per currency. */
async function readTotals(warehouse: Warehouse, key: RunKey, rowsOf: RunRows): Promise<Totals> {
  return warehouse.rows<Totals[number]>(
    `WITH summed AS (
       SELECT k.currency, sum(r.actual_minor) AS actual_minor, sum(r.adjusted_minor) AS adjusted_minor
       FROM (SELECT sort_no, sum(actual_minor) AS actual_minor, sum(adjusted_minor) AS adjusted_minor
         FROM ${rowsOf('carried_row')} GROUP BY sort_no) AS r
       JOIN run_charge_kind AS k ON k.sort_no = r.sort_no AND k.tenant = $tenant AND k.run = $run GROUP BY k.currency
       UNION ALL
       SELECT currency, sum(actual_minor), sum(adjusted_minor) FROM carried_text
       WHERE tenant = $tenant AND run = $run GROUP BY currency)
     SELECT currency, actual_minor::VARCHAR AS actual_minor, adjusted_minor::VARCHAR AS adjusted_minor FROM summed ORDER BY currency`,
    key,
  )
}
