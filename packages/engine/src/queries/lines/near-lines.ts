// The imported lines of a few services, read where they stand and handed on in the text of a statement: a report on one service asks
// for its lines several times, and each time its name would be compared with that of every line of the month.
import { invariant } from '@spillway/core'
import { hashSql, isPlacedSql, type PlacedBy, type PlacedPart, placesIn } from '../../warehouse/fact-places.ts'
import { literal } from '../../warehouse/sql-literal.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'

/** What is read of a charge, and whether it is text; in the order of billed lines. */
const LINE_COLUMNS = {
  ...{ doc: false, ordinal: false, line: false, vendor: true, account: true, invoice: true, currency: true },
  ...{ category: true, usage_type: true, service: true, product: true, description: true, amount_minor: false },
} as const
const COLUMNS = Object.keys(LINE_COLUMNS) as ReadonlyArray<keyof typeof LINE_COLUMNS>

/** DuckDB passes by all blocks but those of so many rows; more lines would make a long statement besides. */
const LINES_MAX = 50
const BY: PlacedBy = { table: 'charge', column: 'service' }

type LinesOf = {
  /** Those that have any line of the run. */
  readonly documents: ReadonlyArray<number>
  readonly services: ReadonlyArray<string>
}
type Noted = { readonly part: PlacedPart; readonly rows: ReadonlyArray<number> }

/**
 * A query of the columns of billed lines, payments among them, of these services in these documents, perhaps of others too; null
 * where it is not known where they stand, where they stand elsewhere by now, and of many.
 */
export async function nearLinesSql(
  { warehouse, tenant, sums }: Pick<ScopedWorkspace, 'warehouse' | 'tenant' | 'sums'>,
  { documents, services }: LinesOf,
): Promise<string | null> {
  const parts = sums?.places.partsOf(BY, documents)
  if (!parts || services.length === 0 || services.length > LINES_MAX) return null
  const asked = services.map((service) => `(${literal(service)})`).join(', ')
  const hashes = (
    await warehouse.rows<{ hash: number }>(`SELECT ${hashSql('text')} AS hash FROM (VALUES ${asked}) AS asked(text)`)
  ).map(({ hash }) => hash)
  const noted: Noted[] = []
  for (const part of parts) {
    const rows = placesIn(part, hashes, LINES_MAX)
    if (rows === null) return null
    noted.push({ part, rows })
  }
  const places = noted.flatMap(({ rows }) => rows)
  if (places.length > LINES_MAX) return null
  if (places.length === 0) return `SELECT ${COLUMNS.join(', ')} FROM charge LIMIT 0`
  const isOf = noted.map(({ part }, index) => `${isPlacedSql(part, { ...BY, alias: 'c', hashes })} AS part_${index}`)
  const lines = await warehouse.rows<Row>(
    `SELECT c.tenant = $tenant AS is_own, ${[...COLUMNS.map((column) => `c.${column}`), ...isOf].join(', ')} FROM charge AS c
     WHERE c.rowid IN (SELECT unnest([${places.join(', ')}]::BIGINT[]))`,
    { tenant },
  )
  // Documents do not change: as many as were noted are all of them, wherever they stand.
  const moved = noted.filter(({ rows }, index) => lines.filter((line) => line[`part_${index}`]).length !== rows.length)
  for (const { part } of moved) sums?.places.forget(BY, part)
  const own = lines.filter(({ is_own }) => is_own)
  return moved.length > 0 || own.some(endsText) ? null : valuesSql(own)
}

/** A statement is a text that ends with this; a name in a file may have it. */
const END = '\0'
const endsText = (line: Row) => COLUMNS.some((column) => LINE_COLUMNS[column] && String(line[column]).includes(END))

function valuesSql(lines: ReadonlyArray<Row>): string {
  if (lines.length === 0) return `SELECT ${COLUMNS.join(', ')} FROM charge LIMIT 0`
  const cellOf = (line: Row, column: (typeof COLUMNS)[number]) => {
    const value = line[column]
    invariant(value !== null && value !== undefined, 'a charge has all of its columns', { column })
    return LINE_COLUMNS[column] ? literal(String(value)) : String(value)
  }
  const rows = lines.map((line) => `(${COLUMNS.map((column) => cellOf(line, column)).join(', ')})`)
  // Typed as charges are: DuckDB takes a number for the smallest that holds it.
  return `SELECT ${COLUMNS.map((column) => (column === 'amount_minor' ? `${column}::BIGINT AS ${column}` : column)).join(', ')}
    FROM (VALUES ${rows.join(', ')}) AS near_line(${COLUMNS.join(', ')})`
}
