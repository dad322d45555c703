// How the invoices that a file touches stand once it is in: its own rows and what stays live, against the control totals.
import { formatAmount, type IntakeFile, problem } from '@spillway/core'
import {
  type BalanceRow,
  invoiceBalanceSql,
  type ServiceBalanceRow,
  serviceBalanceSql,
} from '../../queries/invoice-balance.ts'
import { type LiveDocument, liveDocumentsCte } from '../../warehouse/live-documents.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import type { InvoiceBalance } from './import-report.ts'
import type { ProblemTally } from './problem-tally.ts'
import type { Staging } from './staging.ts'

type Balancing = {
  readonly staging: Staging
  /** Live documents that stay live after this import. */
  readonly known: ReadonlyArray<Pick<LiveDocument, 'doc' | 'part' | 'vendor' | 'account' | 'invoice'>>
  readonly tally: ProblemTally
  readonly file: IntakeFile
}

/** Tells `tally` of invoices and services whose lines are there and do not meet their control total. */
export async function balanceInvoices(
  { warehouse, tenant }: Pick<Workspace, 'warehouse' | 'tenant'>,
  { staging, known, tally, file }: Balancing,
): Promise<InvoiceBalance[]> {
  if (!staging.uses('charge') && !staging.uses('invoice_total')) return []
  const beside = sameInvoices(staging, known)
  const ctes = `WITH ${liveDocumentsCte(beside)}, ${relationsSql(staging)}`
  const relations = { charges: 'touched_charge', totals: 'touched_total' }
  const rows = await warehouse.rows<BalanceRow>(`${ctes} ${invoiceBalanceSql(relations)}`, { tenant })
  const hasServiceTotals = staging.uses('invoice_total') || beside.some(({ part }) => part !== 'charges')
  const services = hasServiceTotals
    ? await warehouse.rows<ServiceBalanceRow>(`${ctes} ${serviceBalanceSql(relations)}`, { tenant })
    : []
  const place = { file: file.fileName }
  const withLines = new Set<string>()
  for (const row of rows) {
    if (row.charges_minor === null) continue
    withLines.add(invoiceKey(row))
    if (row.total_minor === null || row.charges_minor === row.total_minor) continue
    const facts = { ...differenceOf(row, row.charges_minor, row.total_minor), invoice: row.invoice }
    tally.add(problem('invoice-does-not-foot', facts), place)
  }
  for (const row of services) {
    if (row.total_minor === null || !withLines.has(invoiceKey(row))) continue
    const facts = { ...differenceOf(row, row.charges_minor ?? NOTHING, row.total_minor), invoice: row.invoice }
    tally.add(problem('service-does-not-foot', { ...facts, service: row.service }), place)
  }
  return rows.map(toBalance)
}

/** What a service without lines is billed. */
const NOTHING = 0n

const invoiceKey = ({ vendor, account, invoice, currency }: BalanceRow) =>
  [vendor, account, invoice, currency].join('\u0000')

function differenceOf({ currency }: BalanceRow, chargesMinor: bigint, totalMinor: bigint) {
  return {
    currency,
    amount: formatAmount(chargesMinor, currency),
    total: formatAmount(totalMinor, currency),
    difference: formatAmount(chargesMinor - totalMinor, currency),
  }
}

function toBalance(row: BalanceRow): InvoiceBalance {
  const { vendor, account, invoice, currency } = row
  const chargesMinor = row.charges_minor ?? NOTHING
  return {
    vendor,
    account,
    invoice,
    currency,
    chargesMinor,
    lines: row.lines === null ? 0 : Number(row.lines),
    totalMinor: row.total_minor,
    differenceMinor: row.total_minor === null ? null : chargesMinor - row.total_minor,
  }
}

/** Live documents of the invoices that this file has documents of; of all others no row is looked at. */
function sameInvoices(staging: Staging, known: Balancing['known']): Balancing['known'] {
  const nameOf = ({ vendor, account, invoice }: Pick<LiveDocument, 'vendor' | 'account' | 'invoice'>) =>
    [vendor, account, invoice].join('\u0000')
  const touched = new Set(staging.documents.map(({ key }) => nameOf(key)))
  return known.filter((document) => touched.has(nameOf(document)))
}

/** `touched_charge` and `touched_total`: rows of the invoices that the file names, staged and live. */
function relationsSql(staging: Staging): string {
  const invoice = 'vendor, account, invoice'
  const charge = `${invoice}, currency, category, service, amount_minor`
  const total = `${invoice}, currency, service, total_minor`
  const live = 'WHERE tenant = $tenant AND doc IN (FROM live_document)'
  const tables = (['charge', 'invoice_total'] as const).filter((table) => staging.uses(table))
  const touched = tables.map((table) => `SELECT ${invoice} FROM ${staging.name(table)}`).join(' UNION ')
  const staged = (table: 'charge' | 'invoice_total', select: string) =>
    staging.uses(table) ? `SELECT ${select} FROM ${staging.name(table)} UNION ALL` : ''
  // Staged rows are newer than every stored document.
  return `touched AS (${touched}),
    touched_charge AS (${staged('charge', charge)} SELECT ${charge} FROM charge SEMI JOIN touched USING (${invoice}) ${live}),
    touched_total AS (${staged('invoice_total', `${total}, 2147483647 AS doc, fact_no AS ordinal`)}
      SELECT ${total}, doc, ordinal FROM invoice_total SEMI JOIN touched USING (${invoice}) ${live})`
}
