// The 160 lines at Verizon: 110 smartphones on one account, 50 tablets and hotspots on the other, four share groups.
import { ALWAYS, APPETITES, type Assignment, keptBy, type Line, lineOf, NOBODY, ownedBy, tenureOf } from './line.ts'
import type { Person } from './people.ts'
import { at, Random } from './random.ts'

export const VERIZON_PHONES = '742118903-00001'
export const VERIZON_TABLETS = '742118903-00002'

/** The share groups, named as the bill names them. */
export const V_VOICE = 'QH VOICE'
export const V_DATA = 'QH DATA'
export const V_TEXT = 'QH TEXT'
export const V_TABLETS = 'QH TABLETS'

export const VOICE_MINUTES_EACH = 400
export const DATA_GIB_EACH = 5
export const TEXTS_EACH = 250
export const TABLET_GIB_EACH = 2

const PHONE_CENTRES = /QH-(11[1-5]|121|124|14\d|15\d)/

/** Phones: people of the offices first; then lines that nobody owns, and lines that nobody entered. */
export function buildPhones(people: ReadonlyArray<Person>): ReadonlyArray<Line> {
  const random = new Random('phones')
  const holders = people.filter((person) => PHONE_CENTRES.test(person.stints[0]?.costCentre ?? '')).slice(0, 104)
  const owned = holders.map((person, index) => phoneOf(person, index, random))
  const specials = Array.from({ length: 110 - owned.length }, (_, index) =>
    phone({
      index: owned.length + index,
      userName: index < 4 ? 'SPARE LINE DO NOT CANCEL' : 'QUILLHAVEN FREIGHT',
      assignments: [NOBODY],
      isInInventory: index < 4,
      random,
    }),
  )
  return [...owned, ...specials]
}

function phoneOf(person: Person, index: number, random: Random): Line {
  const { from, to } = tenureOf(person)
  // Every other leaver's line goes on being billed to nobody in particular.
  const isForgotten = to !== '' && index % 2 === 0
  return phone({
    index,
    userName: person.name.toUpperCase(),
    assignments: [ownedBy(person, { from, to: isForgotten ? '' : to })],
    from,
    to: isForgotten ? '' : to,
    random,
  })
}

function phone(options: {
  readonly index: number
  readonly userName: string
  readonly assignments: ReadonlyArray<Assignment>
  readonly isInInventory?: boolean
  readonly from?: string
  readonly to?: string
  readonly random: Random
}): Line {
  const { index, random, from = '', to = '' } = options
  const isVoice = index < 88
  const isAddOn = index >= 78 && index < 88
  const memberships = [
    ...(isVoice
      ? [{ pool: V_VOICE, contribution: isAddOn ? '0' : String(VOICE_MINUTES_EACH), unit: 'min', from, to }]
      : []),
    { pool: V_DATA, contribution: String(DATA_GIB_EACH), unit: 'GiB', from, to },
    ...(index % 4 === 1 ? [{ pool: V_TEXT, contribution: String(TEXTS_EACH), unit: 'count', from, to }] : []),
  ]
  return lineOf({
    service: `5552${String(470000 + index * 37).padStart(6, '0')}`,
    vendor: 'verizon',
    account: VERIZON_PHONES,
    product: 'SMARTPHONE 5GB DATA SHARE',
    serviceType: 'mobile',
    deviceType: 'smartphone',
    userName: options.userName,
    assignments: options.assignments,
    memberships,
    isInInventory: options.isInInventory ?? true,
    from,
    to,
    appetite: index === 41 ? 1900 : random.pick(APPETITES),
    instalmentCents: index % 3 === 0 ? at([2777n, 2222n, 3055n], (index % 9) / 3) : 0n,
    firstPayment: random.int(2, 30),
  })
}

/** Tablets of the depots and workshop, hotspots of the regional sellers. */
export function buildTablets(people: ReadonlyArray<Person>): ReadonlyArray<Line> {
  const random = new Random('tablets')
  const sellers = people.filter((person) => person.stints[0]?.costCentre === 'QH-152')
  return Array.from({ length: 50 }, (_, index) => {
    const seller = index < 12 ? sellers[index] : undefined
    const stint = seller ? tenureOf(seller) : ALWAYS
    const from = index === 30 ? '2026-03-18' : stint.from
    const to = index === 31 ? '2026-06-12' : stint.to
    return lineOf({
      service: `5556${String(310000 + index * 53).padStart(6, '0')}`,
      vendor: 'verizon',
      account: VERIZON_TABLETS,
      product: '2GB TABLET SHARE',
      serviceType: 'mobile',
      deviceType: seller ? 'hotspot' : 'tablet',
      userName: seller ? seller.name.toUpperCase() : `TABLET ${String(index + 1).padStart(2, '0')}`,
      assignments: [tabletOwner(seller, index, { from, to })],
      memberships: [{ pool: V_TABLETS, contribution: String(TABLET_GIB_EACH), unit: 'GiB', from, to }],
      from,
      to,
      appetite: index === 17 ? 1200 : random.pick(APPETITES),
    })
  })
}

function tabletOwner(seller: Person | undefined, index: number, stint: { from: string; to: string }): Assignment {
  if (seller) return ownedBy(seller, stint)
  if (index === 48 || index === 49) return NOBODY
  if (index % 7 === 0) return { ...keptBy('QH-124', 'P-GATE'), ...stint }
  return { ...keptBy(at(['QH-131', 'QH-132', 'QH-133', 'QH-134', 'QH-124'], index % 5)), ...stint }
}
