// A month of conferences as the bridge exports them: one row per leg, wall-clock times of New York, entry codes in clear.
import { type Conference, dayOf, EVERYBODY, type Leg, monthConferences } from './conferences.ts'
import { ACCOUNT } from './firm-people.ts'
import { SPECIAL } from './special-conferences.ts'
import { codeOf, guestCodeOf, passcodeOn } from './user-ids.ts'
import type { WrittenFile } from './written-file.ts'

const HEADER = [
  'Account Number',
  'Confirmation Number',
  'Conference Name',
  'Bill Code',
  'Chairperson Name',
  'Connect Time',
  'Disconnect Time',
  'Duration',
  'Roundup Duration',
  'User Name',
  'ANI',
  'Call Type',
  'Toll Free',
  'Chair Conference Entry Code',
  'Participant Conference Entry Code',
]

/** The row of this day that the bridge broke off: it goes to quarantine, without its codes. */
const BROKEN = { confirmation: 'T2602-0017', disconnect: 'in progress' }

export function callRecords(month: string): WrittenFile {
  const rows: string[] = []
  for (const [index, conference] of conferencesOf(month).entries()) {
    const confirmation = `T${month.slice(2, 4)}${month.slice(5)}-${String(index + 1).padStart(4, '0')}`
    for (const leg of conference.legs) rows.push(rowOf(leg, { conference, confirmation }).join('\t'))
  }
  return { path: `calls/calls-${month}.tsv`, content: `${[HEADER.join('\t'), ...rows].join('\n')}\n` }
}

/** In the order in which they begin. */
export function conferencesOf(month: string): ReadonlyArray<Conference> {
  const all = [...monthConferences(month), ...(SPECIAL[month] ?? [])]
  return all.sort((a, b) => beginOf(a) - beginOf(b) || (a.chair < b.chair ? -1 : 1))
}

const beginOf = ({ legs }: Conference) => Math.min(...legs.map(({ connectSeconds }) => connectSeconds))

type Row = { readonly conference: Conference; readonly confirmation: string }

function rowOf(leg: Leg, { conference, confirmation }: Row): string[] {
  const { userId, chair, code, title } = conference
  const on = dayOf(leg.connectSeconds)
  const passcode = userId === '' ? codeOf('nobody') : passcodeOn(userId, on)
  const seconds = leg.lastedSeconds ?? leg.disconnectSeconds - leg.connectSeconds
  return [
    ACCOUNT,
    confirmation,
    title.replace('PASSCODE', passcode),
    code,
    chair,
    wallTime(leg.connectSeconds),
    confirmation === BROKEN.confirmation && leg.name === chair ? BROKEN.disconnect : wallTime(leg.disconnectSeconds),
    // Exact minutes have one decimal.
    (Math.round(seconds / 6) / 10).toFixed(1),
    String(Math.ceil(seconds / 60)),
    leg.name,
    // Numbers of this range are kept for fiction.
    `212555${String(100 + (EVERYBODY.indexOf(leg.name) % 100)).padStart(4, '0')}`,
    leg.callType,
    leg.callType === 'VoIP' ? 'N' : 'Y',
    passcode,
    userId === '' ? '' : guestCodeOf(userId),
  ]
}

const wallTime = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')
