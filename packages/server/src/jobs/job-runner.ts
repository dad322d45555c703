// Runs jobs one after the other: those that change the workspace in one lane, those that read it in another, and those that look at
// uploaded files, for which somebody waits, in a third. What a dead process
// left running is begun again, because an import and a close happen as a whole or not at all; three times, and then it failed.
import { mkdir, rm } from 'node:fs/promises'
import { Refusal } from '@spillway/core'
import { type AuditEntry, appendAudit, type Catalog, type JobTable, type Workspace } from '@spillway/engine'
import type { Logger } from 'pino'
import { Counter, type Registry } from 'prom-client'
import { JOB_KINDS, type JobKind, type JobProgress } from '../contract/jobs.ts'
import {
  findJob,
  type JobOutcome,
  type JobRequest,
  NO_PROGRESS,
  outcomeOf,
  requestOf,
  resultFolderOf,
  toJob,
} from './job-row.ts'
import { JobWatchers } from './job-watchers.ts'
import { sweepJobFiles } from './sweep-job-files.ts'

const ATTEMPTS_MAX = 3
const PROGRESS_MS = 500
const SWEEP_MS = 3600_000

export type JobContext = {
  readonly job: string
  readonly request: JobRequest
  readonly who: string
  /** Where the files that it makes go. */
  readonly folder: string
  readonly signal: AbortSignal
  readonly onProgress: (progress: Partial<JobProgress>) => void
}

export type JobWork = {
  readonly lane: 'change' | 'read' | 'look'
  run(context: JobContext): Promise<Pick<JobOutcome, 'result' | 'files'>>
  /** What others are told when it ended, in the transaction that says so. */
  announce?(transaction: Catalog, job: JobTable): Promise<void>
}

export type JobRunnerParts = {
  readonly workspace: Workspace
  readonly log: Logger
  readonly registry: Registry
  readonly works: Readonly<Record<JobKind, JobWork>>
  readonly filesDays: number
  readonly jobDays: number
  /** Ids of jobs whose files are still arriving. */
  readonly arriving: ReadonlySet<string>
}

type Running = { readonly id: string; readonly abort: AbortController; readonly ended: Promise<void> }

export class JobRunner {
  readonly watchers = new JobWatchers()
  readonly #parts: JobRunnerParts
  readonly #ended: Counter<'kind' | 'state'>
  readonly #running = new Map<JobWork['lane'], Running>()
  #sweeps: NodeJS.Timeout | null = null
  #isStarted = false
  #isStopping = false

  constructor(parts: JobRunnerParts) {
    this.#parts = parts
    this.#ended = new Counter({
      name: 'spillway_jobs_ended_total',
      help: 'Jobs by kind and how they ended.',
      labelNames: ['kind', 'state'],
      registers: [parts.registry],
    })
  }

  /** Takes up what waits, and what was running when the last process ended. */
  async start(): Promise<void> {
    const { workspace, filesDays, jobDays, arriving } = this.#parts
    for (const row of await this.#rowsIn('running')) await this.#recover(row)
    await sweepJobFiles(workspace, { days: filesDays, jobDays, arriving })
    this.#sweeps = setInterval(() => void this.#sweep(), SWEEP_MS)
    this.#sweeps.unref()
    this.#isStarted = true
    this.wake()
  }

  /** Breaks off what runs; it is begun again after the next start. */
  async stop(): Promise<void> {
    this.#isStopping = true
    if (this.#sweeps) clearInterval(this.#sweeps)
    this.watchers.close()
    for (const { abort } of this.#running.values()) abort.abort()
    await Promise.all([...this.#running.values()].map(({ ended }) => ended))
  }

  /** After a job was added. */
  wake(): void {
    if (!this.#isStarted || this.#isStopping) return
    for (const lane of ['change', 'read', 'look'] as const) if (!this.#running.has(lane)) void this.#takeUp(lane)
  }

  /** @throws Refusal `bad-command` where it has ended. */
  async cancel(row: JobTable, entry: Omit<AuditEntry, 'tenant' | 'at'>): Promise<void> {
    if (row.state !== 'waiting' && row.state !== 'running')
      throw new Refusal('bad-command', `Job ${row.id} has ended.`, {
        hint: 'A job is cancelled while it waits or runs.',
      })
    const { catalog, tenant, actor } = this.#parts.workspace
    const at = actor.now().toISOString()
    await catalog.transaction().execute(async (transaction) => {
      await transaction
        .updateTable('job')
        .set({ state: 'cancelled', ended_at: at })
        .where('tenant', '=', tenant)
        .where('id', '=', row.id)
        .where('state', '=', 'waiting')
        .execute()
      await appendAudit(transaction, { tenant, at, ...entry })
    })
    const running = [...this.#running.values()].find(({ id }) => id === row.id)
    running?.abort.abort()
    await this.#tell(row.id)
  }

  async #takeUp(lane: JobWork['lane']): Promise<void> {
    const abort = new AbortController()
    let end: () => void = () => undefined
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    // Taken before anything is awaited, so that a lane runs one job.
    this.#running.set(lane, { id: '', abort, ended })
    try {
      const row = (await this.#rowsIn('waiting')).find(({ kind }) => this.#workOf(kind).lane === lane)
      if (!row) return
      this.#running.set(lane, { id: row.id, abort, ended })
      await this.#run(row, abort)
      queueMicrotask(() => this.wake())
    } catch (error) {
      this.#parts.log.error({ err: error }, 'jobs cannot be run')
    } finally {
      this.#running.delete(lane)
      end()
    }
  }

  async #run(row: JobTable, abort: AbortController): Promise<void> {
    const { workspace, log } = this.#parts
    const startedAt = workspace.actor.now().toISOString()
    await this.#set(row.id, { state: 'running', started_at: startedAt })
    const folder = resultFolderOf(workspace.directory, row.id)
    const progress = this.#progressOf(row.id)
    let state: JobTable['state'] = 'done'
    let outcome: JobOutcome = { result: null, files: [], problem: null }
    try {
      await rm(folder, { recursive: true, force: true })
      await mkdir(folder, { recursive: true })
      const context = { job: row.id, request: requestOf(row), who: row.created_by, folder }
      const made = await this.#workOf(row.kind).run({ ...context, signal: abort.signal, onProgress: progress.report })
      outcome = { ...made, problem: null }
    } catch (error) {
      state = abort.signal.aborted ? 'cancelled' : 'failed'
      outcome = { result: null, files: [], problem: problemOf(error) }
      if (!(error instanceof Refusal)) log.error({ job: row.id, err: error }, 'a job failed')
      await rm(folder, { recursive: true, force: true })
    }
    progress.end()
    if (state === 'cancelled' && this.#isStopping) await this.#set(row.id, { state: 'waiting', started_at: null })
    else await this.#end(row, state, outcome)
  }

  async #end(row: JobTable, state: JobTable['state'], outcome: JobOutcome): Promise<void> {
    const { catalog, tenant, actor } = this.#parts.workspace
    const at = actor.now().toISOString()
    const ended = { state, outcome: JSON.stringify(outcome), ended_at: at }
    await catalog.transaction().execute(async (transaction) => {
      await transaction.updateTable('job').set(ended).where('tenant', '=', tenant).where('id', '=', row.id).execute()
      await this.#workOf(row.kind).announce?.(transaction, { ...row, ...ended })
    })
    this.#ended.inc({ kind: row.kind, state })
    await this.#tell(row.id)
  }

  /** A job that runs belongs to a process that is gone. */
  async #recover(row: JobTable): Promise<void> {
    if (row.attempt < ATTEMPTS_MAX)
      return this.#set(row.id, { state: 'waiting', attempt: row.attempt + 1, progress: JSON.stringify(NO_PROGRESS) })
    const detail = `The server ended ${ATTEMPTS_MAX} times while it ran.`
    const problem = { code: 'internal', detail, hint: 'Look why the server ended, and try it again.' }
    await this.#end(row, 'failed', { ...outcomeOf(row), problem })
  }

  #workOf(kind: string): JobWork {
    const known = JOB_KINDS.find((one) => one === kind)
    if (known) return this.#parts.works[known]
    throw new Refusal('not-found', `There is no kind of job ${kind}.`)
  }

  /** At most one write of the catalog in a while; whoever watches is told of each. */
  #progressOf(id: string) {
    let last = NO_PROGRESS
    let isChanged = false
    const write = () => {
      if (!isChanged) return
      isChanged = false
      void this.#set(id, { progress: JSON.stringify(last) }).catch((error: unknown) =>
        this.#parts.log.warn({ err: error }, 'progress was not kept'),
      )
    }
    const timer = setInterval(write, PROGRESS_MS)
    return {
      report: (progress: Partial<JobProgress>) => {
        last = { ...last, ...progress }
        isChanged = true
      },
      end: () => {
        clearInterval(timer)
        write()
      },
    }
  }

  async #set(id: string, values: Partial<JobTable>): Promise<void> {
    const { catalog, tenant } = this.#parts.workspace
    await catalog.updateTable('job').set(values).where('tenant', '=', tenant).where('id', '=', id).execute()
    await this.#tell(id)
  }

  async #tell(id: string): Promise<void> {
    if (!this.watchers.has(id)) return
    const row = await findJob(this.#parts.workspace, id)
    if (row) this.watchers.tell(toJob(row))
  }

  async #sweep(): Promise<void> {
    const { workspace, filesDays, jobDays, arriving, log } = this.#parts
    await sweepJobFiles(workspace, { days: filesDays, jobDays, arriving }).catch((error: unknown) =>
      log.warn({ err: error }, 'files of jobs could not be removed'),
    )
  }

  #rowsIn(state: JobTable['state']): Promise<JobTable[]> {
    const { catalog, tenant } = this.#parts.workspace
    return catalog
      .selectFrom('job')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('state', '=', state)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
  }
}

function problemOf(error: unknown): NonNullable<JobOutcome['problem']> {
  if (error instanceof Refusal) return { code: error.kind, detail: error.message, hint: error.hint }
  const detail = 'Something went wrong on our side. What was not finished was not kept.'
  return { code: 'internal', detail, hint: 'Tell whoever runs the server the id of this job.' }
}
