// The record of an import in the catalog before it counts: its batch in state `writing`, and ids for its documents. Whoever
// finds it in that state later sweeps what was written under these ids.
import { sql } from 'kysely'
import type { Catalog } from '../../catalog/open-catalog.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import type { RowCounts } from './import-report.ts'
import type { StagedDocument } from './staging.ts'

/** What is known of a batch before its rows are counted. */
export type BatchOrigin = {
  readonly id: string
  readonly file: string
  readonly path: string
  readonly digest: string
  readonly bytes: number
  readonly importers: ReadonlyArray<string>
  readonly source: string
  readonly parts: ReadonlyArray<{ readonly member: string; readonly sheet: string }>
}

const ROWS_PER_INSERT = 500

export async function insertBatch(
  transaction: Catalog,
  { tenant, actor }: Pick<Workspace, 'tenant' | 'actor'>,
  { batch, rows }: { readonly batch: BatchOrigin; readonly rows: RowCounts },
): Promise<void> {
  const { id, file, path, digest, bytes, importers, source } = batch
  await transaction
    .insertInto('batch')
    .values({
      tenant,
      id,
      state: 'writing',
      file,
      file_path: path,
      file_digest: digest,
      file_bytes: bytes,
      importer: importers.join(', '),
      source,
      imported_by: actor.who,
      ...countedNow(actor, rows),
    })
    .execute()
}

/** What is told of a batch that was inserted before its rows were counted. */
export async function updateBatch(
  transaction: Catalog,
  { tenant, actor }: Pick<Workspace, 'tenant' | 'actor'>,
  { batch, rows }: { readonly batch: BatchOrigin; readonly rows: RowCounts },
): Promise<void> {
  await transaction
    .updateTable('batch')
    .set(countedNow(actor, rows))
    .where('tenant', '=', tenant)
    .where('id', '=', batch.id)
    .execute()
}

const countedNow = (actor: Workspace['actor'], rows: RowCounts) => ({
  imported_at: actor.now().toISOString(),
  rows_read: rows.read,
  rows_accepted: rows.accepted,
  rows_quarantined: rows.quarantined,
  rows_duplicate: rows.duplicates,
})

/** Ids of the documents, in their order. They follow each other, and none is ever given twice, though swept documents are deleted. */
export async function insertDocuments(
  transaction: Catalog,
  tenant: string,
  { batch, documents }: { readonly batch: BatchOrigin; readonly documents: ReadonlyArray<StagedDocument> },
): Promise<number[]> {
  const { rows: given } = await sql<{ seq: number }>`SELECT seq FROM sqlite_sequence WHERE name = 'document'`.execute(
    transaction,
  )
  const first = (given[0] ? given[0].seq : 0) + 1
  const rows = documents.map(({ partNo, key, source }, index) => ({
    id: first + index,
    tenant,
    batch: batch.id,
    member: batch.parts[partNo]?.member as string,
    sheet: batch.parts[partNo]?.sheet as string,
    ...key,
    source,
    live: 0 as const,
    superseded_by: null,
    row_count: 0,
    digest: '0',
  }))
  for (let start = 0; start < rows.length; start += ROWS_PER_INSERT)
    await transaction
      .insertInto('document')
      .values(rows.slice(start, start + ROWS_PER_INSERT))
      .execute()
  return rows.map(({ id }) => id)
}
