// What is known of every import: the catalog's record of it, whether it counts, and what its bills come to. Reads; judges only
// from what the catalog says is live.

import { compareBytes, type LocalDate } from '@spillway/core'
import { sql } from 'kysely'
import type { Catalog } from '../catalog/open-catalog.ts'
import { literal } from '../warehouse/sql-literal.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'

/** `empty`: every row was refused. */
export type ImportState = 'live' | 'partly-superseded' | 'superseded' | 'taken-back' | 'empty'

type Several = { readonly first: string; readonly count: number }

export type ImportRecord = {
  readonly batch: string
  readonly file: string
  /** `verizon-detail@1`, each once. */
  readonly formats: ReadonlyArray<string>
  readonly source: string
  readonly importedAt: string
  readonly importedBy: string
  readonly rows: {
    readonly read: number
    readonly accepted: number
    readonly quarantined: number
    readonly duplicates: number
  }
  /** Documents, and how many of them count. */
  readonly documents: number
  readonly liveDocuments: number
  readonly vendors: Several
  readonly accounts: Several
  /** Days of bills and usage, half-open. */
  readonly from: LocalDate | null
  readonly until: LocalDate | null
  /** Per currency, in code order. */
  readonly amounts: ReadonlyArray<{ readonly currency: string; readonly amountMinor: bigint }>
  readonly state: ImportState
  /** Names of files that superseded a part of it. */
  readonly supersededBy: ReadonlyArray<string>
  /** The import whose refused rows these are, mended; '' for none. */
  readonly supplements: string
  readonly takenBack: { readonly at: string; readonly by: string; readonly reason: string } | null
}

/** Of all imports, or of one. */
export async function listImports(workspace: ScopedWorkspace, batch?: string): Promise<ImportRecord[]> {
  const { catalog, tenant } = workspace
  let query = catalog
    .selectFrom('batch as b')
    .leftJoin('batch_taken_back as t', (join) => join.onRef('t.tenant', '=', 'b.tenant').onRef('t.batch', '=', 'b.id'))
    .leftJoin('batch_supplement as s', (join) => join.onRef('s.tenant', '=', 'b.tenant').onRef('s.batch', '=', 'b.id'))
    .selectAll('b')
    .select(['t.reason', 't.taken_back_at', 't.taken_back_by', 's.supplements'])
    .where('b.tenant', '=', tenant)
    .where('b.state', '=', 'complete')
  if (batch !== undefined) query = query.where('b.id', '=', batch)
  const batches = await query.execute()
  const documents = await documentsOf(workspace, batch)
  const spans = batches.flatMap(({ id }): Span[] => {
    const own = documents.get(id)
    return own ? [{ id, first: own.first_doc, last: own.last_doc }] : []
  })
  const facts = await factsOfImports(workspace, spans)
  const later = await supersedingFiles(workspace, batch)
  return batches.map((row) => {
    const own = documents.get(row.id) ?? NO_DOCUMENTS
    const { bills: ofBills, used } = facts.get(row.id) ?? NO_FACTS
    const days = [...ofBills, ...used]
    const takenBack =
      row.taken_back_at === null
        ? null
        : { at: row.taken_back_at, by: row.taken_back_by ?? '', reason: row.reason ?? '' }
    return {
      ...{ batch: row.id, file: row.file, formats: row.importer.split(', '), source: row.source },
      ...{ importedAt: row.imported_at, importedBy: row.imported_by },
      rows: {
        ...{ read: row.rows_read, accepted: row.rows_accepted },
        ...{ quarantined: row.rows_quarantined, duplicates: row.rows_duplicate },
      },
      documents: own.documents,
      liveDocuments: own.live,
      vendors: { first: own.vendor ?? '', count: own.vendors },
      accounts: { first: own.account ?? '', count: own.accounts },
      from: days.map((one) => one.from_on).sort(compareBytes)[0] ?? null,
      until:
        days
          .map((one) => one.until_on)
          .sort(compareBytes)
          .at(-1) ?? null,
      amounts: ofBills.flatMap(({ currency, amount_minor: amountMinor }) =>
        amountMinor === null ? [] : [{ currency, amountMinor }],
      ),
      state: stateOf(own, takenBack !== null),
      supersededBy: later.get(row.id) ?? [],
      supplements: row.supplements ?? '',
      takenBack,
    }
  })
}

type DocumentsOfBatch = {
  readonly batch: string
  readonly documents: number
  readonly live: number
  readonly first_doc: number
  readonly last_doc: number
  readonly vendor: string | null
  readonly vendors: number
  readonly account: string | null
  readonly accounts: number
}

/** Every row of it was refused, or said what was known. */
const NO_DOCUMENTS = { documents: 0, live: 0, vendor: null, vendors: 0, account: null, accounts: 0 }

function stateOf(own: Pick<DocumentsOfBatch, 'documents' | 'live'>, isTakenBack: boolean): ImportState {
  if (isTakenBack) return 'taken-back'
  if (own.documents === 0) return 'empty'
  if (own.live === 0) return 'superseded'
  return own.live < own.documents ? 'partly-superseded' : 'live'
}

/** One per import that has documents. */
async function documentsOf(
  { catalog, tenant }: ScopedWorkspace,
  batch: string | undefined,
): Promise<Map<string, DocumentsOfBatch>> {
  let query = catalog
    .selectFrom('document')
    .select(({ fn, ref }) => {
      const named = (column: 'vendor' | 'account') => fn<string | null>('nullif', [ref(column), sql.lit('')])
      return [
        'batch',
        fn.countAll<number>().as('documents'),
        fn.sum<number>('live').as('live'),
        fn.min<number>('id').as('first_doc'),
        fn.max<number>('id').as('last_doc'),
        fn.min(named('vendor')).as('vendor'),
        fn.count<number>(named('vendor')).distinct().as('vendors'),
        fn.min(named('account')).as('account'),
        fn.count<number>(named('account')).distinct().as('accounts'),
      ]
    })
    .where('tenant', '=', tenant)
    .groupBy('batch')
  if (batch !== undefined) query = query.where('batch', '=', batch)
  const rows = (await query.execute()) as DocumentsOfBatch[]
  return new Map(rows.map((row) => [row.batch, row]))
}

type Span = { readonly id: string; readonly first: number; readonly last: number }
type Days = { readonly batch: string; readonly from_on: LocalDate; readonly until_on: LocalDate }
type BillsOfBatch = Days & { readonly currency: string; readonly amount_minor: bigint | null }

type FactsOfBatch = { readonly bills: ReadonlyArray<BillsOfBatch>; readonly used: ReadonlyArray<Days> }

const NO_FACTS: FactsOfBatch = { bills: [], used: [] }
const IMPORTS_MAX = 20_000
const kept = new WeakMap<Catalog, Map<string, FactsOfBatch>>()

/** What the rows of imports come to, read once of each: they stay as they were imported, whatever counts of them later. */
async function factsOfImports(
  workspace: ScopedWorkspace,
  spans: ReadonlyArray<Span>,
): Promise<ReadonlyMap<string, FactsOfBatch>> {
  const { catalog, tenant, scope } = workspace
  const known = kept.get(catalog) ?? new Map<string, FactsOfBatch>()
  kept.set(catalog, known)
  const keyOf = (batch: string) => JSON.stringify([tenant, scope.rows, batch])
  const unread = spans.filter(({ id }) => !known.has(keyOf(id)))
  const [bills, used] = [await billsOf(workspace, unread), await usedDays(workspace, unread)]
  const read = new Map<string, FactsOfBatch>()
  for (const { id } of unread) {
    const isOwn = ({ batch }: Pick<Days, 'batch'>) => batch === id
    read.set(id, { bills: bills.filter(isOwn), used: used.filter(isOwn) })
  }
  const found = new Map(spans.map(({ id }) => [id, read.get(id) ?? known.get(keyOf(id)) ?? NO_FACTS]))
  if (known.size + read.size > IMPORTS_MAX) known.clear()
  for (const [id, facts] of read) known.set(keyOf(id), facts)
  return found
}

/** Leaves out the documents before the first and after the last, without a look at their rows. */
function amongDocuments(spans: ReadonlyArray<Span>): string {
  const [first, last] = [Math.min(...spans.map((span) => span.first)), Math.max(...spans.map((span) => span.last))]
  return `doc BETWEEN ${first} AND ${last}`
}

/** `batch(first_doc, last_doc, batch)`: the documents of an import were numbered in one go. */
function batchCte(spans: ReadonlyArray<Span>): string {
  const rows = spans.map(({ id, first, last }) => `(${first}, ${last}, ${literal(id)})`)
  return `batch(first_doc, last_doc, batch) AS (VALUES ${rows.join(', ')})`
}

/** One row per import and currency of its bills; payments are in no sum, and totals give days alone. */
async function billsOf({ warehouse, tenant }: ScopedWorkspace, spans: ReadonlyArray<Span>): Promise<BillsOfBatch[]> {
  if (spans.length === 0) return []
  const rows = await warehouse.rows<BillsOfBatch>(
    `WITH ${batchCte(spans)}, billed AS (
       SELECT doc, currency, sum(amount_minor) FILTER (category <> 'payment') AS amount_minor,
         min(period_start_on) AS from_on, max(period_end_on) AS until_on
       FROM charge WHERE tenant = $tenant AND ${amongDocuments(spans)} GROUP BY doc, currency
       UNION ALL SELECT doc, currency, NULL, min(period_start_on), max(period_end_on) FROM invoice_total
       WHERE tenant = $tenant AND ${amongDocuments(spans)} GROUP BY doc, currency)
     SELECT batch, currency, sum(amount_minor) AS amount_minor, min(from_on) AS from_on, max(until_on) AS until_on
     FROM billed ASOF JOIN batch ON doc >= first_doc WHERE doc <= last_doc GROUP BY batch, currency ORDER BY batch, currency`,
    { tenant },
  )
  return rows
}

/** One row per import with usage. */
async function usedDays({ warehouse, tenant }: ScopedWorkspace, spans: ReadonlyArray<Span>): Promise<Days[]> {
  if (spans.length === 0) return []
  const rows = await warehouse.rows<Days>(
    `WITH ${batchCte(spans)}, used AS (
       SELECT doc, min(started_at)::DATE AS from_on, max(coalesce(ended_at, started_at))::DATE + 1 AS until_on
       FROM usage WHERE tenant = $tenant AND ${amongDocuments(spans)} GROUP BY doc)
     SELECT batch, min(from_on)::DATE AS from_on, max(until_on)::DATE AS until_on
     FROM used ASOF JOIN batch ON doc >= first_doc WHERE doc <= last_doc GROUP BY batch`,
    { tenant },
  )
  return rows
}

/** Names of files by the import of which they superseded a part. */
async function supersedingFiles(
  { catalog, tenant }: ScopedWorkspace,
  batch: string | undefined,
): Promise<Map<string, string[]>> {
  let query = catalog
    .selectFrom('document as d')
    .innerJoin('document as s', 's.id', 'd.superseded_by')
    .innerJoin('batch as b', (join) => join.onRef('b.tenant', '=', 's.tenant').onRef('b.id', '=', 's.batch'))
    .select(['d.batch', 'b.file'])
    .distinct()
    .where('d.tenant', '=', tenant)
    .orderBy('b.file')
  if (batch !== undefined) query = query.where('d.batch', '=', batch)
  const files = new Map<string, string[]>()
  for (const row of await query.execute()) {
    const known = files.get(row.batch)
    if (known) known.push(row.file)
    else files.set(row.batch, [row.file])
  }
  return files
}
