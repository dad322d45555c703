// The 160 lines at Tessaline, a data carrier: drivers' phones behind one lump, handhelds in puddles, field cards, depot
// routers and trackers. Some move between pools, some join or leave in the middle of a cycle.
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
import type { Person } from './people.ts'
import { at, Random } from './random.ts'

export const TESSALINE = 'TSL-88310'
export const T_DRIVERS = 'T-DRIVERS'
export const T_FIELD = 'T-FIELD'
export const T_DEPOT = 'T-DEPOT'
export const PUDDLES = ['T-PUDDLE-1', 'T-PUDDLE-2', 'T-PUDDLE-3', 'T-PUDDLE-4'] as const
export const PUDDLE_MEMBERS_MAX = 10

/** The phone on which the carrier prints the drivers' whole lump. */
export const LUMP_PHONE = '5557400112'
/** The card that used 200 GB of a 2 GB plan in the last month. */
export const HEAVY_CARD = 'SIM-30007'

const tessaline = { vendor: 'tessaline', account: TESSALINE } as const

export function buildTessaline(people: ReadonlyArray<Person>): ReadonlyArray<Line> {
  return [...buildDrivers(people), ...buildHandhelds(), ...buildField(people), ...buildDepots(), ...buildTrackers()]
}

function buildDrivers(people: ReadonlyArray<Person>): Line[] {
  const random = new Random('drivers')
  const drivers = people.filter((person) => isOldHand(person, /QH-12[23]/)).slice(0, 30)
  return drivers.map((driver, index) => {
    const from = index === 21 ? '2026-04-27' : ''
    const to = index === 5 ? '2026-08-01' : ''
    return lineOf({
      ...tessaline,
      service: `55574001${String(index + 1).padStart(2, '0')}`,
      product: 'FLEET-VOICE',
      serviceType: 'mobile',
      deviceType: 'smartphone',
      assignments: [ownedBy(driver, { from, to })],
      memberships: [{ pool: T_DRIVERS, contribution: '', unit: '', from, to }],
      from,
      to,
      appetite: random.pick(APPETITES),
    })
  })
}

function buildHandhelds(): Line[] {
  const random = new Random('handhelds')
  return Array.from({ length: 40 }, (_, index) => {
    const depot = at(['QH-131', 'QH-132', 'QH-133', 'QH-134'], Math.floor(index / 10))
    return lineOf({
      ...tessaline,
      service: `SIM-20${String(index + 1).padStart(3, '0')}`,
      product: 'PUDDLE-ENTRY',
      serviceType: 'data',
      deviceType: 'handheld',
      assignments: handheldOwners(index, depot),
      memberships: puddlesOf(index),
      appetite: random.pick(APPETITES),
    })
  })
}

function handheldOwners(index: number, depot: string): Assignment[] {
  // A scanner at a gate that two depots share, 60 to 40.
  if (index === 9) return [keptBy('QH-131', '', '60'), keptBy('QH-132', '', '40')]
  return [index === 38 ? NOBODY : keptBy(depot)]
}

/** Ten to a puddle; one moves from 4 to 3 before the one that it replaces has left, so that 3 is over its ceiling. */
function puddlesOf(index: number): Membership[] {
  const member = { contribution: '', unit: '' }
  const home = at(PUDDLES, Math.floor(index / 10))
  if (index === 34) {
    return [
      { ...member, pool: 'T-PUDDLE-4', from: '', to: '2026-06-20' },
      { ...member, pool: 'T-PUDDLE-3', from: '2026-06-20', to: '' },
    ]
  }
  if (index === 25) {
    return [
      { ...member, pool: 'T-PUDDLE-3', from: '', to: '2026-07-02' },
      { ...member, pool: 'T-PUDDLE-4', from: '2026-07-02', to: '' },
    ]
  }
  return [{ ...member, pool: home, from: '', to: '' }]
}

const FIELD_CENTRES = /QH-(13\d|124|143)/

function buildField(people: ReadonlyArray<Person>): Line[] {
  const random = new Random('field')
  const holders = people.filter((person) => isOldHand(person, FIELD_CENTRES))
  return Array.from({ length: 50 }, (_, index) => {
    const service = `SIM-30${String(index + 1).padStart(3, '0')}`
    const from = index === 44 ? '2026-01-26' : index === 45 ? '2026-05-04' : ''
    const to = index === 12 ? '2026-02-27' : ''
    return lineOf({
      ...tessaline,
      service,
      product: 'FIELD-2GB',
      serviceType: 'data',
      deviceType: 'data card',
      assignments: [fieldOwner(at(holders, index), index, { from, to })],
      memberships: index < 48 ? fieldPools(index, { from, to }) : [],
      from,
      to,
      appetite: random.pick(APPETITES.slice(0, 11)),
      isInInventory: index < 48,
    })
  })
}

function fieldOwner(holder: Person, index: number, stint: { from: string; to: string }): Assignment {
  if (index % 11 === 3) return { ...keptBy('QH-143', 'P-CUST'), ...stint }
  return ownedBy(holder, stint)
}

/** One card becomes a depot's router in March. */
function fieldPools(index: number, { from, to }: { from: string; to: string }): Membership[] {
  const card = { pool: T_FIELD, contribution: '2', unit: 'GB' }
  if (index !== 30) return [{ ...card, from, to }]
  return [
    { ...card, from: '', to: '2026-03-29' },
    { pool: T_DEPOT, contribution: '20', unit: 'GB', from: '2026-03-29', to: '' },
  ]
}

function buildDepots(): Line[] {
  const random = new Random('depots')
  const homes = ['QH-131', 'QH-132', 'QH-133', 'QH-134', 'QH-124']
  return Array.from({ length: 30 }, (_, index) => {
    // The last two are sensors that ride along: they bring nothing into the pool.
    const isSensor = index >= 28
    return lineOf({
      ...tessaline,
      service: `SIM-40${String(index + 1).padStart(3, '0')}`,
      product: isSensor ? 'SENSOR-ADD-ON' : 'DEPOT-20GB',
      serviceType: 'data',
      deviceType: isSensor ? 'sensor' : 'router',
      assignments: [index % 6 === 2 ? keptBy('QH-133', 'P-COLD') : keptBy(at(homes, index % 5))],
      memberships: [{ pool: T_DEPOT, contribution: isSensor ? '0' : '20', unit: 'GB', from: '', to: '' }],
      appetite: isSensor ? 10 : random.pick(APPETITES.slice(2, 11)),
    })
  })
}

function buildTrackers(): Line[] {
  return Array.from({ length: 10 }, (_, index) =>
    lineOf({
      ...tessaline,
      service: `SIM-50${String(index + 1).padStart(3, '0')}`,
      product: 'TRACKER',
      serviceType: 'iot',
      deviceType: 'tracker',
      assignments: [index === 9 ? NOBODY : keptBy('QH-124', index < 4 ? 'P-LAST' : '')],
      appetite: 100,
    }),
  )
}
