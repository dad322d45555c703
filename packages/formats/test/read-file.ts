// Reads a file the way the product does, for tests: opened, recognised, read into rows.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Importer, ReadRow, Table, TableRow, UnreadableRow } from '@spillway/core'
import { openFile, type TableOptions } from '../src/index.ts'

/** Runs with a file of these bytes that is gone afterwards. */
export async function withFile<T>(name: string, bytes: Buffer | string, use: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-intake-'))
  try {
    const path = join(folder, name)
    await writeFile(path, bytes)
    return await use(path)
  } finally {
    await rm(folder, { recursive: true })
  }
}

export async function rowsOf(table: Table): Promise<ReadonlyArray<TableRow | UnreadableRow>> {
  const rows: Array<TableRow | UnreadableRow> = []
  for await (const batch of table.rows) rows.push(...batch)
  return rows
}

/** The first part as header and cells; throws where a row cannot be read. */
export async function gridOf(path: string, options: TableOptions = {}) {
  const [part] = await openFile(path)
  if (!part) throw new Error(`${path} has no part`)
  const table = await part.openTable(options)
  const rows = (await rowsOf(table)).map((row) => {
    if (!('cells' in row)) throw new Error(row.problem.message)
    return [...row.cells]
  })
  // Sections of a table may be wider than its first header.
  const width = Math.max(table.header.length, ...rows.map((cells) => cells.length))
  const padded = (cells: ReadonlyArray<string>) => [...cells, ...Array.from({ length: width - cells.length }, () => '')]
  return {
    header: padded(table.header),
    rows: rows.map(padded),
    problems: table.problems,
    headerLine: table.headerLine,
  }
}

/** How the importer asks for a table to be opened. */
export function tableOptionsOf(importer: Importer): TableOptions {
  return 'tableOptions' in importer ? (importer.tableOptions as TableOptions) : {}
}

/** Every part read by one importer. */
export async function readWith(importer: Importer, path: string): Promise<ReadonlyArray<ReadRow>> {
  const rows: ReadRow[] = []
  for (const part of await openFile(path)) {
    const context = { fileName: basename(path), member: part.member, source: '' }
    for await (const batch of importer.read(await part.openTable(tableOptionsOf(importer)), context))
      rows.push(...batch)
  }
  return rows
}

/** One line of JSON for each row: its line, what it became, and what is wrong with it. Amounts are texts. */
export function printRows(rows: ReadonlyArray<ReadRow>): string {
  return rows
    .map(({ line, facts, problems }) => {
      const wrong = problems.map(({ code, severity, message, source }) => ({
        code,
        severity,
        message,
        column: source?.column,
      }))
      const text = JSON.stringify({ line, facts, ...(wrong.length > 0 ? { problems: wrong } : {}) }, (_, value) =>
        typeof value === 'bigint' ? String(value) : value,
      )
      return `${text}\n`
    })
    .join('')
}
