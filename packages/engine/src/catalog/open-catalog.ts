// Opens the catalog's SQLite file through Kysely and brings it to this version's tables.
import { Refusal } from '@spillway/core'
import { Kysely, type MigrationProvider, Migrator, SqliteDialect } from 'kysely'
import Database from 'libsql'
import * as first from './migrations/0001-first.ts'
import type { CatalogTables } from './tables.ts'

export type Catalog = Kysely<CatalogTables>

const MIGRATIONS: MigrationProvider = { getMigrations: async () => ({ '0001-first': first }) }

/** @throws Refusal `workspace-too-new` where the file has migrations that this program does not know. */
export async function openCatalog(path: string, { access }: { access: 'read' | 'write' }): Promise<Catalog> {
  const database = new Database(path)
  // Durable on commit: what the catalog names must survive a power cut (decision 0001).
  for (const pragma of ['journal_mode = wal', 'synchronous = full', 'foreign_keys = on', 'busy_timeout = 5000'])
    database.pragma(pragma)
  const catalog = new Kysely<CatalogTables>({ dialect: new SqliteDialect({ database }) })
  const migrator = new Migrator({ db: catalog, provider: MIGRATIONS })
  if (access === 'read') return catalog
  const { error } = await migrator.migrateToLatest()
  if (error === undefined) return catalog
  await catalog.destroy()
  if (error instanceof Error && error.message.includes('corrupted migrations'))
    throw new Refusal('workspace-too-new', 'The catalog was written by a newer program.', {
      hint: 'Use the newer spillway that wrote it.',
    })
  throw error
}
