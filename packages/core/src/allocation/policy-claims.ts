// Which policy a pool has on a day, and which policies claim the same pool. A pool that no policy claims has a default
// policy; a pool that two claim has none, and is refused rather than settled by an order of precedence.

import type { PoolModel } from '../facts/words.ts'
import type { UsageType } from '../quantity/unit.ts'
import { Refusal } from '../refusal.ts'
import type { LocalDate } from '../time/local-date.ts'
import type { AllocationPolicy } from './policy.ts'

export type ClaimedPool = {
  readonly pool: string
  readonly model: PoolModel
  readonly usageType: UsageType
  readonly vendor: string
}

export type PolicyClash = { readonly pool: string; readonly first: string; readonly second: string }

/** Whether a policy names a pool, whatever the day. */
export function claimsPool(policy: AllocationPolicy, pool: ClaimedPool): boolean {
  const target = policy.appliesTo
  if (target.by === 'pools') return namesOf(target.pools).has(pool.pool)
  return (
    (target.model === null || target.model === pool.model) &&
    (target.usageType === null || target.usageType === pool.usageType) &&
    (target.vendor === null || target.vendor === pool.vendor)
  )
}

/** Of each list once: a policy may name every one of tens of thousands of pools, and each of them asks. */
const known = new WeakMap<ReadonlyArray<string>, ReadonlySet<string>>()

function namesOf(pools: ReadonlyArray<string>): ReadonlySet<string> {
  const names = known.get(pools) ?? new Set(pools)
  known.set(pools, names)
  return names
}

/**
 * Every pair of policies that claims one pool on the same day, once per pool: a configuration error, found when a policy
 * is saved. A list of pool ids does not take a pool away from a policy that matches by model, usage type and vendor: a
 * pool that one policy lists and another matches is claimed twice too, so no reader has to know an order of precedence.
 */
export function policiesThatClash(
  policies: ReadonlyArray<AllocationPolicy>,
  pools: ReadonlyArray<ClaimedPool>,
): PolicyClash[] {
  return pools.flatMap((pool) => {
    const claims = policies.filter((policy) => claimsPool(policy, pool))
    return claims.flatMap((first, index) =>
      claims
        .slice(index + 1)
        .filter((second) => hasCommonDay(first, second))
        .map((second) => ({ pool: pool.pool, first: first.name, second: second.name })),
    )
  })
}

function hasCommonDay(left: AllocationPolicy, right: AllocationPolicy): boolean {
  const startsBefore = (one: AllocationPolicy, other: AllocationPolicy) =>
    one.from === null || other.until === null || one.from < other.until
  return startsBefore(left, right) && startsBefore(right, left)
}

/**
 * The policy that claims a pool on a day, null where none does and the default applies.
 *
 * @throws Refusal `bad-configuration` where two claim it: a pool imported after the policies were saved can be found out
 *   only then.
 */
export function policyForPool(
  policies: ReadonlyArray<AllocationPolicy>,
  pool: ClaimedPool,
  on: LocalDate,
): AllocationPolicy | null {
  const claims = policies.filter(
    (policy) =>
      (policy.from === null || policy.from <= on) &&
      (policy.until === null || on < policy.until) &&
      claimsPool(policy, pool),
  )
  if (claims.length > 1) {
    const names = claims.map((policy) => policy.name)
    throw new Refusal('bad-configuration', `The pool ${pool.pool} is claimed by ${names.join(' and ')} on ${on}.`, {
      hint: 'Let each pool be claimed by one policy a day: narrow applies-to, or end one policy with until.',
      facts: { pool: pool.pool, policies: names, on },
    })
  }
  return claims[0] ?? null
}
