// Removes what interrupted commands left: fact rows of documents, and result rows of runs, that the catalog never named.
import type { Catalog } from '../catalog/open-catalog.ts'
import { liveDocumentsCte } from './live-documents.ts'
import { RATED_TABLES } from './rated-tables.ts'
import { RESULT_TABLES, TEXT_TABLES } from './result-tables.ts'
import { FACT_TABLES } from './schema.ts'
import type { Warehouse } from './warehouse.ts'

/** Idempotent. A document or run in state `writing` belongs to a command that died: its rows go, then its record. */
export async function sweepWarehouse({
  catalog,
  warehouse,
  tenant,
}: {
  catalog: Catalog
  warehouse: Warehouse
  tenant: string
}): Promise<void> {
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
    for (const table of Object.keys({ ...RESULT_TABLES, ...TEXT_TABLES, ...RATED_TABLES }))
      await warehouse.run(`DELETE FROM ${table} WHERE tenant = $tenant AND run = $id`, { tenant, id })
    await catalog.deleteFrom('run').where('tenant', '=', tenant).where('id', '=', id).execute()
  }
}
