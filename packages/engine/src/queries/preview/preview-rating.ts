// Rates and bills a month once more from what its run read, but with other documents of the catalogue, in a scratch database
// that is dropped afterwards, and compares it with the run. Writes nothing; works where the workspace is open to read only.
import { type Period, type Problem, Refusal } from '@spillway/core'
import type { NewDocument } from '../../catalog/configuration.ts'
import type { RunTable } from '../../catalog/tables.ts'
import { type PeriodScope, step } from '../../stages/allocate/period-scope.ts'
import { ratePeriod } from '../../stages/rate/rate-period.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { requireWholeTenant, wholeWorkspaceOf } from '../../workspace/scopes.ts'
import { currentRun } from '../current-run.ts'
import { interruptible } from '../interruptible.ts'
import { pinnedScope, type ScopeOptions } from '../pinned-scope.ts'
import { compareViews, previewTotals } from './compare-bills.ts'
import type { Preview } from './preview.ts'
import { tryDocuments } from './tried-configuration.ts'

export type PreviewOptions = ScopeOptions & {
  /** As read by `readTried`. */
  readonly tried: ReadonlyArray<NewDocument>
  readonly period: Period
  /** Of each view; all where nothing is said. Counts and sums are over all. */
  readonly rowsMax?: number | undefined
}

/**
 * A document that is tried takes the place of the one of its kind and name, or is added. Everything else is as the run read
 * it: usage, services, and what the month before left in the buckets.
 *
 * @throws Refusal `period-not-closed`; `bad-command` where nothing was sold in the month; `bad-configuration` where the
 *   documents name what is not there; `cancelled`.
 */
export async function previewRating(scoped: ScopedWorkspace, options: PreviewOptions): Promise<Preview> {
  requireWholeTenant(scoped, 'A preview')
  const workspace = wholeWorkspaceOf(scoped)
  const { period, tried, signal, rowsMax } = options
  const run = await currentRun(workspace, period)
  return interruptible(workspace, signal, () =>
    workspace.warehouse.withScratch(async (scratch) => {
      const pinned = await pinnedScope(workspace, { ...options, run, scratch })
      const { rating } = pinned
      if (rating === undefined)
        throw new Refusal('bad-command', `Nothing was sold in ${period.name}, so that there is nothing to rate.`, {
          hint: 'Choose a month that was closed with a catalogue.',
        })
      const { configuration, ...named } = await tryDocuments(workspace, { pinned: pinned.configuration, tried })
      const scope: PeriodScope = { ...pinned, configuration }
      step(scope, { stage: 'rate', done: 0, total: STEPS })
      const { problems } = await ratePeriod(scope, rating)
      step(scope, { stage: 'rate', done: 1, total: STEPS })
      const totals = await previewTotals(scope, run)
      const views = await compareViews(scope, { run, before: pinned.configuration, rowsMax })
      step(scope, { stage: 'rate', done: STEPS, total: STEPS })
      const found = await problemsAdded(scope, { run, problems })
      return { period: period.name, run: run.id, ...named, totals, views, problems: found }
    }),
  )
}

/** Rating, and comparing. */
const STEPS = 2

type Found = { readonly run: RunTable; readonly problems: ReadonlyArray<Problem> }

async function problemsAdded({ warehouse, tenant }: PeriodScope, { run, problems }: Found): Promise<Problem[]> {
  const rows = await warehouse.rows<{ code: string; facts: string }>(
    'SELECT code, facts FROM run_problem WHERE tenant = $tenant AND run = $run',
    { tenant, run: run.id },
  )
  const known = new Set(rows.map(({ code, facts }) => `${code} ${facts}`))
  return problems.filter(({ code, facts }) => !known.has(`${code} ${JSON.stringify(facts)}`))
}
