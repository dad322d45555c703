// Rows that are known here, as a relation of a statement: one text that the database cuts, because thousands of literals take a
// statement longer to parse than all else that it does.
import { literal } from '../warehouse/sql-literal.ts'

/** Two at least. A cell of VARCHAR is never null; any other is null where it is ''. */
export type TextRelation = {
  readonly columns: ReadonlyArray<{ readonly name: string; readonly type: string }>
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
}

const [CELL_END, ROW_END] = [31, 30]

/** A SELECT with the columns in their order; rows come in no order. */
export function textRelationSql({ columns, rows }: TextRelation): string {
  const [cellEnd, rowEnd] = [CELL_END, ROW_END].map((code) => String.fromCharCode(code)) as [string, string]
  const hasEnds = rows.some((row) => row.some((cell) => cell.includes(cellEnd) || cell.includes(rowEnd)))
  if (hasEnds) return literalsSql({ columns, rows })
  const text = rows.map((row) => row.join(cellEnd)).join(rowEnd)
  const cells = columns.map(({ name, type }, at) => `${typedSql(`cell[${at + 1}]`, type)} AS ${name}`)
  return `SELECT ${cells.join(', ')}
    FROM (SELECT string_split(unnest(string_split(${literal(text)}, chr(${ROW_END}))), chr(${CELL_END})) AS cell) WHERE len(cell) > 1`
}

/** The same of cells that have the ends of cells and rows in them. */
function literalsSql({ columns, rows }: TextRelation): string {
  const values = rows.map((row) => `(${row.map(literal).join(', ')})`)
  const cells = columns.map(({ name, type }) => `${typedSql(name, type)} AS ${name}`)
  return `SELECT ${cells.join(', ')} FROM (VALUES ${values.join(', ')}) AS text_row(${columns.map(({ name }) => name).join(', ')})`
}

const typedSql = (cell: string, type: string) => (type === 'VARCHAR' ? cell : `nullif(${cell}, '')::${type}`)
