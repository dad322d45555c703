// The first rows of a part, for recognition and previews. Reads no further than it needs.
import type { Table, TableSample } from '@spillway/core'
import type { Part, TableOptions } from './part.ts'

const SAMPLE_ROWS = 20

/** Header and the first rows that can be read; the part can be opened again afterwards. */
export async function sampleTable(part: Part, options: TableOptions = {}): Promise<TableSample> {
  const table = await part.openTable(options)
  return { header: table.header, rows: await firstRows(table) }
}

async function firstRows(table: Table): Promise<ReadonlyArray<ReadonlyArray<string>>> {
  const rows: ReadonlyArray<string>[] = []
  for await (const batch of table.rows) {
    for (const row of batch) {
      if ('cells' in row) rows.push(row.cells)
      if (rows.length === SAMPLE_ROWS) return rows
    }
  }
  return rows
}
