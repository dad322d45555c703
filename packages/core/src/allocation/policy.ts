// What an allocation policy is once it is read: which pools it names, and its components (spec, allocation, "Policy").
// Reading and refusing documents is policy-document.ts; which policy a pool has is policy-claims.ts.

import type { ChargeCategory, Network, PoolModel, TimeBand, Zone } from '../facts/words.ts'
import type { UsageType } from '../quantity/unit.ts'
import type { LocalDate } from '../time/local-date.ts'
import type { Rational } from './rational.ts'

export const ALLOCATION_METHODS = ['even', 'prorated', 'excess', 'weighted', 'as-billed'] as const
export type AllocationMethod = (typeof ALLOCATION_METHODS)[number]

export const BASIS_WORDS = ['total', 'peak', 'peak-minus-mobile-to-mobile', 'domestic'] as const
export type BasisWord = (typeof BASIS_WORDS)[number]

export const NO_USAGE_RULES = ['even', 'as-billed'] as const
export type WhenNoUsage = (typeof NO_USAGE_RULES)[number]

export const PARTIAL_PERIOD_RULES = ['full', 'by-day'] as const
export type PartialPeriod = (typeof PARTIAL_PERIOD_RULES)[number]

export const UNUSED_RULES = ['recover', 'central'] as const
export type UnusedRule = (typeof UNUSED_RULES)[number]

export const TAX_RULES = ['retained', 'follow'] as const
export type TaxRule = (typeof TAX_RULES)[number]

/** A usage row counts where each list that is not null holds its word; '' is a row that does not say. */
export type UsageFilter = {
  readonly timeBands: ReadonlyArray<TimeBand | ''> | null
  readonly networks: ReadonlyArray<Network | ''> | null
  readonly zones: ReadonlyArray<Zone | ''> | null
}
export type Basis = BasisWord | UsageFilter

/** A charge matches where every part that is not null is the charge's own; a usage type of '' is a charge without one. */
export type ChargeMatch = {
  readonly category: ChargeCategory | null
  readonly usageType: UsageType | '' | null
  readonly product: string | null
}

export const WEIGHT_KEYS = ['services', 'cost-centres', 'service-types'] as const
/** Weights of one kind: by service id, by cost centre, or by service type. None is negative. */
export type ComponentWeights = {
  readonly by: (typeof WEIGHT_KEYS)[number]
  readonly weights: ReadonlyMap<string, Rational>
}

export type PolicyComponent = {
  readonly name: string
  readonly charges: ReadonlyArray<ChargeMatch>
  readonly method: AllocationMethod
  readonly basis: Basis
  /** Decimal text in major units, as the document has it; `limitsOf` turns it into minor units of a currency. */
  readonly floor: string | null
  readonly cap: string | null
  readonly weights: ComponentWeights | null
  readonly whenNoUsage: WhenNoUsage
  /** The policy's own already filled in. */
  readonly partialPeriod: PartialPeriod
  readonly unused: UnusedRule
}

/** By pool ids, or by what a pool is: null means "any". Never both. */
export type PolicyTarget =
  | { readonly by: 'pools'; readonly pools: ReadonlyArray<string> }
  | {
      readonly by: 'kind'
      readonly model: PoolModel | null
      readonly usageType: UsageType | null
      readonly vendor: string | null
    }

export type AllocationPolicy = {
  readonly name: string
  readonly description: string
  readonly appliesTo: PolicyTarget
  readonly components: ReadonlyArray<PolicyComponent>
  readonly partialPeriod: PartialPeriod
  /** '' where none is named. */
  readonly centralCostCentre: string
  readonly taxes: TaxRule
  /** The currency of floors and caps; '' where the pools have one currency. */
  readonly currency: string
  readonly from: LocalDate | null
  /** Exclusive. */
  readonly until: LocalDate | null
}

/** What of a charge decides its component. */
export type ChargeKind = {
  readonly category: ChargeCategory
  readonly usageType: UsageType | ''
  readonly product: string
}

/** The name of the component that taxes and surcharges form under `taxes: follow`. */
export const TAXES_COMPONENT = 'taxes'

/**
 * The index of the first component that a charge matches, -1 where none does and the charge is retained. A payment
 * matches nothing: it is no charge (spec, import, "Facts").
 */
export function matchComponent(policy: AllocationPolicy, charge: ChargeKind): number {
  if (charge.category === 'payment') return -1
  return policy.components.findIndex((component) => component.charges.some((match) => isMatch(match, charge)))
}

function isMatch(match: ChargeMatch, charge: ChargeKind): boolean {
  return (
    (match.category === null || match.category === charge.category) &&
    (match.usageType === null || match.usageType === charge.usageType) &&
    (match.product === null || match.product === charge.product)
  )
}

/** Whether a charge is a tax or surcharge that follows the redistributed charges: no component names it itself. */
export function isFollowingTax(policy: AllocationPolicy, charge: ChargeKind): boolean {
  if (policy.taxes !== 'follow') return false
  return (charge.category === 'tax' || charge.category === 'surcharge') && matchComponent(policy, charge) === -1
}

const ANY: UsageFilter = { timeBands: null, networks: null, zones: null }
const FILTER_OF_WORD: Readonly<Record<BasisWord, UsageFilter>> = {
  total: ANY,
  peak: { ...ANY, timeBands: ['peak'] },
  'peak-minus-mobile-to-mobile': { ...ANY, timeBands: ['peak'], networks: ['off-net', ''] },
  domestic: { ...ANY, zones: ['domestic'] },
}

/**
 * The rows that a basis counts, as lists of words for each class. A row without a zone is domestic, as on every bill that
 * names only the exceptions, so wherever `domestic` counts, '' does.
 */
export function usageFilterOf(basis: Basis): UsageFilter {
  const filter = typeof basis === 'string' ? FILTER_OF_WORD[basis] : basis
  if (filter.zones === null || !filter.zones.includes('domestic') || filter.zones.includes('')) return filter
  return { ...filter, zones: [...filter.zones, ''] }
}

/** Whether one row of usage counts in a basis. */
export function isInBasis(
  basis: Basis,
  row: { readonly timeBand: TimeBand | ''; readonly network: Network | ''; readonly zone: Zone | '' },
): boolean {
  const { timeBands, networks, zones } = usageFilterOf(basis)
  return (
    (timeBands === null || timeBands.includes(row.timeBand)) &&
    (networks === null || networks.includes(row.network)) &&
    (zones === null || zones.includes(row.zone))
  )
}

/** A basis in one line, the same for equal bases: `peak`, or `time-band peak, network off-net`. */
export function formatBasis(basis: Basis): string {
  if (typeof basis === 'string') return basis
  const parts: ReadonlyArray<readonly [string, ReadonlyArray<string> | null]> = [
    ['time-band', basis.timeBands],
    ['network', basis.networks],
    ['zone', basis.zones],
  ]
  return parts
    .flatMap(([key, words]) => (words === null ? [] : [`${key} ${[...new Set(words)].sort().join(' or ')}`]))
    .join(', ')
}
