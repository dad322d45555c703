// Taking an import back: as if it had never been, in the catalog alone. Its facts stay readable for the runs that read them;
// what it superseded counts again. Refuses what a published period rests on, and what something later was made of.
import { compareBytes, Refusal } from '@spillway/core'
import { appendAudit } from '../../catalog/audit.ts'
import type { Catalog } from '../../catalog/open-catalog.ts'
import { documentsReadBy, publishedRuns } from '../../catalog/run-record.ts'
import type { DocumentTable } from '../../catalog/tables.ts'
import { billPeriodCtes } from '../../queries/bill-period.ts'
import { liveDocumentsCte } from '../../warehouse/live-documents.ts'
import type { Workspace } from '../../workspace/workspace.ts'

export type TakeBackReport = {
  readonly batch: string
  readonly file: string
  /** How many documents count no more. */
  readonly documents: number
  /** What it had superseded, and counts again. */
  readonly restored: ReadonlyArray<
    Pick<DocumentTable, 'part' | 'vendor' | 'account' | 'invoice'> & { readonly file: string }
  >
  /** Later imports that left out usage which this one had brought already: to be taken back and imported again. */
  readonly mayLackRows: ReadonlyArray<{ readonly batch: string; readonly file: string }>
}

type Held = Pick<Workspace, 'catalog' | 'warehouse' | 'tenant'>
type Document = Omit<DocumentTable, 'id'> & { readonly id: number }
type Found = {
  readonly id: string
  readonly file: string
  readonly imported_at: string
  readonly documents: ReadonlyArray<Document>
}

/**
 * @throws Refusal `not-found`; `bad-command` without a reason, or where it was taken back before; `in-use` where later
 * imports rest on it; `period-published`.
 */
export async function takeBackImport(
  workspace: Workspace,
  { batch, reason }: { readonly batch: string; readonly reason: string },
): Promise<TakeBackReport> {
  if (reason.trim() === '')
    throw new Refusal('bad-command', 'An import is taken back with a reason.', { hint: 'Say why with --reason TEXT.' })
  const found = await requireTakeable(workspace, batch)
  const mayLackRows = await importsThatMayLackRows(workspace, found)
  const { catalog, tenant, actor } = workspace
  const at = actor.now().toISOString()
  const live = found.documents.filter((document) => document.live === 1)
  const restored = await catalog.transaction().execute(async (transaction) => {
    const again = await restoreEarlier(transaction, { tenant, documents: found.documents })
    await transaction
      .updateTable('document')
      .set({ live: 0 })
      .where('tenant', '=', tenant)
      .where('batch', '=', batch)
      .execute()
    await transaction
      .insertInto('batch_taken_back')
      .values({ tenant, batch, reason, taken_back_at: at, taken_back_by: actor.who })
      .execute()
    await appendAudit(transaction, {
      ...{ tenant, at, who: actor.who, action: 'take-back', subject: batch },
      details: { file: found.file, reason, documents: live.length, restored: again.length },
      before: { state: 'live' },
      after: { state: 'taken-back' },
    })
    return again
  })
  return { batch, file: found.file, documents: live.length, restored, mayLackRows }
}

const IDS_AT_ONCE = 500

/** What the documents superseded counts again; or is superseded by what superseded them in their turn. */
async function restoreEarlier(
  transaction: Catalog,
  { tenant, documents }: { readonly tenant: string; readonly documents: ReadonlyArray<Document> },
): Promise<TakeBackReport['restored']> {
  const ids = documents.map(({ id }) => id)
  if (ids.length === 0) return []
  const earlier = await transaction
    .selectFrom('document as d')
    .innerJoin('batch as b', (join) => join.onRef('b.tenant', '=', 'd.tenant').onRef('b.id', '=', 'd.batch'))
    .leftJoin('batch_taken_back as t', (join) => join.onRef('t.tenant', '=', 'b.tenant').onRef('t.batch', '=', 'b.id'))
    .select(['d.id', 'd.part', 'd.vendor', 'd.account', 'd.invoice', 'b.file', 'd.superseded_by as by'])
    .where('d.tenant', '=', tenant)
    // Documents of one import are numbered in one go.
    .where('d.superseded_by', '>=', ids[0] as number)
    .where('d.superseded_by', '<=', ids.at(-1) as number)
    .where('t.batch', 'is', null)
    .orderBy('d.id')
    .execute()
  const laterOf = new Map(documents.map(({ id, live, superseded_by: by }) => [id, live === 1 ? null : by]))
  const byLater = new Map<number | null, number[]>()
  for (const { id, by } of earlier) {
    const later = laterOf.get(by as number) ?? null
    const known = byLater.get(later)
    if (known) known.push(id)
    else byLater.set(later, [id])
  }
  for (const [later, restored] of byLater)
    for (let start = 0; start < restored.length; start += IDS_AT_ONCE)
      await transaction
        .updateTable('document')
        .set({ live: later === null ? 1 : 0, superseded_by: later })
        .where('tenant', '=', tenant)
        .where('id', 'in', restored.slice(start, start + IDS_AT_ONCE))
        .execute()
  const again = new Set(byLater.get(null))
  return earlier.filter(({ id }) => again.has(id)).map(({ id: _, by: __, ...document }) => document)
}

/** Says why an import cannot be taken back; null where it can. */
export async function reasonAgainstTakeBack(held: Held, batch: string): Promise<Refusal | null> {
  try {
    await requireTakeable(held, batch)
    return null
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

async function requireTakeable(held: Held, batch: string): Promise<Found> {
  const { catalog, tenant } = held
  const row = await catalog
    .selectFrom('batch as b')
    .leftJoin('batch_taken_back as t', (join) => join.onRef('t.tenant', '=', 'b.tenant').onRef('t.batch', '=', 'b.id'))
    .select(['b.id', 'b.file', 'b.imported_at', 't.taken_back_at', 't.taken_back_by'])
    .where('b.tenant', '=', tenant)
    .where('b.id', '=', batch)
    .where('b.state', '=', 'complete')
    .executeTakeFirst()
  if (!row) throw noImport(batch)
  if (row.taken_back_at !== null)
    throw new Refusal('bad-command', `${row.file} was taken back already, by ${row.taken_back_by}.`, {
      hint: 'Import the file again to have it count.',
    })
  const documents = (await catalog
    .selectFrom('document')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('batch', '=', batch)
    .orderBy('id')
    .execute()) as Document[]
  const found = { ...row, documents }
  await refuseLaterImports(held, found)
  await refusePublished(held, found)
  return found
}

export function noImport(batch: string): Refusal {
  return new Refusal('not-found', `There is no import ${batch}.`, { hint: 'List them with `spillway report imports`.' })
}

async function refuseLaterImports({ catalog, tenant }: Held, { id, file, documents }: Found): Promise<void> {
  const supplements = await catalog
    .selectFrom('batch_supplement as s')
    .innerJoin('batch as b', (join) => join.onRef('b.tenant', '=', 's.tenant').onRef('b.id', '=', 's.batch'))
    .leftJoin('batch_taken_back as t', (join) =>
      join.onRef('t.tenant', '=', 's.tenant').onRef('t.batch', '=', 's.batch'),
    )
    .select(['b.id', 'b.file'])
    .where('s.tenant', '=', tenant)
    .where('s.supplements', '=', id)
    .where('t.batch', 'is', null)
    .execute()
  if (supplements.length > 0) throw restsOn(file, supplements, 'adds mended rows to it')
  // A directory document holds what the one before it said: without the earlier one it would say what nobody did.
  const isDead = documents.length > 0 && documents.every(({ live }) => live === 0)
  const gone = documents.filter(({ invoice, superseded_by: by }) => by !== null && (isDead || invoice === ''))
  if (gone.length === 0) return
  const later = await catalog
    .selectFrom('document as d')
    .innerJoin('batch as b', (join) => join.onRef('b.tenant', '=', 'd.tenant').onRef('b.id', '=', 'd.batch'))
    .select(['b.id', 'b.file'])
    .distinct()
    .where('d.tenant', '=', tenant)
    .where(
      'd.id',
      'in',
      gone.slice(0, DOCUMENTS_NAMED).map(({ superseded_by: by }) => by as number),
    )
    .execute()
  throw restsOn(file, later, isDead ? 'superseded all of it' : 'was merged with it')
}

const DOCUMENTS_NAMED = 500
const FILES_NAMED = 3

type NamedImport = { readonly id: string; readonly file: string }

function restsOn(file: string, later: ReadonlyArray<NamedImport>, why: string): Refusal {
  const names = later.slice(0, FILES_NAMED).map((one) => `${one.file} (${one.id})`)
  const more = later.length > FILES_NAMED ? ` and ${later.length - FILES_NAMED} more` : ''
  return new Refusal('in-use', `${file} cannot be taken back: ${names.join(', ')}${more} ${why}.`, {
    hint: 'Take that back first.',
    facts: { imports: later.map(({ id }) => id) },
  })
}

async function refusePublished(held: Held, { file, documents }: Found): Promise<void> {
  const runs = await publishedRuns(held)
  const periods: string[] = []
  for (const run of runs) {
    const read = new Set(documentsReadBy(run))
    const pinned = documents.filter(({ id, live }) => live === 1 && read.has(id))
    if (pinned.length > 0 && (await restsOnDocuments(held, { period: run.period, pinned }))) periods.push(run.period)
  }
  if (periods.length === 0) return
  periods.sort(compareBytes)
  throw new Refusal(
    'period-published',
    `${file} cannot be taken back: ${periods.join(', ')} rests on it and is published.`,
    {
      hint: `Reopen it first: \`spillway reopen ${periods[0]} --reason TEXT\`.`,
      facts: { periods },
    },
  )
}

/** A period rests on its bills, on usage within a month of it (a billing period may reach so far), and on every directory. */
async function restsOnDocuments(
  held: Held,
  { period, pinned }: { readonly period: string; readonly pinned: ReadonlyArray<Document> },
): Promise<boolean> {
  const { warehouse, tenant } = held
  const documents = pinned.map(({ id }) => id)
  const { billed, used, others } = await warehouse.row<{ billed: bigint; used: bigint; others: bigint }>(
    `WITH ${await billPeriodCtes(held, documents)}
     SELECT (SELECT count(*) FROM bill WHERE period = $period) AS billed,
       (SELECT count(*) FROM usage WHERE tenant = $tenant AND doc IN (FROM live_document)
          AND started_at >= ($period || '-01')::DATE - INTERVAL 1 MONTH AND started_at < ($period || '-01')::DATE + INTERVAL 2 MONTH) AS used,
       (SELECT count(*) FROM live_document WHERE doc NOT IN (
          SELECT doc FROM charge WHERE tenant = $tenant AND doc IN (FROM live_document)
          UNION SELECT doc FROM invoice_total WHERE tenant = $tenant AND doc IN (FROM live_document)
          UNION SELECT doc FROM usage WHERE tenant = $tenant AND doc IN (FROM live_document))) AS others`,
    { tenant, period },
  )
  return billed + used + others > 0n
}

/** The same event of two files is kept once, from the first: without that one the second lacks it. */
async function importsThatMayLackRows({ catalog, warehouse, tenant }: Held, found: Found): Promise<NamedBatch[]> {
  const { used } = await warehouse.row<{ used: bigint }>(
    `WITH ${liveDocumentsCte(found.documents.map(({ id }) => id))}
     SELECT count(*) AS used FROM usage WHERE tenant = $tenant AND doc IN (FROM live_document)`,
    { tenant },
  )
  if (used === 0n) return []
  const later = await catalog
    .selectFrom('batch as b')
    .leftJoin('batch_taken_back as t', (join) => join.onRef('t.tenant', '=', 'b.tenant').onRef('t.batch', '=', 'b.id'))
    .select(['b.id as batch', 'b.file'])
    .where('b.tenant', '=', tenant)
    .where('b.state', '=', 'complete')
    .where('b.id', '<>', found.id)
    .where('b.imported_at', '>=', found.imported_at)
    .where('b.rows_duplicate', '>', 0)
    .where('t.batch', 'is', null)
    .orderBy('b.imported_at')
    .execute()
  return later
}

type NamedBatch = TakeBackReport['mayLackRows'][number]
