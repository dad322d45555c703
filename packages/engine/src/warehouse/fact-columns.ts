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

/** What a column adds to the digest of its row: SQL for text. `isOptional`: NULL where the cell is empty, and then nothing. */
export type DigestCell = { readonly column: string; readonly sql: string; readonly isOptional: boolean }

/** Of all columns but `digest` itself, in their order. */
export function digestCells(table: FactTable): DigestCell[] {
  return FACT_TABLES[table]
    .split(',')
    .map((definition) => definition.trim().split(/\s+/))
    .filter(([column]) => column !== 'digest')
    .map(([column = '', type = '', ...constraint]) => {
      if (ADDED_COLUMNS.has(column)) return { column, sql: `'${column}=' || nullif(${column}, '')`, isOptional: true }
      const text = type === 'VARCHAR' ? column : `${column}::VARCHAR`
      return { column, sql: constraint.length > 0 ? text : `coalesce(${text}, '\\N')`, isOptional: false }
    })
}

/** Cells as they stand in what the digest is taken of; those that are NULL are left out. */
export function joinedSql(cells: ReadonlyArray<string>): string {
  return `concat_ws(chr(31), ${cells.join(', ')})`
}

/** 64 bits of MD5 over the cells' texts. */
export function digestOfCellsSql(cells: ReadonlyArray<string>): string {
  return `md5_number_lower(${joinedSql(cells)})`
}

/** SQL for the digest of a row over all columns but `digest` itself. */
export function digestSql(table: FactTable): string {
  return digestOfCellsSql(digestCells(table).map(({ sql }) => sql))
}
