// `report reconciliation`: every invoice beside its own total; what does not foot is shown with its difference. The vendors'
// invoices are known in memory, and handed to the query that has our own bills: a provider has tens of thousands a month.
import type { Period, Report } from '@spillway/core'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { requireWholeTenant } from '../workspace/scopes.ts'
import { amountField, type ReportField, textField } from './amount-cells.ts'
import { haveOneScale, withMixedScales } from './mixed-scales.ts'
import { ownBillBalancesSql, ownBillCurrencies } from './own-bills.ts'
import { type Reconciliation, reconcileVendors } from './reconciliation.ts'
import { sqlReport } from './sql-report.ts'
import { textRelationSql } from './text-relation.ts'

const FIELDS: ReadonlyArray<ReportField> = [
  textField('vendor', 'Vendor'),
  { ...textField('account', 'Account'), isDetail: true },
  textField('invoice', 'Invoice'),
  { ...textField('period', 'Period'), isDetail: true },
  textField('currency', 'Currency'),
  { key: 'lines', title: 'Lines', kind: 'quantity', isDetail: true },
  { ...amountField('charges', 'Charges'), isDetail: true },
  amountField('total', 'Total'),
  amountField('difference', 'Difference'),
  textField('status', 'Status'),
  { ...textField('reason', 'Accepted because'), isDetail: true },
]

const texts = (...names: ReadonlyArray<string>) => names.map((name) => ({ name, type: 'VARCHAR' }))
const minors = (...names: ReadonlyArray<string>) => names.map((name) => ({ name, type: 'HUGEINT' }))
const COLUMNS = [
  ...texts('vendor', 'account', 'invoice', 'period', 'currency'),
  { name: 'lines', type: 'BIGINT' },
  ...minors('charges_minor', 'total_minor', 'difference_minor'),
  ...texts('status', 'reason'),
]

/** One row per invoice and currency, of one period or of all; an unknown total and its difference are ''. */
export async function reconciliationReport(workspace: ScopedWorkspace, period?: Period): Promise<Report> {
  requireWholeTenant(workspace, 'Reconciliation')
  const { tenant } = workspace
  const vendors = await reconcileVendors(workspace, period?.name)
  const own = await ownBillBalancesSql(workspace, period?.name)
  const report = sqlReport(workspace, {
    name: 'reconciliation',
    title: `Invoices ${period ? `of ${period.name}` : 'of every period'} beside their totals`,
    hasTotals: true,
    fields: FIELDS,
    ctes: '',
    rows: own === '' ? vendorRows(vendors) : `${vendorRows(vendors)} UNION ALL BY NAME ${ownRows(own)}`,
    order: 'vendor, account, invoice, currency, is_own',
    parameters: { tenant },
  })
  const currencies = [...vendors.map(({ currency }) => currency), ...(await ownBillCurrencies(workspace, period?.name))]
  return haveOneScale(currencies) ? report : withMixedScales(report)
}

function vendorRows(invoices: Reconciliation['invoices']): string {
  const rows = invoices.map((row) => [
    ...[row.vendor, row.account, row.invoice, row.period, row.currency, String(row.lines)],
    ...[row.chargesMinor, row.totalMinor, row.differenceMinor].map((minor) => (minor === null ? '' : String(minor))),
    ...[row.status, row.reason],
  ])
  return `SELECT *, false AS is_own FROM (${textRelationSql({ columns: COLUMNS, rows })})`
}

/** Nobody accepts a difference of a bill that we made. */
const ownRows = (balances: string) =>
  `SELECT *, charges_minor - total_minor AS difference_minor,
    CASE WHEN charges_minor = total_minor THEN 'reconciled' ELSE 'unreconciled' END AS status, '' AS reason, true AS is_own
  FROM (${balances})`
