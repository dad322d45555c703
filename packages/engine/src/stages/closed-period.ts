// What a close says of itself to whoever asked for it, in texts: amounts as decimals in their currency. With what the
// reconciliation of its period says, because both stand between a close and its publication.
import { type CountedProblem, countProblems, formatAmount, type Problem } from '@spillway/core'
import { billsSummary } from '../queries/bills-summary.ts'
import { reconcile } from '../queries/reconciliation.ts'
import type { Workspace } from '../workspace/workspace.ts'
import type { CloseReport } from './close.ts'

export type ClosedPeriod = {
  readonly run: string
  readonly period: string
  readonly totals: ReadonlyArray<{ readonly currency: string; readonly actual: string; readonly adjusted: string }>
  /** Pools with redistributed charges. */
  readonly pools: number
  /** Whether the results are those of the close before. */
  readonly unchanged: boolean
  /** Of the run alone. */
  readonly problems: ReadonlyArray<{ readonly code: Problem['code']; readonly count: number }>
  /** Of the run and of the reconciliation of its invoices, worst first. */
  readonly found: ReadonlyArray<CountedProblem>
  /** null where the run rated nothing. */
  readonly bills: {
    readonly totals: ReadonlyArray<{
      readonly currency: string
      readonly bills: number
      readonly total: string
      /** Lines that correct earlier months, and what they sum to. */
      readonly adjustments: number
      readonly adjusted: string
      /** Lines that make up a minimum, and what they sum to. */
      readonly minimums: number
      readonly minimum: string
    }>
    /** Shares of buckets that were reached. */
    readonly alerts: number
  } | null
}

export async function closedPeriodOf(workspace: Workspace, report: CloseReport): Promise<ClosedPeriod> {
  const { run, period, totals, pools, unchanged, problems, problemCounts } = report
  const bills = await billsSummary(workspace, run)
  const reconciliation = await reconcile(workspace, period)
  return {
    ...{ run, period, pools, unchanged, problems: problemCounts },
    totals: totals.map(({ currency, actualMinor, adjustedMinor }) => ({
      ...{ currency, actual: formatAmount(actualMinor, currency), adjusted: formatAmount(adjustedMinor, currency) },
    })),
    found: countProblems([...reconciliation.problems, ...problems]),
    bills: bills && {
      alerts: bills.alerts,
      totals: bills.totals.map(({ currency, totalMinor, adjustedMinor, minimumMinor, ...counts }) => ({
        ...{ currency, ...counts, total: formatAmount(totalMinor, currency) },
        ...{ adjusted: formatAmount(adjustedMinor, currency), minimum: formatAmount(minimumMinor, currency) },
      })),
    },
  }
}
