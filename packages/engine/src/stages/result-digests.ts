// What a run wrote, told in a few numbers: rows and a digest per result table, totals per currency. Two runs over the same
// inputs have the same, whatever the order in which their rows were written.
import type { RunOutputs } from '../catalog/run-record.ts'
import { columnsOf } from '../warehouse/fact-columns.ts'
import { RESULT_TABLES, type ResultTable } from '../warehouse/schema.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'

export const RESULT_TABLE_NAMES = Object.keys(RESULT_TABLES).sort() as ReadonlyArray<ResultTable>

/** The columns that the computation makes: all but tenant and run. */
export function computedColumns(table: ResultTable): string[] {
  return columnsOf(table).filter((column) => column !== 'tenant' && column !== 'run')
}

/** Outputs of a stored run. */
export async function digestOutputs(
  warehouse: Warehouse,
  { tenant, run }: { readonly tenant: string; readonly run: string },
): Promise<RunOutputs> {
  const digests = RESULT_TABLE_NAMES.map((table) => {
    // No column of a result is ever NULL, which would leave its cell out of the text.
    const cells = columnsOf(table)
      .filter((column) => column !== 'run')
      .map((column) => `${column}::VARCHAR`)
    return `SELECT '${table}' AS name, count(*) AS rows, coalesce(sum(md5_number_lower(concat_ws(chr(31), ${cells.join(', ')}))), 0)::VARCHAR AS digest
      FROM ${table} WHERE tenant = $tenant AND run = $run`
  })
  // One row per result table.
  const found = await warehouse.rows<{ name: ResultTable; rows: bigint; digest: string }>(
    `${digests.join(' UNION ALL ')} ORDER BY name`,
    { tenant, run },
  )
  const tables = found.map(({ name, rows, digest }) => ({ table: name, rows: Number(rows), digest }))
  // One row per currency.
  const totals = await warehouse.rows<RunOutputs['totals'][number]>(
    `SELECT currency, sum(actual_minor)::VARCHAR AS actual_minor, sum(adjusted_minor)::VARCHAR AS adjusted_minor
     FROM carried WHERE tenant = $tenant AND run = $run GROUP BY currency ORDER BY currency`,
    { tenant, run },
  )
  return { tables, totals }
}
