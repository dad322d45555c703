// The forty user ids under the firm's account, whose each is, and the passcodes of the example. Codes that stand in a public
// file open nothing: they are here so that the call records of the example can have them. A product's own are made at random.
import { DEPARTMENTS, PEOPLE, personOf } from './firm-people.ts'
import { CLIENTS, MATTERS } from './matters.ts'
import { Random } from './random.ts'

export type OwnerColumn = 'person' | 'cost_centre' | 'project' | 'client'

export type UserId = {
  readonly userId: string
  readonly name: string
  readonly owner: { readonly column: OwnerColumn; readonly id: string }
  /** Who answers for it: an employee number; '' for a department, whose members all do. */
  readonly person: string
  readonly limits?: Readonly<Partial<Record<'minutes' | 'participants' | 'call_minutes' | 'at_limit', string>>>
}

const LIMITS: Readonly<Record<string, UserId['limits']>> = {
  'front-desk': { minutes: '900', at_limit: 'alert' },
  'm-4109': { minutes: '400', at_limit: 'refuse' },
  mwychbold: { participants: '12', call_minutes: '180', at_limit: 'alert' },
}

export const USER_IDS: ReadonlyArray<UserId> = [
  ...PEOPLE.filter(({ userId }) => userId !== '').map(({ userId, name, employee }) =>
    made(userId, name, { column: 'person', id: employee }, employee),
  ),
  ...DEPARTMENTS.map(({ userId, name, costCentre }) =>
    made(userId, `${name}, shared`, { column: 'cost_centre', id: costCentre }, ''),
  ),
  ...MATTERS.filter(({ lead }) => lead !== '').map(({ project, name, lead }) =>
    made(project.toLowerCase(), name, { column: 'project', id: project }, personOf(lead).employee),
  ),
  ...CLIENTS.filter(({ userId }) => userId !== '').map(({ userId, name, lead }) =>
    made(userId, name, { column: 'client', id: name }, personOf(lead).employee),
  ),
]

function made(userId: string, name: string, owner: UserId['owner'], person: string): UserId {
  const limits = LIMITS[userId]
  return { userId, name, owner, person, ...(limits ? { limits } : {}) }
}

/** Litigation's was written on a whiteboard, and is another one from this day on. */
const ROTATED = { userId: 'litigation', on: '2026-05-01' }

export type Passcode = { readonly userId: string; readonly passcode: string; readonly givenOn: string }

export const PASSCODES: ReadonlyArray<Passcode> = [
  ...USER_IDS.map(({ userId }) => ({ userId, passcode: codeOf(`passcode/${userId}`), givenOn: '' })),
  { userId: ROTATED.userId, passcode: codeOf('passcode/again'), givenOn: ROTATED.on },
]

/** In force on a day. */
export function passcodeOn(userId: string, on: string): string {
  const found = PASSCODES.findLast((one) => one.userId === userId && one.givenOn <= on)
  if (!found) throw new Error(`${userId} has no passcode`)
  return found.passcode
}

/** What the guests of a user id dial: nobody's passcode, and no more to be kept than one. */
export function guestCodeOf(userId: string): string {
  return codeOf(`guests/${userId}`)
}

/**
 * Twelve digits, as many as a passcode can have: shorter ones could be found in a database by chance. Each differs from the
 * last two, so that none is repeated or counts by one.
 */
export function codeOf(key: string): string {
  const random = new Random(key)
  const digits: number[] = []
  while (digits.length < 12) {
    const digit = random.int(0, 9)
    const last = digits.at(-1)
    const step = last === undefined ? 5 : (digit - last + 10) % 10
    if (step > 1 && step < 9) digits.push(digit)
  }
  return digits.join('')
}
