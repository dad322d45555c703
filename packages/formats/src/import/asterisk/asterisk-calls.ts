// Calls that Asterisk writes to Master.csv, which has no header, or that its database is exported with: one use for each
// call that was answered, by its billed seconds. A call that nobody answered is a known row of no use.
import type { DocumentKey, Importer, ReadContext, ReadRow, Table, TableSample, Usage } from '@spillway/core'
import { parseTimestamp } from '@spillway/core'
import { type ColumnSpec, lookUpColumns, requiredTitles } from '../../intake/column-lookup.ts'
import type { TableOptions } from '../../intake/part.ts'
import { RowIdentity } from '../row-identity.ts'
import { type RowReading, readRows } from '../row-reading.ts'

const SOURCE = 'asterisk'

/** In the order of Master.csv; the last three stand there with `newcdrcolumns`. */
export const ASTERISK_COLUMNS = [
  { name: 'accountcode' },
  { name: 'src', required: true },
  { name: 'dst', required: true },
  { name: 'dcontext' },
  { name: 'clid' },
  { name: 'channel', required: true },
  { name: 'dstchannel' },
  { name: 'lastapp' },
  { name: 'lastdata' },
  { name: 'start', required: true, aliases: ['calldate'] },
  { name: 'answer' },
  { name: 'end' },
  { name: 'duration', required: true },
  { name: 'billsec', required: true },
  { name: 'disposition', required: true },
  { name: 'amaflags' },
  { name: 'uniqueid' },
  { name: 'userfield' },
  { name: 'peeraccount' },
  { name: 'linkedid' },
  { name: 'sequence' },
] as const satisfies ReadonlyArray<ColumnSpec>
type Column = (typeof ASTERISK_COLUMNS)[number]['name']
type Reading = RowReading<Column>

/** Known columns that no column of a fact takes. */
const KEPT: ReadonlyArray<Column> = [
  'dcontext',
  'clid',
  'channel',
  'dstchannel',
  'lastapp',
  'answer',
  'duration',
  'disposition',
  'amaflags',
  'uniqueid',
  'userfield',
  'peeraccount',
  'linkedid',
]

/** What a call says that has no unique id. */
const IDENTITY: ReadonlyArray<Column> = ['src', 'dst', 'channel', 'dstchannel', 'start']

const ANSWERED = 'ANSWERED'
const UNANSWERED: ReadonlyArray<string> = ['NO ANSWER', 'BUSY', 'FAILED', 'CONGESTION', 'CANCEL', 'DONTUSE']

/** A column that no file has: only a table opened with these options has it. */
const WITHOUT_HEADER = '(no header of Asterisk)'

export const asteriskCalls: Importer = {
  name: 'asterisk-calls',
  version: 1,
  describes: 'Asterisk call records with a header, as exported from its database',
  get columns() {
    return requiredTitles(ASTERISK_COLUMNS)
  },
  recognises: ({ header }) => !header.includes(WITHOUT_HEADER) && hasColumns(header),
  read: readCalls,
}

/** The file that Asterisk itself writes. */
export const asteriskMaster: Importer & { readonly tableOptions: TableOptions } = {
  name: 'asterisk-master',
  version: 1,
  describes: 'Asterisk Master.csv: call records in 16 to 21 columns without a header',
  tableOptions: { header: [...ASTERISK_COLUMNS.map(({ name }) => name), WITHOUT_HEADER] },
  recognises: isMaster,
  read: readCalls,
}

function hasColumns(header: ReadonlyArray<string>): boolean {
  return lookUpColumns(header, ASTERISK_COLUMNS).missing.length === 0
}

/** True where one of the first records of a table opened without a header reads as a call. */
function isMaster({ header, rows }: TableSample): boolean {
  return header.includes(WITHOUT_HEADER) && rows.slice(0, 3).some(isCall)
}

function isCall(cells: ReadonlyArray<string>): boolean {
  const cell = (name: Column) => (cells[ASTERISK_COLUMNS.findIndex((column) => column.name === name)] ?? '').trim()
  const isKnown = cell('disposition') === ANSWERED || UNANSWERED.includes(cell('disposition'))
  const hasTimes = parseTimestamp(cell('start')) !== null && /^\d+$/.test(cell('duration') + cell('billsec'))
  return isKnown && hasTimes && /^[A-Z]+$/.test(cell('amaflags')) && cell('channel') !== ''
}

/** Calls are known by their ids, so a file replaces nothing. */
const DOCUMENT: DocumentKey = { part: 'itemised-usage', vendor: '', account: '', invoice: '' }

async function* readCalls(table: Table, context: ReadContext): AsyncGenerator<ReadonlyArray<ReadRow>> {
  const identity = new RowIdentity()
  // Asterisk knows no money; the currency is asked for by whatever reads rows.
  const options = { table, context, columns: ASTERISK_COLUMNS, currency: 'USD' }
  yield* readRows(options, (reading: Reading) => readCall(reading, identity))
}

function readCall(reading: Reading, identity: RowIdentity): ReadRow {
  const span = readSpan(reading)
  for (const column of ['duration', 'billsec'] as const) reading.required(column)
  const duration = reading.quantity('duration', SECONDS)
  const billed = reading.quantity('billsec', SECONDS)
  const isAnswered = readDisposition(reading)
  const service = serviceOf(reading)
  if (!span || !duration || !billed || isAnswered === null || reading.hasErrors) return reading.done([])
  if (!isAnswered) {
    if (billed.base !== NOTHING) disagree(reading, '0, for a call that was not answered')
    return reading.done([])
  }
  if (billed.base > duration.base) disagree(reading, `${duration.quantity} at most, which the call lasted`)
  const fact: Usage = {
    fact: 'usage',
    source: SOURCE,
    id: idOf(reading, identity),
    account: '',
    service,
    usageType: 'voice',
    ...span,
    isWallTime: true,
    quantityBase: billed.base,
    quantity: billed.quantity,
    unit: SECONDS.unit,
    zone: '',
    timeBand: '',
    network: '',
    accountCode: reading.text('accountcode'),
    peer: reading.text('dst'),
    app: '',
    pool: '',
    participants: null,
    view: '',
    cycleOn: null,
    extra: reading.extra(KEPT),
  }
  return reading.done([{ document: DOCUMENT, fact }])
}

const SECONDS = { unit: 's', usageType: 'voice' } as const
const NOTHING = 0n

function disagree(reading: Reading, expected: string): void {
  const facts = { column: reading.nameOf('billsec'), value: reading.text('billsec'), expected }
  reading.report('control-mismatch', facts, { column: 'billsec' })
}

/** true where it was answered; a word that nobody knows is reported. */
function readDisposition(reading: Reading): boolean | null {
  const value = reading.required('disposition')
  const word = value.toUpperCase()
  if (word === ANSWERED) return true
  if (value === '' || UNANSWERED.includes(word)) return false
  const facts = { column: reading.nameOf('disposition'), value, allowed: [ANSWERED, ...UNANSWERED] }
  return reading.report('value-unknown', facts, { column: 'disposition' })
}

type Span = Pick<Usage, 'startedAt' | 'endedAt'>

/** From the start, as the carrier times it, to the end, where the file has it. */
function readSpan(reading: Reading): Span | null {
  reading.required('start')
  const [start, end] = [readTime(reading, 'start'), readTime(reading, 'end')]
  readTime(reading, 'answer')
  if (start === null) return null
  if (end !== null && end < start) {
    const facts = { from: reading.text('start'), to: reading.text('end') }
    return reading.report('date-order', facts, { column: 'end' })
  }
  return { startedAt: start, endedAt: end }
}

/** Wall-clock microseconds; null where the cell is blank, or cannot be read, which is then reported. */
function readTime(reading: Reading, column: 'start' | 'answer' | 'end'): number | null {
  const value = reading.text(column)
  if (value === '') return null
  const time = parseTimestamp(value)
  if (time?.isWallTime) return time.micros
  const facts = { column: reading.nameOf(column), value, expected: 'a local time like 2026-03-02 09:15:00' }
  return reading.report('date-unreadable', facts, { column })
}

/** Who called: the number, else the device of the channel, `1001` of `SIP/1001-0000002a`. */
function serviceOf(reading: Reading): string {
  const channel = reading.required('channel')
  const number = reading.text('src')
  if (number !== '') return number
  return /\/([^/]+?)(-[0-9a-f]+)?(;[12])?$/i.exec(channel)?.[1] ?? channel
}

/**
 * The unique id is the calling channel's. A channel that is passed on has a record for each channel it spoke to, so that
 * one belongs to the id.
 */
function idOf(reading: Reading, identity: RowIdentity): string {
  const [unique, other] = [reading.text('uniqueid'), reading.text('dstchannel')]
  if (unique === '') return `call:${identity.nameOf(IDENTITY.map((column) => reading.text(column)))}`
  return other === '' ? unique : `${unique}:${other}`
}
