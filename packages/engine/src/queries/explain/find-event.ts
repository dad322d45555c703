// Finds a usage event by its id, and by its source where several have one; what else came under the same name.
import { formatPlace, type Problem, Refusal, type UsageType } from '@spillway/core'
import { liveDocuments, liveDocumentsCte } from '../../warehouse/live-documents.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import type { EventConflict, EventExplanation } from './event-explanation.ts'

export type EventName = { readonly id: string; readonly source?: string | undefined }

export type FoundEvent = Row & {
  readonly doc: number
  readonly line: number
  readonly source: string
  readonly id: string
  readonly account: string
  readonly service: string
  readonly usage_type: UsageType
  readonly started_at: string
  /** UTC microseconds of `started_at` as it is written. */
  readonly written_micros: bigint
  readonly is_wall_time: boolean
  readonly quantity: string
  readonly unit: string
  readonly quantity_base: bigint
  readonly view: string
}

const NEAREST_MAX = 3

/** @throws Refusal `not-found`, with the nearest ids; `bad-command` where several sources have the id. */
export async function findEvent(workspace: Workspace, { id, source }: EventName): Promise<FoundEvent> {
  const { tenant, warehouse } = workspace
  const live = liveDocumentsCte(await liveDocuments(workspace))
  const ofSource = source === undefined ? '' : 'AND source = $source'
  // One row per source that has the id: the row that was read first.
  const rows = await warehouse.rows<FoundEvent>(
    `WITH ${live} SELECT DISTINCT ON (source) doc, line, source, id, account, service, usage_type,
       strftime(started_at, '%Y-%m-%dT%H:%M:%S') AS started_at, epoch_us(started_at) AS written_micros, is_wall_time,
       quantity, unit, quantity_base, view
     FROM usage WHERE tenant = $tenant AND doc IN (FROM live_document) AND id = $id ${ofSource}
     ORDER BY source, doc, ordinal`,
    { tenant, id, ...(source === undefined ? {} : { source }) },
  )
  const [event, another] = rows
  if (event !== undefined && another === undefined) return event
  if (event === undefined) throw await notFound(workspace, { id, source, live })
  const sources = rows.map((row) => row.source)
  throw new Refusal('bad-command', `${sources.length} sources have an event "${id}": ${sources.join(', ')}.`, {
    hint: `Say which: ${sources.map((one) => `--source ${quoted(one)}`).join(' or ')}.`,
    facts: { event: id, sources },
  })
}

type Missing = EventName & { readonly live: string }

async function notFound({ tenant, warehouse }: Workspace, { id, source, live }: Missing): Promise<Refusal> {
  // One row per source and id that is written much the same.
  const near = await warehouse.rows<{ source: string; id: string }>(
    `WITH ${live} SELECT DISTINCT source, id FROM usage WHERE tenant = $tenant AND doc IN (FROM live_document)
       AND (id = $id OR (id <> '' AND (contains(lower(id), lower($id)) OR levenshtein(lower(id), lower($id)) <= 2)))
     ORDER BY levenshtein(id, $id), source, id LIMIT ${NEAREST_MAX}`,
    { tenant, id },
  )
  // One row per row that could not be read and has the id in it.
  const quarantined = await warehouse.rows<{ message: string }>(
    'SELECT message FROM quarantine WHERE tenant = $tenant AND contains(raw, $id) ORDER BY batch, line LIMIT 1',
    { tenant, id },
  )
  const nearest = near.map((one) => `${one.id} of ${one.source}`)
  const hints = [
    ...(nearest.length === 0 ? [] : [`Did you mean ${nearest.join(' or ')}?`]),
    ...(quarantined.length === 0 ? [] : ['A row in quarantine has it: `spillway report quarantine`.']),
  ]
  const from = source === undefined ? '' : ` of source "${source}"`
  return new Refusal('not-found', `No usage event "${id}"${from} was imported.`, {
    hint:
      hints.length > 0
        ? hints.join(' ')
        : 'Give the id as the file has it; `spillway explain SERVICE --period 2026-10 --lines all` lists the events of a service.',
    facts: { event: id, source: source ?? '', nearest },
  })
}

function quoted(text: string): string {
  return /^[\w.:/-]+$/.test(text) ? text : `"${text}"`
}

type ConflictRow = Row & { batch: string; member: string; sheet: string; line: number; message: string; raw: string }

/** Rows with the name of the event and another content. */
export async function conflictsOf(workspace: Workspace, event: FoundEvent): Promise<EventConflict[]> {
  const { catalog, tenant, warehouse } = workspace
  const code: Problem['code'] = 'duplicate-conflict'
  // One row per quarantined row.
  const rows = await warehouse.rows<ConflictRow>(
    `SELECT batch, member, sheet, line, message, raw FROM quarantine WHERE tenant = $tenant AND code = $code
       AND json_extract_string(facts, '$.id') = $name ORDER BY ALL`,
    { tenant, code, name: `${event.source} / ${event.id}` },
  )
  if (rows.length === 0) return []
  const batches = await catalog.selectFrom('batch').select(['id', 'file']).where('tenant', '=', tenant).execute()
  const fileOf = new Map(batches.map(({ id, file }) => [id, file]))
  return rows.map(({ batch, member, sheet, line, message, raw }) => ({
    place: formatPlace({ file: fileOf.get(batch) ?? '', member, sheet, line }),
    message,
    raw,
  }))
}

/** Files of the importer that read the event, read with it or later, in which rows were dropped because they are held already. */
export async function repeatsOf(
  { catalog, tenant }: Workspace,
  { batch }: { readonly batch: string },
): Promise<EventExplanation['repeats']> {
  const batches = await catalog
    .selectFrom('batch')
    .select(['id', 'file', 'importer', 'rows_duplicate', 'imported_at'])
    .where('tenant', '=', tenant)
    .where('state', '=', 'complete')
    .orderBy('imported_at')
    .orderBy('file')
    .execute()
  const own = batches.find(({ id }) => id === batch)
  if (own === undefined) return []
  return batches
    .filter((one) => one.importer === own.importer && one.imported_at >= own.imported_at && one.rows_duplicate > 0)
    .map((one) => ({ file: one.file, rowCount: one.rows_duplicate }))
}
