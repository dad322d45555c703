// A service as the generator knows it: what is billed on it, who has it, which pools it is in.
import type { Person } from './people.ts'

export type Membership = {
  readonly pool: string
  readonly contribution: string
  readonly unit: string
  readonly from: string
  readonly to: string
}

/** Whose the service is, from a day to a day; `share` is a percentage, '' for the whole. */
export type Assignment = {
  readonly person: string
  readonly costCentre: string
  readonly project: string
  readonly from: string
  readonly to: string
  readonly share: string
}

export type Line = {
  readonly service: string
  readonly vendor: string
  readonly account: string
  readonly product: string
  readonly serviceType: string
  readonly deviceType: string
  /** The name that the vendor prints, '' for none. */
  readonly userName: string
  /** Billed from (inclusive, '' since before the first month) to (exclusive, '' still billed). */
  readonly from: string
  readonly to: string
  readonly assignments: ReadonlyArray<Assignment>
  readonly memberships: ReadonlyArray<Membership>
  /** False for what is billed and nobody entered in the inventory. */
  readonly isInInventory: boolean
  /** How much it is used, per cent of an ordinary line. */
  readonly appetite: number
  /** Equipment instalment in cents a month, 0n for none, and the number of the payment in the first month. */
  readonly instalmentCents: bigint
  readonly firstPayment: number
}

/** Most lines use little, a few use a lot. */
export const APPETITES = [15, 25, 35, 50, 60, 70, 80, 90, 100, 110, 130, 160, 220, 400]

export const ALWAYS = { from: '', to: '' } as const

const PLAIN = {
  userName: '',
  ...ALWAYS,
  memberships: [],
  isInInventory: true,
  appetite: 100,
  instalmentCents: 0n,
  firstPayment: 0,
} as const

type Given = Pick<Line, 'service' | 'vendor' | 'account' | 'product' | 'serviceType' | 'deviceType' | 'assignments'>

/** A line with what is usual for whatever is not given. */
export function lineOf(given: Given & Partial<Line>): Line {
  return { ...PLAIN, ...given }
}

export function ownedBy(person: Person, stint: { readonly from: string; readonly to: string } = ALWAYS): Assignment {
  return { person: person.employee, costCentre: '', project: '', ...stint, share: '' }
}

export function keptBy(costCentre: string, project = '', share = ''): Assignment {
  return { person: '', costCentre, project, ...ALWAYS, share }
}

/** In the inventory, and nobody's. */
export const NOBODY: Assignment = { person: '', costCentre: '', project: '', ...ALWAYS, share: '' }

/** The first and the day after the last; '' for before the first month, and for still here. */
export function tenureOf(person: Person): { readonly from: string; readonly to: string } {
  const [first] = person.stints
  const from = first !== undefined && first.from > '2025-10-01' ? first.from : ''
  return { from, to: person.stints.at(-1)?.to ?? '' }
}

/** Somebody who worked in one of the cost centres when the first bill came. */
export function isOldHand(person: Person, centres: RegExp): boolean {
  return tenureOf(person).from === '' && centres.test(person.stints[0]?.costCentre ?? '')
}
