// Shares everything that found one pool in one period: each component in each currency, and the taxes that follow.
// Charges that no component matches are retained and do not come here.

import { invariant } from '../invariant.ts'
import { compareBytes } from '../money/largest-remainder.ts'
import { allocateComponent, type BilledElsewhere } from './allocate-component.ts'
import type { AllocationRow } from './allocation-row.ts'
import { limitsOf } from './limits.ts'
import type { Participant } from './participant.ts'
import { type AllocationMethod, type AllocationPolicy, type PolicyComponent, TAXES_COMPONENT } from './policy.ts'
import { type WeightedService, weightsOf } from './weighted.ts'

export type MeasuredParticipant = WeightedService & {
  /** Days of membership in the pool's window, at least 1, whatever the policy makes of them. */
  readonly memberDays: number
  readonly contributionBase: bigint
  /** Usage while a member in the basis of each component, base units, in the order of the components. */
  readonly usageBase: ReadonlyArray<bigint>
}

/** The sum of the charges of one component, currency and service; one entry for each. */
export type PoolCharge = {
  /** An index into the policy's components, or `taxes` for what `taxes: follow` shares. */
  readonly component: number | typeof TAXES_COMPONENT
  readonly currency: string
  /** '' for the account. */
  readonly service: string
  readonly actualMinor: bigint
}

export type PoolInput = {
  readonly policy: AllocationPolicy
  /** Days of the pool's window. */
  readonly windowDays: number
  /** The pool's own allowance, base units; null where the members' contributions make it. */
  readonly allowanceBase: bigint | null
  /** In any order. */
  readonly participants: ReadonlyArray<MeasuredParticipant>
  /** In any order. */
  readonly charges: ReadonlyArray<PoolCharge>
}

/** The rows of one component in one currency. */
export type PoolComponentResult = {
  readonly component: string
  readonly currency: string
  /** `follow` for taxes. */
  readonly method: AllocationMethod | 'follow'
  readonly rows: ReadonlyArray<AllocationRow>
}

export type PoolResult = {
  /** Components in the policy's order, currencies by name in each; taxes last. Only those that have charges. */
  readonly components: ReadonlyArray<PoolComponentResult>
  /** Services and the negative usage (base units) that counted as 0, each pair once. */
  readonly negativeUsage: ReadonlyArray<{ readonly service: string; readonly usageBase: bigint }>
}

/**
 * Allocates one pool. Σ actual = Σ adjusted = the charges, in every component and currency.
 *
 * @throws Refusal `bad-configuration` where a floor or cap cannot be read in a currency of the charges: see `limitsOf`.
 */
export function allocatePool(input: PoolInput): PoolResult {
  const participants = [...input.participants].sort((left, right) => compareBytes(left.service, right.service))
  const sorted = { ...input, participants }
  const currencies = [...new Set(input.charges.map(({ currency }) => currency))].sort(compareBytes)
  const components: PoolComponentResult[] = []
  const negative = new Map<string, { service: string; usageBase: bigint }>()
  input.policy.components.forEach((component, index) => {
    const weights = component.weights === null ? null : weightsOf(component.weights, participants)
    for (const currency of currencies) {
      const charges = chargesOf(input.charges, index, currency)
      if (charges.length === 0) continue
      const { billed, others } = layOnParticipants(participants, charges)
      const own = participants.map((participant, position): Participant => {
        const usageBase = participant.usageBase[index]
        const actualMinor = billed[position]
        invariant(usageBase !== undefined && actualMinor !== undefined, 'usage is given for every component', { index })
        return {
          service: participant.service,
          days: component.partialPeriod === 'full' ? 1 : participant.memberDays,
          usageBase,
          contributionBase: participant.contributionBase,
          weight: weights?.[position] ?? null,
          actualMinor,
        }
      })
      const { rows } = allocateOne({ input: sorted, component, currency, currencies, own, others })
      for (const { service, usageBase } of own) {
        if (usageBase < 0n) negative.set(`${usageBase} ${service}`, { service, usageBase })
      }
      components.push({ component: component.name, currency, method: component.method, rows })
    }
  })
  const shared = [...components]
  for (const currency of currencies) {
    const charges = chargesOf(input.charges, TAXES_COMPONENT, currency)
    if (charges.length === 0) continue
    const carried = shared.filter((result) => result.currency === currency)
    components.push(allocateTaxes({ input: sorted, currency, charges, carried }))
  }
  return { components, negativeUsage: [...negative.values()] }
}

function allocateOne({
  input: { policy, windowDays, allowanceBase },
  component,
  currency,
  currencies,
  own,
  others,
}: {
  readonly input: PoolInput
  readonly component: PolicyComponent
  readonly currency: string
  readonly currencies: ReadonlyArray<string>
  readonly own: ReadonlyArray<Participant>
  readonly others: ReadonlyArray<BilledElsewhere>
}) {
  const { method, whenNoUsage, unused } = component
  const limits = limitsOf({ policy, component, currency, currencyCount: currencies.length })
  return allocateComponent({
    component: { method, whenNoUsage, unused, ...limits },
    periodDays: component.partialPeriod === 'full' ? 1 : windowDays,
    allowanceBase,
    participants: own,
    others,
    currency,
  })
}

/**
 * `taxes: follow`: by what each carries of the redistributed charges in the currency, the *unused* row like a participant.
 * Whoever carries a credit where the charges are no credit bears no tax. Where nobody carries anything: by days.
 */
function allocateTaxes({
  input: { policy, participants, windowDays },
  currency,
  charges,
  carried,
}: {
  readonly input: PoolInput
  readonly currency: string
  readonly charges: ReadonlyArray<PoolCharge>
  readonly carried: ReadonlyArray<PoolComponentResult>
}): PoolComponentResult {
  const { billed, others } = layOnParticipants(participants, charges)
  const { weights, unused } = carriedBy(participants, carried)
  let allowanceBase = unused
  for (const weight of weights) allowanceBase += weight
  const { rows } = allocateComponent({
    // What is carried takes the place of usage, and all that is carried that of the allowance, so that `unused: central`
    // gives the *unused* row its part.
    component: { method: 'prorated', floorMinor: null, capMinor: null, whenNoUsage: 'even', unused: 'central' },
    periodDays: policy.partialPeriod === 'full' ? 1 : windowDays,
    allowanceBase,
    participants: participants.map(({ service, memberDays }, position) => ({
      service,
      days: policy.partialPeriod === 'full' ? 1 : memberDays,
      usageBase: weights[position] as bigint,
      contributionBase: 0n,
      weight: null,
      actualMinor: billed[position] as bigint,
    })),
    others,
    currency,
  })
  return {
    component: TAXES_COMPONENT,
    currency,
    method: 'follow',
    rows: rows.map((row) => ({ ...row, usageBase: 0n })),
  }
}

function carriedBy(participants: ReadonlyArray<MeasuredParticipant>, carried: ReadonlyArray<PoolComponentResult>) {
  const position = new Map(participants.map(({ service }, index) => [service, index]))
  const amounts = participants.map(() => 0n)
  let unused = 0n
  let total = 0n
  for (const { rows } of carried) {
    for (const row of rows) {
      total += row.adjustedMinor
      if (row.flags.includes('unused')) unused += row.adjustedMinor
      const index = row.service === '' ? undefined : position.get(row.service)
      if (index !== undefined) amounts[index] = (amounts[index] as bigint) + row.adjustedMinor
    }
  }
  const weightOf = (amount: bigint) => (amount < 0n === total < 0n ? (amount < 0n ? -amount : amount) : 0n)
  return { weights: amounts.map(weightOf), unused: weightOf(unused) }
}

function chargesOf(
  charges: ReadonlyArray<PoolCharge>,
  component: PoolCharge['component'],
  currency: string,
): ReadonlyArray<PoolCharge> {
  return charges
    .filter((charge) => charge.component === component && charge.currency === currency)
    .sort((left, right) => compareBytes(left.service, right.service))
}

/** Both lists are sorted by service: what each participant was billed, in their order, and what stands on anybody else. */
function layOnParticipants(
  participants: ReadonlyArray<MeasuredParticipant>,
  charges: ReadonlyArray<PoolCharge>,
): { readonly billed: ReadonlyArray<bigint>; readonly others: ReadonlyArray<BilledElsewhere> } {
  const billed = participants.map(() => 0n)
  const others: BilledElsewhere[] = []
  let position = 0
  for (const { service, actualMinor } of charges) {
    while (position < participants.length && compareBytes(participants[position]?.service ?? '', service) < 0) {
      position += 1
    }
    if (participants[position]?.service === service) billed[position] = (billed[position] as bigint) + actualMinor
    else others.push({ service, actualMinor })
  }
  return { billed, others }
}
