// Starts the jobs of schedules when they are due. What was due while the server was down is started once after it is up. A
// schedule whose last job has not ended, or that has nothing to do, waits for its next time.
import type { ScheduleTable, Workspace } from '@spillway/engine'
import { appendAudit } from '@spillway/engine'
import type { Logger } from 'pino'
import type { ScheduleKind } from '../contract/jobs.ts'
import { addJob } from '../jobs/job-row.ts'
import type { JobRunner } from '../jobs/job-runner.ts'
import { nextRunOf } from './next-run.ts'

const LOOK_MS = 1000

/** What stands in `request` of a schedule. */
export type ScheduledRequest = { readonly owner: string; readonly parameters: unknown }

/** Whether there is anything to do; asked before a job is started. */
export type HasWork = (parameters: unknown) => Promise<boolean>

export type SchedulerParts = {
  readonly workspace: Workspace
  readonly jobs: JobRunner
  readonly hasWork: Readonly<Record<ScheduleKind, HasWork>>
  readonly log: Logger
}

export class Scheduler {
  readonly #parts: SchedulerParts
  #timer: NodeJS.Timeout | null = null
  #round: Promise<void> = Promise.resolve()
  #isStopping = false

  constructor(parts: SchedulerParts) {
    this.#parts = parts
  }

  start(): void {
    if (this.#isStopping) return
    this.#timer = setTimeout(() => {
      this.#round = this.runDue()
        .catch((error: unknown) => this.#parts.log.error({ err: error }, 'schedules cannot be run'))
        .then(() => this.start())
    }, LOOK_MS)
    this.#timer.unref()
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    if (this.#timer) clearTimeout(this.#timer)
    await this.#round
  }

  /** Starts what is due, each once however often it was. */
  async runDue(): Promise<void> {
    const { catalog, tenant, actor } = this.#parts.workspace
    const due = await catalog
      .selectFrom('schedule')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('state', '=', 'active')
      .where('next_at', '<=', actor.now().toISOString())
      .execute()
    for (const schedule of due) {
      try {
        await this.#run(schedule)
      } catch (error) {
        this.#parts.log.error({ schedule: schedule.name, err: error }, 'a schedule could not be run')
        await this.#move(schedule, {})
      }
    }
  }

  async #run(schedule: ScheduleTable): Promise<void> {
    const { jobs, hasWork } = this.#parts
    const { parameters } = JSON.parse(schedule.request) as ScheduledRequest
    const isFree = !(await this.#isRunning(schedule)) && (await hasWork[schedule.kind as ScheduleKind](parameters))
    if (!isFree) return this.#move(schedule, {})
    await this.#move(schedule, { startsJob: true })
    jobs.wake()
  }

  /** The next time and the job stand in one transaction: a crash starts neither twice nor not at all. */
  async #move(schedule: ScheduleTable, { startsJob = false }: { readonly startsJob?: boolean }): Promise<void> {
    const { workspace } = this.#parts
    const { catalog, tenant, actor } = workspace
    const now = actor.now()
    const at = now.toISOString()
    const next_at = nextRunOf({ cron: schedule.cron, timeZone: schedule.time_zone }, now)
    await catalog.transaction().execute(async (transaction) => {
      const who = `schedule ${schedule.name}`
      const { owner, parameters } = JSON.parse(schedule.request) as ScheduledRequest
      const kind = schedule.kind as ScheduleKind
      const request = { subject: schedule.name, owner, parameters }
      const job = startsJob ? await addJob(transaction, workspace, { kind, request, who }) : undefined
      if (job)
        await appendAudit(transaction, {
          ...{ tenant, at, who, action: `start-${kind}`, subject: schedule.name },
          details: { job: job.id },
        })
      await transaction
        .updateTable('schedule')
        .set({ next_at, last_at: at, ...(job ? { last_job: job.id } : {}) })
        .where('tenant', '=', tenant)
        .where('name', '=', schedule.name)
        .execute()
    })
  }

  async #isRunning({ last_job }: ScheduleTable): Promise<boolean> {
    if (last_job === null) return false
    const { catalog, tenant } = this.#parts.workspace
    const row = await catalog
      .selectFrom('job')
      .select('state')
      .where('tenant', '=', tenant)
      .where('id', '=', last_job)
      .executeTakeFirst()
    return row?.state === 'waiting' || row?.state === 'running'
  }
}
