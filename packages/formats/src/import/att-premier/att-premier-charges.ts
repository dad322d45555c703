// One row per wireless number, group or account with all its charges in columns of their own, and its use of the month. A
// row becomes one charge for each column that is not zero, a control total, and for a number its use.
import {
  addDays,
  type Charge,
  type DocumentKey,
  type Importer,
  type InvoiceTotal,
  type LocalDate,
  type ReadContext,
  type ReadRow,
  type Table,
  type Usage,
  type UsageType,
} from '@spillway/core'
import { type ColumnSpec, lookUpColumns, requiredTitles } from '../../intake/column-lookup.ts'
import { type Bill, BillTotals } from '../bill-totals.ts'
import { RowIdentity } from '../row-identity.ts'
import { type RowReading, readRows } from '../row-reading.ts'
import { isAbsent, periodEndingOn, readWirelessNumber, wallMidnight } from '../written-values.ts'
import { classifyColumn, LINE_PART, MONEY_COLUMNS, type MoneyColumn, type RowWords } from './charge-columns.ts'

const VENDOR = 'att'
/** The report names no currency; the vendor bills in US dollars alone. */
const CURRENCY = 'USD'

const COLUMNS = [
  { name: 'Account number', required: true },
  { name: 'Wireless number', required: true },
  { name: 'Market cycle end date', required: true },
  { name: 'Total current charges', required: true },
  { name: 'Invoice date' },
  { name: 'Rate code' },
  { name: 'Rate plan name' },
  { name: 'Group ID' },
  { name: 'Total monthly charges' },
  { name: 'Total activity since last bill' },
  { name: 'Total taxes' },
  { name: 'Total company fees and surcharges' },
  { name: 'Total FAN level charges' },
  { name: 'Total adjustments' },
  { name: 'Total KB usage' },
  { name: 'Total MB usage' },
  { name: 'Total GB usage' },
  { name: 'Total minutes usage' },
  { name: 'Total messages' },
] as const satisfies ReadonlyArray<ColumnSpec>
type Column = (typeof COLUMNS)[number]['name']
type Reading = RowReading<Column>

const REQUIRED_TO_RECOGNISE = COLUMNS.filter(
  (column): column is (typeof COLUMNS)[0 | 1 | 2 | 3] => 'required' in column,
)

type UsageColumn = { readonly column: Column; readonly usageType: UsageType; readonly unit: string }

/** Each inner list shows one kind of use; of the data columns the first that is filled counts. */
const USAGE_COLUMNS: ReadonlyArray<ReadonlyArray<UsageColumn>> = [
  [
    { column: 'Total KB usage', usageType: 'data', unit: 'KiB' },
    { column: 'Total MB usage', usageType: 'data', unit: 'MiB' },
    { column: 'Total GB usage', usageType: 'data', unit: 'GiB' },
  ],
  [{ column: 'Total minutes usage', usageType: 'voice', unit: 'min' }],
  [{ column: 'Total messages', usageType: 'messaging', unit: 'count' }],
]

export const attPremierCharges: Importer = {
  name: 'att-premier-charges',
  version: 1,
  describes: 'AT&T Premier, All Wireless Charges and Usage: charges and use of each wireless number',
  get columns() {
    return requiredTitles(REQUIRED_TO_RECOGNISE)
  },
  recognises: ({ header }) =>
    lookUpColumns(header, REQUIRED_TO_RECOGNISE).missing.length === 0 &&
    MONEY_COLUMNS.some((name) => lookUpColumns(header, [{ name, required: true }]).missing.length === 0),
  read: readPremier,
}

type FileReading = { readonly identity: RowIdentity; readonly totals: BillTotals }

async function* readPremier(table: Table, context: ReadContext): AsyncGenerator<ReadonlyArray<ReadRow>> {
  const file: FileReading = { identity: new RowIdentity(), totals: new BillTotals() }
  const rows = { table, context, columns: COLUMNS, currency: CURRENCY }
  yield* file.totals.complete(readRows(rows, (reading: Reading) => readPremierRow(reading, file)))
}

function readPremierRow(reading: Reading, file: FileReading): ReadRow {
  const bill = readBill(reading)
  reading.required('Total current charges')
  const totalMinor = reading.amountMinor('Total current charges')
  const charged = readCharged(reading)
  const used = readUsed(reading)
  const number = readNumber(reading)
  if (bill) file.totals.addRow(bill, { service: number.service, totalMinor, extra: reading.extra([]) })
  else file.totals.addStray()
  if (!bill || totalMinor === null || reading.hasErrors) return reading.refused(totalMinor ?? sumOf(charged))
  // A group's or the account's row says nothing but its charges.
  if (number.service === '' && totalMinor !== NOTHING && charged.every(({ minor }) => minor === NOTHING)) {
    const [column] = MONEY_COLUMNS
    reading.report('value-missing', { column: reading.nameOf(column) }, { column })
    return reading.refused(totalMinor)
  }
  const words = { kind: number.kind, plan: planOf(reading), group: number.group }
  const identity = [bill.invoice, number.written, number.group, reading.text('Rate code')]
  const row: Row = { bill, words, service: number.service, name: file.identity.nameOf(identity) }
  const extra = reading.extra(number.kind === 'number' ? [] : USAGE_COLUMNS.flat().map(({ column }) => column))
  const total: InvoiceTotal = { fact: 'invoice', ...bill, service: row.service, totalMinor, extra }
  const charges = charged.filter(({ minor }) => minor !== NOTHING)
  return reading.done([
    ...(file.totals.isTotalOf(bill, row.service)
      ? [{ document: documentOf('service-totals', bill), fact: total }]
      : []),
    ...charges.map((one) => ({
      document: documentOf('charges', bill),
      fact: chargeOf(reading, { ...row, one, extra }),
    })),
    ...used
      .filter(() => number.kind === 'number')
      .map((use) => ({ document: documentOf('line-usage', bill), fact: usageOf(use, { ...row, extra }) })),
  ])
}

const NOTHING = 0n

/** null where the account or the cycle's end cannot be read, which is then reported. */
function readBill(reading: Reading): Bill | null {
  const account = reading.required('Account number')
  reading.required('Market cycle end date')
  const expected = 'a date like 01/15/2026'
  const lastOn = reading.date('Market cycle end date', { expected })
  const issuedOn = reading.date('Invoice date', { expected })
  if (reading.hasErrors || lastOn === null) return null
  const period = periodEndingOn(lastOn)
  return {
    vendor: VENDOR,
    account,
    invoice: invoiceOf(account, issuedOn ?? addDays(period.endOn, -1)),
    issuedOn,
    periodStartOn: period.startOn,
    periodEndOn: period.endOn,
    currency: CURRENCY,
  }
}

/** As the vendor's printed bill numbers it: 287000000001X01182026. */
function invoiceOf(account: string, date: LocalDate): string {
  return `${account}X${date.slice(5, 7)}${date.slice(8, 10)}${date.slice(0, 4)}`
}

type RowNumber = {
  readonly kind: RowWords['kind']
  readonly written: string
  readonly service: string
  readonly group: string
}

function readNumber(reading: Reading): RowNumber {
  const written = reading.text('Wireless number')
  const group = isAbsent(reading.text('Group ID')) ? '' : reading.text('Group ID')
  if (isAbsent(written) || /^0+$/.test(written)) return { kind: 'account', written: '', service: '', group }
  if (/^g\d+$/i.test(written)) return { kind: 'group', written, service: '', group: group || written }
  const service = readWirelessNumber(written)
  return { kind: 'number', written: service, service, group }
}

const NO_PLAN = /^no (current )?(rate )?plan$/i

/** Rate code and plan name, '' for none. */
function planOf(reading: Reading): string {
  const words = [reading.text('Rate code'), reading.text('Rate plan name')]
  return words.filter((text) => !isAbsent(text) && !NO_PLAN.test(text)).join(' ')
}

type Charged = { readonly column: MoneyColumn; readonly minor: bigint }

/** The money columns that could be read; a blank one charges nothing. */
function readCharged(reading: Reading): ReadonlyArray<Charged> {
  return MONEY_COLUMNS.flatMap((column) => {
    const minor = reading.amountMinor(column)
    return minor === null ? [] : [{ column, minor }]
  })
}

/** What the parts come to, for a row whose total cannot be read; null where it has none. */
function sumOf(charged: ReadonlyArray<Charged>): bigint | null {
  return charged.length === 0 ? null : charged.reduce((sum, { minor }) => sum + minor, NOTHING)
}

type Used = UsageColumn & { readonly quantity: string; readonly base: bigint }

function readUsed(reading: Reading): ReadonlyArray<Used> {
  return USAGE_COLUMNS.flatMap((columns) => {
    const filled = columns.find(({ column }) => !isAbsent(reading.text(column)))
    const read = filled && reading.quantity(filled.column, filled)
    return filled && read ? [{ ...filled, ...read }] : []
  })
}

type Row = { readonly bill: Bill; readonly words: RowWords; readonly service: string; readonly name: string }

function chargeOf(
  reading: Reading,
  { bill, words, service, name, one, extra }: Row & { one: Charged; extra: Charge['extra'] },
): Charge {
  const kind = classifyColumn(one.column, words, one.minor)
  const hasPlan = words.plan !== ''
  const isShared = kind.category === 'access' || words.kind === 'group'
  return {
    fact: 'charge',
    ...bill,
    line: `${name}.${LINE_PART[one.column]}`,
    service,
    pool: isShared ? words.group : '',
    category: kind.category,
    usageType: kind.usageType,
    product: hasPlan ? reading.text('Rate code') || reading.text('Rate plan name') : '',
    description: hasPlan
      ? `${reading.nameOf(one.column)}: ${reading.text('Rate plan name')}`
      : reading.nameOf(one.column),
    amountMinor: one.minor,
    quantity: '',
    unit: '',
    extra,
  }
}

function usageOf(use: Used, { bill, service, name, extra }: Row & { extra: Usage['extra'] }): Usage {
  return {
    fact: 'usage',
    source: VENDOR,
    id: `line-summary:${bill.invoice}:${name}:${use.usageType}`,
    account: bill.account,
    service,
    usageType: use.usageType,
    startedAt: wallMidnight(bill.periodStartOn),
    endedAt: wallMidnight(bill.periodEndOn),
    isWallTime: true,
    quantityBase: use.base,
    quantity: use.quantity,
    unit: use.unit,
    zone: 'domestic',
    timeBand: '',
    network: '',
    accountCode: '',
    peer: '',
    app: '',
    pool: '',
    participants: null,
    view: 'line-summary',
    cycleOn: bill.periodStartOn,
    extra,
  }
}

function documentOf(part: string, { vendor, account, invoice }: Bill): DocumentKey {
  return { part, vendor, account, invoice }
}
