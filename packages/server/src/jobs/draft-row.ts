// Import drafts as they stand in the catalog, and as they are shown. What becomes of one is said by its jobs.
import { Refusal } from '@spillway/core'
import type { Workspace } from '@spillway/engine'
import type { DraftLook, DraftOptions, ImportDraft } from '../contract/import-drafts.ts'
import { makeId } from '../sign-in/secrets.ts'
import type { SavedFile } from '../uploads/save-upload.ts'
import { findJob, outcomeOf } from './job-row.ts'

const DAY_MS = 86_400_000

/** What stands in `request`. */
export type DraftRequest = { readonly files: ReadonlyArray<SavedFile>; readonly options: DraftOptions }
/** What stands in `looked`: of the files in their order. */
export type DraftLooked = {
  readonly files: ReadonlyArray<DraftLook>
  readonly directoryProblems: ImportDraft['directoryProblems']
}
export type DraftRow = Awaited<ReturnType<typeof requireDraft>>

export const makeDraftId = () => makeId('drf')

type Held = Pick<Workspace, 'catalog' | 'tenant'>

/** @throws Refusal `not-found`. */
export async function requireDraft({ catalog, tenant }: Held, id: string) {
  const row = await catalog
    .selectFrom('import_draft')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .executeTakeFirst()
  if (row) return row
  throw new Refusal('not-found', `There is no draft ${id}.`, {
    hint: 'A draft is kept for a day: send the files again.',
  })
}

export const draftRequestOf = ({ request }: Pick<DraftRow, 'request'>) => JSON.parse(request) as DraftRequest
export const lookedOf = ({ looked }: Pick<DraftRow, 'looked'>) =>
  looked === '' ? null : (JSON.parse(looked) as DraftLooked)

/** As it is shown, with what its jobs say now. */
export async function toDraft(held: Held, row: DraftRow): Promise<ImportDraft> {
  const { files, options } = draftRequestOf(row)
  const looked = lookedOf(row)
  const look = await findJob(held, row.look_job)
  const commit = row.commit_job === null ? undefined : await findJob(held, row.commit_job)
  const isOpen = (state: string | undefined) => state === 'waiting' || state === 'running'
  const stateOf = (): ImportDraft['state'] => {
    if (isOpen(commit?.state)) return 'committing'
    if (commit?.state === 'done') return 'committed'
    if (isOpen(look?.state)) return 'looking'
    return looked === null ? 'failed' : 'ready'
  }
  const state = stateOf()
  const failed = state === 'failed' ? look : state === 'ready' ? commit : undefined
  return {
    ...{ id: row.id, state, createdAt: row.created_at, createdBy: row.created_by, options },
    endsAt: new Date(Date.parse(row.created_at) + DAY_MS).toISOString(),
    ...{ job: row.look_job, commitJob: row.commit_job },
    problem: failed === undefined ? null : outcomeOf(failed).problem,
    files: files.map(({ name, bytes }, at) => ({ no: at + 1, name, bytes, look: looked?.files[at] ?? null })),
    directoryProblems: looked?.directoryProblems ?? [],
  }
}

/** Forgets drafts of before yesterday, but for those that are being imported; says which there still are. */
export async function sweepDrafts({ catalog, tenant, actor }: Workspace): Promise<ReadonlySet<string>> {
  const before = new Date(actor.now().getTime() - DAY_MS).toISOString()
  const rows = await catalog
    .selectFrom('import_draft as d')
    .leftJoin('job as j', (join) => join.onRef('j.tenant', '=', 'd.tenant').onRef('j.id', '=', 'd.commit_job'))
    .select(['d.id', 'd.created_at', 'j.state'])
    .where('d.tenant', '=', tenant)
    .execute()
  const old = rows.filter(
    ({ created_at: createdAt, state }) => createdAt < before && state !== 'waiting' && state !== 'running',
  )
  for (const { id } of old)
    await catalog.deleteFrom('import_draft').where('tenant', '=', tenant).where('id', '=', id).execute()
  const gone = new Set(old.map(({ id }) => id))
  return new Set(rows.map(({ id }) => id).filter((id) => !gone.has(id)))
}
