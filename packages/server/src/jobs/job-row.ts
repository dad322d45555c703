// Jobs as they stand in the catalog, and as they are shown. The catalog is what a job is; what runs in memory follows it.
import { join } from 'node:path'
import { Refusal } from '@spillway/core'
import type { Catalog, JobTable, Workspace } from '@spillway/engine'
import type { Job, JobKind, JobProgress } from '../contract/jobs.ts'
import { makeId } from '../sign-in/secrets.ts'

export type JobFile = { readonly name: string; readonly type: string; readonly bytes: number }
export type JobProblem = Job['problem']
/** What stands in `outcome`. */
export type JobOutcome = {
  readonly result: Readonly<Record<string, unknown>> | null
  readonly files: ReadonlyArray<JobFile>
  readonly problem: JobProblem
}
/** What stands in `request`: what is to be done, for whom, and how it is called. */
export type JobRequest = {
  readonly subject: string
  /** The user in whose name, and with whose grants, it runs. */
  readonly owner: string
  readonly parameters: unknown
}

export const NO_PROGRESS: JobProgress = { stage: '', done: 0, total: 0, rows: 0 }
const NO_OUTCOME: JobOutcome = { result: null, files: [], problem: null }

export type NewJob = {
  readonly kind: JobKind
  readonly request: JobRequest
  readonly who: string
  readonly id?: string
  readonly retryOf?: string
}

export const makeJobId = () => makeId('job')

/** Within a transaction of what asked for it. */
export async function addJob(
  catalog: Catalog,
  { tenant, actor }: Pick<Workspace, 'tenant' | 'actor'>,
  { kind, request, who, id = makeJobId(), retryOf }: NewJob,
): Promise<JobTable> {
  const row: JobTable = {
    ...{ tenant, id, kind, state: 'waiting', request: JSON.stringify(request) },
    ...{ progress: JSON.stringify(NO_PROGRESS), outcome: JSON.stringify(NO_OUTCOME), attempt: 1 },
    ...{ retry_of: retryOf ?? null, created_at: actor.now().toISOString(), created_by: who },
    ...{ started_at: null, ended_at: null },
  }
  await catalog.insertInto('job').values(row).execute()
  return row
}

type Held = Pick<Workspace, 'catalog' | 'tenant'>

export function findJob({ catalog, tenant }: Held, id: string): Promise<JobTable | undefined> {
  return catalog.selectFrom('job').selectAll().where('tenant', '=', tenant).where('id', '=', id).executeTakeFirst()
}

/** @throws Refusal `not-found`. */
export async function requireJob(held: Held, id: string): Promise<JobTable> {
  const row = await findJob(held, id)
  if (row) return row
  throw new Refusal('not-found', `There is no job ${id}.`, { hint: 'List the jobs.' })
}

export const requestOf = ({ request }: Pick<JobTable, 'request'>) => JSON.parse(request) as JobRequest
export const outcomeOf = ({ outcome }: Pick<JobTable, 'outcome'>) => JSON.parse(outcome) as JobOutcome

export function toJob(row: JobTable): Job {
  const { result, files, problem } = outcomeOf(row)
  return {
    id: row.id,
    kind: row.kind as JobKind,
    state: row.state,
    subject: requestOf(row).subject,
    attempt: row.attempt,
    retryOf: row.retry_of,
    createdAt: row.created_at,
    createdBy: row.created_by,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    progress: JSON.parse(row.progress) as JobProgress,
    problem,
    result,
    files: files.map((file) => ({ ...file, path: `/v1/jobs/${row.id}/files/${encodeURIComponent(file.name)}` })),
  }
}

/** What a job was given, and what it made. Ids are ours: no path comes from outside. */
export const uploadFolderOf = (directory: string, id: string) => join(directory, 'uploads', id)
export const resultFolderOf = (directory: string, id: string) => join(directory, 'jobs', id)
