// The 80 lines at Rheinklang Telekom, in euros: 60 fixed lines of the European offices and 20 conference hosts.
import {
  APPETITES,
  type Assignment,
  isOldHand,
  keptBy,
  type Line,
  lineOf,
  type Membership,
  NOBODY,
  ownedBy,
} from './line.ts'
import { type Person, SECOND_FEED_ON } from './people.ts'
import { Random } from './random.ts'

export const RHEINKLANG = 'RK-4711-20'
export const R_VOICE = 'R-VOICE'
export const R_LONG_DISTANCE = 'R-LONG-DISTANCE'
export const R_CONFERENCE = 'R-CONFERENCE'
export const MINUTES_EACH = 300

const rheinklang = { vendor: 'rheinklang', account: RHEINKLANG } as const

export function buildRheinklang(people: ReadonlyArray<Person>): ReadonlyArray<Line> {
  return [...buildDesks(people), ...buildHosts(people)]
}

function buildDesks(people: ReadonlyArray<Person>): Line[] {
  const random = new Random('desks')
  const staff = people.filter((person) => isOldHand(person, /QH-16[123]/))
  return Array.from({ length: 60 }, (_, index) =>
    lineOf({
      ...rheinklang,
      service: `+493023125${String(100 + index)}`,
      product: 'FESTNETZ',
      serviceType: 'fixed',
      deviceType: index < 36 ? 'desk phone' : 'line',
      assignments: deskOwners(staff[index], index),
      memberships: deskPools(index),
      appetite: random.pick(APPETITES),
    }),
  )
}

/** Meeting rooms are shared; gates, lifts and alarms are a cost centre's; three lines are nobody's. */
function deskOwners(person: Person | undefined, index: number): Assignment[] {
  if (index === 40) return [keptBy('QH-161', '', '60'), keptBy('QH-162', '', '40')]
  if (index === 41) return [keptBy('QH-161', '', '33.34'), keptBy('QH-162', '', '33.33'), keptBy('QH-163', '', '33.33')]
  if (index >= 57) return [NOBODY]
  if (person) return [ownedBy(person)]
  return [keptBy(index % 3 === 0 ? 'QH-162' : 'QH-161', index % 8 === 4 ? 'P-GATE' : '')]
}

/** 48 lines bring minutes, 12 are add-ons; half of all may call long distance. */
function deskPools(index: number): Membership[] {
  const whole = { from: '', to: '' }
  const minutes = index < 48 ? String(MINUTES_EACH) : '0'
  const voice = { pool: R_VOICE, contribution: minutes, unit: 'min', ...whole }
  const far = { pool: R_LONG_DISTANCE, contribution: '', unit: '', ...whole }
  return index % 2 === 0 ? [voice, far] : [voice]
}

function buildHosts(people: ReadonlyArray<Person>): Line[] {
  const random = new Random('hosts')
  const hosts = people.filter((person) => isOldHand(person, /QH-(151|113|141|161)/)).slice(0, 20)
  return hosts.map((person, index) => {
    const from = index === 18 ? SECOND_FEED_ON : ''
    return lineOf({
      ...rheinklang,
      service: `konf-${String(index + 1).padStart(2, '0')}`,
      product: 'KONFERENZ-HOST',
      serviceType: 'conferencing',
      deviceType: 'conference host',
      assignments: [ownedBy(person, { from, to: '' })],
      memberships: [{ pool: R_CONFERENCE, contribution: '', unit: '', from, to: '' }],
      from,
      appetite: random.pick(APPETITES),
    })
  })
}
