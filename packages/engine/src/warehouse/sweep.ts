// Removes what interrupted commands left: fact rows of documents, and result rows of runs, that the catalog never named.
import type { Catalog } from '../catalog/open-catalog.ts'
import { liveDocumentsCte } from './live-documents.ts'
import { deleteRun } from './run-numbers.ts'
import { FACT_TABLES } from './schema.ts'
import type { Warehouse } from './warehouse.ts'

type Hold = { backups: number; sweep: Promise<unknown> }

const holds = new WeakMap<Warehouse, Hold>()

function holdOf(warehouse: Warehouse): Hold {
  const hold = holds.get(warehouse.opened) ?? { backups: 0, sweep: Promise.resolve() }
  holds.set(warehouse.opened, hold)
  return hold
}

/** Runs `work` while nothing is swept: between the copy of the catalog and that of the warehouse no row may go. */
export async function withoutSweeping<T>(warehouse: Warehouse, work: () => Promise<T>): Promise<T> {
  const hold = holdOf(warehouse)
  hold.backups += 1
  try {
    await hold.sweep
    return await work()
  } finally {
    hold.backups -= 1
  }
}

type Stores = { readonly catalog: Catalog; readonly warehouse: Warehouse; readonly tenant: string }

/** Idempotent. Leaves everything for the next time while a backup is taken. */
export async function sweepWarehouse(stores: Stores): Promise<void> {
  const hold = holdOf(stores.warehouse)
  if (hold.backups > 0) return
  const sweep = removeUnnamed(stores)
  hold.sweep = Promise.allSettled([sweep])
  await sweep
}

/** A document or run in state `writing` belongs to a command that died: its rows go, then its record. */
async function removeUnnamed({ catalog, warehouse, tenant }: Stores): Promise<void> {
  const batches = await catalog
    .selectFrom('batch')
    .select('id')
    .where('tenant', '=', tenant)
    .where('state', '=', 'writing')
    .execute()
  for (const { id } of batches) {
    const documents = await catalog
      .selectFrom('document')
      .select('id')
      .where('tenant', '=', tenant)
      .where('batch', '=', id)
      .execute()
    const reserved = liveDocumentsCte(documents.map((document) => document.id))
    for (const table of documents.length > 0 ? Object.keys(FACT_TABLES) : [])
      await warehouse.run(
        `WITH ${reserved} DELETE FROM "${table}" WHERE tenant = $tenant AND doc IN (FROM live_document)`,
        { tenant },
      )
    await warehouse.run('DELETE FROM quarantine WHERE tenant = $tenant AND batch = $id', { tenant, id })
    await catalog.deleteFrom('document').where('tenant', '=', tenant).where('batch', '=', id).execute()
    await catalog.deleteFrom('batch').where('tenant', '=', tenant).where('id', '=', id).execute()
  }
  const runs = await catalog
    .selectFrom('run')
    .select('id')
    .where('tenant', '=', tenant)
    .where('state', 'in', ['writing', 'replaced'])
    .execute()
  for (const { id } of runs) {
    await deleteRun(warehouse, { tenant, run: id })
    await catalog.deleteFrom('run').where('tenant', '=', tenant).where('id', '=', id).execute()
  }
}
