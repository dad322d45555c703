// `report missing-bills`: which bills of a month have not come, of the accounts that billed the month before and of those that a
// schedule waits for. Bills that we make ourselves come with a close, and are not among them.
import {
  compareBytes,
  formatAmount,
  type Period,
  type Report,
  type ReportColumn,
  type ReportRow,
  shiftPeriod,
} from '@spillway/core'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { requireWholeTenant } from '../workspace/scopes.ts'
import { oneBatch, textField } from './amount-cells.ts'
import type { ExpectedBill } from './missing-bills.ts'
import { type InvoiceReconciliation, reconcileVendors } from './reconciliation.ts'

const amount = (key: string, title: string): ReportColumn => ({ key, title, kind: 'amount', isNullable: true })
const COLUMNS: ReadonlyArray<ReportColumn> = [
  textField('vendor', 'Vendor'),
  textField('account', 'Account'),
  textField('invoice', 'Bill before'),
  { ...textField('period', 'Period'), isDetail: true },
  textField('currency', 'Currency'),
  amount('charges', 'Charges then'),
  amount('total', 'Total then'),
  textField('expected', 'Expected by'),
]

/**
 * One row per bill that an account without a bill of the period had the month before, and one for an account that a schedule alone
 * expects: its invoice is '' and its amounts too. By vendor, account, invoice and currency.
 */
export async function missingBillsReport(workspace: ScopedWorkspace, period: Period): Promise<Report> {
  requireWholeTenant(workspace, 'The list of missing bills')
  const before = shiftPeriod(period, -1)
  const there = new Set((await reconcileVendors(workspace, period.name)).map(keyOf))
  const expected = await expectedBySchedules(workspace)
  const expectedKeys = new Set(expected.map(keyOf))
  const billed = (await reconcileVendors(workspace, before.name)).filter((bill) => !there.has(keyOf(bill)))
  const known = new Set([...there, ...billed.map(keyOf)])
  // Two schedules may wait for one account.
  const expectedAlone = new Map(expected.filter((one) => !known.has(keyOf(one))).map((one) => [keyOf(one), one]))
  const rows = [
    ...billed.map((bill) => rowOfBill(bill, { isExpected: expectedKeys.has(keyOf(bill)) })),
    ...[...expectedAlone.values()].map(({ vendor, account }) => [vendor, account, '', '', '', '', '', BY_SCHEDULE]),
  ]
  return {
    name: 'missing-bills',
    title: `Bills of ${period.name} that have not come, beside those of ${before.name}`,
    columns: COLUMNS,
    hasTotals: true,
    rows: oneBatch(rows.sort(byNames)),
  }
}

const BY_SCHEDULE = 'schedule'
const keyOf = ({ vendor, account }: ExpectedBill) => JSON.stringify([vendor, account])

function rowOfBill(bill: InvoiceReconciliation, { isExpected }: { readonly isExpected: boolean }): ReportRow {
  const { vendor, account, invoice, period, currency, chargesMinor, totalMinor } = bill
  const text = (minor: bigint | null) => (minor === null ? '' : formatAmount(minor, currency))
  const amounts = [text(chargesMinor), text(totalMinor)]
  return [vendor, account, invoice, period, currency, ...amounts, isExpected ? BY_SCHEDULE : '']
}

/** Vendor, account, invoice; period and currency stand after them. */
function byNames(one: ReportRow, other: ReportRow): number {
  for (const at of [0, 1, 2, 4]) {
    const order = compareBytes(one[at] ?? '', other[at] ?? '')
    if (order !== 0) return order
  }
  return 0
}

/** Of schedules that close a month once it is complete. */
async function expectedBySchedules({ catalog, tenant }: ScopedWorkspace): Promise<ReadonlyArray<ExpectedBill>> {
  const rows = await catalog
    .selectFrom('schedule')
    .select('request')
    .where('tenant', '=', tenant)
    .where('kind', '=', 'close-when-complete')
    .execute()
  return rows.flatMap(({ request }) => (JSON.parse(request) as WrittenRequest).parameters.expected)
}

/** What this reads of a request that was checked when the schedule was saved. */
type WrittenRequest = { readonly parameters: { readonly expected: ReadonlyArray<ExpectedBill> } }
