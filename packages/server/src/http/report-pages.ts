// Pages of reports as JSON, kept where what they say follows from what seldom changes: runs, which never do, or the facts
// that count. What follows from anything else is made every time.
import {
  buildReport,
  type CurrentRun,
  currentRuns,
  isAnsweredFromMemory,
  LastAsked,
  type ReportName,
  type ReportRequest,
  type ScopedWorkspace,
  stateOfFacts,
} from '@spillway/engine'
import { Counter, type Registry } from 'prom-client'
import { bytesOf, KeptReports, type PageBytes } from './kept-reports.ts'
import { pageOfReport } from './report-page.ts'

/** What they say follows from the runs of the months, and from nothing that changes. */
const OF_RUNS_ALONE: ReadonlySet<ReportName> = new Set([
  ...(['allocation', 'charges', 'pools', 'usage', 'trend', 'movers', 'unused', 'cost-centres'] as const),
  ...(['buckets', 'bucket-days', 'pool-days', 'balances'] as const),
])
/** What they say follows from the documents, runs and decisions that count. */
const OF_FACTS: ReadonlySet<ReportName> = new Set([
  ...(['reconciliation', 'billable-time', 'uncoded', 'bills', 'sub-accounts', 'alerts'] as const),
])
const STATES_MAX = 16

export type PageQuestion = {
  readonly asked: ReportRequest
  readonly limit: number
  readonly cursor?: string | undefined
  /** Rows left out before the first, where there is no cursor. */
  readonly offset?: number | undefined
}

/** Somebody who may go away before the answer is there. */
export type Asker = {
  readonly signal: () => AbortSignal
  /** Runs `work` on a connection that a signal breaks off. */
  readonly onOwn: <T>(work: (workspace: ScopedWorkspace) => Promise<T>, signal: AbortSignal) => Promise<T>
}

export class ReportPages {
  readonly #kept = new KeptReports()
  readonly #made: Counter
  /** What pages follow from, numbered, so that no key has all of it. */
  readonly #states = new LastAsked<string, number>(STATES_MAX)
  #lastState = 0

  constructor(registry: Registry) {
    this.#made = new Counter({
      name: 'spillway_report_pages_made_total',
      help: 'Pages of reports made; those that were kept are not among them.',
      registers: [registry],
    })
  }

  /** Whether any is being made. */
  get isMaking(): boolean {
    return this.#kept.isMaking
  }

  /** In the scope of the workspace. @throws Refusal as `buildReport`; `cancelled` where whoever asked has gone away. */
  async page(workspace: ScopedWorkspace, { asked, ...size }: PageQuestion, asker?: Asker): Promise<PageBytes> {
    const page = async (own: ScopedWorkspace) =>
      JSON.stringify(await pageOfReport(await buildReport(own, asked), { ...size, asked }))
    const make = (signal?: AbortSignal) => {
      this.#made.inc()
      return asker && signal ? asker.onOwn(page, signal) : page(workspace)
    }
    const runs = OF_RUNS_ALONE.has(asked.name) ? await currentRuns(workspace) : null
    const state = runs ?? (OF_FACTS.has(asked.name) ? await stateOfFacts(workspace) : null)
    if (state === null) return bytesOf(await make(asker?.signal()))
    // The same question in another order of its words is the same.
    const question = Object.entries(asked)
      .filter(([, value]) => value !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : 1))
    const key = JSON.stringify([
      this.#numberOf(state),
      workspace.scope.rows,
      question,
      size.limit,
      size.cursor,
      size.offset,
    ])
    const kept = this.#kept.find(key)
    if (kept) return kept
    const isQuick = runs !== null && isAnsweredFromMemory(workspace, { asked, runs })
    return this.#kept.get(key, isQuick ? () => make() : make, {
      ...{ kind: kindOf(workspace, asked), isQuick, signal: asker?.signal() },
    })
  }

  /** The same for the same state; one that nobody asked about for long is another the next time. */
  #numberOf(state: string | ReadonlyArray<CurrentRun>): number {
    const text = JSON.stringify(state)
    const known = this.#states.get(text)
    if (known !== undefined) return known
    this.#lastState += 1
    this.#states.set(text, this.#lastState)
    return this.#lastState
  }
}

/** What takes about as long: of which report, by what, of how much. */
function kindOf({ scope }: ScopedWorkspace, { name, by, where, sort, search }: ReportRequest): string {
  const arranged = sort !== undefined || search !== undefined
  return JSON.stringify([name, by, where !== undefined, arranged, scope.isWholeTenant])
}
