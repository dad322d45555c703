// Call records of a conference bridge: a row is one participant's leg of one conference. Entry codes are taken out before
// a row is read, and say whose sub-account it is. Nothing is charged where the file does not say on which invoice.
import {
  addMonths,
  type Charge,
  type DocumentKey,
  type Importer,
  isCurrency,
  type LocalDate,
  type Network,
  type ReadContext,
  type ReadRow,
  type Table,
  type Timestamp,
  type Usage,
  type Zone,
} from '@spillway/core'
import { type ColumnSpec, lookUpColumns, requiredTitles } from '../../intake/column-lookup.ts'
import { isEntryCodeColumn } from '../entry-code-columns.ts'
import { EntryCodes, REMOVED } from '../entry-codes.ts'
import { lookAhead } from '../look-ahead.ts'
import { type DayOrder, dayOrderOf, monthStartOf, readMeetingTime } from '../meeting-times.ts'
import { RowIdentity } from '../row-identity.ts'
import { type RowReading, readRows } from '../row-reading.ts'
import { isAbsent } from '../written-values.ts'

const SOURCE = 'conferencing'
const CURRENCY = 'USD'

const COLUMNS = [
  { name: 'Reseller Account Number', aliases: ['Account Number', 'Account', 'Account ID', 'Customer Account Number'] },
  { name: 'Confirmation Number', required: true, aliases: ['Conference ID', 'Conference Number'] },
  { name: 'Conference Name' },
  { name: 'Organization Name', aliases: ['Organisation Name'] },
  { name: 'Bill Code', aliases: ['Billing Code', 'Account Code'] },
  { name: 'Q&A Active' },
  { name: 'Chairperson Name', aliases: ['Chair Name', 'Moderator Name', 'Moderator', 'Host Name'] },
  { name: 'Conference Start Time' },
  { name: 'Conference End Time' },
  { name: 'Connect Time', required: true, aliases: ['Join Time'] },
  { name: 'Disconnect Time', required: true, aliases: ['Leave Time'] },
  { name: 'Duration', required: true, aliases: ['Exact Duration', 'Duration (Minutes)'] },
  { name: 'Roundup Duration', aliases: ['Rounded Duration', 'Billed Duration', 'Billed Minutes'] },
  { name: 'User ID', aliases: ['Chairperson ID', 'Moderator ID', 'Host ID', 'Owner ID'] },
  { name: 'Client ID' },
  { name: 'User Name', aliases: ['Participant Name'] },
  { name: 'DNIS' },
  { name: 'ANI', aliases: ['Caller Number'] },
  { name: 'Call Type' },
  { name: 'Toll Free' },
  { name: 'Charge', aliases: ['Amount', 'Cost', 'Call Charge', 'Total Charge'] },
  { name: 'Currency' },
  { name: 'Invoice Number', aliases: ['Invoice'] },
  { name: 'Invoice Date' },
] as const satisfies ReadonlyArray<ColumnSpec>
type Column = (typeof COLUMNS)[number]['name']
type Reading = RowReading<Column>

const TAKEN: ReadonlyArray<Column> = [
  'Reseller Account Number',
  'Bill Code',
  'Connect Time',
  'Disconnect Time',
  'ANI',
  'Currency',
  'Invoice Number',
  'Invoice Date',
]
/** Known columns that no column of a fact takes; the exact minutes stand here beside the billed ones. */
const KEPT = COLUMNS.map(({ name }) => name).filter((name) => !TAKEN.includes(name))

/** What makes a leg the same one in a later file. Never an entry code: even a hash of one could be found by trying. */
const IDENTITY: ReadonlyArray<Column> = ['Reseller Account Number', 'Confirmation Number', 'User Name', 'DNIS', 'ANI']

/** Legs are known by what they say, so a file replaces nothing: the same leg in a later file is the same leg. */
const DOCUMENT: DocumentKey = { part: 'itemised-usage', vendor: '', account: '', invoice: '' }

export const conferenceCalls: Importer = {
  name: 'conferencing-calls',
  version: 2,
  describes: 'Call records of a conference bridge: one row for each participant and conference, with billed minutes',
  get columns() {
    return requiredTitles(COLUMNS)
  },
  recognises: ({ header }) => lookUpColumns(header, COLUMNS).missing.length === 0,
  read: readCalls,
}

const ROWS_AHEAD = 1000
const TIMES = ['Connect Time', 'Disconnect Time', 'Conference Start Time', 'Conference End Time'] as const

type FileReading = { readonly order: DayOrder; readonly identity: RowIdentity; readonly codes: EntryCodes }

/** Where people write what they like. */
const TEXTS: ReadonlyArray<Column> = ['Conference Name', 'Organization Name', 'Chairperson Name', 'User Name']

async function* readCalls(given: Table, context: ReadContext): AsyncGenerator<ReadonlyArray<ReadRow>> {
  const lookup = lookUpColumns(given.header, COLUMNS)
  const codes = new EntryCodes(given, {
    columns: given.header.flatMap((title, index) => (isEntryCodeColumn(title) ? [index] : [])),
    texts: TEXTS.map((name) => lookup.positions[name]).filter((position) => position !== -1),
    accountOf: (cells) => lookup.cell(cells, 'Reseller Account Number'),
    subAccountOf: context.subAccountOf,
  })
  const { ahead, table } = await lookAhead(codes.table, ROWS_AHEAD)
  const times = ahead.flatMap(({ cells }) => TIMES.map((name) => lookup.cell(cells, name)))
  const file: FileReading = { order: dayOrderOf(times), identity: new RowIdentity(), codes }
  const rows = { table, context, columns: COLUMNS, currency: CURRENCY }
  for await (const batch of readRows(rows, (reading: Reading) => readLeg(reading, file)))
    yield batch.map((row) => codes.conceal(row))
}

function readLeg(reading: Reading, file: FileReading): ReadRow {
  const confirmation = reading.required('Confirmation Number')
  const span = readSpan(reading, file.order)
  const minutes = readMinutes(reading, span)
  checkWords(reading)
  const money = readMoney(reading)
  if (!span || !minutes || money === 'unreadable' || reading.hasErrors) {
    return money === 'unreadable' || money === null
      ? reading.done([])
      : reading.refused(money.amountMinor, money.currency)
  }
  const holder = file.codes.holderOf(reading.cells)
  const account = reading.text('Reseller Account Number') || (holder?.account ?? '')
  const written = [...IDENTITY.map((name) => reading.text(name)), reading.text('Duration')]
  const name = file.identity.nameOf([...written, String(span.start.micros), String(span.end.micros)])
  const code = reading.text('Bill Code')
  const hasCode = !code.includes(REMOVED)
  const usage: Usage = {
    fact: 'usage',
    source: SOURCE,
    id: `leg:${confirmation}:${name}`,
    account,
    service: holder?.userId ?? serviceOf(reading),
    usageType: 'conference',
    ...minutes,
    unit: 'min',
    startedAt: span.start.micros,
    endedAt: span.end.micros,
    isWallTime: span.start.isWallTime,
    ...routeOf(reading),
    timeBand: '',
    accountCode: hasCode ? code : '',
    peer: reading.text('ANI'),
    app: '',
    pool: '',
    participants: 1,
    view: 'itemised',
    cycleOn: monthStartOf(span.start),
    extra: reading.extra(hasCode ? KEPT : [...KEPT, 'Bill Code']),
    conference: confirmation,
    participant: reading.text('User Name'),
  }
  const facts: Array<ReadRow['facts'][number]> = [{ document: DOCUMENT, fact: usage }]
  if (money) facts.push(chargeOf(money, { usage, line: `${confirmation}:${name}` }))
  return reading.done(facts)
}

type Span = { readonly start: Timestamp; readonly end: Timestamp }

function readSpan(reading: Reading, order: DayOrder): Span | null {
  const [start, end] = [readTime(reading, 'Connect Time', order), readTime(reading, 'Disconnect Time', order)]
  if (!start || !end) return null
  if (start.isWallTime === end.isWallTime && start.micros <= end.micros) return { start, end }
  const facts = { from: reading.text('Connect Time'), to: reading.text('Disconnect Time') }
  return reading.report('date-order', facts, { column: 'Disconnect Time' })
}

function readTime(reading: Reading, column: 'Connect Time' | 'Disconnect Time', order: DayOrder): Timestamp | null {
  const value = reading.required(column)
  if (isAbsent(value)) return null
  const expected = 'a time like 2026-01-31 09:15:00, or one whose day and month cannot be confused,'
  const facts = { column: reading.nameOf(column), value, expected }
  return readMeetingTime(value, order) ?? reading.report('date-unreadable', facts, { column })
}

const MINUTES = { unit: 'min', usageType: 'conference' } as const
/** Exact minutes have one decimal: six seconds, half of them either way, and a second for each end. */
const ROUNDING_SECONDS = 6n

/**
 * The billed minutes, else the exact ones. Billed minutes below the exact ones, and exact ones that are not the time
 * between connect and disconnect, are reported, and the leg is kept as the vendor has it.
 */
function readMinutes(reading: Reading, span: Span | null): Pick<Usage, 'quantity' | 'quantityBase'> | null {
  reading.required('Duration')
  const exact = reading.quantity('Duration', MINUTES)
  const billed = reading.quantity('Roundup Duration', MINUTES)
  if (!exact || reading.hasErrors) return null
  if (span && exact.base >= 0) {
    const seconds = BigInt(Math.round((span.end.micros - span.start.micros) / 1_000_000))
    const difference = exact.base - seconds
    if (difference > ROUNDING_SECONDS || difference < -ROUNDING_SECONDS)
      reportMinutes(reading, 'Duration', `${seconds} seconds between connect and disconnect`)
  }
  if (billed && billed.base < exact.base && exact.base > 0)
    reportMinutes(reading, 'Roundup Duration', `at least ${exact.quantity} minutes`)
  const counted = billed ?? exact
  return { quantity: counted.quantity, quantityBase: counted.base }
}

function reportMinutes(reading: Reading, column: Column, expected: string): void {
  const facts = { column: reading.nameOf(column), value: reading.text(column), expected }
  reading.report('control-mismatch', facts, { column })
}

/** Cells that would hold something else if the row's cells did not stand under their columns. */
function checkWords(reading: Reading): void {
  for (const column of ['Q&A Active', 'Toll Free'] as const) {
    const value = reading.text(column)
    if (isAbsent(value) || /^(y|n|yes|no|true|false|t|f|0|1)$/i.test(value)) continue
    const facts = { column: reading.nameOf(column), value, allowed: ['Y', 'N'] }
    reading.report('value-unknown', facts, { column })
  }
  for (const column of ['Call Type', 'User Name', 'Chairperson Name', 'Organization Name'] as const) {
    const value = reading.text(column)
    if (!/^[\d\s#*-]*\d{4}[\d\s#*-]*$/.test(value)) continue
    const facts = { column: reading.nameOf(column), value, allowed: ['words'] }
    reading.report('value-unknown', facts, { column })
  }
}

/** Who is asked to pay where no sub-account does: whoever holds the conference. Never the participant. */
function serviceOf(reading: Reading): string {
  for (const column of ['User ID', 'Client ID', 'Chairperson Name', 'Reseller Account Number'] as const) {
    const value = reading.text(column)
    if (!isAbsent(value) && !value.includes(REMOVED)) return value
  }
  return ''
}

/** As far as the call type says: toll-free and toll calls come from the public network, and from anywhere. */
function routeOf(reading: Reading): { readonly zone: Zone | ''; readonly network: Network | '' } {
  const type = reading.text('Call Type')
  const isTollFree = /^(y|yes|true|t|1)$/i.test(reading.text('Toll Free'))
  return { zone: zoneOf(type), network: networkOf(type, isTollFree) }
}

function zoneOf(type: string): Zone | '' {
  if (/\b(international|intl|overseas|global)\b/i.test(type)) return 'international'
  if (/\blong.?distance\b/i.test(type)) return 'long-distance'
  return /\b(domestic|national|local)\b/i.test(type) ? 'domestic' : ''
}

function networkOf(type: string, isTollFree: boolean): Network | '' {
  if (/\b(voip|web|internet|computer|sip)\b/i.test(type)) return 'on-net'
  return isTollFree || /\b(toll|dial|call|pstn|phone|local)\b/i.test(type) ? 'off-net' : ''
}

type Money = {
  readonly amountMinor: bigint
  readonly currency: string
  readonly invoice: string
  readonly issuedOn: LocalDate | null
}

/** null where the leg costs nothing or the file names no invoice; what cannot be read is reported. */
function readMoney(reading: Reading): Money | null | 'unreadable' {
  const invoice = reading.text('Invoice Number')
  if (isAbsent(invoice)) return null
  const value = reading.text('Currency')
  const currency = isAbsent(value) ? CURRENCY : value.toUpperCase()
  if (!isCurrency(currency)) {
    reading.report('currency-unknown', { column: reading.nameOf('Currency'), value }, { column: 'Currency' })
    return 'unreadable'
  }
  const issuedOn = reading.date('Invoice Date', { expected: 'a date like 2026-01-31' })
  const amountMinor = reading.amountMinor('Charge', currency)
  if (amountMinor === null) return isAbsent(reading.text('Charge')) ? null : 'unreadable'
  return { amountMinor, currency, invoice, issuedOn }
}

function chargeOf(
  { amountMinor, currency, invoice, issuedOn }: Money,
  { usage, line }: { readonly usage: Usage; readonly line: string },
): ReadRow['facts'][number] {
  const periodStartOn = usage.cycleOn as LocalDate
  const fact: Charge = {
    fact: 'charge',
    vendor: SOURCE,
    account: usage.account,
    invoice,
    issuedOn,
    periodStartOn,
    periodEndOn: addMonths(periodStartOn, 1),
    currency,
    line,
    service: usage.service,
    pool: '',
    category: amountMinor < 0 ? 'credit' : 'usage',
    usageType: 'conference',
    product: '',
    description: 'Conference minutes',
    amountMinor,
    quantity: usage.quantity,
    unit: usage.unit,
    extra: usage.extra,
  }
  return { document: { part: 'charges', vendor: SOURCE, account: usage.account, invoice }, fact }
}
