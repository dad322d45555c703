// The floor and cap of a component in one currency. Refuses to guess which of several currencies a limit is in.

import { parseAmount } from '../money/amount.ts'
import { Refusal } from '../refusal.ts'
import type { AllocationPolicy, PolicyComponent } from './policy.ts'

/** Minor units; null for none. */
export type Limits = { readonly floorMinor: bigint | null; readonly capMinor: bigint | null }

const NONE: Limits = { floorMinor: null, capMinor: null }

/**
 * A floor and cap stand in the policy's `currency` and apply to that one alone; without it, in the pool's only currency.
 *
 * @throws Refusal `bad-configuration` where the policy has no currency and the pool has several, or where the limit has
 *   more decimals than the currency.
 */
export function limitsOf({
  policy,
  component,
  currency,
  currencyCount,
}: {
  readonly policy: AllocationPolicy
  readonly component: PolicyComponent
  readonly currency: string
  /** How many currencies the charges of the pool have. */
  readonly currencyCount: number
}): Limits {
  // as-billed has neither (spec, allocation), so they cannot be wrong there.
  if ((component.floor === null && component.cap === null) || component.method === 'as-billed') return NONE
  if (policy.currency === '' && currencyCount > 1) {
    throw new Refusal(
      'bad-configuration',
      `The policy ${policy.name} has a floor or cap in ${component.name}, and its pool has ${currencyCount} currencies.`,
      {
        hint: 'Name the currency of the floor and cap with `currency`.',
        facts: { policy: policy.name, component: component.name },
      },
    )
  }
  if (policy.currency !== '' && policy.currency !== currency) return NONE
  const read = (key: 'floor' | 'cap') => {
    const written = component[key]
    if (written === null) return null
    const reading = parseAmount(written, currency)
    if (reading.ok) return reading.minor
    throw new Refusal(
      'bad-configuration',
      `The ${key} of ${component.name} in the policy ${policy.name} is ${written}, which is no amount in ${currency}.`,
      {
        hint: `Write it with the decimals that ${currency} has.`,
        facts: { policy: policy.name, component: component.name, [key]: written, currency },
      },
    )
  }
  return { floorMinor: read('floor'), capMinor: read('cap') }
}
