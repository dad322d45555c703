// Which bills of a period are still to come, of those that somebody expects every month. A bill is there once a live document
// has its charges; whether they foot is for the reconciliation to say.
import type { Period } from '@spillway/core'
import { liveDocuments } from '../warehouse/live-documents.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { billPeriodCtes } from './bill-period.ts'

/** A vendor's account that sends a bill every month. */
export type ExpectedBill = { readonly vendor: string; readonly account: string }

/** Those of `expected` without a bill of the period, in the order in which they were given. */
export async function missingBills(
  workspace: Workspace,
  { period, expected }: { readonly period: Period; readonly expected: ReadonlyArray<ExpectedBill> },
): Promise<ExpectedBill[]> {
  const { warehouse, tenant } = workspace
  const documents = (await liveDocuments(workspace)).filter(({ invoice }) => invoice !== '')
  const ctes = await billPeriodCtes({ warehouse, tenant }, documents)
  // One row per vendor's account with charges on a bill of the period.
  const rows = await warehouse.rows<ExpectedBill>(
    `WITH ${ctes} SELECT DISTINCT vendor, account FROM bill SEMI JOIN (
       SELECT vendor, account, invoice FROM charge WHERE tenant = $tenant AND doc IN (FROM live_document)) USING (vendor, account, invoice)
     WHERE period = $period`,
    { tenant, period: period.name },
  )
  const keyOf = ({ vendor, account }: ExpectedBill) => JSON.stringify([vendor, account])
  const there = new Set(rows.map(keyOf))
  return expected.filter((bill) => !there.has(keyOf(bill)))
}
