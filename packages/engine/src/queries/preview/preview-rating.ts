// Rates and bills a month once more from what its run read, but with other documents of the catalogue, in a scratch database
// that is dropped afterwards, and compares it with the run. Writes nothing; works where the workspace is open to read only.
import { type Period, type Problem, Refusal } from '@spillway/core'
import type { NewDocument } from '../../catalog/configuration.ts'
import type { RunTable } from '../../catalog/tables.ts'
import { type PeriodScope, partOf, step, storeDocuments } from '../../stages/allocate/period-scope.ts'
import { pinnedCatalogue } from '../../stages/rate/pinned-catalogue.ts'
import { ratePeriod } from '../../stages/rate/rate-period.ts'
import { nearAccounts } from '../../stages/rate/sold-near.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { requireWholeTenant, wholeWorkspaceOf } from '../../workspace/scopes.ts'
import { currentRun } from '../current-run.ts'
import { interruptible } from '../interruptible.ts'
import { pinnedScope, type ScopeOptions } from '../pinned-scope.ts'
import { compareViews, previewTotals } from './compare-bills.ts'
import type { Preview } from './preview.ts'
import { touchedAccounts } from './touched-accounts.ts'
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
      const whole: PeriodScope = { ...pinned, configuration }
      step(whole, { stage: 'rate', done: 0, total: STEPS })
      const scope = await touchedScope(whole, { named, before: pinned })
      step(scope, { stage: 'rate', done: 1, total: STEPS })
      const { problems } = await ratePeriod(partOf(scope, { at: 1, of: STEPS }), rating)
      const comparing = partOf(scope, { at: 2, of: STEPS })
      step(comparing, { stage: 'rate', done: 0, total: 1 })
      const totals = await previewTotals(comparing, run)
      const views = await compareViews(comparing, { run, before: pinned.configuration, rowsMax })
      step(scope, { stage: 'rate', done: STEPS, total: STEPS })
      const found = await problemsAdded(scope, { run, problems })
      return { period: period.name, run: run.id, ...named, totals, views, problems: found }
    }),
  )
}

/** Finding whom it touches, rating, and comparing. */
const STEPS = 3

type TouchedOf = {
  readonly named: Pick<Preview, 'documents' | 'brought'>
  readonly before: PeriodScope
}

/** With more of all accounts than this it takes no longer to rate every one. */
const SHARE_MAX = 0.7

/** What is rated again: nobody but those whom the documents can touch, where these are not most. */
async function touchedScope(scope: PeriodScope, { named, before }: TouchedOf): Promise<PeriodScope> {
  const keys = new Set([...named.documents, ...named.brought].map(({ kind, name }) => `${kind}/${name}`))
  const documents = scope.configuration.filter(({ kind, name }) => keys.has(`${kind}/${name}`))
  await storeDocuments(scope)
  const accounts = await touchedAccounts(scope, { documents, before })
  const { catalogue } = await pinnedCatalogue(scope)
  if (accounts === null || accounts.size > catalogue.accounts.size * SHARE_MAX) return scope
  return nearAccounts(scope, accounts)
}

type Found = { readonly run: RunTable; readonly problems: ReadonlyArray<Problem> }

async function problemsAdded({ warehouse, tenant }: PeriodScope, { run, problems }: Found): Promise<Problem[]> {
  const rows = await warehouse.rows<{ code: string; facts: string }>(
    'SELECT code, facts FROM run_problem WHERE tenant = $tenant AND run = $run',
    { tenant, run: run.id },
  )
  const known = new Set(rows.map(({ code, facts }) => `${code} ${facts}`))
  return problems.filter(({ code, facts }) => !known.has(`${code} ${JSON.stringify(facts)}`))
}
