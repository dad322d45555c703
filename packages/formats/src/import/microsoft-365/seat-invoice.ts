// Lines of the invoices of Microsoft's partners: seats of a subscription with their price and tax, one row for each change of
// a billing period. Says nothing of who has a seat; the usage reports do. Unit prices are kept and never counted with.
import {
  addDays,
  type Charge,
  type DocumentKey,
  type Importer,
  isCurrency,
  type LocalDate,
  type ReadContext,
  type ReadRow,
  type Table,
} from '@spillway/core'
import { type ColumnSpec, lookUpColumns, requiredTitles } from '../../intake/column-lookup.ts'
import { type Bill, BillTotals } from '../bill-totals.ts'
import { RowIdentity } from '../row-identity.ts'
import { type RowReading, readRows } from '../row-reading.ts'
import { isAbsent, readDate, readNumberText } from '../written-values.ts'

const VENDOR = 'microsoft'
/** Every row names its own. */
const NO_CURRENCY = ''

const COLUMNS = [
  { name: 'SubscriptionId', required: true },
  { name: 'ChargeType', required: true },
  { name: 'ChargeStartDate', required: true },
  { name: 'ChargeEndDate', required: true },
  { name: 'UnitPrice', required: true },
  { name: 'Quantity', required: true },
  { name: 'Subtotal', required: true },
  { name: 'TaxTotal', aliases: ['Tax'], required: true },
  { name: 'Total', aliases: ['TotalForCustomer'], required: true },
  { name: 'Currency', required: true },
  { name: 'InvoiceNumber' },
  { name: 'CustomerDomainName', aliases: ['DomainName'] },
  { name: 'CustomerId' },
  { name: 'OrderId' },
  { name: 'SkuName' },
  { name: 'OfferName' },
  { name: 'ProductName' },
  { name: 'SubscriptionName' },
  { name: 'SubscriptionDescription' },
  { name: 'UnitType' },
  { name: 'BillableQuantity' },
] as const satisfies ReadonlyArray<ColumnSpec>
type Column = (typeof COLUMNS)[number]['name']
type Reading = RowReading<Column>

/** Known columns that no column of a fact takes. */
const KEPT: ReadonlyArray<Column> = [
  'ChargeType',
  'UnitPrice',
  'Quantity',
  'CustomerId',
  'OrderId',
  'SubscriptionName',
  'SubscriptionDescription',
  'ProductName',
  'UnitType',
]

const IDENTITY: ReadonlyArray<Column> = [
  'SubscriptionId',
  'OrderId',
  'SkuName',
  'OfferName',
  'ChargeType',
  'ChargeStartDate',
  'ChargeEndDate',
]

export const microsoft365Invoice: Importer = {
  name: 'microsoft-365-invoice',
  version: 1,
  describes: 'Microsoft 365 subscriptions, reconciliation file of an invoice: seats, their price and tax',
  get columns() {
    return requiredTitles(COLUMNS)
  },
  recognises: ({ header }) => lookUpColumns(header, COLUMNS).missing.length === 0,
  read: readInvoice,
}

type FileReading = { readonly identity: RowIdentity; readonly totals: BillTotals }

async function* readInvoice(table: Table, context: ReadContext): AsyncGenerator<ReadonlyArray<ReadRow>> {
  const file: FileReading = { identity: new RowIdentity(), totals: new BillTotals() }
  const rows = { table, context, columns: COLUMNS, currency: NO_CURRENCY }
  yield* file.totals.complete(readRows(rows, (reading: Reading) => readLine(reading, file)))
}

function readLine(reading: Reading, { identity, totals }: FileReading): ReadRow {
  const currency = readCurrency(reading)
  const bill = readBill(reading, currency)
  const quantity = readQuantity(reading)
  if (currency === null) {
    totals.addStray()
    return reading.refused(null)
  }
  const subtotal = reading.requiredAmount('Subtotal', currency)
  const tax = reading.requiredAmount('TaxTotal', currency)
  const totalMinor = reading.requiredAmount('Total', currency)
  const service = isAbsent(reading.text('SubscriptionId')) ? '' : reading.text('SubscriptionId')
  const extra = reading.extra(KEPT)
  if (bill) totals.addRow(bill, { service, totalMinor, extra })
  else totals.addStray()
  if (!bill || subtotal === null || tax === null || reading.hasErrors) return reading.refused(totalMinor, currency)
  const name = identity.nameOf(IDENTITY.map((column) => reading.text(column)))
  const common = { ...bill, fact: 'charge', service, pool: '', extra } as const
  const seats: Charge = {
    ...common,
    ...describeSeats(reading, { quantity, subtotal }),
    line: name,
    amountMinor: subtotal,
  }
  const document: DocumentKey = { part: 'charges', vendor: VENDOR, account: bill.account, invoice: bill.invoice }
  if (tax === NOTHING) return reading.done([{ document, fact: seats }])
  const taxed: Charge = {
    ...common,
    ...{ line: `${name}.tax`, category: 'tax', usageType: '', product: seats.product, description: 'Tax' },
    ...{ amountMinor: tax, quantity: '', unit: '' },
  }
  return reading.done([seats, taxed].map((fact) => ({ document, fact })))
}

const NOTHING = 0n

function readCurrency(reading: Reading): string | null {
  const value = reading.required('Currency')
  if (isAbsent(value)) return null
  const currency = value.toUpperCase()
  if (isCurrency(currency)) return currency
  return reading.report('currency-unknown', { column: reading.nameOf('Currency'), value }, { column: 'Currency' })
}

/** null where customer, dates or currency cannot be read, which is then reported. */
function readBill(reading: Reading, currency: string | null): Bill | null {
  const how = { expected: 'a date like 10/31/2026 or 2026-10-31', read: readDateOfInstant }
  const startOn = reading.requiredDate('ChargeStartDate', how)
  const lastOn = reading.requiredDate('ChargeEndDate', how)
  const account = firstOf(reading, ['CustomerDomainName', 'CustomerId'])
  if (account === '') reading.required('CustomerDomainName')
  if (!startOn || !lastOn || account === '' || currency === null) return null
  if (lastOn < startOn) return reading.report('date-order', { from: startOn, to: lastOn }, { column: 'ChargeEndDate' })
  return {
    vendor: VENDOR,
    account: account.toLowerCase(),
    // The older file has no number, and its next one may charge for the same month again: each start is a bill.
    invoice: firstOf(reading, ['InvoiceNumber']) || `${account.toLowerCase()}-${startOn}`,
    issuedOn: null,
    periodStartOn: startOn,
    periodEndOn: addDays(lastOn, 1),
    currency,
  }
}

/** The day of `10/31/2026 23:59` and `2026-10-31T23:59:59Z`: the last day of a period is named with its last minute. */
function readDateOfInstant(text: string): LocalDate | null {
  return readDate(text.replace(/[T ]\d{1,2}:\d{2}.*$/, ''))
}

/** Units billed, which may differ from units bought; decimal text. */
function readQuantity(reading: Reading): string {
  const column = isAbsent(reading.text('BillableQuantity')) ? 'Quantity' : 'BillableQuantity'
  const value = reading.required(column)
  const quantity = readNumberText(value)
  if (quantity !== null || isAbsent(value)) return quantity ?? ''
  reading.report('number-unreadable', { column: reading.nameOf(column), value }, { column })
  return ''
}

/** As the vendor writes units of licences; a file without units is of licences alone. */
const SEAT_UNITS = /^$|licen[sc]e|seat|user|device/i

function describeSeats(reading: Reading, { quantity, subtotal }: { quantity: string; subtotal: bigint }) {
  const unit = reading.text('UnitType')
  const isSeat = SEAT_UNITS.test(unit)
  const product = firstOf(reading, ['SkuName', 'OfferName', 'ProductName'])
  const category: Charge['category'] = subtotal < NOTHING ? 'credit' : isSeat ? 'subscription' : 'usage'
  return {
    category,
    usageType: isSeat ? 'app' : '',
    product,
    description: [product, reading.text('ChargeType')].filter((text) => text !== '').join(', '),
    quantity,
    unit: isSeat ? 'seat' : unit,
  } as const
}

function firstOf(reading: Reading, columns: ReadonlyArray<Column>): string {
  const column = columns.find((name) => !isAbsent(reading.text(name)))
  return column === undefined ? '' : reading.text(column)
}
