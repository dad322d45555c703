// Says why a service carries what it carries in a period: sentence, formula with its numbers, and the rows of the files
// that it came from. Reads the stored run, and places again in a scratch database what it read of the service and its pools, to
// find which rows stand behind each amount; computes no amount of its own and changes nothing.
import { invariant, type Period } from '@spillway/core'
import { beside, type PeriodScope } from '../../stages/allocate/period-scope.ts'
import { type PeriodPlan, planPeriod } from '../../stages/compute-period.ts'
import { pinnedDocuments } from '../../warehouse/live-documents.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { wholeWorkspaceOf } from '../../workspace/scopes.ts'
import { keptBillDates } from '../bill-period.ts'
import { currentRun } from '../current-run.ts'
import { documentsOfLines } from '../lines/run-lines.ts'
import { pinnedScope, type ScopeOptions } from '../pinned-scope.ts'
import { citeAssignment, readCarriedBy } from './cite-assignment.ts'
import { citeRetainedCharges } from './cite-charges.ts'
import { citeRating } from './cite-rating.ts'
import { type ComponentKey, explainComponents, readComponentKeys, readFirstStored } from './explain-components.ts'
import type { CiteScope } from './explain-scope.ts'
import type { CarriedBy, CitedCharges, Explanation } from './explanation.ts'
import { requireOwnService, requireService } from './find-service.ts'
import { ownRows } from './own-rows.ts'

/** So many lines say what a list is about; counts and sums are always over all. */
export const LINES_MAX = 12

export type ExplainOptions = ScopeOptions & {
  readonly service: string
  readonly period: Period
  /** Lines per list, {@link LINES_MAX} by default; Infinity for all. */
  readonly linesMax?: number | undefined
  /** The folder from which cited files are named, such as the user's own; without it by their names alone. */
  readonly namedFrom?: string | undefined
}

/**
 * Explains the period's current run: the published one, else the newest close. In a scope of some rows only a service that
 * is theirs as a whole is known, and of a pool's charges its own lines are shown beside the pool's sums. Works where the workspace is open to read
 * only.
 *
 * @throws Refusal `period-not-closed`, `not-found` with the nearest ids, `cancelled`. Bug where the stored run and its
 *   inputs do not belong together; `check` names the row.
 */
export async function explainService(scoped: ScopedWorkspace, options: ExplainOptions): Promise<Explanation> {
  const { service, period, linesMax = LINES_MAX, namedFrom = '' } = options
  const run = await currentRun(scoped, period)
  if (!scoped.scope.isWholeTenant) await requireOwnService(scoped, { run, service, period })
  const workspace = wholeWorkspaceOf(scoped)
  const of = { run, service, own: await ownRows(workspace, { run, service }) }
  const carriedBy = await readCarriedBy(workspace, of)
  // A service that carries something is known.
  if (service === '' || carriedBy.length === 0) await requireService(workspace, { ...of, period })
  const keys = await readComponentKeys(workspace, of)
  return workspace.warehouse.withScratch(async (scratch) => {
    const pinned = await pinnedScope(workspace, { ...options, run, scratch })
    const billDates = await keptBillDates(workspace, pinned.documents)
    const near = {
      pools: [...new Set(keys.map(({ pool }) => pool))],
      service,
      billed: documentsOfLines(workspace, run),
    }
    const scope = { ...pinned, billDates, near }
    const documents = await pinnedDocuments(workspace, scope.documents)
    const explain: CiteScope = {
      period: scope,
      run,
      service,
      linesMax,
      namedFrom,
      sums: workspace.sums,
      documents: new Map(documents.map((document) => [document.doc, document])),
    }
    const explanation: Explanation = {
      service,
      period: period.name,
      run: run.id,
      runState: run.state,
      totals: totalsOf(carriedBy),
      ...(await partsOf(explain, { keys, carriedBy })),
    }
    checkTotals(explanation)
    return scoped.scope.isWholeTenant ? explanation : withoutLinesOfOthers(explanation)
  })
}

/** A dozen questions follow about the few pieces of charges that are near: as a view, each would lay names over numbers again. */
async function holdPieces({ warehouse, scratch }: PeriodScope): Promise<void> {
  const [view, held] = [`${scratch}.piece`, `${scratch}.held_piece`]
  await warehouse.run(`CREATE TABLE ${held} AS FROM ${view}; DROP VIEW ${view}; ALTER TABLE ${held} RENAME TO piece`)
}

/** Pieces are near then. */
async function placeNear(scope: PeriodScope): Promise<PeriodPlan> {
  const plan = await planPeriod(scope)
  await holdPieces(scope)
  return plan
}

type Known = { readonly keys: ReadonlyArray<ComponentKey>; readonly carriedBy: ReadonlyArray<CarriedBy> }

/** What is drawn again beside what is placed again, then pools beside all else: neither asks for what the other finds. */
async function partsOf(
  explain: CiteScope,
  { keys, carriedBy }: Known,
): Promise<Pick<Explanation, 'components' | 'retained' | 'assignment' | 'rated'>> {
  const [placing, stored] = [placeNear(explain.period), readFirstStored(explain, keys)]
  const [placed, rated] = await beside(
    explain.period,
    async (first) => {
      const plan = await placing
      const [components, others] = await beside(
        first,
        (period) => explainComponents({ ...explain, period, plan }, { keys, first: stored }),
        async (period) => {
          const own = { ...explain, period, plan }
          return { retained: await citeRetainedCharges(own), assignment: await citeAssignment(own, carriedBy) }
        },
      )
      return { components, ...others }
    },
    async (period) => {
      const [rating] = await Promise.allSettled([citeRating({ ...explain, period }, placing), stored])
      if (rating.status === 'rejected') throw rating.reason
      return rating.value
    },
  )
  return { ...placed, rated }
}

/** What a pool sums to stands in the formula of each of its participants; what another one pays does not. */
function withoutLinesOfOthers(explanation: Explanation): Explanation {
  const ownOf = <C extends CitedCharges>(charges: C): C => ({
    ...charges,
    lines: charges.lines.filter(({ isOwn }) => isOwn),
  })
  return {
    ...explanation,
    components: explanation.components.map((component) => ({ ...component, charges: ownOf(component.charges) })),
    retained: explanation.retained.map(ownOf),
  }
}

function totalsOf(carriedBy: ReadonlyArray<CarriedBy>): Explanation['totals'] {
  const totals = new Map<string, Explanation['totals'][number]>()
  for (const { currency, ...carried } of carriedBy) {
    const known = totals.get(currency)
    const actualMinor = (known?.actualMinor ?? 0n) + carried.actualMinor
    const adjustedMinor = (known?.adjustedMinor ?? 0n) + carried.adjustedMinor
    totals.set(currency, { currency, actualMinor, adjustedMinor, differenceMinor: adjustedMinor - actualMinor })
  }
  return [...totals.values()]
}

/** Shared and retained amounts together are what the reports say. */
function checkTotals({ service, run, totals, components, retained }: Explanation): void {
  const sums = new Map<string, { actual: bigint; adjusted: bigint }>()
  const add = (currency: string, actual: bigint, adjusted: bigint) => {
    const sum = sums.get(currency) ?? { actual: 0n, adjusted: 0n }
    sums.set(currency, { actual: sum.actual + actual, adjusted: sum.adjusted + adjusted })
  }
  for (const { currency, actualMinor, adjustedMinor } of components) add(currency, actualMinor, adjustedMinor)
  for (const { currency, amountMinor } of retained) add(currency, amountMinor, amountMinor)
  for (const { currency, actualMinor, adjustedMinor } of totals) add(currency, -actualMinor, -adjustedMinor)
  for (const [currency, { actual, adjusted }] of sums)
    invariant(actual === 0n && adjusted === 0n, 'the parts of an explanation sum to its totals', {
      service,
      run,
      currency,
      actual,
      adjusted,
    })
}
