// Makes what the first view of each screen asks for before anybody asks: at the start, and after a change; then, while nobody
// asks for anything else, what is asked of the months before. Whoever waits for an answer or changes the workspace goes first: it
// makes one page at a time, and only while nobody else has any made. It takes no turn, and what it cannot make is made when it
// is asked for.
import { setTimeout as pause } from 'node:timers/promises'
import { Refusal } from '@spillway/core'
import {
  askAboutShared,
  currentRuns,
  keepLivePlaces,
  listImports,
  periodNamed,
  placesOfMonth,
  questionsAboutOne,
  type ReportRequest,
  readAttention,
  type ScopedWorkspace,
  stateOfFacts,
  type Workspace,
} from '@spillway/engine'
import type { Logger } from 'pino'
import { Gauge, type Registry } from 'prom-client'
import type { PageQuestion, ReportPages } from './http/report-pages.ts'
import type { Turns } from './http/turns.ts'
import { wholeOf } from './permissions/scope-of.ts'

/** After a change others often follow. */
const QUIET_MS = 500
const LOOK_MS = 50
/** As the screens ask. */
const PAGE_ROWS = 200

/** What the screens ask of a month before anybody chose anything, in the order in which they are looked at. */
export function firstViews(period: string): ReadonlyArray<PageQuestion> {
  const page = (asked: ReportRequest, limit = PAGE_ROWS): PageQuestion => ({ asked, limit })
  const charges = (by: string) => page({ name: 'charges', period, by })
  return [
    page({ name: 'trend', period, by: 'all', months: '13' }),
    page({ name: 'movers', period, by: 'cost-centre', view: 'adjusted', count: '4' }),
    page({ name: 'cost-centres', period }),
    ...['cost-centre', 'person', 'vendor'].map(charges),
    page({ name: 'pools', period }),
    page({ name: 'reconciliation', period }),
    page({ name: 'reconciliation', sort: '-period' }, 1),
    page({ name: 'reconciliation', sort: '-period' }, 1000),
    ...['accepted', 'unreconciled'].map((search) => page({ name: 'reconciliation', period, search }, 500)),
    ...['service', 'account', 'pool', 'project', 'category', 'usage-type'].map(charges),
    page({ name: 'movers', period, by: 'cost-centre', view: 'actual', count: '4' }),
    charges('line'),
    ...viewsOfCalls(period),
    page({ name: 'alerts', period, sort: '-percent' }),
    // The rows after the first ones, which a table asks for as soon as it stands.
    ...[{ name: 'alerts', period, sort: '-percent' } as const, { name: 'reconciliation', period } as const].flatMap(
      (asked) => [0, BLOCK_ROWS].map((offset) => ({ asked, limit: BLOCK_ROWS, offset })),
    ),
  ]
}

/** As the screens ask for rows beyond the first page. */
const BLOCK_ROWS = 500

/** Beyond the months that a trend shows of itself. */
const MONTHS_MAX = 13

/** What is asked of a month once somebody chose it. */
export function viewsOfMonth(period: string): ReadonlyArray<PageQuestion> {
  const page = (asked: ReportRequest): PageQuestion => ({ asked, limit: PAGE_ROWS })
  return [
    page({ name: 'cost-centres', period }),
    page({ name: 'pools', period }),
    page({ name: 'allocation', period }),
    ...['cost-centre', 'person', 'vendor', 'pool', 'service'].map((by) => page({ name: 'charges', period, by })),
    ...['cost-centre', 'service'].map((by) => page({ name: 'movers', period, by })),
    page({ name: 'charges', period, by: 'line' }),
    page({ name: 'alerts', period, sort: '-percent' }),
  ]
}

/** What reads every call of a month: of half a million it takes ten seconds, and is made of other months after all else. */
export function viewsOfCalls(period: string): ReadonlyArray<PageQuestion> {
  const asked = [{ name: 'billable-time', period, by: 'project' } as const, { name: 'uncoded', period } as const]
  return asked.map((one) => ({ asked: one, limit: PAGE_ROWS }))
}

export type WarmUpParts = {
  readonly workspace: Workspace
  readonly turns: Turns
  readonly pages: ReportPages
  readonly log: Logger
  readonly registry: Registry
}

type Run = { readonly id: string; readonly period: string }

export class WarmUp {
  readonly #parts: WarmUpParts
  readonly #seconds: Gauge
  readonly #views: Gauge
  readonly #months: Gauge
  readonly #stopping = new AbortController()
  #round: Promise<void> | null = null
  #isWanted = false
  /** What the views followed from when they were made last. */
  #warmed = ''
  #own: Workspace['warehouse'] | null = null

  constructor(parts: WarmUpParts) {
    this.#parts = parts
    const registers = [parts.registry]
    this.#seconds = new Gauge({
      name: 'spillway_warm_up_seconds',
      help: 'How long making the first views took, last time.',
      registers,
    })
    this.#views = new Gauge({ name: 'spillway_warm_up_views', help: 'First views made, last time.', registers })
    this.#months = new Gauge({
      name: 'spillway_warm_up_months',
      help: 'Months of which all that is kept in memory was made, last time.',
      registers,
    })
  }

  start(): void {
    this.#parts.turns.whenFree(() => this.wake())
    this.wake()
  }

  /** Looks whether anything changed, soon. */
  wake(): void {
    this.#isWanted = true
    if (this.#stopping.signal.aborted || this.#round) return
    this.#round = this.#rounds()
      .catch((error: unknown) => this.#parts.log.error({ err: error }, 'first views cannot be made'))
      .finally(() => {
        this.#round = null
      })
  }

  /** Breaks off the page under way. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#own?.interrupt()
    if (this.#own) this.#parts.workspace.sums?.breakOff()
    await this.#round
  }

  /** Waits until every view is made: for tests and benchmarks. */
  async settled(): Promise<void> {
    while (this.#round) await this.#round
  }

  async #rounds(): Promise<void> {
    while (this.#isWanted && !this.#stopping.signal.aborted) {
      this.#isWanted = false
      await this.#wait(QUIET_MS)
      const state = await stateOfFacts(this.#parts.workspace)
      if (state === this.#warmed || this.#stopping.signal.aborted) continue
      if (await this.#makeAll()) this.#warmed = state
    }
  }

  /** Whether it came to the end. */
  async #makeAll(): Promise<boolean> {
    const { workspace, log, pages } = this.#parts
    const runs = await currentRuns(workspace)
    const last = runs.at(-1)
    if (last === undefined) return true
    const startedAt = performance.now()
    await workspace.sums?.keepOnly(runs.map(({ id }) => id))
    const views = [
      (own: ScopedWorkspace) => readAttention(own, {}),
      // What came in is read once of each file.
      (own: ScopedWorkspace) => listImports(own),
      ...firstViews(last.period).map((question) => (own: ScopedWorkspace) => pages.page(own, question)),
      // Whoever asks about one finds it by these.
      keepLivePlaces,
      ...placesOfMonth(periodNamed(last.period)),
      ...questionsAboutOne(periodNamed(last.period)),
    ]
    // The newest months first: what else is asked of them waits for no other.
    for (const { id } of runs.toReversed()) {
      if (!(await this.#untilFree())) return false
      await this.#make(async () => workspace.sums?.ofRuns([id]))
    }
    let made = 0
    for (const view of views) {
      if (!(await this.#untilFree())) return false
      made += (await this.#make(view)) ? 1 : 0
    }
    const seconds = (performance.now() - startedAt) / 1000
    this.#seconds.set(seconds)
    this.#views.set(made)
    log.info({ period: last.period, views: made, seconds }, 'first views are made')
    return this.#makeMonths(runs.toReversed().slice(0, MONTHS_MAX))
  }

  /** The newest first. Whether it came to the end. */
  async #makeMonths(runs: ReadonlyArray<Run>): Promise<boolean> {
    const { workspace, log, pages } = this.#parts
    const startedAt = performance.now()
    this.#months.set(0)
    const stepsOf = ({ id, period }: Run) => [
      async () => workspace.sums?.ofServices(id),
      async () => workspace.sums?.ofParts(id),
      ...viewsOfMonth(period).map((question) => (own: ScopedWorkspace) => pages.page(own, question)),
      ...placesOfMonth(periodNamed(period)),
      (own: ScopedWorkspace) => readAttention(own, { period: periodNamed(period) }),
      // Of the newest it is made already.
      ...(id === runs[1]?.id ? [(own: ScopedWorkspace) => askAboutShared(own, periodNamed(period))] : []),
    ]
    for (const [at, run] of runs.entries()) {
      if (!(await this.#makeEach(stepsOf(run)))) return false
      this.#months.set(at + 1)
    }
    // Last, because they take the most room, and the database answers a question of one pool soon enough.
    const partRows = async ({ id }: Run) => workspace.sums?.ofPartRows(id)
    const calls = ({ period }: Run) =>
      viewsOfCalls(period).map((question) => (own: ScopedWorkspace) => pages.page(own, question))
    if (!(await this.#makeEach([...runs.map((run) => () => partRows(run)), ...runs.flatMap(calls)]))) return false
    const seconds = (performance.now() - startedAt) / 1000
    log.info({ months: runs.length, seconds }, 'what is asked of other months is made')
    return true
  }

  /** Whether it came to the end. */
  async #makeEach(steps: ReadonlyArray<(own: ScopedWorkspace) => Promise<unknown>>): Promise<boolean> {
    for (const step of steps) {
      if (!(await this.#untilFree())) return false
      await this.#make(step)
    }
    return true
  }

  /** On a connection of its own, so that it can be broken off. False where there is no such view of this month. */
  async #make(view: (own: ScopedWorkspace) => Promise<unknown>): Promise<boolean> {
    const { workspace, log } = this.#parts
    try {
      await workspace.warehouse.withConnection(async (warehouse) => {
        this.#own = warehouse
        await view(wholeOf({ ...workspace, warehouse }))
      })
      return true
    } catch (error) {
      // Such as what compares with a month before the first.
      if (!(error instanceof Refusal) && !this.#stopping.signal.aborted)
        log.warn({ err: error }, 'a first view could not be made')
      return false
    } finally {
      this.#own = null
    }
  }

  /** False once it is stopping, or something changed meanwhile. */
  async #untilFree(): Promise<boolean> {
    const { pages, turns } = this.#parts
    while ((pages.isMaking || !turns.isFree) && !this.#stopping.signal.aborted) await this.#wait(LOOK_MS)
    return !this.#isWanted && !this.#stopping.signal.aborted
  }

  async #wait(milliseconds: number): Promise<void> {
    await pause(milliseconds, undefined, { signal: this.#stopping.signal, ref: false }).catch(() => {
      // Rejects where it is stopping, which whoever waits looks for itself.
    })
  }
}
