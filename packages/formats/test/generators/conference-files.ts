// Files of conference services: a bridge's call records, Zoom's participants report and Webex's meeting usage, in varied
// columns, delimiters and ways of writing times; or with rows planted that cannot be read or do not agree with themselves.
import { type Grid, toUtf16, writeGrid } from '../variants.ts'
import { Random } from './random.ts'

export type GeneratedConference = {
  readonly bytes: Buffer | string
  /** What was used in seconds, by kind: of a bridge and of Zoom all under `leg`. Unreadable rows apart. */
  readonly seconds: Readonly<Record<string, number>>
  /** Facts that the readable rows are. */
  readonly facts: number
  /** Lines that cannot be read, and lines of which a figure does not agree with the others. */
  readonly unreadableLines: ReadonlyArray<number>
  readonly disagreeingLines: ReadonlyArray<number>
  /** Every entry code in the file. */
  readonly codes: ReadonlyArray<string>
}
export type ConferenceOptions = {
  readonly seed: number
  readonly unreadableRows?: number
  readonly disagreements?: number
}

type Cells = Readonly<Record<string, string>>
type Writer = (wall: number) => string

const START = Date.UTC(2026, 2, 1)
const two = (value: number) => String(value).padStart(2, '0')

function partsOf(wall: number) {
  const date = new Date(wall)
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`
  const half = date.getUTCHours() < 12 ? 'AM' : 'PM'
  const halfTime = `${two(date.getUTCHours() % 12 || 12)}:${time.slice(3)} ${half}`
  return { year: date.getUTCFullYear(), month: date.getUTCMonth(), day: date.getUTCDate(), time, halfTime }
}

const MONTHS: Readonly<Record<string, readonly [string, string]>> = {
  de: ['März', 'April'],
  fr: ['mars', 'avr.'],
  es: ['mar', 'abr'],
  it: ['marzo', 'aprile'],
  nl: ['mrt', 'apr'],
  pt: ['de mar. de', 'de abr. de'],
  en: ['March', 'Apr'],
}

/** Ways in which a file writes its times so that each can be read alone, or by its 12-hour clock. */
const WRITERS: ReadonlyArray<Writer> = [
  (wall) => `${new Date(wall).toISOString().slice(0, 10)} ${partsOf(wall).time}`,
  (wall) => new Date(wall).toISOString().slice(0, 19),
  (wall) => {
    const { year, month, day, halfTime } = partsOf(wall)
    return `${two(month + 1)}/${two(day)}/${year} ${halfTime}`
  },
  (wall) => {
    const { year, month, day, time } = partsOf(wall)
    return `${two(day)}.${two(month + 1)}.${year}, ${time}`
  },
  ...Object.values(MONTHS).map(
    (names): Writer =>
      (wall) => {
        const { year, month, day, time } = partsOf(wall)
        return `${day} ${names[month - 2]} ${year}, ${time}`
      },
  ),
  (wall) => {
    const { year, month, day, halfTime } = partsOf(wall)
    return `${['Mar', 'Apr'][month - 2]} ${day}, ${year} ${halfTime}`
  },
]

/** Day first with slashes and 24 hours: only to be read because some day is above 12. */
const DAY_FIRST: Writer = (wall) => {
  const { year, month, day, time } = partsOf(wall)
  return `${two(day)}/${two(month + 1)}/${year} ${time}`
}

function bytesOf(random: Random, grid: Grid): Buffer | string {
  const lineEnds = random.pick([['\n'], ['\r\n'], ['\r\n', '\n']])
  const text = writeGrid(grid, { delimiter: random.pick([',', '\t', ';', '|']), lineEnds })
  if (random.chance(0.3)) return toUtf16(text, { isBigEndian: random.chance(0.5) })
  return random.chance(0.3) ? `\ufeff${text}` : text
}

function linesAt(indices: Iterable<number>): ReadonlyArray<number> {
  return [...indices].map((at) => at + 2).sort((a, b) => a - b)
}

/** `count` of the places below `length`, and as many others. */
function choose(random: Random, length: number, counts: readonly [number, number]) {
  const places = random.shuffled(Array.from({ length }, (_, at) => at))
  return {
    unreadable: new Set(places.slice(0, counts[0])),
    disagreeing: new Set(places.slice(counts[0], counts[0] + counts[1])),
  }
}

const CODE_TITLES = [
  ['Chair Conference Entry Code', 'Participant Conference Entry Code'],
  ['chair_passcode', 'participant_passcode'],
  ['Moderator PIN', 'GuestPin'],
  ['Leader Access Code', 'PARTICIPANT CODE'],
] as const

export function generateBridgeCalls({
  seed,
  unreadableRows = 0,
  disagreements = 0,
}: ConferenceOptions): GeneratedConference {
  const random = new Random(seed)
  const count = random.integer(8, 40)
  const titles = random.pick(CODE_TITLES)
  const write = random.pick(WRITERS)
  const chosen = choose(random, count, [unreadableRows, disagreements])
  const codes: string[] = []
  let seconds = 0
  const names = [
    'Conference Name',
    'Bill Code',
    'Q&A Active',
    'Chairperson Name',
    'DNIS',
    'ANI',
    'Call Type',
    'Toll Free',
  ]
  const always = ['Confirmation Number', 'Connect Time', 'Disconnect Time', 'Duration', 'Roundup Duration', 'User Name']
  const columns = [...always, ...names.filter(() => random.chance(0.8)), ...titles]
  const header = random.chance(0.6) ? random.shuffled(columns) : columns
  const spoilt = random.pick([
    ['Duration', 'long'],
    ['Connect Time', '2026-02-30 09:00:00'],
    ['Disconnect Time', '1999-01-01 00:00:00'],
    ['Confirmation Number', ''],
    ['Roundup Duration', '12 minutes'],
  ] as const)
  const rows = Array.from({ length: count }, (_, at) => {
    const tenths = random.integer(1, 900)
    const from = START + random.integer(0, 27 * 86_400) * 1000
    const billed = Math.ceil(tenths / 10)
    const own = [0, 1].map(() => String(random.integer(100_000, 999_999_999)))
    codes.push(...own)
    if (!chosen.unreadable.has(at)) seconds += billed * 60
    const cells: Cells = {
      'Confirmation Number': `C${at % 5}`,
      'Connect Time': write(from),
      'Disconnect Time': write(from + tenths * 6000 + (chosen.disagreeing.has(at) ? 90_000 : 0)),
      Duration: String(tenths / 10),
      'Roundup Duration': String(billed),
      'User Name': random.pick(['Ann', 'Bo', 'Chris "Kit" Lee', `Dee ${own[0]}`]),
      'Conference Name': random.pick(['Weekly sync', 'Plan, do']),
      'Bill Code': random.pick(['', 'PROJ-7', '4711']),
      'Q&A Active': random.pick(['Y', 'N', '']),
      'Chairperson Name': 'Ann',
      DNIS: '8005551000',
      ANI: `212555${random.integer(1000, 9999)}`,
      'Call Type': random.pick(['Toll Free', 'Toll', 'VoIP', 'International']),
      'Toll Free': random.pick(['Y', 'N']),
      [titles[0]]: own[0] as string,
      [titles[1]]: own[1] as string,
      ...(chosen.unreadable.has(at) ? { [spoilt[0]]: spoilt[1] } : {}),
    }
    return header.map((name) => cells[name] ?? '')
  })
  return {
    bytes: bytesOf(random, { header, rows }),
    seconds: { leg: seconds },
    facts: count - chosen.unreadable.size,
    unreadableLines: linesAt(chosen.unreadable),
    disagreeingLines: linesAt(chosen.disagreeing),
    codes,
  }
}

const WEBEX_KINDS = {
  'call-in': 'Call-In Minutes',
  'toll-free': 'Total Call-In Toll-Free Minutes',
  'call-out-domestic': 'Total Call-Out Domestic',
  'call-out-international': 'totalCallOutInternational',
  voip: 'VoIP Minutes',
} as const

export function generateWebexUsage({
  seed,
  unreadableRows = 0,
  disagreements = 0,
}: ConferenceOptions): GeneratedConference {
  const random = new Random(seed)
  const count = random.integer(8, 30)
  const chosen = choose(random, count, [unreadableRows, disagreements])
  const write = random.pick(WRITERS)
  const seconds: Record<string, number> = Object.fromEntries(Object.keys(WEBEX_KINDS).map((kind) => [kind, 0]))
  let facts = 0
  const columns = ['Meeting Number', 'Topic', 'Host Email', 'Start Time', 'End Time', 'Attended', 'People Minutes']
  const all = [...columns, ...Object.values(WEBEX_KINDS), 'Cost code']
  const header = random.chance(0.6) ? random.shuffled(all) : all
  const spoilt = random.pick([
    ['VoIP Minutes', 'many'],
    ['Start Time', 'soon'],
    ['Meeting Number', ''],
    ['Call-In Minutes', '-3'],
  ] as const)
  const rows = Array.from({ length: count }, (_, at) => {
    const from = START + at * 86_400_000 + random.integer(0, 80_000) * 1000
    const cells: Record<string, string> = {
      'Meeting Number': `812 345 ${random.integer(100, 999)}`,
      Topic: random.pick(['Weekly; sync', 'Board']),
      'Host Email': random.pick(['ann@example.com', 'bo@example.com']),
      'Start Time': write(from),
      'End Time': write(from + 3_600_000),
      Attended: String(random.integer(1, 9)),
      'Cost code': 'CC-1',
    }
    let total = 0
    for (const [kind, column] of Object.entries(WEBEX_KINDS)) {
      const minutes = random.chance(0.3) ? 0 : random.integer(1, 300)
      cells[column] = minutes === 0 ? random.pick(['0', '']) : String(minutes)
      total += minutes
      if (chosen.unreadable.has(at)) continue
      seconds[kind] = (seconds[kind] as number) + minutes * 60
      if (minutes > 0) facts += 1
    }
    cells['People Minutes'] = String(total + (chosen.disagreeing.has(at) ? random.integer(1, 5) : 0))
    if (chosen.unreadable.has(at)) cells[spoilt[0]] = spoilt[1]
    return header.map((name) => cells[name] ?? '')
  })
  return {
    bytes: bytesOf(random, { header, rows }),
    seconds,
    facts,
    unreadableLines: linesAt(chosen.unreadable),
    disagreeingLines: linesAt(chosen.disagreeing),
    codes: [],
  }
}

const MEETING = ['Meeting ID', 'Topic', 'Start Time', 'End Time', 'User Email', 'Duration (Minutes)', 'Participants']
const PEOPLE = ['Name (Original Name)', 'User Email', 'Join Time', 'Leave Time', 'Duration (Minutes)', 'Guest']
const WIDER = ['Recording Disclaimer Response', 'In Waiting Room', 'Device']

type ZoomLine = { readonly cells: ReadonlyArray<string>; readonly minutes: number | null; readonly isLast: boolean }
type MeetingOptions = {
  readonly at: number
  readonly write: Writer
  readonly isShort: boolean
  readonly spoil: () => Cells
}

/** Both sections of one meeting. The first meeting is after the 12th, so that it can be seen which number is the day. */
function zoomMeeting(random: Random, { at, write, isShort, spoil }: MeetingOptions): ReadonlyArray<ZoomLine> {
  const from = START + (13 + at * 3) * 86_400_000 + random.integer(0, 70_000) * 1000
  const count = random.integer(2, 12)
  const shuffled = (columns: ReadonlyArray<string>) => (random.chance(0.5) ? random.shuffled(columns) : columns)
  const [first, second] = [shuffled(MEETING), shuffled([...PEOPLE, ...WIDER.filter(() => random.chance(0.5))])]
  const cells: Cells = {
    'Meeting ID': random.pick(['812 3456 7890', '81234567890', '955-0000-1111']),
    Topic: random.pick(['Weekly sync, EMEA', 'Plan']),
    'Start Time': write(from),
    'End Time': write(from + 5_400_000),
    'User Email': 'ann@example.com',
    'Duration (Minutes)': '90',
    Participants: String(isShort ? count + 1 : random.integer(1, count)),
  }
  const legs = Array.from({ length: count }, (_, leg): ZoomLine => {
    const minutes = random.integer(0, 60)
    const joined = from + leg * 61_000
    const isLast = leg === count - 1
    const spoilt = isLast ? {} : spoil()
    const own: Cells = {
      'Name (Original Name)': random.pick(['Ann', 'Bob (Robert Jones)', 'iPhone']),
      'User Email': random.pick(['', 'bob@example.com']),
      'Join Time': write(joined),
      'Leave Time': write(joined + minutes * 60_000),
      'Duration (Minutes)': String(minutes),
      Guest: random.pick(['Yes', 'No']),
      Device: 'Phone',
      ...spoilt,
    }
    const isRead = Object.keys(spoilt).length === 0
    return { cells: second.map((name) => own[name] ?? ''), minutes: isRead ? minutes : -1, isLast }
  })
  const other = { minutes: null, isLast: false }
  const meeting = first.map((name) => cells[name] ?? '')
  return [{ cells: first, ...other }, { cells: meeting, ...other }, { cells: second, ...other }, ...legs]
}

/** A disagreement is a participant whose row is not there: it shows at the last row of its meeting. */
export function generateZoomReport({
  seed,
  unreadableRows = 0,
  disagreements = 0,
}: ConferenceOptions): GeneratedConference {
  const random = new Random(seed)
  const write = random.pick([...WRITERS, DAY_FIRST])
  const spoilt: ReadonlyArray<Cells> = [{ 'Join Time': 'early' }, { 'Duration (Minutes)': '-4' }, { 'Leave Time': '' }]
  let left = unreadableRows
  const spoil = (): Cells => {
    if (left === 0 || random.chance(0.5)) return {}
    left -= 1
    return random.pick(spoilt)
  }
  const meetings = Array.from({ length: Math.max(disagreements, random.integer(1, 4)) }, (_, at) =>
    zoomMeeting(random, { at, write, isShort: at < disagreements, spoil }),
  )
  const lines = meetings.flat().map((line, index) => ({ ...line, line: index + 1 }))
  const lasts = lines.filter(({ isLast }) => isLast).map(({ line }) => line)
  const legs = lines.flatMap(({ minutes, line }) => (minutes === null ? [] : [{ minutes, line }]))
  const readable = legs.filter(({ minutes }) => minutes >= 0)
  const [header, ...rows] = lines.map(({ cells }) => cells) as [string[], ...string[][]]
  return {
    bytes: bytesOf(random, { header, rows }),
    seconds: { leg: readable.reduce((sum, { minutes }) => sum + minutes * 60, 0) },
    facts: readable.length,
    unreadableLines: legs.filter(({ minutes }) => minutes < 0).map(({ line }) => line),
    disagreeingLines: lasts.slice(0, disagreements),
    codes: [],
  }
}
