// Invoices that keep a month from being published, and those that come every month and have not come. Of the whole company:
// whether an invoice foots has no meaning for a part of its lines.

import { type Attention, formatAmount, type Period, UNNAMED_PROVIDER } from '@spillway/core'
import { inputsOf } from '../../catalog/run-record.ts'
import type { RunTable } from '../../catalog/tables.ts'
import { literal } from '../../warehouse/sql-literal.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { monthRuns } from '../current-run.ts'
import type { ExpectedBill } from '../missing-bills.ts'
import { type InvoiceReconciliation, unreconciledInvoices } from '../reconciliation.ts'
import { countedAs } from './counted.ts'

/** Of the period, or of all where none is closed yet. */
export async function invoicesAttention(workspace: ScopedWorkspace, period: Period | null): Promise<Attention[]> {
  if (!workspace.scope.isWholeTenant) return []
  const open = await unreconciledInvoices(workspace, period?.name)
  const missing = period === null ? [] : await billsMissing(workspace, period)
  return [...unreconciled(open), ...missing]
}

/** One item per currency; its amount is the sum of the differences without their signs, so that none hides another. */
function unreconciled(open: ReadonlyArray<InvoiceReconciliation>): Attention[] {
  const currencies = [...new Set(open.map(({ currency }) => currency))]
  return currencies.map((currency) => {
    const rows = open.filter((row) => row.currency === currency)
    const minor = rows.reduce((sum, { differenceMinor }) => sum + magnitudeOf(differenceMinor), 0n)
    const [first] = rows
    const amount = `${formatAmount(minor, currency)} ${currency}`
    const what =
      rows.length === 1 && first
        ? `Invoice ${first.invoice} of ${first.vendor} differs from its total by ${amount}.`
        : `${rows.length} invoices differ from their totals, by ${amount} in all.`
    const look = { in: 'reconciliation', key: rows.length === 1 && first ? first.invoice : '' } as const
    return { severity: 'error', kind: 'unreconciled', what, amount: { currency, minor }, count: rows.length, look }
  })
}

/** An invoice that does not foot has a difference. */
function magnitudeOf(minor: bigint | null): bigint {
  if (minor === null) return 0n
  return minor < 0n ? -minor : minor
}

/** So many of the months before must have a bill for it to be one that comes every month. */
const MONTHS_BEFORE = 3
const MONTHS_WITH_BILL = 2

async function billsMissing(workspace: ScopedWorkspace, period: Period): Promise<Attention[]> {
  const months = await monthRuns(workspace, { last: period, count: MONTHS_BEFORE + 1 })
  const runs = months.flatMap(({ run }) => (run ? [run.id] : []))
  const now = months.at(-1)?.run?.id
  if (now === undefined || runs.length <= MONTHS_WITH_BILL) return []
  const { warehouse, tenant } = workspace
  const ids = runs.map(literal).join(', ')
  // One row per vendor's account that had a bill in most of the months before and has none now.
  const bills = await warehouse.rows<ExpectedBill>(
    `SELECT vendor, account FROM (
       SELECT DISTINCT run, vendor, account FROM ${billsTable(workspace)} WHERE tenant = $tenant AND run IN (${ids}) AND invoice <> '')
     WHERE vendor <> $own GROUP BY vendor, account
     HAVING count(*) FILTER (run <> $run) >= ${MONTHS_WITH_BILL} AND count(*) FILTER (run = $run) = 0 ORDER BY vendor, account`,
    { tenant, run: now, own: await providerOf(workspace, now) },
  )
  const [first] = bills
  if (!first) return []
  const names = `${first.vendor} / ${first.account}`
  const what =
    bills.length === 1
      ? `No bill of ${names} came for ${period.name}.`
      : `${countedAs(bills.length, 'bill', 'bills')} that come every month did not come for ${period.name}, that of ${names} among them.`
  const look = { in: 'reconciliation', key: '' } as const
  return [{ severity: 'warning', kind: 'missing-bill', what, amount: null, count: bills.length, look }]
}

/** The names of a run's bills; a warehouse of version 1 that is open to read has them in its rows alone. */
function billsTable({ warehouse }: ScopedWorkspace): string {
  const of = (table: string) => `SELECT tenant, run, vendor, account, invoice FROM ${table}`
  return warehouse.hasNumbers ? `(${of('run_bill')} UNION ALL ${of('carried_text')})` : 'carried'
}

/** Our own bills come when we make them. */
async function providerOf({ catalog, tenant }: ScopedWorkspace, run: string): Promise<string> {
  const found: Pick<RunTable, 'inputs'> = await catalog
    .selectFrom('run')
    .select('inputs')
    .where('tenant', '=', tenant)
    .where('id', '=', run)
    .executeTakeFirstOrThrow()
  return inputsOf(found).configuration.find(({ kind }) => kind === 'Provider')?.name ?? UNNAMED_PROVIDER
}
