// Statements that bring staged facts into the warehouse, under the ids of their documents and with their digests.
import { digestSql } from '../../warehouse/fact-columns.ts'
import { contentColumnsOf } from '../../warehouse/fact-rows.ts'
import type { FactTable } from '../../warehouse/schema.ts'
import type { Warehouse } from '../../warehouse/warehouse.ts'
import type { Staging } from './staging.ts'

/** Adds to `document_id` of the scratch database, which it makes: which id a staged document has. */
export async function nameDocuments(
  warehouse: Warehouse,
  scratch: string,
  ids: Iterable<readonly [document: number, doc: number]>,
): Promise<void> {
  await warehouse.run(`CREATE TABLE IF NOT EXISTS ${scratch}.document_id (document INTEGER, doc INTEGER)`)
  const writer = await warehouse.writer('document_id', ['document', 'doc'], scratch)
  for (const pair of ids) writer.append(pair)
  writer.close()
}

/** Of named documents the facts from number `from` on, below `until` where there is one. Takes `$tenant`. */
export function insertFactsSql(
  staging: Staging,
  { table, from, until }: { readonly table: FactTable; readonly from: number; readonly until?: number },
): string {
  const columns = contentColumnsOf(table)
  const content = columns.map((column) => `f.${column}`)
  const below = until === undefined ? '' : ` AND f.fact_no < ${until}`
  return `INSERT INTO "${table}" (tenant, doc, ordinal, line, ${columns.join(', ')}, digest)
     SELECT *, ${digestSql(table)} FROM (
       SELECT $tenant AS tenant, m.doc, f.ordinal, f.line, ${content.join(', ')}
       FROM ${staging.name(table)} AS f JOIN ${staging.scratch}.document_id AS m USING (document)
       WHERE f.fact_no >= ${from}${below}) AS fact`
}

/** Of facts that were written early those that were taken out of the staging tables since. Takes `$tenant`. */
export function deleteRemovedSql(staging: Staging, table: FactTable): string {
  return `DELETE FROM "${table}" USING ${staging.removed(table)} AS r, ${staging.scratch}.document_id AS m
     WHERE tenant = $tenant AND "${table}".doc = m.doc AND "${table}".ordinal = r.ordinal AND m.document = r.document`
}
