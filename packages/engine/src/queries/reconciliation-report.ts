// `report reconciliation`: every invoice beside its own total; what does not foot is shown with its difference.
import { formatAmount, type Period, type Report } from '@spillway/core'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { requireWholeTenant } from '../workspace/scopes.ts'
import { oneBatch, type ReportField, textField } from './amount-cells.ts'
import { reconcileInvoices } from './reconciliation.ts'

const amount = (key: string, title: string): ReportField => ({ key, title, kind: 'amount' })
const COLUMNS: ReadonlyArray<ReportField> = [
  textField('vendor', 'Vendor'),
  { ...textField('account', 'Account'), isDetail: true },
  textField('invoice', 'Invoice'),
  { ...textField('period', 'Period'), isDetail: true },
  textField('currency', 'Currency'),
  { key: 'lines', title: 'Lines', kind: 'quantity', isDetail: true },
  { ...amount('charges', 'Charges'), isDetail: true },
  amount('total', 'Total'),
  amount('difference', 'Difference'),
  textField('status', 'Status'),
  { ...textField('reason', 'Accepted because'), isDetail: true },
]

/** One row per invoice and currency, of one period or of all; an unknown total and its difference are ''. */
export async function reconciliationReport(workspace: ScopedWorkspace, period?: Period): Promise<Report> {
  requireWholeTenant(workspace, 'Reconciliation')
  const invoices = await reconcileInvoices(workspace, period?.name)
  const rows = invoices.map((row) => {
    const text = (minor: bigint | null) => (minor === null ? '' : formatAmount(minor, row.currency))
    const amounts = [text(row.chargesMinor), text(row.totalMinor), text(row.differenceMinor)]
    return [
      row.vendor,
      row.account,
      row.invoice,
      row.period,
      row.currency,
      String(row.lines),
      ...amounts,
      row.status,
      row.reason,
    ]
  })
  return {
    name: 'reconciliation',
    title: `Invoices ${period ? `of ${period.name}` : 'of every period'} beside their totals`,
    columns: COLUMNS,
    hasTotals: true,
    rows: oneBatch(rows),
  }
}
