// The two sides of rating.bench.ts: the least that rating asks of a database, and the stage as a close runs it, with what it
// takes over read, its results written, checked and told in digests. Bills are a stage of their own.
import { invariant, parsePeriod } from '@spillway/core'
import type { Workspace } from '@spillway/engine'
import { loadConfiguration } from '../packages/engine/src/catalog/configuration.ts'
import { beside, type PeriodScope } from '../packages/engine/src/stages/allocate/period-scope.ts'
import { rateMonth } from '../packages/engine/src/stages/rate/rate-month.ts'
import { storeStates } from '../packages/engine/src/stages/rate/rate-period.ts'
import { makeRatedTable } from '../packages/engine/src/stages/rate/rated-output.ts'
import { NO_STATE, readState, type StateOfRun } from '../packages/engine/src/stages/rate/rating-state.ts'
import { storeBeside } from '../packages/engine/src/stages/rate/store-beside.ts'
import { digestRating, failedRatingChecks, writeRating } from '../packages/engine/src/stages/rate/stored-rating.ts'
import { rowsByNumber } from '../packages/engine/src/stages/run-rows.ts'
import { liveDocuments } from '../packages/engine/src/warehouse/live-documents.ts'
import { deleteRun, giveRunNumber } from '../packages/engine/src/warehouse/run-numbers.ts'
import { openWorkspace } from '../packages/engine/src/workspace/workspace.ts'
import { BENCH, ORDERED_KINDS } from './rating-workspace.ts'

export type Spent = {
  readonly elapsedMs: number
  readonly processorMs: number
  readonly residentBytes: number
  /** Elapsed milliseconds of its parts, in turn. */
  readonly partsMs: Readonly<Record<string, number>>
  /** Of the yardstick those that were streamed, of rating those that were written. */
  readonly rows: number
}

export const RATED_RUN = '2026-10.1'
const SEPTEMBER_RUN = '2026-09.1'

class Stopwatch {
  readonly #startedAt = performance.now()
  readonly #usedBefore = process.cpuUsage()
  readonly #partsMs: Record<string, number> = {}
  #lastAt = performance.now()

  part(name: string): void {
    const now = performance.now()
    this.#partsMs[name] = Math.round(now - this.#lastAt)
    this.#lastAt = now
  }

  spent(rows: number): Spent {
    const { user, system } = process.cpuUsage(this.#usedBefore)
    return {
      elapsedMs: Math.round(performance.now() - this.#startedAt),
      processorMs: Math.round((user + system) / 1000),
      residentBytes: process.resourceUsage().maxRSS * 1024,
      partsMs: this.#partsMs,
      rows,
    }
  }
}

const opened = (directory: string) => openWorkspace(directory, { access: 'write', ...BENCH })

/** Sums by service and class, and the rows of pools that run out or have limits, in the order in which they are drawn. */
export async function measureYardstick(directory: string): Promise<Spent> {
  const { warehouse, close } = await bound(directory)
  const watch = new Stopwatch()
  await warehouse.run(
    `CREATE TEMP TABLE sums AS SELECT service, usage_type, zone, time_band, network, sum(quantity_base) AS base
     FROM usage GROUP BY ALL`,
  )
  watch.part('group')
  const kinds = ORDERED_KINDS.map((kind) => `'${kind}'`).join(', ')
  const events = warehouse.streamNumbers(
    `SELECT s.pool_no, s.row_no, CASE u.usage_type WHEN 'data' THEN 0 ELSE 1 END AS class_no,
       epoch_us(u.started_at) AS start_micros, u.quantity_base
     FROM usage AS u JOIN (SELECT service, substr(account, 2)::INTEGER AS pool_no, row_number() OVER ()::INTEGER AS row_no
       FROM service WHERE product IN (${kinds})) AS s USING (service)
     ORDER BY s.pool_no, start_micros, u.source, u.id`,
  )
  let rows = 0
  for await (const { count } of events) rows += count
  watch.part('sortAndStream')
  const spent = watch.spent(rows)
  await close()
  return spent
}

/** October, on what September left. */
export async function measureRating(directory: string): Promise<Spent> {
  const { workspace, close } = await bound(directory)
  const opening = { tenant: workspace.tenant, run: SEPTEMBER_RUN, place: 'closing' } as const
  await deleteRun(workspace.warehouse, { tenant: workspace.tenant, run: RATED_RUN })
  const scope = await scopeOf(workspace, '2026-10')
  const watch = new Stopwatch()
  const rows = await rate(workspace, { scope, opening, run: RATED_RUN, watch })
  const spent = watch.spent(rows)
  await close()
  return spent
}

/** The month before, in which nothing was used: what is left of its buckets rolls over. */
export async function prepareSeptember(workspace: Workspace): Promise<void> {
  const scope = await scopeOf(workspace, '2026-09')
  await rate(workspace, { scope, opening: null, run: SEPTEMBER_RUN, watch: new Stopwatch() })
}

type ScopeWithoutScratch = Omit<PeriodScope, 'scratch'>

async function scopeOf(workspace: Workspace, name: string): Promise<ScopeWithoutScratch> {
  const documents = (await liveDocuments(workspace)).map(({ doc }) => doc)
  const period = parsePeriod(name)
  invariant(period, 'the period of a benchmark is one', { name })
  return { ...workspace, period, documents, configuration: await loadConfiguration(workspace) }
}

type Rated = {
  readonly scope: ScopeWithoutScratch
  readonly opening: StateOfRun | null
  readonly run: string
  readonly watch: Stopwatch
}

function rate({ warehouse, tenant }: Workspace, { scope: of, opening, run, watch }: Rated): Promise<number> {
  return warehouse.withScratch(async (scratch) => {
    const numbered = await giveRunNumber(warehouse, { tenant, run })
    const scope = { ...of, scratch, run: numbered }
    // As a close does: what is many is stored while it is rated, the rest in one transaction, then the checks beside the digests.
    await warehouse.run("SET disabled_compression_methods = 'fsst'")
    const { told: before } = await storeBeside(scope, async (storing) => {
      const state = opening === null ? NO_STATE : await readState(warehouse, opening)
      watch.part('takeOver')
      const { closing, problems } = await rateMonth(scope, state, { storing })
      invariant(problems.length === 0, 'the month of a benchmark has no problems', { problem: problems[0]?.message })
      watch.part('rate')
      await storeStates(scope, {
        opening: state,
        taken: opening,
        closing: { ...closing, billedAhead: [], adjusted: [] },
      })
    })
    // What bills would be: the stage that makes them is not measured.
    for (const table of ['rating_adjustment', 'customer_bill', 'customer_bill_line'] as const)
      (await makeRatedTable(scope, table)).close()
    watch.part('leave')
    await warehouse.transaction(() => writeRating(scope, run))
    watch.part('write')
    const rowsOf = rowsByNumber(tenant, numbered)
    const [failures, told] = await beside(
      scope,
      (first) => failedRatingChecks(first, run, { rowsOf, hasBills: false }),
      (second) => digestRating(second.warehouse, rowsOf, before),
    )
    const [failed] = failures
    invariant(!failed, 'what was rated holds after the write', { ...failed })
    watch.part('checkAndDigest')
    return told.reduce((rows, one) => rows + one.rows, 0)
  })
}

async function bound(directory: string) {
  const workspace = await opened(directory)
  return { workspace, warehouse: workspace.warehouse, close: () => workspace.close() }
}
