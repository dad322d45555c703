// The columns of each table, read from its one definition, and the digest that guards every stored fact row.
import { RATED_TABLES, type RatedTable } from './rated-tables.ts'
import { RESULT_TABLES, type ResultTable, TEXT_TABLES, type TextTable } from './result-tables.ts'
import { ADDED_USAGE_COLUMNS, FACT_TABLES, type FactTable } from './schema.ts'

export function columnsOf(table: FactTable | ResultTable | TextTable | RatedTable): string[] {
  const definition = ({ ...FACT_TABLES, ...RESULT_TABLES, ...TEXT_TABLES, ...RATED_TABLES } as Record<string, string>)[
    table
  ] as string
  return definition.split(',').map((column) => column.trim().split(/\s+/)[0] as string)
}

/** Columns that joined a table later: where they are empty the digest is that of the row as it was stored before. */
const ADDED_COLUMNS: ReadonlySet<string> = new Set(ADDED_USAGE_COLUMNS)

/** SQL for the digest of a row over all columns but `digest` itself: 64 bits of MD5 over the cells' texts. */
export function digestSql(table: FactTable): string {
  const cells = columnsOf(table)
    .filter((column) => column !== 'digest')
    .map((column) =>
      ADDED_COLUMNS.has(column) ? `'${column}=' || nullif(${column}, '')` : `coalesce(${column}::VARCHAR, '\\N')`,
    )
  return `md5_number_lower(concat_ws(chr(31), ${cells.join(', ')}))`
}
