// The policy of a pool that no saved policy claims, so that the main job runs with no configuration (spec, allocation,
// "A default policy exists for every model"). Never written to the catalog: the same pool always gives the same values.

import type { ChargeCategory, Network, PoolModel, TimeBand, Zone } from '../facts/words.ts'
import type { UsageType } from '../quantity/unit.ts'
import type { AllocationPolicy, Basis, ChargeMatch, PolicyComponent } from './policy.ts'

/** What of a pool decides its default policy. */
export type DefaultPolicyInput = {
  readonly model: PoolModel
  readonly usageType: UsageType
  /** Whether every usage row of the pool has a time band and a network. */
  readonly hasClasses: boolean
  /** '' where the pool is not narrowed. */
  readonly zone: Zone | ''
  readonly timeBand: TimeBand | ''
  readonly network: Network | ''
}

/**
 * Two components, both prorated: `access` (access charges and lumps) and `overage`. Entry charges are matched by neither
 * and stay where they are, as do roaming, international and long-distance charges, unless the pool is narrowed to that
 * zone: then they belong to `overage`. Matched are charges of the pool's own usage type, and those without a usage type,
 * which can have found the pool only by naming it, or as the account's.
 *
 * `{ model: 'aggregate', usageType: 'voice', hasClasses: true, ... }` is `default-aggregate-voice`, by
 * peak-minus-mobile-to-mobile minutes.
 */
export function defaultPolicyFor(input: DefaultPolicyInput): AllocationPolicy {
  const { model, usageType, zone, timeBand, network } = input
  const basis = defaultBasis(input)
  const overage: ChargeCategory[] = ['overage']
  if (zone !== '' && zone !== 'domestic') overage.push(zone)
  return {
    name: ['default', model, usageType, zone, timeBand, network].filter((part) => part !== '').join('-'),
    description: `The default for ${model} pools of ${usageType}: access and overage in proportion to usage.`,
    appliesTo: { by: 'kind', model, usageType, vendor: null },
    components: [
      component({ name: 'access', categories: ['access', 'bulk'], usageType, basis }),
      component({ name: 'overage', categories: overage, usageType, basis }),
    ],
    partialPeriod: 'full',
    centralCostCentre: '',
    taxes: 'retained',
    currency: '',
    from: null,
    until: null,
  }
}

/** A pool that is narrowed is shared by its own usage: all of what it was narrowed to. */
function defaultBasis({ usageType, hasClasses, zone, timeBand, network }: DefaultPolicyInput): Basis {
  if (zone !== '' || timeBand !== '' || network !== '') {
    if (zone === 'domestic' && timeBand === '' && network === '') return 'domestic'
    return {
      timeBands: timeBand === '' ? null : [timeBand],
      networks: network === '' ? null : [network],
      zones: zone === '' ? null : [zone],
    }
  }
  if (usageType === 'data') return 'domestic'
  return usageType === 'voice' && hasClasses ? 'peak-minus-mobile-to-mobile' : 'total'
}

function component({
  name,
  categories,
  usageType,
  basis,
}: {
  readonly name: string
  readonly categories: ReadonlyArray<ChargeCategory>
  readonly usageType: UsageType
  readonly basis: Basis
}): PolicyComponent {
  const charges = categories.flatMap((category): ChargeMatch[] => [
    { category, usageType, product: null },
    { category, usageType: '', product: null },
  ])
  return {
    name,
    charges,
    method: 'prorated',
    basis,
    floor: null,
    cap: null,
    weights: null,
    whenNoUsage: 'even',
    partialPeriod: 'full',
    unused: 'recover',
  }
}
