// Zoom's participants report: one file with a section of the meeting and a section of its participants, each with a header
// of its own, and so on for every meeting of the file. Only participants are use; a meeting says whose it is.
import {
  type Importer,
  type Problem,
  problem,
  type ReadContext,
  type ReadRow,
  type SourcePlace,
  type Table,
  type TableRow,
  type UnreadableRow,
  type Usage,
} from '@spillway/core'
import { type ColumnLookup, type ColumnSpec, lookUpColumns, requireColumns } from '../../intake/column-lookup.ts'
import { placeOf, type TableOptions } from '../../intake/part.ts'
import { lookAhead } from '../look-ahead.ts'
import { type DayOrder, dayOrderOf, monthStartOf } from '../meeting-times.ts'
import { contentName } from '../row-identity.ts'
import { RowReading } from '../row-reading.ts'
import { isAbsent } from '../written-values.ts'
import {
  hasMinutes,
  type MeetingSpan,
  readCount,
  readMeetingId,
  readTime,
  requiredMinutes,
  shown,
  spanOf,
  UNSAID_OF_MEETINGS,
} from './meeting-usage.ts'

const VENDOR = 'zoom'

const MEETING_COLUMNS = [
  { name: 'Meeting ID', required: true, aliases: ['ID'] },
  { name: 'Topic', required: true },
  { name: 'Start Time', required: true },
  { name: 'End Time', required: true },
  { name: 'User Email', aliases: ['Host Email', 'Email'] },
  { name: 'User ID', aliases: ['Host ID'] },
  { name: 'Host', aliases: ['Host Name', 'User Name'] },
  { name: 'Duration (Minutes)', aliases: ['Duration'] },
  { name: 'Participants', required: true },
] as const satisfies ReadonlyArray<ColumnSpec>
type MeetingColumn = (typeof MEETING_COLUMNS)[number]['name']

const PARTICIPANT_COLUMNS = [
  { name: 'Name (Original Name)', required: true, aliases: ['Name'] },
  { name: 'User Email', aliases: ['Email'] },
  { name: 'Join Time', required: true },
  { name: 'Leave Time', required: true },
  { name: 'Duration (Minutes)', required: true, aliases: ['Duration'] },
  { name: 'Guest' },
] as const satisfies ReadonlyArray<ColumnSpec>
type ParticipantColumn = (typeof PARTICIPANT_COLUMNS)[number]['name']

export const zoomParticipants: Importer & { readonly tableOptions: TableOptions } = {
  name: 'zoom-participants',
  version: 1,
  describes: 'Zoom participants report: meetings, and under each one who joined and left it, and when',
  tableOptions: { isSectioned: true },
  recognises: ({ header, rows }) => isMeetingHeader(header) && rows.some(isParticipantHeader),
  read: readReport,
}

const isMeetingHeader = (cells: ReadonlyArray<string>) => lookUpColumns(cells, MEETING_COLUMNS).missing.length === 0
const isParticipantHeader = (cells: ReadonlyArray<string>) =>
  lookUpColumns(cells, PARTICIPANT_COLUMNS).missing.length === 0

const ROWS_AHEAD = 1000

async function* readReport(given: Table, context: ReadContext): AsyncGenerator<ReadonlyArray<ReadRow>> {
  const place = placeOf({ file: context.fileName, member: context.member, sheet: given.sheet })
  requireColumns(given.header, MEETING_COLUMNS, { ...place, line: given.headerLine })
  const { ahead, table } = await lookAhead(given, ROWS_AHEAD)
  const report = new ReportReading(table.header, { place, order: dayOrderOf(ahead.flatMap(({ cells }) => cells)) })
  // A row is handed on once the next one is there: what is missing from a section shows behind its last row.
  let last: ReadRow | null = null
  for await (const batch of table.rows) {
    const done: ReadRow[] = []
    for (const row of batch) {
      const { read, missing } = report.read(row)
      if (last) done.push(withProblem(last, missing))
      last = read
    }
    yield done
  }
  if (last) yield [withProblem(last, report.missing())]
}

function withProblem(row: ReadRow, missing: Problem | null): ReadRow {
  return missing ? { ...row, problems: [...row.problems, missing] } : row
}

type Meeting = {
  readonly line: number
  readonly id: string
  readonly topic: string
  readonly span: MeetingSpan
  readonly service: string
  /** null where the report does not say. */
  readonly participants: number | null
}

type Read = { readonly read: ReadRow; readonly missing: Problem | null }

class ReportReading {
  private readonly place: SourcePlace
  private readonly order: DayOrder
  private section: 'meetings' | 'participants' = 'meetings'
  private meetingColumns: ColumnLookup<MeetingColumn>
  private participantColumns: ColumnLookup<ParticipantColumn> | null = null
  /** The rows of the section of meetings, and the last one that could be read. */
  private meetingRows = 0
  private meeting: Meeting | null = null
  private participantRows = 0

  constructor(header: ReadonlyArray<string>, { place, order }: { place: SourcePlace; order: DayOrder }) {
    this.place = place
    this.order = order
    this.meetingColumns = lookUpColumns(header, MEETING_COLUMNS)
  }

  /** A row; and what the section before it lacks, where the row begins another one. */
  read(row: TableRow | UnreadableRow): Read {
    if (!('cells' in row)) return { read: this.readBroken(row), missing: null }
    if (isParticipantHeader(row.cells)) {
      this.participantColumns = requireColumns(row.cells, PARTICIPANT_COLUMNS, { ...this.place, line: row.line })
      this.section = 'participants'
      return { read: nothing(row), missing: null }
    }
    if (isMeetingHeader(row.cells)) return { read: nothing(row), missing: this.begin(row) }
    return { read: this.section === 'meetings' ? this.readMeeting(row) : this.readParticipant(row), missing: null }
  }

  /** What the section that ends here lacks; a rejoin repeats a participant, so more rows than participants lack nothing. */
  missing(): Problem | null {
    if (this.meetingRows !== 1 || !this.meeting) return null
    const { participants, line } = this.meeting
    if (participants === null || this.participantRows >= participants) return null
    const column = this.meetingColumns.columnName('Participants')
    const facts = { column, value: String(participants), expected: String(this.participantRows) }
    return problem('control-mismatch', facts, { source: { ...this.place, line, column } })
  }

  private begin(row: TableRow): Problem | null {
    const missing = this.missing()
    this.meetingColumns = requireColumns(row.cells, MEETING_COLUMNS, { ...this.place, line: row.line })
    this.section = 'meetings'
    this.meetingRows = 0
    this.meeting = null
    this.participantRows = 0
    return missing
  }

  private readBroken({ line, raw, problem: broken }: UnreadableRow): ReadRow {
    if (this.section === 'meetings') {
      this.meetingRows += 1
      this.meeting = null
    } else this.participantRows += 1
    return { line, raw, facts: [], problems: [broken] }
  }

  private readMeeting(row: TableRow): ReadRow {
    const reading = new RowReading(this.meetingColumns, row, { place: this.place, currency: 'USD' })
    this.meetingRows += 1
    this.meeting = null
    const id = readMeetingId(reading.required('Meeting ID'))
    const start = readTime(reading, 'Start Time', { order: this.order })
    const end = readTime(reading, 'End Time', { order: this.order })
    const span = spanOf(reading, 'End Time', { start, end })
    const participants = readCount(reading, 'Participants')
    if (!span || reading.hasErrors) return reading.done([])
    checkMinutes(reading, span)
    const service = serviceOf(reading)
    this.meeting = { line: row.line, id, topic: reading.text('Topic'), span, service, participants }
    return reading.done([])
  }

  private readParticipant(row: TableRow): ReadRow {
    this.participantRows += 1
    const meeting = this.meeting
    if (!this.participantColumns) return nothing(row)
    const reading = new RowReading(this.participantColumns, row, { place: this.place, currency: 'USD' })
    if (!meeting || this.meetingRows > 1) {
      const many = `it does not say to which of the ${this.meetingRows} meetings above it belongs`
      reading.report('row-unreadable', { reason: meeting ? many : 'the meeting above it could not be read' })
      return reading.done([])
    }
    const start = readTime(reading, 'Join Time', { order: this.order })
    const end = readTime(reading, 'Leave Time', { order: this.order })
    const span = spanOf(reading, 'Leave Time', { start, end })
    const minutes = requiredMinutes(reading, 'Duration (Minutes)')
    if (!span || !minutes || reading.hasErrors) return reading.done([])
    checkMinutes(reading, span)
    return reading.done([legOf(reading, { meeting, span, minutes })])
  }
}

function nothing({ line, raw }: TableRow): ReadRow {
  return { line, raw, facts: [], problems: [] }
}

/** The minutes of a meeting or a leg are kept as the report has them; that its times say otherwise is reported. */
function checkMinutes<C extends string>(reading: RowReading<C | 'Duration (Minutes)'>, span: MeetingSpan): void {
  const column = 'Duration (Minutes)'
  if (isAbsent(reading.text(column))) return
  const minutes = reading.quantity(column, { unit: 'min', usageType: 'conference', severity: 'warning' })
  if (!minutes || hasMinutes(span, minutes.base)) return
  const expected = `the minutes from ${shown(span.start)} to ${shown(span.end)}`
  reading.report(
    'control-mismatch',
    { column: reading.nameOf(column), value: reading.text(column), expected },
    { column },
  )
}

/** Whose meeting it is. */
function serviceOf(reading: RowReading<MeetingColumn>): string {
  for (const column of ['User Email', 'User ID', 'Host'] as const)
    if (!isAbsent(reading.text(column))) return reading.text(column)
  return ''
}

type Leg = {
  readonly meeting: Meeting
  readonly span: MeetingSpan
  readonly minutes: { readonly quantity: string; readonly base: bigint }
}

function legOf(reading: RowReading<ParticipantColumn>, { meeting, span, minutes }: Leg): ReadRow['facts'][number] {
  const { id, topic, service } = meeting
  const who = [reading.text('Name (Original Name)'), reading.text('User Email')]
  const begun = shown(meeting.span.start)
  const name = contentName([...who, String(span.start.micros), String(span.end.micros)])
  const fact: Usage = {
    ...UNSAID_OF_MEETINGS,
    source: VENDOR,
    id: `leg:${id}:${begun}:${name}`,
    service,
    quantity: minutes.quantity,
    quantityBase: minutes.base,
    startedAt: span.start.micros,
    endedAt: span.end.micros,
    isWallTime: span.start.isWallTime,
    zone: '',
    network: '',
    peer: reading.text('User Email'),
    participants: 1,
    conference: `${id} ${begun}`,
    participant: reading.text('Name (Original Name)'),
    cycleOn: monthStartOf(span.start),
    extra: {
      'Meeting ID': id,
      ...(topic === '' ? {} : { Topic: topic }),
      ...reading.extra(['Name (Original Name)', 'Guest']),
    },
  }
  return { document: { part: 'itemised-usage', vendor: VENDOR, account: '', invoice: `${id} ${begun}` }, fact }
}
