// What a publication says of itself to whoever asked for it, in texts: amounts as decimals in their currency.
import { formatAmount, invariant } from '@spillway/core'
import { billsSummary } from '../../queries/bills-summary.ts'
import type { InvoiceReconciliation } from '../../queries/reconciliation.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import type { PublishReport } from './publish-period.ts'

export type AcceptedDifference = {
  readonly vendor: string
  readonly account: string
  readonly invoice: string
  readonly currency: string
  readonly difference: string
  readonly reason: string
}

export type Publication = {
  readonly run: string
  readonly period: string
  readonly accepted: ReadonlyArray<AcceptedDifference>
  /** Invoices that nobody could check. */
  readonly withoutTotal: number
  /** Our own bills per currency; null where the run rated nothing. */
  readonly issued: ReadonlyArray<{
    readonly currency: string
    readonly bills: number
    readonly total: string
  }> | null
}

export async function publicationOf(workspace: Workspace, report: PublishReport): Promise<Publication> {
  const bills = await billsSummary(workspace, report.run)
  return {
    run: report.run,
    period: report.period,
    accepted: report.accepted.map(acceptedDifference),
    withoutTotal: report.withoutTotal.length,
    issued:
      bills?.totals.map(({ currency, bills: count, totalMinor }) => ({
        ...{ currency, bills: count, total: formatAmount(totalMinor, currency) },
      })) ?? null,
  }
}

/** An accepted invoice has a total, so its difference is known. */
export function acceptedDifference(invoice: InvoiceReconciliation): AcceptedDifference {
  const { vendor, account, currency, differenceMinor, reason } = invoice
  invariant(differenceMinor !== null, 'an accepted difference is known', { currency })
  return {
    vendor,
    account,
    invoice: invoice.invoice,
    currency,
    difference: formatAmount(differenceMinor, currency),
    reason,
  }
}
