// Makes the warehouse's tables and says which version they are, so that an older program refuses a newer file.
import { Refusal } from '@spillway/core'
import { FACT_TABLES, OTHER_TABLES, RESULT_TABLES } from './schema.ts'
import type { Warehouse } from './warehouse.ts'

const WAREHOUSE_VERSION = 1

/** Brings an open, writable warehouse to this version. @throws Refusal `workspace-too-new`. */
export async function migrateWarehouse(warehouse: Warehouse): Promise<void> {
  await warehouse.run('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)')
  const { version } = await warehouse.row<{ version: number }>(
    'SELECT coalesce(max(version), 0)::INTEGER AS version FROM schema_version',
  )
  refuseNewer(version)
  if (version === WAREHOUSE_VERSION) return
  await warehouse.transaction(async () => {
    for (const [table, columns] of Object.entries({ ...FACT_TABLES, ...RESULT_TABLES, ...OTHER_TABLES }))
      await warehouse.run(`CREATE TABLE "${table}" (${columns})`)
    await warehouse.run('INSERT INTO schema_version VALUES ($version)', { version: WAREHOUSE_VERSION })
  })
}

/** For a warehouse opened to read only, which cannot be migrated. */
export async function checkWarehouseVersion(warehouse: Warehouse): Promise<void> {
  const { version } = await warehouse.row<{ version: number }>('SELECT max(version) AS version FROM schema_version')
  refuseNewer(version)
}

function refuseNewer(version: number): void {
  if (version <= WAREHOUSE_VERSION) return
  throw new Refusal(
    'workspace-too-new',
    `The warehouse has version ${version}; this program knows up to ${WAREHOUSE_VERSION}.`,
    {
      hint: 'Use the newer spillway that wrote it.',
    },
  )
}
