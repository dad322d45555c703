// A year of conferences as they happened: who held them, under whose user id, for which matter, and who was there. Nobody holds
// two at once; those who share a user id do not ask one another.
import { DEPARTMENTS, PEOPLE, type Person } from './firm-people.ts'
import { CLIENTS, type Client, clientOf, LAWSUIT, MATTERS, type Matter } from './matters.ts'
import { oneOf, Random } from './random.ts'

/** Times are seconds of the wall clock in New York since 1970. */
export type Leg = {
  readonly name: string
  readonly connectSeconds: number
  readonly disconnectSeconds: number
  /** Where it is not the time between the two: a clock was changed. */
  readonly lastedSeconds?: number
  readonly callType: 'VoIP' | 'Toll Free' | 'International Toll Free'
}

export type Conference = {
  readonly title: string
  /** '' for a code that nobody has. */
  readonly userId: string
  readonly chair: string
  /** As it was dialled. */
  readonly code: string
  readonly legs: ReadonlyArray<Leg>
}

const DAY = 86_400
const MINUTE = 60

export const wallSeconds = (text: string) => Date.parse(`${text}Z`) / 1000

export const dayOf = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10)

export function monthConferences(month: string): Conference[] {
  const busy = new Map<string, Array<readonly [number, number]>>()
  const start = wallSeconds(`${month}-01T00:00:00`)
  const found: Conference[] = []
  for (let day = start; dayOf(day).startsWith(month); day += DAY) {
    if (isDayOff(day)) continue
    const random = new Random(`day/${dayOf(day)}`)
    const count = random.int(4, 11)
    for (let number = 0; number < count; number += 1) {
      const conference = oneConference(day, { number, busy })
      if (conference) found.push(conference)
    }
  }
  return found
}

const HOLIDAYS: ReadonlySet<string> = new Set([
  '2025-11-27',
  '2025-12-25',
  '2026-01-01',
  '2026-01-19',
  '2026-05-25',
  '2026-07-03',
  '2026-09-07',
])

function isDayOff(day: number): boolean {
  const weekday = new Date(day * 1000).getUTCDay()
  return weekday === 0 || weekday === 6 || HOLIDAYS.has(dayOf(day))
}

type Place = { readonly number: number; readonly busy: Map<string, Array<readonly [number, number]>> }

/** null where the host is on the phone at every time that was tried. */
function oneConference(day: number, { number, busy }: Place): Conference | null {
  const random = new Random(`conference/${dayOf(day)}/${number}`)
  const staff = staffOn(dayOf(day))
  // Those who share a user id set up the calls of others.
  const host = oneOf(random, [...staff, ...staff.filter(({ userId }) => userId === '')])
  const matter = matterOf(random, host)
  const seconds = random.int(5, random.isOneIn(4) ? 85 : 38) * MINUTE + random.int(0, 59)
  const times = busy.get(host.employee) ?? []
  busy.set(host.employee, times)
  for (let tries = 0; tries < 4; tries += 1) {
    const begin = day + startMinute(random) * MINUTE + random.int(0, 50)
    const end = begin + seconds
    if (times.some(([from, until]) => begin < until && from < end)) continue
    times.push([begin, end])
    return {
      title: matter.name,
      userId: userIdOf(random, { host, matter, on: dayOf(day) }),
      chair: host.name,
      code: codeOf(random, matter, dayOf(day)),
      legs: legsOf(random, { host, matter, begin, end }),
    }
  }
  return null
}

const staffOn = (on: string) => PEOPLE.filter(({ from, to }) => from <= on && (to === '' || on < to))

/** People meet on the hour and the half hour, mostly before noon. */
function startMinute(random: Random): number {
  const hour = random.isOneIn(2) ? random.int(9, 11) : random.int(8, 17)
  return hour * MINUTE + oneOf(random, [0, 0, 0, 30, 30, 15, 45])
}

function matterOf(random: Random, { costCentre }: Person): Matter {
  const own = MATTERS.filter((one) => one.costCentre === costCentre)
  const administration = MATTERS.find(({ code }) => code === '9001') as Matter
  return own.length === 0 || random.isOneIn(9) ? administration : oneOf(random, own)
}

type Choice = { readonly host: Person; readonly matter: Matter; readonly on: string }

/** One's own, the department's, or that of the matter or the client. */
function userIdOf(random: Random, { host, matter }: Choice): string {
  const ofMatter = matter.lead === '' ? '' : matter.project.toLowerCase()
  const ofClient = clientOf(matter)?.userId ?? ''
  const shared = DEPARTMENTS.find(({ costCentre }) => costCentre === host.costCentre)?.userId ?? ''
  const drawn = random.int(1, 100)
  if (ofMatter !== '' && drawn <= 14) return ofMatter
  if (ofClient !== '' && drawn <= 20) return ofClient
  if (host.userId !== '' && drawn <= 88) return host.userId
  // Time of the lawsuit has to have a person.
  return matter.project === LAWSUIT ? ofMatter : shared
}

/** What is dialled: nothing now and then, a slip of the finger, the code of a matter that is settled. */
function codeOf(random: Random, { code, to }: Matter, on: string): string {
  if (random.isOneIn(18)) return ''
  if (random.isOneIn(60)) return `${code.slice(0, 2)}${code.slice(3)}${code.slice(2, 3)}`
  if (random.isOneIn(150)) return `${code}#`
  return to !== '' && on >= to && random.isOneIn(2) ? '5003' : code
}

type Held = { readonly host: Person; readonly matter: Matter; readonly begin: number; readonly end: number }

function legsOf(random: Random, { host, matter, begin, end }: Held): Leg[] {
  const client = clientOf(matter)
  const colleagues = staffOn(dayOf(begin)).filter((one) => one.costCentre === host.costCentre && one !== host)
  const others = [
    ...pick(random, client?.contacts ?? [], client ? random.int(1, 2) : 0).map((name) => ({ name, client })),
    ...pick(random, matter.opponents ?? [], random.isOneIn(3) ? 1 : 0).map((name) => ({ name, client: undefined })),
    ...pick(
      random,
      colleagues.map(({ name }) => name),
      random.int(client ? 0 : 1, 2),
    ).map((name) => ({ name, client: undefined })),
  ]
  const legs: Leg[] = [
    { name: host.name, connectSeconds: begin, disconnectSeconds: end, callType: callTypeOf(random, undefined) },
  ]
  for (const other of others) {
    const callType = callTypeOf(random, other.client)
    const joined = Math.min(begin + random.int(-90, 240), end - 30)
    const left = end - (random.isOneIn(3) ? random.int(0, Math.floor((end - joined) / 3)) : random.int(0, 6))
    const base = { name: other.name, callType }
    // Cut off on the way, and back again.
    if (left - joined > 600 && random.isOneIn(12)) {
      const cut = joined + random.int(200, 400)
      legs.push({ ...base, connectSeconds: joined, disconnectSeconds: cut })
      legs.push({ ...base, connectSeconds: cut + random.int(20, 90), disconnectSeconds: left })
    } else legs.push({ ...base, connectSeconds: joined, disconnectSeconds: left })
  }
  return legs
}

function pick(random: Random, names: ReadonlyArray<string>, count: number): string[] {
  const left = [...names]
  return Array.from({ length: Math.min(count, left.length) }, () => {
    const name = oneOf(random, left)
    left.splice(left.indexOf(name), 1)
    return name
  })
}

function callTypeOf(random: Random, client: Client | undefined): Leg['callType'] {
  if (client?.isAbroad) return random.isOneIn(3) ? 'VoIP' : 'International Toll Free'
  return random.isOneIn(2) ? 'VoIP' : 'Toll Free'
}

export const EVERYBODY: ReadonlyArray<string> = [
  ...PEOPLE.map(({ name }) => name),
  ...CLIENTS.flatMap(({ contacts }) => contacts),
  ...MATTERS.flatMap(({ opponents }) => opponents ?? []),
]
