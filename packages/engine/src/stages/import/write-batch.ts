// Writes a staged file so that it is there as a whole or not at all: its documents are reserved in the catalog, its facts
// written under their ids in one transaction of the warehouse, and one transaction of the catalog makes them count.
// Killed anywhere before that, the next writer sweeps what is left.

import { sql } from 'kysely'
import { appendAudit } from '../../catalog/audit.ts'
import { digestSql } from '../../warehouse/fact-columns.ts'
import { contentColumnsOf } from '../../warehouse/fact-rows.ts'
import type { FactTable } from '../../warehouse/schema.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import type { RowCounts } from './import-report.ts'
import type { StagedDocument, Staging } from './staging.ts'

export type DocumentToWrite = {
  /** Its index in `staging.documents`. */
  readonly index: number
  readonly staged: StagedDocument
  /** Ids of live documents that no longer count. */
  readonly supersedes: ReadonlyArray<number>
}

export type BatchToWrite = {
  readonly id: string
  readonly file: string
  readonly path: string
  readonly digest: string
  readonly bytes: number
  readonly importers: ReadonlyArray<string>
  readonly source: string
  readonly rows: RowCounts
  readonly parts: ReadonlyArray<{ readonly member: string; readonly sheet: string }>
  readonly documents: ReadonlyArray<DocumentToWrite>
  /** The import that it adds to; '' for none. */
  readonly supplements: string
}

const ROWS_PER_INSERT = 500

/** Reserves, writes and completes; `beforeCompleting` may still throw, and then nothing counts. */
export async function writeBatch(
  workspace: Workspace,
  { staging, batch, beforeCompleting }: { staging: Staging; batch: BatchToWrite; beforeCompleting: () => void },
): Promise<void> {
  const ids = await reserve(workspace, batch)
  await nameDocuments(staging, batch, ids)
  await workspace.warehouse.transaction(async () => {
    for (const table of staging.usedTables) await writeFacts(workspace, staging, table)
    if (staging.hasQuarantine) await writeQuarantine(workspace, staging, batch)
  })
  const sums = await sumDocuments(workspace, staging)
  beforeCompleting()
  await complete(workspace, { batch, ids, sums, tables: tablesWithRejects(staging, batch) })
}

async function reserve({ catalog, tenant, actor }: Workspace, batch: BatchToWrite): Promise<number[]> {
  const { id, file, path, digest, bytes, importers, source, rows, parts } = batch
  return catalog.transaction().execute(async (transaction) => {
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
        imported_at: actor.now().toISOString(),
        imported_by: actor.who,
        rows_read: rows.read,
        rows_accepted: rows.accepted,
        rows_quarantined: rows.quarantined,
        rows_duplicate: rows.duplicates,
      })
      .execute()
    // Ids follow each other, and none is ever given twice, though documents of a swept import are deleted.
    const { rows: given } = await sql<{ seq: number }>`SELECT seq FROM sqlite_sequence WHERE name = 'document'`.execute(
      transaction,
    )
    const first = (given[0] ? given[0].seq : 0) + 1
    const documents = batch.documents.map(({ staged }, index) => ({
      id: first + index,
      tenant,
      batch: id,
      member: parts[staged.partNo]?.member as string,
      sheet: parts[staged.partNo]?.sheet as string,
      ...staged.key,
      source: staged.source,
      live: 0 as const,
      superseded_by: null,
      row_count: 0,
      digest: '0',
    }))
    for (let start = 0; start < documents.length; start += ROWS_PER_INSERT)
      await transaction
        .insertInto('document')
        .values(documents.slice(start, start + ROWS_PER_INSERT))
        .execute()
    return documents.map((document) => document.id)
  })
}

/** Makes `document_id` and, for quarantined rows, `part` in the scratch database: which id a document has, where a part stands. */
async function nameDocuments(staging: Staging, batch: BatchToWrite, ids: ReadonlyArray<number>): Promise<void> {
  const { warehouse, scratch } = staging
  await warehouse.run(`CREATE TABLE ${scratch}.document_id (document INTEGER, doc INTEGER)`)
  const documents = await warehouse.writer('document_id', ['document', 'doc'], scratch)
  for (const [at, { index }] of batch.documents.entries()) documents.append([index, ids[at] as number])
  documents.close()
  if (!staging.hasQuarantine) return
  await warehouse.run(`CREATE TABLE ${scratch}.part (part_no INTEGER, member VARCHAR, sheet VARCHAR)`)
  const parts = await warehouse.writer('part', ['part_no', 'member', 'sheet'], scratch)
  for (const [partNo, { member, sheet }] of batch.parts.entries()) parts.append([partNo, member, sheet])
  parts.close()
}

async function writeFacts({ warehouse, tenant }: Workspace, staging: Staging, table: FactTable): Promise<void> {
  const columns = contentColumnsOf(table)
  const content = columns.map((column) => `f.${column}`)
  await warehouse.run(
    `INSERT INTO "${table}" (tenant, doc, ordinal, line, ${columns.join(', ')}, digest)
     SELECT *, ${digestSql(table)} FROM (
       SELECT $tenant AS tenant, m.doc, f.ordinal, f.line, ${content.join(', ')}
       FROM ${staging.name(table)} AS f JOIN ${staging.scratch}.document_id AS m USING (document)) AS fact`,
    { tenant },
  )
}

async function writeQuarantine({ warehouse, tenant }: Workspace, staging: Staging, batch: BatchToWrite): Promise<void> {
  await warehouse.run(
    `INSERT INTO quarantine (tenant, batch, member, sheet, line, raw, code, column_name, value, message, hint, facts)
     SELECT $tenant, $batch, p.member, p.sheet, q.line, q.raw, q.code, q.column_name, q.value, q.message, q.hint, q.facts
     FROM ${staging.scratch}.quarantine AS q JOIN ${staging.scratch}.part AS p USING (part_no)
     ORDER BY q.part_no, q.line`,
    { tenant, batch: batch.id },
  )
}

type DocumentSum = { doc: number; facts: bigint; digest: string }

/** One row per document of this batch that has facts: what is stored, read back. */
async function sumDocuments({ warehouse, tenant }: Workspace, staging: Staging): Promise<Map<number, DocumentSum>> {
  const sums = new Map<number, DocumentSum>()
  for (const table of staging.usedTables) {
    const rows = await warehouse.rows<DocumentSum>(
      `SELECT doc, count(*) AS facts, sum(digest)::VARCHAR AS digest FROM "${table}"
       WHERE tenant = $tenant AND doc IN (SELECT doc FROM ${staging.scratch}.document_id) GROUP BY doc`,
      { tenant },
    )
    for (const row of rows) {
      const known = sums.get(row.doc)
      if (!known) sums.set(row.doc, row)
      else
        sums.set(row.doc, {
          doc: row.doc,
          facts: known.facts + row.facts,
          digest: String(BigInt(known.digest) + BigInt(row.digest)),
        })
    }
  }
  return sums
}

/** How the quarantined rows are split into cells again: once for each place that has some. */
function tablesWithRejects(staging: Staging, { parts }: BatchToWrite) {
  if (!staging.hasQuarantine) return []
  return [...staging.tables].map(([partNo, { header, delimiter }]) => ({
    member: parts[partNo]?.member ?? '',
    sheet: parts[partNo]?.sheet ?? '',
    ...{ header: JSON.stringify(header), delimiter },
  }))
}

type Completing = {
  readonly batch: BatchToWrite
  readonly ids: ReadonlyArray<number>
  readonly sums: ReadonlyMap<number, DocumentSum>
  readonly tables: ReturnType<typeof tablesWithRejects>
}

async function complete(
  { catalog, tenant, actor }: Workspace,
  { batch, ids, sums, tables }: Completing,
): Promise<void> {
  await catalog.transaction().execute(async (transaction) => {
    for (const table of tables)
      await transaction
        .insertInto('batch_table')
        .values({ tenant, batch: batch.id, ...table })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    if (batch.supplements !== '')
      await transaction
        .insertInto('batch_supplement')
        .values({ tenant, batch: batch.id, supplements: batch.supplements })
        .execute()
    for (const [at, { supersedes }] of batch.documents.entries()) {
      const id = ids[at] as number
      const sum = sums.get(id)
      await transaction
        .updateTable('document')
        .set({ live: 1, ...(sum ? { row_count: Number(sum.facts), digest: sum.digest } : {}) })
        .where('id', '=', id)
        .execute()
      if (supersedes.length > 0)
        await transaction
          .updateTable('document')
          .set({ live: 0, superseded_by: id })
          .where('tenant', '=', tenant)
          .where('id', 'in', supersedes)
          .execute()
    }
    await transaction
      .updateTable('batch')
      .set({ state: 'complete' })
      .where('tenant', '=', tenant)
      .where('id', '=', batch.id)
      .execute()
    const { file, source, rows, documents, supplements } = batch
    const superseded = documents.flatMap(({ supersedes }) => supersedes).length
    await appendAudit(transaction, {
      tenant,
      at: actor.now().toISOString(),
      who: actor.who,
      action: 'import',
      subject: batch.id,
      details: {
        ...{ file, source, rows, documents: documents.length, superseded },
        ...(supplements === '' ? {} : { supplements }),
      },
    })
  })
}
