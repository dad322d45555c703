// The method `weighted`: by weights that the policy gives to services, cost centres or service types.
import type { Participant, Weights } from './participant.ts'
import type { ComponentWeights } from './policy.ts'
import { addRationals, greatestCommonDivisor, type Rational, rationalOf } from './rational.ts'

/** Fractions of different denominators are brought to their least common one. */
export function weightedWeights(participants: ReadonlyArray<Participant>): Weights {
  const denominators = new Set(participants.map(({ weight }) => weight?.denominator ?? 1n))
  let denominator = 1n
  for (const one of denominators) denominator *= one / greatestCommonDivisor(denominator, one)
  let total = 0n
  const numerators = participants.map(({ weight }) => {
    const numerator = weight === null ? 0n : weight.numerator * (denominator / weight.denominator)
    total += numerator
    return numerator
  })
  return { numerators, denominator, total }
}

/** What a service is assigned to on its last day as a participant. */
export type WeightedService = {
  readonly service: string
  /** Several where its assignment is split; '' for none. */
  readonly costCentres: ReadonlyArray<string>
  readonly serviceType: string
}

/**
 * The weight of each service, in their order. A centre's or a type's weight is shared equally by its participants; a
 * service that is split between centres takes a part of each. What is not listed weighs 0.
 *
 * `cost-centres: { CC-1: 1 }` over three services of CC-1 is 1/3 each.
 */
export function weightsOf(
  { by, weights }: ComponentWeights,
  services: ReadonlyArray<WeightedService>,
): ReadonlyArray<Rational> {
  const keysOf = ({ service, costCentres, serviceType }: WeightedService): ReadonlyArray<string> => {
    if (by === 'services') return [service]
    return by === 'cost-centres' ? [...new Set(costCentres)] : [serviceType]
  }
  const holders = new Map<string, bigint>()
  for (const service of services) {
    for (const key of keysOf(service)) holders.set(key, (holders.get(key) ?? 0n) + 1n)
  }
  return services.map((service) =>
    keysOf(service).reduce((sum, key) => {
      const weight = weights.get(key)
      const count = holders.get(key)
      if (weight === undefined || count === undefined) return sum
      return addRationals(sum, rationalOf(weight.numerator, weight.denominator * count))
    }, rationalOf(0n)),
  )
}
