// Writes a staged file so that it is there as a whole or not at all: its documents are reserved in the catalog, its facts
// written under their ids, those of a large file while it is read, and one transaction of the catalog makes them count.
// Killed anywhere before that, the next writer sweeps what is left.

import { appendAudit } from '../../catalog/audit.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import type { EarlyWrite } from './early-write.ts'
import type { RowCounts } from './import-report.ts'
import type { LineRun } from './mended-places.ts'
import { type BatchOrigin, insertBatch, insertDocuments, updateBatch } from './reserve-batch.ts'
import type { StagedDocument, Staging } from './staging.ts'
import { deleteRemovedSql, insertFactsSql, nameDocuments } from './write-facts.ts'

export type DocumentToWrite = {
  /** Its index in `staging.documents`. */
  readonly index: number
  readonly staged: StagedDocument
  /** Ids of live documents that no longer count. */
  readonly supersedes: ReadonlyArray<number>
}

export type BatchToWrite = BatchOrigin & {
  readonly rows: RowCounts
  readonly documents: ReadonlyArray<DocumentToWrite>
  /** The import that it adds to; '' for none. */
  readonly supplements: string
  /** Where the rows of that one were refused which this one brings, by place. */
  readonly mended: ReadonlyMap<string, ReadonlyArray<LineRun>>
}

type Writing = {
  readonly staging: Staging
  readonly batch: BatchToWrite
  /** Where rows may have been written while the file was read. */
  readonly early: EarlyWrite | null
  readonly beforeCompleting: () => void
}

/** Reserves, writes and completes; `beforeCompleting` may still throw, and then nothing counts. */
export async function writeBatch(
  workspace: Workspace,
  { staging, batch, early, beforeCompleting }: Writing,
): Promise<void> {
  await early?.settle()
  const ids = await reserve(workspace, batch, early)
  const { warehouse, scratch } = staging
  const named = batch.documents.map(({ index }, at) => [index, ids[at] as number] as const)
  await nameDocuments(warehouse, scratch, early ? named.filter(([index]) => !early.ids.has(index)) : named)
  if (staging.hasQuarantine) await nameParts(staging, batch)
  await workspace.warehouse.transaction(async () => {
    await writeFacts(workspace, staging, early)
    if (staging.hasQuarantine) await writeQuarantine(workspace, staging, batch)
  })
  const sums = await sumDocuments(workspace, staging)
  beforeCompleting()
  await complete(workspace, { batch, ids, sums, tables: tablesWithRejects(staging, batch) })
}

/** The ids of the documents; what was begun early is taken up. */
async function reserve(workspace: Workspace, batch: BatchToWrite, early: EarlyWrite | null): Promise<number[]> {
  const known = early?.ids ?? NO_IDS
  const added = batch.documents.filter(({ index }) => !known.has(index))
  const written = new Set(batch.documents.map(({ index }) => index))
  const unwritten = [...known].filter(([index]) => !written.has(index)).map(([, doc]) => doc)
  return workspace.catalog.transaction().execute(async (transaction) => {
    const told = { batch, rows: batch.rows }
    if (early?.isBegun) await updateBatch(transaction, workspace, told)
    else await insertBatch(transaction, workspace, told)
    if (unwritten.length > 0) await transaction.deleteFrom('document').where('id', 'in', unwritten).execute()
    const documents = added.map(({ staged }) => staged)
    const ids = await insertDocuments(transaction, workspace.tenant, { batch, documents })
    const idOf = new Map([...known, ...added.map(({ index }, at) => [index, ids[at] as number] as const)])
    return batch.documents.map(({ index }) => idOf.get(index) as number)
  })
}

const NO_IDS: ReadonlyMap<number, number> = new Map()

/** Makes `part` in the scratch database: where a part of the file stands. */
async function nameParts({ warehouse, scratch }: Staging, batch: BatchToWrite): Promise<void> {
  await warehouse.run(`CREATE TABLE ${scratch}.part (part_no INTEGER, member VARCHAR, sheet VARCHAR)`)
  const parts = await warehouse.writer('part', ['part_no', 'member', 'sheet'], scratch)
  for (const [partNo, { member, sheet }] of batch.parts.entries()) parts.append([partNo, member, sheet])
  parts.close()
}

/** What was not written early; and of what was, those rows go that are not staged any more. */
async function writeFacts({ warehouse, tenant }: Workspace, staging: Staging, early: EarlyWrite | null): Promise<void> {
  const from = early === null ? 0 : early.written
  for (const table of staging.usedTables) {
    await warehouse.run(insertFactsSql(staging, { table, from }), { tenant })
    if (from > 0 && staging.hasRemoved(table)) await warehouse.run(deleteRemovedSql(staging, table), { tenant })
  }
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
    for (const [place, lines] of batch.mended)
      await transaction
        .insertInto('mended_rows')
        .values({ tenant, batch: batch.id, place, lines: JSON.stringify(lines) })
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
