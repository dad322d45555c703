// A table and its rows in memory, for tests of what an importer makes of them; files are for intake to open.
import type { Importer, ReadRow, Table } from '@spillway/core'

/** Lines count from 1, the header's. */
export function tableOf(header: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): Table {
  const batch = rows.map((cells, index) => ({ line: index + 2, cells, raw: cells.join('\t') }))
  return { header, headerLine: 1, sheet: '', problems: [], rows: batchesOf([batch]) }
}

async function* batchesOf<T>(batches: ReadonlyArray<T>): AsyncGenerator<T> {
  yield* batches
}

export async function readAll(importer: Importer, table: Table, source = ''): Promise<ReadonlyArray<ReadRow>> {
  const rows: ReadRow[] = []
  for await (const batch of importer.read(table, { fileName: 'test.txt', member: '', source })) rows.push(...batch)
  return rows
}
