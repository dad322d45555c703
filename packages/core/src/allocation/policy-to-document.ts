// Writes a policy as the document that reads back as the same policy, so that a default can be shown, exported and edited.

import type { AllocationPolicy, Basis, ComponentWeights, PolicyComponent, PolicyTarget } from './policy.ts'
import type { AllocationPolicyDocument } from './policy-document.ts'
import type { Rational } from './rational.ts'

type ComponentDocument = AllocationPolicyDocument['components'][number]

/** Only what differs from the document's defaults is written, except `method` and `basis`, which a reader looks for. */
export function toPolicyDocument(policy: AllocationPolicy): AllocationPolicyDocument {
  return {
    kind: 'AllocationPolicy',
    name: policy.name,
    ...(policy.description === '' ? {} : { description: policy.description }),
    'applies-to': toTargetDocument(policy.appliesTo),
    components: policy.components.map((component) => toComponentDocument(component, policy)),
    ...(policy.partialPeriod === 'full' ? {} : { 'partial-period': policy.partialPeriod }),
    ...(policy.centralCostCentre === '' ? {} : { 'central-cost-centre': policy.centralCostCentre }),
    ...(policy.taxes === 'retained' ? {} : { taxes: policy.taxes }),
    ...(policy.currency === '' ? {} : { currency: policy.currency }),
    ...(policy.from === null ? {} : { from: policy.from }),
    ...(policy.until === null ? {} : { until: policy.until }),
  }
}

function toTargetDocument(target: PolicyTarget): AllocationPolicyDocument['applies-to'] {
  if (target.by === 'pools') return { pools: [...target.pools] }
  return {
    ...(target.model === null ? {} : { model: target.model }),
    ...(target.usageType === null ? {} : { 'usage-type': target.usageType }),
    ...(target.vendor === null ? {} : { vendor: target.vendor }),
  }
}

function toComponentDocument(component: PolicyComponent, policy: AllocationPolicy): ComponentDocument {
  return {
    name: component.name,
    charges: component.charges.map(({ category, usageType, product }) => ({
      // The document's categories leave out payments, which parseAllocationPolicy refuses.
      ...(category === null || category === 'payment' ? {} : { category }),
      ...(usageType === null ? {} : { 'usage-type': usageType }),
      ...(product === null ? {} : { product }),
    })),
    method: component.method,
    basis: toBasisDocument(component.basis),
    ...(component.floor === null ? {} : { floor: component.floor }),
    ...(component.cap === null ? {} : { cap: component.cap }),
    ...(component.weights === null ? {} : { weights: toWeightsDocument(component.weights) }),
    ...(component.whenNoUsage === 'even' ? {} : { 'when-no-usage': component.whenNoUsage }),
    ...(component.partialPeriod === policy.partialPeriod ? {} : { 'partial-period': component.partialPeriod }),
    ...(component.unused === 'recover' ? {} : { unused: component.unused }),
  }
}

function toBasisDocument(basis: Basis): NonNullable<ComponentDocument['basis']> {
  if (typeof basis === 'string') return basis
  const given = <T extends string>(words: ReadonlyArray<T | ''>) => words.filter((word): word is T => word !== '')
  return {
    ...(basis.timeBands === null ? {} : { 'time-band': given(basis.timeBands) }),
    ...(basis.networks === null ? {} : { network: given(basis.networks) }),
    ...(basis.zones === null ? {} : { zone: given(basis.zones) }),
  }
}

function toWeightsDocument({ by, weights }: ComponentWeights): NonNullable<ComponentDocument['weights']> {
  return { [by]: Object.fromEntries([...weights].map(([key, weight]) => [key, toDecimalText(weight)])) }
}

/** A weight was read from a decimal, so its denominator divides a power of ten. */
function toDecimalText({ numerator, denominator }: Rational): string {
  let decimals = 0
  let scale = 1n
  while ((numerator * scale) % denominator !== 0n && decimals < 80) {
    decimals += 1
    scale *= 10n
  }
  const digits = ((numerator * scale) / denominator).toString().padStart(decimals + 1, '0')
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}
