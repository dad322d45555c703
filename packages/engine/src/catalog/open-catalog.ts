// Opens the catalog's SQLite file through Kysely and brings it to this version's tables. For a reader it changes nothing.
import { accessSync, constants, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Refusal } from '@spillway/core'
import { Kysely, type MigrationProvider, Migrator, SqliteDialect, sql } from 'kysely'
import Database from 'libsql'
import { CatalogChanges, keepReadsOf } from './kept-reads.ts'
import { withKeptStatements } from './kept-statements.ts'
import { up as makeFirstTables } from './migrations/0001-first.ts'
import { up as makeSubAccountTables, standIn as standInForSubAccounts } from './migrations/0002-sub-accounts.ts'
import { up as makeServerTables, standIn as standInForServer } from './migrations/0003-server.ts'
import { up as makeBillTables, standIn as standInForBills } from './migrations/0004-bills.ts'
import { up as makeImportTables, standIn as standInForImports } from './migrations/0005-imports.ts'
import { up as makeViewTables } from './migrations/0006-views.ts'
import { up as makeMendedRows, standIn as standInForMendedRows } from './migrations/0007-mended-rows.ts'
import type { CatalogTables } from './tables.ts'

export type Catalog = Kysely<CatalogTables>

const MIGRATIONS = {
  '0001-first': { up: makeFirstTables },
  '0002-sub-accounts': { up: makeSubAccountTables },
  '0003-server': { up: makeServerTables },
  '0004-bills': { up: makeBillTables },
  '0005-imports': { up: makeImportTables },
  '0006-views': { up: makeViewTables },
  '0007-mended-rows': { up: makeMendedRows },
}
const FIRST: keyof typeof MIGRATIONS = '0001-first'
const SUB_ACCOUNTS: keyof typeof MIGRATIONS = '0002-sub-accounts'
const SERVER: keyof typeof MIGRATIONS = '0003-server'
const BILLS: keyof typeof MIGRATIONS = '0004-bills'
const IMPORTS: keyof typeof MIGRATIONS = '0005-imports'
const MENDED_ROWS: keyof typeof MIGRATIONS = '0007-mended-rows'
const PROVIDER: MigrationProvider = { getMigrations: async () => MIGRATIONS }

/**
 * @throws Refusal `workspace-too-new` where the file has migrations that this program does not know, `workspace-damaged`,
 * `workspace-read-only`.
 */
export async function openCatalog(path: string, { access }: { access: 'read' | 'write' }): Promise<Catalog> {
  const changes = new CatalogChanges()
  const database = withKeptStatements(openDatabase(path, access), () => changes.note())
  const catalog = new Kysely<CatalogTables>({ dialect: new SqliteDialect({ database }) })
  if (access === 'write') keepReadsOf(catalog, changes)
  try {
    const applied = await knownMigrations(catalog, access)
    if (access === 'read') {
      if (!applied.has(SUB_ACCOUNTS)) await standInForSubAccounts(catalog)
      if (!applied.has(SERVER)) await standInForServer(catalog)
      if (!applied.has(BILLS)) await standInForBills(catalog)
      if (!applied.has(IMPORTS)) await standInForImports(catalog)
      if (!applied.has(MENDED_ROWS)) await standInForMendedRows(catalog)
      return catalog
    }
    const { error } = await new Migrator({ db: catalog, provider: PROVIDER }).migrateToLatest()
    if (error === undefined) return catalog
    throw error
  } catch (error) {
    await catalog.destroy()
    throw error
  }
}

/** A writer empties the write-ahead log first, so that a workspace at rest is its two files, wherever they are copied to. */
export async function closeCatalog(catalog: Catalog, { access }: { access: 'read' | 'write' }): Promise<void> {
  if (access === 'write') await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(catalog)
  await catalog.destroy()
}

function openDatabase(path: string, access: 'read' | 'write'): Database.Database {
  if (!mayWrite(path)) return openImmutable(path, access)
  try {
    const database = new Database(path)
    // Durable on commit: what the catalog names must survive a power cut (decision 0001).
    for (const pragma of ['journal_mode = wal', 'synchronous = full', 'foreign_keys = on', 'busy_timeout = 5000'])
      database.pragma(pragma)
    return database
  } catch (error) {
    throw asRefusal(error)
  }
}

/** Even a reader of a database with a write-ahead log writes: beside the file, the index of the log. */
function mayWrite(path: string): boolean {
  try {
    for (const place of [dirname(path), path])
      if (statSync(place, { throwIfNoEntry: false })) accessSync(place, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Where nobody can write, the file alone is read: only right while no log stands beside it. */
function openImmutable(path: string, access: 'read' | 'write'): Database.Database {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false })
  if (access === 'read' && !(log && log.size > 0)) {
    try {
      return new Database(`${pathToFileURL(path).href}?immutable=1`)
    } catch (error) {
      throw asRefusal(error)
    }
  }
  throw new Refusal('workspace-read-only', 'This user may not write into the folder of the workspace.', {
    hint:
      access === 'read'
        ? 'A command was interrupted here: run `spillway check` once where the folder can be written.'
        : 'Ask for the right to it, or work on a copy of the folder.',
  })
}

/** Those that the file has. A reader needs the first: what later ones added, a catalog of before has none of. */
async function knownMigrations(catalog: Catalog, access: 'read' | 'write'): Promise<ReadonlySet<string>> {
  const known = new Set(Object.keys(MIGRATIONS))
  const applied = new Set(await appliedMigrations(catalog))
  if ([...applied].some((name) => !known.has(name)))
    throw new Refusal('workspace-too-new', 'The catalog was written by a newer program.', {
      hint: 'Use the newer spillway that wrote it.',
    })
  if (access === 'read' && !applied.has(FIRST))
    throw new Refusal('workspace-damaged', 'The workspace was not made to its end.', {
      hint: 'Run `spillway check` once: a command that writes makes the rest of it.',
    })
  return applied
}

async function appliedMigrations(catalog: Catalog): Promise<string[]> {
  const { rows: tables } = await sql`SELECT 1 FROM sqlite_master WHERE name = 'kysely_migration'`.execute(catalog)
  if (tables.length === 0) return []
  const { rows } = await sql<{ name: string }>`SELECT name FROM kysely_migration`.execute(catalog)
  return rows.map(({ name }) => name)
}

function asRefusal(error: unknown): unknown {
  const text = error instanceof Error ? error.message : String(error)
  if (!/not a database|malformed/.test(text)) return error
  return new Refusal('workspace-damaged', 'The catalog of this workspace is damaged.', {
    hint: 'Put both files of the workspace back from the same backup.',
    facts: { reason: text },
  })
}
