// A row of invoices.csv: the control total of an invoice (spec, import, "Facts").
import type { InvoiceTotal } from './fact.ts'
import { type CellOf, type FactReading, RowCells, type RowContext } from './read-cells.ts'

export const INVOICE_COLUMNS = [
  'vendor',
  'account',
  'invoice',
  'issued_on',
  'period_start',
  'period_end',
  'currency',
  'total',
] as const
export type InvoiceColumn = (typeof INVOICE_COLUMNS)[number]

export const INVOICE_REQUIRED = [
  'vendor',
  'account',
  'invoice',
  'period_start',
  'period_end',
  'currency',
  'total',
] as const satisfies ReadonlyArray<InvoiceColumn>

export function readInvoice(
  cell: CellOf<InvoiceColumn>,
  context: RowContext<InvoiceColumn>,
): FactReading<InvoiceTotal> {
  const row = new RowCells(cell, context)
  const vendor = row.requiredId('vendor')
  const account = row.requiredId('account')
  const invoice = row.requiredId('invoice')
  const issuedOn = row.date('issued_on') ?? null
  const periodStartOn = row.requiredDate('period_start')
  const periodEndOn = row.requiredDate('period_end')
  row.checkOrder(periodStartOn, periodEndOn, 'period_end')
  const currency = row.requiredCurrency('currency')
  const totalMinor = row.requiredAmount('total', currency)
  if (row.hasProblems || vendor === null || account === null || invoice === null) return row.refused()
  if (periodStartOn === null || periodEndOn === null || currency === null || totalMinor === null) return row.refused()
  const fact: InvoiceTotal = {
    fact: 'invoice',
    vendor,
    account,
    invoice,
    issuedOn,
    periodStartOn,
    periodEndOn,
    currency,
    service: null,
    totalMinor,
    extra: row.extra,
  }
  return { fact }
}
