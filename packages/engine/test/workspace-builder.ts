// Builds a real workspace in a temporary folder from small tables that a person can read, without the import stage.
// Every table of a call becomes one live document of one file, written beside the workspace as CSV with its rows on the
// lines that the facts name; digests and catalog records are those that an import makes.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Period, parseAmount, parsePeriod, toBaseUnits, type UsageType } from '@spillway/core'
import { saveConfiguration } from '../src/catalog/configuration.ts'
import { columnsOf, digestSql } from '../src/warehouse/fact-columns.ts'
import type { FactTable } from '../src/warehouse/schema.ts'
import type { Cell } from '../src/warehouse/warehouse.ts'
import { type Actor, initWorkspace, type Workspace } from '../src/workspace/workspace.ts'

export const TEST_ACTOR: Actor = { who: 'tester', now: () => new Date('2026-11-22T00:00:00Z'), codeVersion: 'test' }

export const OCTOBER = parsePeriod('2026-10') as Period

/** A cell by column name; `amount`, `total`, `allowance`, `used` and `on` are said in people's units. */
export type TableRow = Readonly<Record<string, string>>

const DEFAULTS: Readonly<Record<FactTable, Readonly<Record<string, Cell>>>> = {
  charge: {
    vendor: 'acme',
    account: 'ACC',
    invoice: 'INV',
    issued_on: null,
    period_start_on: '2026-10-01',
    period_end_on: '2026-11-01',
    currency: 'USD',
    category: 'access',
    usage_type: 'data',
  },
  invoice_total: {
    vendor: 'acme',
    account: 'ACC',
    invoice: 'INV',
    issued_on: null,
    period_start_on: '2026-10-01',
    period_end_on: '2026-11-01',
    currency: 'USD',
    service: null,
  },
  usage: {
    source: 'test',
    account: 'ACC',
    usage_type: 'data',
    ended_at: null,
    is_wall_time: true,
    zone: 'domestic',
    participants: null,
    cycle_on: null,
  },
  pool: {
    vendor: 'acme',
    account: 'ACC',
    model: 'aggregate',
    usage_type: 'data',
    allowance_base: null,
    max_members: null,
  },
  pool_member: { from_on: null, to_on: null },
  service: { vendor: 'acme', account: 'ACC', from_on: null, to_on: null, share_ppm: null },
  person: { from_on: null, to_on: null },
  cost_centre: {},
  project: { increment_minutes: null, from_on: null, to_on: null },
  account: { currency: 'USD', time_zone: 'UTC', cycle_day: null },
}

/** `| a | b |` lines, the first the header; `-` is an empty text. */
function readTable(text: string): TableRow[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) =>
      line
        .replace(/^\||\|$/g, '')
        .split('|')
        .map((cell) => cell.trim()),
    )
  const [header = [], ...rows] = lines
  return rows.map((cells) =>
    Object.fromEntries(header.map((name, index) => [name, cells[index] === '-' ? '' : (cells[index] ?? '')])),
  )
}

/** Microseconds of `2026-10-05` or `2026-10-05T10:00:00`, as written. */
function toMicros(text: string): bigint {
  return BigInt(Date.parse(`${text.includes('T') ? text : `${text}T00:00:00`}Z`)) * 1000n
}

function toBase(text: string, usageType: string): bigint {
  const [quantity = '', unit = ''] = text.split(' ')
  const reading = toBaseUnits(quantity, unit, usageType as UsageType)
  if (!reading.ok) throw new Error(`${text} is no quantity of ${usageType}`)
  return reading.base
}

function toMinor(text: string, currency: string): bigint {
  const reading = parseAmount(text, currency)
  if (!reading.ok) throw new Error(`${text} is no amount in ${currency}`)
  return reading.minor
}

function toCells(table: FactTable, row: TableRow, place: Readonly<Record<string, Cell>>): Cell[] {
  const cells: Record<string, Cell> = { ...DEFAULTS[table], ...place, ...row }
  if (row.amount !== undefined) cells.amount_minor = toMinor(row.amount, String(cells.currency))
  if (row.total !== undefined) cells.total_minor = toMinor(row.total, String(cells.currency))
  if (row.used !== undefined) {
    cells.quantity_base = toBase(row.used, String(cells.usage_type))
    const [quantity = '', unit = ''] = row.used.split(' ')
    Object.assign(cells, { quantity, unit })
  }
  if (row.allowance) cells.allowance_base = toBase(row.allowance, String(cells.usage_type))
  if (row.on !== undefined) cells.started_at = toMicros(row.on)
  if (row.until) cells.ended_at = toMicros(row.until)
  for (const column of ['from_on', 'to_on', 'cycle_on']) if (cells[column] === '') cells[column] = null
  for (const column of ['max_members', 'share_ppm'])
    if (row[column] !== undefined) cells[column] = row[column] === '' ? null : Number(row[column])
  if (row.is_wall_time !== undefined) cells.is_wall_time = row.is_wall_time === 'true'
  if (table === 'charge') cells.invoice_line ??= String(place.ordinal)
  if (table === 'usage') cells.id ??= `${place.doc}-${place.ordinal}`
  return columnsOf(table).map((column) => {
    if (column === 'digest') return 0n
    const cell = cells[column]
    return cell === undefined ? '' : cell
  })
}

export type WorkspaceBuilder = {
  readonly workspace: Workspace
  /** Adds one live document per table; returns their ids in the order given. */
  add(tables: Partial<Record<FactTable, string | ReadonlyArray<TableRow>>>): Promise<number[]>
  /** Saves a configuration document as `spillway apply` does; the body is the document as parsed from YAML. */
  apply(body: { readonly kind: string; readonly name: string } & Readonly<Record<string, unknown>>): Promise<void>
  /** Closes the workspace and removes its folder. */
  remove(): Promise<void>
}

export async function buildWorkspace(directory?: string): Promise<WorkspaceBuilder> {
  const home = directory ?? (await mkdtemp(join(tmpdir(), 'spillway-')))
  const workspace = await initWorkspace(home, { actor: TEST_ACTOR, holder: 'test' })
  let batches = 0
  return {
    workspace,
    async add(tables) {
      const ids: number[] = []
      for (const [table, rows] of Object.entries(tables)) {
        batches += 1
        const list = typeof rows === 'string' ? readTable(rows) : (rows ?? [])
        ids.push(await addDocument(workspace, { table: table as FactTable, rows: list, batch: `test-${batches}` }))
      }
      return ids
    },
    async apply(body) {
      await saveConfiguration(workspace, { kind: body.kind, name: body.name, body })
    },
    async remove() {
      await workspace.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** The rows as they were given, below a header of all their columns; the path. */
async function writeRows(path: string, rows: ReadonlyArray<TableRow>): Promise<string> {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const quoted = (cell: string) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
  const lines = [names, ...rows.map((row) => names.map((name) => row[name] ?? ''))]
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, lines.map((cells) => `${cells.map(quoted).join(',')}\n`).join(''))
  return path
}

async function addDocument(
  { catalog, warehouse, tenant, directory }: Workspace,
  { table, rows, batch }: { table: FactTable; rows: ReadonlyArray<TableRow>; batch: string },
): Promise<number> {
  const count = rows.length
  const path = await writeRows(join(directory, 'files', batch, `${table}.csv`), rows)
  await catalog
    .insertInto('batch')
    .values({
      tenant,
      id: batch,
      state: 'complete',
      file: `${table}.csv`,
      file_path: path,
      file_digest: batch,
      file_bytes: 0,
      importer: 'canonical',
      source: 'test',
      imported_at: TEST_ACTOR.now().toISOString(),
      imported_by: TEST_ACTOR.who,
      rows_read: count,
      rows_accepted: count,
      rows_quarantined: 0,
      rows_duplicate: 0,
    })
    .execute()
  const key = {
    tenant,
    batch,
    member: '',
    sheet: '',
    part: table,
    source: 'test',
    vendor: '',
    account: '',
    invoice: '',
  }
  const { id } = await catalog
    .insertInto('document')
    .values({ ...key, live: 1, superseded_by: null, row_count: count, digest: '0' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const writer = await warehouse.writer(table, columnsOf(table))
  for (const [index, row] of rows.entries())
    writer.append(toCells(table, row, { tenant, doc: id, ordinal: index + 1, line: index + 2 }))
  writer.close()
  await warehouse.run(`UPDATE "${table}" SET digest = ${digestSql(table)} WHERE doc = $id`, { id })
  const { digest } = await warehouse.row<{ digest: string }>(
    `SELECT coalesce(sum(digest), 0)::VARCHAR AS digest FROM "${table}" WHERE doc = $id`,
    { id },
  )
  await catalog.updateTable('document').set({ digest }).where('id', '=', id).execute()
  return id
}
