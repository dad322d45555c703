// Whether each live invoice foots: what its lines sum to, what the vendor says, the difference, and whether somebody
// accepted exactly that difference. Nothing is spread or hidden (spec, information).

import { compareBytes, formatAmount, type Problem, problem, Refusal } from '@spillway/core'
import { appendAudit } from '../catalog/audit.ts'
import { documentsReadBy, publishedRuns } from '../catalog/run-record.ts'
import { type LiveDocument, liveDocuments, liveDocumentsCte, runsOf } from '../warehouse/live-documents.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { billPeriodCtes, keptBillDates } from './bill-period.ts'
import { type BalanceRow, invoiceBalanceSql, type ServiceBalanceRow, serviceBalanceSql } from './invoice-balance.ts'
import { type OwnBillBalance, ownBillBalances, ownBillsOff } from './own-bills.ts'

export type ReconciliationStatus = 'reconciled' | 'unreconciled' | 'accepted' | 'no-control-total' | 'no-charges'

/** Grain: one per invoice and currency. Amounts in minor units. */
export type InvoiceReconciliation = {
  readonly vendor: string
  readonly account: string
  readonly invoice: string
  readonly currency: string
  /** Name of the period that the invoice belongs to. */
  readonly period: string
  readonly issuedOn: string | null
  /** Payments and balances forward left out. */
  readonly chargesMinor: bigint
  readonly lines: number
  readonly totalMinor: bigint | null
  /** What the lines sum to less the control total; null without one. */
  readonly differenceMinor: bigint | null
  readonly status: ReconciliationStatus
  /** Of an accepted difference; '' otherwise. */
  readonly reason: string
}

/** A service's own control total that its lines do not meet; `service` is '' for the account's own lines. */
export type ServiceReconciliation = Omit<InvoiceReconciliation, 'status' | 'reason' | 'issuedOn'> & {
  readonly service: string
}

export type Reconciliation = {
  readonly invoices: ReadonlyArray<InvoiceReconciliation>
  readonly services: ReadonlyArray<ServiceReconciliation>
  readonly problems: ReadonlyArray<Problem>
}

type Held = Pick<Workspace, 'catalog' | 'tenant'> & { readonly warehouse: Pick<Workspace['warehouse'], 'rows'> }
type Dated = { period: string; issued_on: string | null }

/** Live invoices, and the bills that we make ourselves, in the order of vendor, account, invoice and currency; of one period, or of all where none is named. */
export async function reconcile(workspace: Held, period?: string): Promise<Reconciliation> {
  const documents = await liveDocuments(workspace)
  const invoices = await vendorInvoices(workspace, { period, rows: await readBalances(workspace, documents) })
  const services = await workspace.warehouse.rows<ServiceBalanceRow & Dated>(
    `WITH ${await billPeriodCtes(workspace, documents)} SELECT b.*, bill.period, bill.issued_on FROM (${serviceBalanceSql(LIVE)}) AS b
     JOIN bill USING (vendor, account, invoice) ${only(period)} ORDER BY vendor, account, invoice, currency, service`,
    parametersOf(workspace, period),
  )
  const ofServices = services.map((row) => ({ ...baseOf(row), service: row.service }))
  const late = await lateInvoices(workspace, { invoices, documents })
  return {
    invoices: together(invoices, await ownBillBalances(workspace, period)),
    services: ofServices,
    problems: [...invoices.flatMap(problemsOf), ...ofServices.map(serviceProblem), ...late],
  }
}

/** The vendors' invoices of `reconcile` alone, from what is kept of the documents that count. */
export async function reconcileVendors(workspace: Held, period?: string): Promise<Reconciliation['invoices']> {
  const rows = await keptBalances(workspace, await liveDocuments(workspace))
  return vendorInvoices(workspace, { period, rows })
}

/** Those invoices of `reconcile` that keep their period from being published. */
export async function unreconciledInvoices(workspace: Held, period?: string): Promise<Reconciliation['invoices']> {
  const open = (await reconcileVendors(workspace, period)).filter(isUnreconciled)
  return together(open, await ownBillsOff(workspace, period))
}

const only = (period: string | undefined) => (period === undefined ? '' : 'WHERE period = $period')
const parametersOf = ({ tenant }: Held, period: string | undefined) => ({
  tenant,
  ...(period === undefined ? {} : { period }),
})

type DatedBalance = BalanceRow & Dated
type OfPeriod = { readonly period: string | undefined; readonly rows: ReadonlyArray<DatedBalance> }

async function vendorInvoices(workspace: Held, { period, rows }: OfPeriod): Promise<InvoiceReconciliation[]> {
  const accepted = await loadAccepted(workspace)
  return rows.flatMap((row) =>
    period === undefined || row.period === period ? [toReconciliation(row, accepted.get(keyOf(row)))] : [],
  )
}

/** In order, of every period. */
async function readBalances(workspace: Held, documents: ReadonlyArray<LiveDocument>): Promise<DatedBalance[]> {
  return balancesSince(workspace, await billPeriodCtes(workspace, documents))
}

function balancesSince({ warehouse, tenant }: Held, dates: string): Promise<DatedBalance[]> {
  return warehouse.rows<DatedBalance>(
    `WITH ${dates} SELECT b.*, bill.period, bill.issued_on FROM (${invoiceBalanceSql(LIVE)}) AS b
     JOIN bill USING (vendor, account, invoice) ORDER BY vendor, account, invoice, currency`,
    { tenant },
  )
}

type KeptBalances = { readonly key: string; readonly rows: ReadonlyArray<DatedBalance> }

/** More are summed again by whoever asks. */
const KEPT_MAX = 50_000
const kept = new WeakMap<Held['catalog'], KeptBalances>()

/** The same, kept for whoever looks next: what imported documents say does not change. */
async function keptBalances(
  workspace: Held,
  documents: ReadonlyArray<LiveDocument>,
): Promise<ReadonlyArray<DatedBalance>> {
  const { catalog, tenant } = workspace
  const key = JSON.stringify([tenant, runsOf(documents.map(({ doc }) => doc))])
  const known = kept.get(catalog)
  if (known?.key === key) return known.rows
  const dates = await billPeriodCtes(workspace, documents, await keptBillDates(workspace, documents))
  const rows = await balancesSince(workspace, dates)
  if (rows.length <= KEPT_MAX) kept.set(catalog, { key, rows })
  return rows
}

function together(
  invoices: ReadonlyArray<InvoiceReconciliation>,
  balances: ReadonlyArray<OwnBillBalance>,
): ReadonlyArray<InvoiceReconciliation> {
  const own = balances.map((row) => toReconciliation({ ...row, issued_on: null }, undefined))
  return own.length === 0 ? invoices : [...invoices, ...own].sort(compareInvoices)
}

function compareInvoices(left: InvoiceReconciliation, right: InvoiceReconciliation): number {
  return (
    compareBytes(left.vendor, right.vendor) ||
    compareBytes(left.account, right.account) ||
    compareBytes(left.invoice, right.invoice) ||
    compareBytes(left.currency, right.currency)
  )
}

const OF_LIVE = 'WHERE tenant = $tenant AND doc IN (FROM live_document)'
const LIVE = { charges: `(SELECT * FROM charge ${OF_LIVE})`, totals: `(SELECT * FROM invoice_total ${OF_LIVE})` }

type Accepted = { readonly difference_minor: string; readonly reason: string }

const keyOf = ({
  vendor,
  account,
  invoice,
  currency,
}: Pick<BalanceRow, 'vendor' | 'account' | 'invoice' | 'currency'>) =>
  [vendor, account, invoice, currency].join('\u0000')

async function loadAccepted({ catalog, tenant }: Held): Promise<Map<string, Accepted>> {
  const rows = await catalog.selectFrom('accepted_difference').selectAll().where('tenant', '=', tenant).execute()
  return new Map(rows.map((row) => [keyOf(row), row]))
}

/** The sum over no lines. */
const NOTHING = 0n

function baseOf(row: BalanceRow & Dated) {
  const { vendor, account, invoice, currency, period } = row
  const chargesMinor = row.charges_minor ?? NOTHING
  return {
    vendor,
    account,
    invoice,
    currency,
    period,
    chargesMinor,
    lines: row.lines === null ? 0 : Number(row.lines),
    totalMinor: row.total_minor,
    differenceMinor: row.total_minor === null ? null : chargesMinor - row.total_minor,
  }
}

function toReconciliation(row: BalanceRow & Dated, accepted: Accepted | undefined): InvoiceReconciliation {
  const base = { ...baseOf(row), issuedOn: row.issued_on }
  // An acceptance is of one difference: another difference needs another look.
  const isAccepted = accepted !== undefined && String(base.differenceMinor) === accepted.difference_minor
  const status = statusOf(base, isAccepted)
  return { ...base, status, reason: status === 'accepted' && accepted ? accepted.reason : '' }
}

function statusOf(
  { differenceMinor, lines }: Pick<InvoiceReconciliation, 'differenceMinor' | 'lines'>,
  isAccepted: boolean,
): ReconciliationStatus {
  if (differenceMinor === null) return 'no-control-total'
  if (differenceMinor === 0n) return 'reconciled'
  if (isAccepted) return 'accepted'
  return lines === 0 ? 'no-charges' : 'unreconciled'
}

/** True where the invoice keeps its period from being published. */
export function isUnreconciled({ status }: Pick<InvoiceReconciliation, 'status'>): boolean {
  return status === 'unreconciled' || status === 'no-charges'
}

function problemsOf(row: InvoiceReconciliation): Problem[] {
  const { invoice, currency } = row
  const amount = formatAmount(row.chargesMinor, currency)
  if (row.totalMinor === null || row.differenceMinor === null)
    return [problem('invoice-without-total', { invoice, currency, amount })]
  const total = formatAmount(row.totalMinor, currency)
  if (row.status === 'no-charges') return [problem('invoice-without-charges', { invoice, currency, total })]
  if (row.status !== 'unreconciled') return []
  const difference = formatAmount(row.differenceMinor, currency)
  return [problem('invoice-does-not-foot', { invoice, currency, amount, total, difference })]
}

function serviceProblem(row: ServiceReconciliation): Problem {
  const { invoice, currency, service } = row
  return problem('service-does-not-foot', {
    invoice,
    currency,
    service,
    amount: formatAmount(row.chargesMinor, currency),
    total: formatAmount(row.totalMinor ?? NOTHING, currency),
    difference: formatAmount(row.differenceMinor ?? NOTHING, currency),
  })
}

/**
 * `invoice-after-publish`: invoices of a published period with charges in a document that its run did not read. One per
 * invoice and currency.
 */
async function lateInvoices(
  { catalog, warehouse, tenant }: Held,
  { invoices, documents }: { invoices: ReadonlyArray<InvoiceReconciliation>; documents: ReadonlyArray<LiveDocument> },
): Promise<Problem[]> {
  const runs = await publishedRuns({ catalog, tenant })
  const found: Problem[] = []
  for (const run of runs) {
    const ofPeriod = invoices.filter(({ period }) => period === run.period)
    if (ofPeriod.length === 0) continue
    const read = new Set(documentsReadBy(run))
    const unread = documents.filter(({ doc }) => !read.has(doc))
    const late = await warehouse.rows<{ vendor: string; account: string; invoice: string; currency: string }>(
      `WITH ${liveDocumentsCte(unread)} SELECT DISTINCT vendor, account, invoice, currency FROM charge
       ${OF_LIVE} AND category <> 'payment'`,
      { tenant },
    )
    const keys = new Set(late.map(keyOf))
    for (const row of ofPeriod)
      if (keys.has(keyOf(row))) {
        const amount = formatAmount(row.chargesMinor, row.currency)
        const facts = { invoice: row.invoice, currency: row.currency, amount, period: run.period }
        found.push(problem('invoice-after-publish', facts))
      }
  }
  return found
}

export type AcceptDifference = {
  /** Needed only where several vendors or accounts have an invoice of this number. */
  readonly vendor?: string | undefined
  readonly account?: string | undefined
  readonly invoice: string
  readonly reason: string
}

/**
 * Accepts the difference that the invoice has now, in every currency in which it does not foot. The acceptance is void
 * as soon as the difference is another.
 *
 * @throws Refusal `bad-command` without a reason or for an ambiguous invoice, `not-found` where no such invoice is
 * unreconciled.
 */
export async function acceptDifference(
  workspace: Workspace,
  { vendor, account, invoice, reason }: AcceptDifference,
): Promise<InvoiceReconciliation[]> {
  if (reason.trim() === '')
    throw new Refusal('bad-command', 'A difference is accepted with a reason.', { hint: 'Say why with --reason TEXT.' })
  const { invoices } = await reconcile(workspace)
  const named = invoices.filter(
    (row) =>
      row.invoice === invoice &&
      (vendor === undefined || row.vendor === vendor) &&
      (account === undefined || row.account === account),
  )
  const open = named.filter(isUnreconciled)
  if (open.length === 0) throw nothingToAccept(invoice, named)
  const owners = [...new Set(open.map((row) => `${row.vendor} / ${row.account}`))]
  if (owners.length > 1)
    throw new Refusal('bad-command', `Several accounts have an invoice ${invoice}: ${owners.join(', ')}.`, {
      hint: 'Name the vendor and the account.',
      facts: { invoice, owners },
    })
  await storeAccepted(workspace, open, reason)
  return open.map((row) => ({ ...row, status: 'accepted', reason }))
}

function nothingToAccept(invoice: string, named: ReadonlyArray<InvoiceReconciliation>): Refusal {
  const [first] = named
  return new Refusal(
    'not-found',
    first ? `Invoice ${invoice} has no open difference: it is ${first.status}.` : `There is no invoice ${invoice}.`,
    { hint: 'List the invoices with `spillway report reconciliation`.', facts: { invoice } },
  )
}

async function storeAccepted(
  { catalog, tenant, actor }: Workspace,
  open: ReadonlyArray<InvoiceReconciliation>,
  reason: string,
): Promise<void> {
  const at = actor.now().toISOString()
  await catalog.transaction().execute(async (transaction) => {
    for (const { vendor, account, invoice, currency, differenceMinor } of open) {
      const difference = { difference_minor: String(differenceMinor), reason, accepted_at: at, accepted_by: actor.who }
      await transaction
        .insertInto('accepted_difference')
        .values({ tenant, vendor, account, invoice, currency, ...difference })
        .onConflict((conflict) =>
          conflict.columns(['tenant', 'vendor', 'account', 'invoice', 'currency']).doUpdateSet(difference),
        )
        .execute()
      const details = { vendor, account, currency, difference_minor: String(differenceMinor), reason }
      await appendAudit(transaction, { tenant, at, who: actor.who, action: 'accept', subject: invoice, details })
    }
  })
}
