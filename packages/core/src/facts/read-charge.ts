// A row of charges.csv (spec, import, "Facts").
import { parseAmount } from '../money/amount.ts'
import { isCurrency } from '../money/currency.ts'
import { USAGE_TYPES } from '../quantity/unit.ts'
import type { Charge } from './fact.ts'
import { type CellOf, type FactReading, RowCells, type RowContext } from './read-cells.ts'
import { CHARGE_CATEGORIES } from './words.ts'

export const CHARGE_COLUMNS = [
  'vendor',
  'account',
  'invoice',
  'issued_on',
  'period_start',
  'period_end',
  'currency',
  'line',
  'service',
  'pool',
  'category',
  'usage_type',
  'product',
  'description',
  'amount',
  'quantity',
  'unit',
] as const
export type ChargeColumn = (typeof CHARGE_COLUMNS)[number]

/** Never empty in a row. */
export const CHARGE_REQUIRED = [
  'vendor',
  'account',
  'invoice',
  'period_start',
  'period_end',
  'currency',
  'line',
  'category',
  'amount',
] as const satisfies ReadonlyArray<ChargeColumn>

/**
 * What a row that cannot be used comes to; null where its own amount or currency cannot be read, and for a payment, which
 * counts in no sum.
 */
export function readBilledAmount(
  cell: CellOf<'category' | 'currency' | 'amount'>,
): { readonly currency: string; readonly minor: bigint } | null {
  const currency = cell('currency').trim().toUpperCase()
  if (!isCurrency(currency) || cell('category').trim().toLowerCase() === 'payment') return null
  const reading = parseAmount(cell('amount').trim(), currency)
  return reading.ok ? { currency, minor: reading.minor } : null
}

/** `quantity` and `unit` stay as billed: they are for people to read, so no word of a vendor's is refused there. */
export function readCharge(cell: CellOf<ChargeColumn>, context: RowContext<ChargeColumn>): FactReading<Charge> {
  const row = new RowCells(cell, context)
  const vendor = row.requiredId('vendor')
  const account = row.requiredId('account')
  const invoice = row.requiredId('invoice')
  const issuedOn = row.date('issued_on') ?? null
  const periodStartOn = row.requiredDate('period_start')
  const periodEndOn = row.requiredDate('period_end')
  row.checkOrder(periodStartOn, periodEndOn, 'period_end')
  const currency = row.requiredCurrency('currency')
  const line = row.requiredId('line')
  const service = row.id('service')
  const pool = row.id('pool')
  const category = row.requiredWord('category', CHARGE_CATEGORIES)
  const usageType = row.word('usage_type', USAGE_TYPES)
  const amountMinor = row.requiredAmount('amount', currency)
  if (row.hasProblems || vendor === null || account === null || invoice === null || line === null) return row.refused()
  if (periodStartOn === null || periodEndOn === null || currency === null || amountMinor === null) return row.refused()
  if (service === null || pool === null || category === null || usageType === null) return row.refused()
  const fact: Charge = {
    fact: 'charge',
    vendor,
    account,
    invoice,
    issuedOn,
    periodStartOn,
    periodEndOn,
    currency,
    line,
    service,
    pool,
    category,
    usageType,
    product: row.text('product'),
    description: row.text('description'),
    amountMinor,
    quantity: row.text('quantity'),
    unit: row.text('unit'),
    extra: row.extra,
  }
  return { fact }
}
