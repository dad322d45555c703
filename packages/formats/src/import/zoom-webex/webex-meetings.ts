// Webex's meeting usage report: a row is one meeting with its minutes by how people were connected. Minutes of each kind
// are use; the total is only compared with them.
import type { Importer, Network, ReadContext, ReadRow, Table, Timestamp, Usage, Zone } from '@spillway/core'
import { type ColumnSpec, lookUpColumns, requiredTitles } from '../../intake/column-lookup.ts'
import { lookAhead } from '../look-ahead.ts'
import { type DayOrder, dayOrderOf, monthStartOf } from '../meeting-times.ts'
import { type RowReading, readRows } from '../row-reading.ts'
import { isAbsent } from '../written-values.ts'
import {
  MEETING_DOCUMENT,
  MINUTES,
  readCount,
  readMeetingId,
  readTime,
  shown,
  spanOf,
  UNSAID_OF_MEETINGS,
} from './meeting-usage.ts'

const VENDOR = 'webex'

const COLUMNS = [
  { name: 'Meeting Number', required: true, aliases: ['Meeting ID', 'Conference ID', 'Session ID', 'Session Number'] },
  { name: 'Meeting Name', aliases: ['Meeting Title', 'Topic', 'Session Name'] },
  { name: 'Host Email', aliases: ['User Email', 'Email'] },
  { name: 'Host ID', aliases: ['User ID', 'Username', 'Host Username'] },
  { name: 'Host Name', aliases: ['Host Display Name', 'User Name'] },
  { name: 'Date', aliases: ['Meeting Date'] },
  { name: 'Start Time', required: true, aliases: ['Start', 'Start Date', 'Meeting Start Time'] },
  { name: 'End Time', aliases: ['End', 'End Date', 'Meeting End Time'] },
  { name: 'Participants', aliases: ['Total Participants', 'Attended', 'Attendees'] },
  { name: 'Total People Minutes', required: true, aliases: ['People Minutes'] },
  { name: 'Call-In Minutes', aliases: ['Total Call-In Minutes', 'Total Call-In', 'Call-In Toll Minutes'] },
  {
    name: 'Toll-Free Minutes',
    aliases: ['Total Call-In Toll-Free Minutes', 'Call-In Toll-Free Minutes', 'Total Toll-Free Minutes', 'Toll-Free'],
  },
  { name: 'Call-Out Minutes', aliases: ['Total Call-Out Minutes', 'Total Call-Out', 'Call-Back Minutes'] },
  {
    name: 'Call-Out Domestic Minutes',
    aliases: ['Total Call-Out Domestic', 'Total Call-Out Domestic Minutes', 'Call-Out Domestic'],
  },
  {
    name: 'Call-Out International Minutes',
    aliases: ['Total Call-Out International', 'Total Call-Out International Minutes', 'Call-Out International'],
  },
  { name: 'VoIP Minutes', required: true, aliases: ['Total VoIP Minutes', 'VoIP'] },
] as const satisfies ReadonlyArray<ColumnSpec>
type Column = (typeof COLUMNS)[number]['name']
type Reading = RowReading<Column>

type Kind = {
  readonly column: Column
  readonly name: string
  readonly zone: Zone | ''
  readonly network: Network
}

/** The report's kinds of minutes. What came over the telephone came from, or went to, another's network. */
const KINDS = [
  { column: 'Call-In Minutes', name: 'call-in', zone: '', network: 'off-net' },
  { column: 'Toll-Free Minutes', name: 'toll-free', zone: '', network: 'off-net' },
  { column: 'Call-Out Minutes', name: 'call-out', zone: '', network: 'off-net' },
  { column: 'Call-Out Domestic Minutes', name: 'call-out-domestic', zone: 'domestic', network: 'off-net' },
  {
    column: 'Call-Out International Minutes',
    name: 'call-out-international',
    zone: 'international',
    network: 'off-net',
  },
  { column: 'VoIP Minutes', name: 'voip', zone: '', network: 'on-net' },
] as const satisfies ReadonlyArray<Kind>

/** Known columns that no column of a fact takes. */
const KEPT: ReadonlyArray<Column> = ['Meeting Number', 'Meeting Name', 'Host ID', 'Host Name', 'Total People Minutes']

export const webexMeetings: Importer = {
  name: 'webex-meetings',
  version: 1,
  describes: 'Webex meeting usage report: one row per meeting, minutes called in, toll-free, called out and over VoIP',
  get columns() {
    return requiredTitles(COLUMNS)
  },
  recognises: ({ header }) => lookUpColumns(header, COLUMNS).missing.length === 0,
  read: readMeetings,
}

const ROWS_AHEAD = 1000

async function* readMeetings(given: Table, context: ReadContext): AsyncGenerator<ReadonlyArray<ReadRow>> {
  const { ahead, table } = await lookAhead(given, ROWS_AHEAD)
  const lookup = lookUpColumns(table.header, COLUMNS)
  const texts = ahead.flatMap(({ cells }) => {
    const [date, start, end] = (['Date', 'Start Time', 'End Time'] as const).map((name) =>
      lookup.cell(cells, name).trim(),
    )
    return [`${start}`, `${end}`, `${date} ${start}`]
  })
  const order = dayOrderOf(texts)
  const rows = { table, context, columns: COLUMNS, currency: 'USD' }
  yield* readRows(rows, (reading: Reading) => readMeeting(reading, order))
}

function readMeeting(reading: Reading, order: DayOrder): ReadRow {
  const number = readMeetingId(reading.required('Meeting Number'))
  const start = readStart(reading, order)
  const end = readEnd(reading, { order, start })
  const used = KINDS.flatMap((kind) => {
    const minutes = readMinutes(reading, kind.column)
    return minutes ? [{ kind, ...minutes }] : []
  })
  const participants = readCount(reading, 'Participants')
  checkTotal(reading, used)
  if (!start || reading.hasErrors) return reading.done([])
  const common = {
    ...UNSAID_OF_MEETINGS,
    source: VENDOR,
    service: serviceOf(reading),
    startedAt: start.micros,
    endedAt: end?.micros ?? null,
    isWallTime: start.isWallTime,
    peer: '',
    participants,
    conference: `${number} ${shown(start)}`,
    cycleOn: monthStartOf(start),
  }
  const extra = reading.extra(KEPT)
  return reading.done(
    used
      .filter(({ base }) => base > 0)
      .map(({ kind, quantity, base }) => ({
        document: MEETING_DOCUMENT,
        fact: {
          ...common,
          id: `meeting:${number}:${shown(start)}:${kind.name}`,
          quantity,
          quantityBase: base,
          zone: kind.zone,
          network: kind.network,
          extra: { 'Kind of minutes': kind.name, ...extra },
        } satisfies Usage,
      })),
  )
}

/** A start that is only a time of day stands beside a date. */
function readStart(reading: Reading, order: DayOrder): Timestamp | null {
  const [date, time] = [reading.text('Date'), reading.text('Start Time')]
  const value = isAbsent(date) || /\d[/.-]\d|\p{L}{3}/u.test(time) ? time : `${date} ${time}`
  return readTime(reading, 'Start Time', { order, value })
}

/** null where the report does not say, or cannot be read, which is then reported. */
function readEnd(reading: Reading, { order, start }: { order: DayOrder; start: Timestamp | null }): Timestamp | null {
  const value = reading.text('End Time')
  // A time of day alone may be of the next day.
  if (isAbsent(value) || /^\d{1,2}:\d{2}/.test(value)) return null
  const span = spanOf(reading, 'End Time', { start, end: readTime(reading, 'End Time', { order }) })
  return span?.end ?? null
}

function readMinutes(reading: Reading, column: Column) {
  const minutes = reading.quantity(column, MINUTES)
  if (minutes === null || minutes.base >= 0) return minutes
  return reading.report(
    'number-unreadable',
    { column: reading.nameOf(column), value: reading.text(column) },
    { column },
  )
}

const SECONDS_PER_MINUTE = 60n
const NOTHING = 0n

function checkTotal(reading: Reading, used: ReadonlyArray<{ readonly base: bigint }>): void {
  const column = 'Total People Minutes'
  const total = reading.quantity(column, { ...MINUTES, severity: 'warning' })
  const sum = used.reduce((seconds, { base }) => seconds + base, NOTHING)
  if (!total || reading.hasErrors || total.base === sum) return
  const rest = sum % SECONDS_PER_MINUTE
  const expected = `${sum / SECONDS_PER_MINUTE} minutes${rest === NOTHING ? '' : ` ${rest} s`}`
  reading.report(
    'control-mismatch',
    { column: reading.nameOf(column), value: reading.text(column), expected },
    { column },
  )
}

/** Whose meeting it is. */
function serviceOf(reading: Reading): string {
  for (const column of ['Host Email', 'Host ID', 'Host Name'] as const)
    if (!isAbsent(reading.text(column))) return reading.text(column)
  return ''
}
