// The invoice of each account: the control total is what was charged in this cycle. Balances and payments are kept with
// it to be shown; they are no charges and enter no sum. Says when the row's own columns do not sum to its total.
import { formatAmount, type Importer, type ReadContext, type ReadRow, type Table } from '@spillway/core'
import { type ColumnSpec, lookUpColumns, requiredTitles } from '../../intake/column-lookup.ts'
import type { RowReading } from '../row-reading.ts'
import { BILL_COLUMNS, billFields, CURRENCY, documentOf, readBill, readRows } from './row-reading.ts'
import { sumOfParts } from './sum-of-parts.ts'

const PARTS = [
  'Account Charges and Credits',
  'Monthly Charges',
  'Usage and Purchase Charges',
  'Equipment Charges',
  'Surcharges and OC&Cs',
  'Taxes, Governmental Surcharges, and Fees',
  'Third-Party Charges (includes Tax)',
] as const

const COLUMNS = [
  ...BILL_COLUMNS,
  { name: 'Total Current Charges', required: true },
  { name: 'Account Charges and Credits' },
  { name: 'Monthly Charges' },
  { name: 'Usage and Purchase Charges' },
  { name: 'Equipment Charges' },
  {
    name: 'Surcharges and OC&Cs',
    aliases: ['Total Surcharges and Other Charges and Credits', 'Surcharges and Other Charges and Credits'],
  },
  { name: 'Taxes, Governmental Surcharges, and Fees' },
  { name: 'Third-Party Charges (includes Tax)' },
] as const satisfies ReadonlyArray<ColumnSpec>
type Column = (typeof COLUMNS)[number]['name']

const REQUIRED_TO_RECOGNISE = [
  { name: 'Previous Balance', required: true },
  { name: 'Total Amount Due', required: true },
  { name: 'Total Current Charges', required: true },
] as const satisfies ReadonlyArray<ColumnSpec>

export const verizonAccountSummary: Importer = {
  name: 'verizon-account-summary',
  version: 1,
  describes: 'Verizon raw data download, AccountSummary: the control total of each invoice',
  get columns() {
    return requiredTitles(REQUIRED_TO_RECOGNISE)
  },
  recognises: ({ header }) => lookUpColumns(header, REQUIRED_TO_RECOGNISE).missing.length === 0,
  read: (table: Table, context: ReadContext) => readRows({ table, context, columns: COLUMNS }, readAccountRow),
}

function readAccountRow(reading: RowReading<Column>): ReadRow {
  const bill = readBill(reading)
  reading.required('Total Current Charges')
  const totalMinor = reading.amountMinor('Total Current Charges')
  const sumMinor = sumOfParts(reading, PARTS)
  if (!bill || totalMinor === null || reading.problems.length > 0) return reading.done([])
  if (sumMinor !== null && sumMinor !== totalMinor) {
    reading.report('invoice-does-not-foot', {
      invoice: bill.invoice,
      currency: CURRENCY,
      total: formatAmount(totalMinor, CURRENCY),
      amount: formatAmount(sumMinor, CURRENCY),
      difference: formatAmount(sumMinor - totalMinor, CURRENCY),
    })
  }
  const fact = { fact: 'invoice', ...billFields(bill), service: null, totalMinor, extra: reading.extra(PARTS) } as const
  return reading.done([{ document: documentOf('totals', bill), fact }])
}
