// A report as a Parquet file with typed columns, written by DuckDB. It needs no workspace: the rows go through a database of
// their own in a temporary folder, because a column's type is only known after its last cell.

import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Report } from '@spillway/core'
import { ParquetColumn } from './parquet-column.ts'
import { literal } from './sql-literal.ts'
import { Warehouse } from './warehouse.ts'

/** DuckDB's own, beyond which it keeps to the disk. */
const MEMORY_LIMIT = '256MB'
const CHUNK_BYTES = 1024 ** 2

/** The bytes of the file, once it is whole. An empty cell is NULL in a typed or nullable column, else ''. @throws what reading the rows throws. */
export async function* encodeParquet(report: Report): AsyncGenerator<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-parquet-'))
  try {
    const file = join(folder, 'report.parquet')
    const database = await Warehouse.open({
      path: join(folder, 'rows.duckdb'),
      access: 'write',
      memoryLimit: MEMORY_LIMIT,
      spillDirectory: join(folder, 'spill'),
    })
    try {
      await writeFile(database, { report, file })
    } finally {
      await database.close()
    }
    yield* createReadStream(file, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function writeFile(database: Warehouse, { report, file }: { report: Report; file: string }): Promise<void> {
  const { columns, name, title } = report
  const names = columns.map(({ key }) => key)
  // One thread, so that the same rows are cut into the same groups, and only one group is in the making.
  await database.run('SET threads = 1')
  await database.run(`CREATE TABLE report_row (${names.map((key) => `${quoted(key)} VARCHAR`).join(', ')})`)
  const seen = columns.map(({ kind }) => new ParquetColumn(kind))
  const writer = await database.writer('report_row', names)
  for await (const batch of report.rows) {
    for (const row of batch) {
      for (const [index, column] of seen.entries()) column.see(row[index] as string)
      writer.append(row)
    }
    // The driver lets go of what it has handed over only between two turns of the event loop.
    await nextTurn()
  }
  writer.close()
  // Exact: a type was only taken where it holds every cell of its column, digit for digit.
  const cells = seen.map((column, index) => {
    const key = quoted(names[index] as string)
    const type = column.type()
    return type === 'VARCHAR' && columns[index]?.isNullable !== true
      ? key
      : `CAST(nullif(${key}, '') AS ${type}) AS ${key}`
  })
  // One row per row of the report, in its order. Snappy: every reader of Parquet has it, without a library of its own.
  await database.run(`COPY (SELECT ${cells.join(', ')} FROM report_row) TO ${literal(file)}
    (FORMAT parquet, COMPRESSION snappy, KV_METADATA { report: ${literal(name)}, title: ${literal(title)} })`)
}

const quoted = (key: string) => `"${key.replaceAll('"', '""')}"`
