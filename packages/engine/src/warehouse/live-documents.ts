// Which documents count: the live ones of the catalog, or those that a run pinned. Queries take them as the text of a
// CTE, because it works on every connection and on a warehouse that is open to read only. Grain: one row per document.
import { invariant } from '@spillway/core'
import type { Catalog } from '../catalog/open-catalog.ts'

type Held = { readonly catalog: Catalog; readonly tenant: string }

export type LiveDocument = {
  /** `doc` of the fact rows. */
  readonly doc: number
  readonly batch: string
  /** The imported file's name; with `member` and `sheet` the place that `explain` cites. */
  readonly file: string
  /** Where the file stood when it was imported. */
  readonly filePath: string
  readonly member: string
  readonly sheet: string
  readonly part: string
  readonly source: string
  readonly vendor: string
  readonly account: string
  readonly invoice: string
  readonly rowCount: number
  /** Sum of the rows' digests, as decimal text. */
  readonly digest: string
}

const DOCUMENT_COLUMNS = [
  'document.id as doc',
  'document.batch',
  'batch.file',
  'batch.file_path as filePath',
  'document.member',
  'document.sheet',
  'document.part',
  'document.source',
  'document.vendor',
  'document.account',
  'document.invoice',
  'document.row_count as rowCount',
  'document.digest',
] as const

/** The tenant's live documents, by ascending id. */
export async function liveDocuments({ catalog, tenant }: Held): Promise<LiveDocument[]> {
  return selectDocuments({ catalog, tenant }).where('document.live', '=', 1).execute()
}

/** Documents that a run pinned, live or not, by ascending id; missing ids are simply not in the answer. */
export async function pinnedDocuments({ catalog, tenant }: Held, ids: ReadonlyArray<number>): Promise<LiveDocument[]> {
  const wanted = new Set(ids)
  const all = await selectDocuments({ catalog, tenant }).execute()
  return all.filter(({ doc }) => wanted.has(doc))
}

/**
 * `live_document AS (...)` with the one column `doc` (INTEGER), for a WITH clause; fact rows are chosen by it:
 * `WITH ${liveDocumentsCte(docs)} SELECT ... FROM charge WHERE tenant = $tenant AND doc IN (FROM live_document)`.
 */
export function liveDocumentsCte(documents: ReadonlyArray<number | { readonly doc: number }>): string {
  const ids = documents.map((document) => (typeof document === 'number' ? document : document.doc))
  invariant(ids.every(Number.isSafeInteger), 'document ids are integers', { documents: ids.length })
  const runs = runsOf(ids).map(([first, last]) => `(${first}, ${last})`)
  if (runs.length === 0) return 'live_document AS (SELECT 0::INTEGER AS doc WHERE false)'
  return `live_document AS (SELECT unnest(generate_series(first_doc, last_doc))::INTEGER AS doc
  FROM (VALUES ${runs.join(', ')}) AS run(first_doc, last_doc))`
}

/** Ids of one import follow each other: as runs, first and last each, the text stays short whatever the number of invoices. */
export function runsOf(ids: ReadonlyArray<number>): Array<[first: number, last: number]> {
  const runs: Array<[number, number]> = []
  for (const id of [...new Set(ids)].sort((a, b) => a - b)) {
    const run = runs.at(-1)
    if (run && run[1] + 1 === id) run[1] = id
    else runs.push([id, id])
  }
  return runs
}

function selectDocuments({ catalog, tenant }: Held) {
  return catalog
    .selectFrom('document')
    .innerJoin('batch', (join) =>
      join.onRef('batch.tenant', '=', 'document.tenant').onRef('batch.id', '=', 'document.batch'),
    )
    .select(DOCUMENT_COLUMNS)
    .where('document.tenant', '=', tenant)
    .where('batch.state', '=', 'complete')
    .orderBy('document.id')
}
