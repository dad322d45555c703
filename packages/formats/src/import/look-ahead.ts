// Looks at the first rows of a table before any is read, where what a row means depends on rows behind it.
import type { Table, TableRow, UnreadableRow } from '@spillway/core'

type Rows = ReadonlyArray<TableRow | UnreadableRow>

/** The first rows, at least `rowsMin` where there are so many, and the same table with all its rows still to come. */
export async function lookAhead(
  table: Table,
  rowsMin: number,
): Promise<{ readonly ahead: ReadonlyArray<TableRow>; readonly table: Table }> {
  const batches = table.rows[Symbol.asyncIterator]()
  const taken: Rows[] = []
  for (let count = 0; count < rowsMin; ) {
    const next = await batches.next()
    if (next.done) break
    taken.push(next.value)
    count += next.value.length
  }
  const rows = async function* (): AsyncGenerator<Rows> {
    try {
      yield* taken
      for (let next = await batches.next(); !next.done; next = await batches.next()) yield next.value
    } finally {
      await batches.return?.()
    }
  }
  const ahead = taken.flat().filter((row): row is TableRow => 'cells' in row)
  return { ahead, table: { ...table, rows: rows() } }
}
