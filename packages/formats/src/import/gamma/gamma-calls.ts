// Call records as Gamma sends them to resellers, in the British standard's 42 columns, with a header or without. Prices are
// kept with the calls and never become charges: they have more decimals than pence, and are rounded once, on the bill.
import type {
  DocumentKey,
  Importer,
  LocalDate,
  ReadContext,
  ReadRow,
  Table,
  TableRow,
  TableSample,
  TimeBand,
  Usage,
  UsageType,
} from '@spillway/core'
import { type ColumnSpec, lookUpColumns, requiredTitles } from '../../intake/column-lookup.ts'
import type { TableOptions } from '../../intake/part.ts'
import { lookAhead } from '../look-ahead.ts'
import { RowIdentity } from '../row-identity.ts'
import { type RowReading, readRows } from '../row-reading.ts'
import { readDialled, readUkDate, UNSAID_OF_CALLS, wallInstant, zoneOfDialled } from '../uk-calls.ts'
import { isAbsent } from '../written-values.ts'
import { CallDocuments } from './call-documents.ts'

const VENDOR = 'gamma'
const CURRENCY = 'GBP'

/** The columns in the order of a file without header; the standard's own names beside Gamma's. */
export const GAMMA_COLUMNS = [
  { name: 'Call Type', required: true },
  { name: 'Call Cause Definition Required', aliases: ['Call Cause'] },
  { name: 'Customer Identifier', required: true },
  { name: 'Non-Charged Party', aliases: ['Telephone Number Dialled'] },
  { name: 'Call Date', required: true },
  { name: 'Call Time', required: true },
  { name: 'Duration', required: true },
  { name: 'Bytes Transmitted' },
  { name: 'Bytes Received' },
  { name: 'Description' },
  { name: 'Chargecode' },
  { name: 'Time Band' },
  { name: 'Salesprice', required: true },
  { name: 'Salesprice (Pre-Bundle)' },
  { name: 'Extension' },
  { name: 'DDI' },
  { name: 'Grouping ID' },
  { name: 'Call Class (Feature)', aliases: ['Call Class'] },
  { name: 'Carrier' },
  { name: 'Recording' },
  { name: 'VAT' },
  { name: 'Country of Origin' },
  { name: 'Network' },
  { name: 'Retail Tariff Code' },
  { name: 'Remote Network' },
  { name: 'APN' },
  { name: 'Diverted Number' },
  { name: 'Ring time' },
  { name: 'Record ID' },
  { name: 'Currency' },
  { name: 'Caller Line Identity', aliases: ['Presentation Number'] },
  { name: 'Network Access Reference' },
  { name: 'NGCS Access Charge' },
  { name: 'NGCS Service Charge' },
  { name: 'Total Bytes Transferred' },
  { name: 'User ID' },
  { name: 'Onward Billing Reference' },
  { name: 'Contract Name' },
  { name: 'Bundle Name' },
  { name: 'Bundle Allowance' },
  { name: 'Discount Reference' },
  { name: 'Routing Code' },
] as const satisfies ReadonlyArray<ColumnSpec>
type Column = (typeof GAMMA_COLUMNS)[number]['name']
type Reading = RowReading<Column>

const TAKEN: ReadonlyArray<Column> = [
  'Customer Identifier',
  'Non-Charged Party',
  'Call Date',
  'Call Time',
  'Duration',
  'Time Band',
  'Record ID',
  'Onward Billing Reference',
  'Bundle Name',
  'Total Bytes Transferred',
  'Bytes Transmitted',
  'Bytes Received',
]
/** Known columns that no column of a fact takes. */
const KEPT = GAMMA_COLUMNS.map(({ name }) => name).filter((name) => !TAKEN.includes(name))

const IDENTITY: ReadonlyArray<Column> = [
  'Call Type',
  'Customer Identifier',
  'Non-Charged Party',
  'Call Date',
  'Call Time',
  'Duration',
  'Chargecode',
]

const TIME_BANDS: Readonly<Record<string, TimeBand>> = { '1': 'peak', '2': 'off-peak', '3': 'weekend' }

export const gammaCalls: Importer = {
  name: 'gamma-calls',
  version: 1,
  describes: 'Gamma call records for resellers, with a header: calls, messages and data sessions one by one',
  get columns() {
    return requiredTitles(GAMMA_COLUMNS)
  },
  recognises: ({ header, rows }) => hasColumns(header) && !isBare({ header, rows }),
  read: readCalls,
}

/** A column that no file has: only a table opened with these options has it. */
const WITHOUT_HEADER = '(no header)'

/** The same without a header, which is how the files mostly come. */
export const gammaCallsWithoutHeader: Importer & { readonly tableOptions: TableOptions } = {
  name: 'gamma-calls-bare',
  version: 1,
  describes: 'Gamma call records for resellers, 42 columns without a header',
  tableOptions: { header: [...GAMMA_COLUMNS.map(({ name }) => name), WITHOUT_HEADER] },
  recognises: isBare,
  read: readCalls,
}

function hasColumns(header: ReadonlyArray<string>): boolean {
  return lookUpColumns(header, GAMMA_COLUMNS).missing.length === 0
}

/** True where the first record of a table opened without a header reads as a call. */
function isBare({ header, rows }: TableSample): boolean {
  const [first] = rows
  if (!first || header[GAMMA_COLUMNS.length] !== WITHOUT_HEADER) return false
  const cell = (name: Column) => lookUpColumns(header, GAMMA_COLUMNS).cell(first, name).trim()
  const isCall = readUkDate(cell('Call Date')) !== null && /^\d{1,2}:?\d{2}:?\d{2}$/.test(cell('Call Time'))
  return isCall && /^\d+$/.test(cell('Duration')) && /^-?\d*\.?\d+$/.test(cell('Salesprice'))
}

const ROWS_AHEAD = 10_000

async function* readCalls(given: Table, context: ReadContext): AsyncGenerator<ReadonlyArray<ReadRow>> {
  const { ahead, table } = await lookAhead(given, ROWS_AHEAD)
  const file: FileReading = {
    identity: new RowIdentity(),
    documents: new CallDocuments(daysOf(table.header, ahead)),
    keys: new Map(),
  }
  const options = { table, context, columns: GAMMA_COLUMNS, currency: CURRENCY }
  yield* readRows(options, (reading: Reading) => readCall(reading, file))
}

function daysOf(header: ReadonlyArray<string>, ahead: ReadonlyArray<TableRow>): LocalDate[] {
  const lookup = lookUpColumns(header, GAMMA_COLUMNS)
  return ahead.flatMap(({ cells }) => readUkDate(lookup.cell(cells, 'Call Date').trim()) ?? [])
}

type FileReading = {
  readonly identity: RowIdentity
  readonly documents: CallDocuments
  /** One object for each document, so that its rows share it. */
  readonly keys: Map<string, DocumentKey>
}

function readCall(reading: Reading, file: FileReading): ReadRow {
  const service = readDialled(reading.required('Customer Identifier'))
  reading.required('Call Date')
  const day = reading.date('Call Date', { expected: 'a date like 31/01/2026', read: readUkDate })
  const startedAt = day && readStart(reading, day)
  const use = readUse(reading)
  readPrice(reading)
  if (!day || startedAt === null || !use || reading.hasErrors) return reading.done([])
  const peer = readDialled(reading.text('Non-Charged Party'))
  const record = reading.text('Record ID')
  const fact: Usage = {
    ...UNSAID_OF_CALLS,
    source: VENDOR,
    id: isAbsent(record)
      ? `call:${file.identity.nameOf(IDENTITY.map((name) => reading.text(name)))}`
      : `record:${record}`,
    account: '',
    service,
    ...use,
    startedAt,
    zone: isAbroad(reading) ? 'roaming' : zoneOfDialled(peer),
    timeBand: readTimeBand(reading),
    accountCode: reading.text('Onward Billing Reference'),
    peer,
    pool: reading.text('Bundle Name'),
    cycleOn: `${day.slice(0, 7)}-01` as LocalDate,
    extra: reading.extra(KEPT),
  }
  return reading.done([{ document: documentOf(file, day), fact }])
}

function documentOf({ documents, keys }: FileReading, day: LocalDate): DocumentKey {
  const name = documents.nameOf(day)
  const known = keys.get(name)
  if (known) return known
  const key = { part: 'itemised-usage', vendor: VENDOR, account: '', invoice: name }
  keys.set(name, key)
  return key
}

function readStart(reading: Reading, day: LocalDate): number | null {
  const value = reading.required('Call Time')
  if (isAbsent(value)) return null
  const column = reading.nameOf('Call Time')
  const facts = { column, value, expected: 'a time like 09:15:00' }
  return wallInstant(day, value) ?? reading.report('date-unreadable', facts, { column: 'Call Time' })
}

type Use = Pick<Usage, 'usageType' | 'quantity' | 'quantityBase' | 'unit'>

/** A session by its bytes, a message by its call type, anything else by its duration. */
function readUse(reading: Reading): Use | null {
  const type = reading.text('Call Type').toUpperCase()
  if (type === 'S' || type === 'M' || type === 'SMS' || type === 'MMS') {
    return { usageType: 'messaging', quantity: '1', quantityBase: 1n, unit: 'count' }
  }
  if (type === 'G' || type === 'GPRS' || hasBytes(reading)) return readBytes(reading)
  reading.required('Duration')
  return measured(reading, { column: 'Duration', usageType: 'voice', unit: 's' })
}

const isCounted = (text: string) => /[1-9]/.test(text)

function hasBytes(reading: Reading): boolean {
  const columns = ['Total Bytes Transferred', 'Bytes Transmitted', 'Bytes Received'] as const
  return columns.some((column) => isCounted(reading.text(column)))
}

/** The total, or else both directions together; a session without either counts 0. */
function readBytes(reading: Reading): Use | null {
  const data = { usageType: 'data', unit: 'B' } as const
  if (isCounted(reading.text('Total Bytes Transferred'))) {
    return measured(reading, { column: 'Total Bytes Transferred', ...data })
  }
  const sent = reading.quantity('Bytes Transmitted', data)
  const received = reading.quantity('Bytes Received', data)
  if (reading.hasErrors) return null
  const bytes = (sent ? sent.base : NOTHING) + (received ? received.base : NOTHING)
  return { usageType: 'data', quantity: String(bytes), quantityBase: bytes, unit: 'B' }
}

const NOTHING = 0n

function measured(
  reading: Reading,
  { column, usageType, unit }: { column: Column; usageType: UsageType; unit: string },
): Use | null {
  const read = reading.quantity(column, { usageType, unit })
  return read && { usageType, unit, quantity: read.quantity, quantityBase: read.base }
}

/** A price is for people to read; one that is no number shows that the row is not what it seems. */
function readPrice(reading: Reading): void {
  for (const column of ['Salesprice', 'Salesprice (Pre-Bundle)'] as const) {
    const value = reading.text(column)
    if (isAbsent(value) || /^-?(\d+\.?\d*|\.\d+)$/.test(value)) continue
    reading.report('amount-unreadable', { column: reading.nameOf(column), value }, { column })
  }
}

/** '' where none is given; a band that nobody knows is reported, and the call is kept. */
function readTimeBand(reading: Reading): TimeBand | '' {
  const value = reading.text('Time Band')
  const band = TIME_BANDS[value.replace(/^0+/, '')]
  if (band || isAbsent(value)) return band ?? ''
  const facts = { column: reading.nameOf('Time Band'), value, allowed: Object.keys(TIME_BANDS) }
  reading.report('value-unknown', facts, { column: 'Time Band', severity: 'warning' })
  return ''
}

function isAbroad(reading: Reading): boolean {
  const country = reading.text('Country of Origin')
  return !isAbsent(country) && !/^(gb|gbr|uk|united kingdom|gg|je|im)$/i.test(country)
}
