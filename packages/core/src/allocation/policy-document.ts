// Reads the YAML document `kind: AllocationPolicy` (spec, import, "Configuration") and says everything that is wrong with
// it at once. Refuses what can be known to be wrong when it is saved; what depends on a pool's charges is checked later.

import { z } from 'zod'
import { formatIssue } from '../configuration/format-issue.ts'
import { writtenDay, writtenDecimal, writtenText } from '../configuration/written.ts'
import { CHARGE_CATEGORIES, type ChargeCategory, NETWORKS, POOL_MODELS, TIME_BANDS, ZONES } from '../facts/words.ts'
import { parseAmount } from '../money/amount.ts'
import { isCurrency } from '../money/currency.ts'
import { USAGE_TYPES } from '../quantity/unit.ts'
import { parseLocalDate } from '../time/local-date.ts'
import {
  ALLOCATION_METHODS,
  type AllocationPolicy,
  BASIS_WORDS,
  type Basis,
  type ComponentWeights,
  NO_USAGE_RULES,
  PARTIAL_PERIOD_RULES,
  type PolicyComponent,
  type PolicyTarget,
  TAX_RULES,
  TAXES_COMPONENT,
  UNUSED_RULES,
  WEIGHT_KEYS,
} from './policy.ts'
import { compareRationals, parseDecimal, type Rational } from './rational.ts'

const oneOrMore = <T extends z.ZodType>(word: T) => z.union([word, z.array(word).min(1)])

const CATEGORIES = CHARGE_CATEGORIES.filter((word): word is Exclude<ChargeCategory, 'payment'> => word !== 'payment')

const chargeMatch = z
  .strictObject({
    category: z.enum(CATEGORIES).optional(),
    'usage-type': z.enum([...USAGE_TYPES, '']).optional(),
    product: writtenText.optional(),
  })
  .refine((match) => Object.keys(match).length > 0, { error: 'must name a category, a usage-type or a product' })

const basisFilter = z
  .strictObject({
    'time-band': oneOrMore(z.enum(TIME_BANDS)).optional(),
    network: oneOrMore(z.enum(NETWORKS)).optional(),
    zone: oneOrMore(z.enum(ZONES)).optional(),
  })
  .refine((filter) => Object.keys(filter).length > 0, { error: 'must name a time-band, a network or a zone' })

const weightsOfOneKind = z
  .record(writtenText, writtenDecimal)
  .refine((entries) => Object.keys(entries).length > 0, { error: 'must name at least one weight' })
const weightsDocument = z
  .strictObject({
    services: weightsOfOneKind.optional(),
    'cost-centres': weightsOfOneKind.optional(),
    'service-types': weightsOfOneKind.optional(),
  })
  .refine((weights) => Object.keys(weights).length === 1, {
    error: 'must be by exactly one of services, cost-centres, service-types',
  })

const componentDocument = z.strictObject({
  name: writtenText,
  charges: z.array(chargeMatch).min(1, { error: 'must match at least one kind of charge' }),
  method: z.enum(ALLOCATION_METHODS).optional(),
  basis: z
    .union([z.enum(BASIS_WORDS), basisFilter], {
      error: `must be one of ${BASIS_WORDS.join(', ')}, or a filter of time-band, network and zone`,
    })
    .optional(),
  floor: writtenDecimal.optional(),
  cap: writtenDecimal.optional(),
  weights: weightsDocument.optional(),
  'when-no-usage': z.enum(NO_USAGE_RULES).optional(),
  'partial-period': z.enum(PARTIAL_PERIOD_RULES).optional(),
  unused: z.enum(UNUSED_RULES).optional(),
})

const appliesTo = z
  .strictObject({
    pools: z.array(writtenText).min(1, { error: 'must name at least one pool' }).optional(),
    model: z.enum(POOL_MODELS).optional(),
    'usage-type': z.enum(USAGE_TYPES).optional(),
    vendor: writtenText.optional(),
  })
  .refine((target) => Object.keys(target).length > 0, { error: 'must name pools, or a model, usage-type or vendor' })
  .refine((target) => target.pools === undefined || Object.keys(target).length === 1, {
    error: 'names pools, and so cannot name a model, usage-type or vendor as well',
  })

/** The shape of the document, for `z.toJSONSchema`; rules across keys are in {@link parseAllocationPolicy}. */
export const allocationPolicyDocument = z.strictObject({
  kind: z.literal('AllocationPolicy'),
  name: writtenText,
  description: z.string().optional(),
  'applies-to': appliesTo,
  components: z.array(componentDocument).min(1, { error: 'must have at least one component' }),
  'partial-period': z.enum(PARTIAL_PERIOD_RULES).optional(),
  'central-cost-centre': writtenText.optional(),
  taxes: z.enum(TAX_RULES).optional(),
  currency: z.string().refine(isCurrency, { error: 'is no ISO 4217 code in use' }).optional(),
  from: writtenDay.optional(),
  until: writtenDay.optional(),
})
export type AllocationPolicyDocument = z.infer<typeof allocationPolicyDocument>
type ComponentDocument = z.infer<typeof componentDocument>

export type PolicyReading =
  | { readonly ok: true; readonly policy: AllocationPolicy }
  | { readonly ok: false; readonly issues: ReadonlyArray<string> }

/**
 * Reads a document as parsed from YAML. Each issue is one sentence that begins with where it stands
 * (`components[1].cap: is under the floor of 25.00`). A floor or cap without `currency` over a pool of several
 * currencies can only be known when charges are there: `limitsOf` refuses it then.
 */
export function parseAllocationPolicy(document: unknown): PolicyReading {
  const reading = allocationPolicyDocument.safeParse(document)
  if (!reading.success) return { ok: false, issues: reading.error.issues.map(formatIssue) }
  const issues = issuesAcrossKeys(reading.data)
  return issues.length > 0 ? { ok: false, issues } : { ok: true, policy: toPolicy(reading.data) }
}

function issuesAcrossKeys(document: AllocationPolicyDocument): string[] {
  const issues: string[] = []
  const { from, until } = document
  if (from !== undefined && until !== undefined && until <= from) {
    issues.push(`until: is ${until}, which is not after from (${from}); until is exclusive`)
  }
  const seen = new Set<string>()
  document.components.forEach((component, index) => {
    const where = `components[${index}]`
    if (seen.has(component.name)) issues.push(`${where}.name: "${component.name}" is the name of an earlier component`)
    seen.add(component.name)
    if (document.taxes === 'follow' && component.name === TAXES_COMPONENT) {
      issues.push(`${where}.name: "${TAXES_COMPONENT}" is the component that taxes: follow forms itself`)
    }
    issues.push(...issuesOfComponent(component, document).map((issue) => `${where}.${issue}`))
  })
  return issues
}

function issuesOfComponent(component: ComponentDocument, document: AllocationPolicyDocument): string[] {
  const issues: string[] = []
  const { floor, cap, currency } = { ...component, currency: document.currency }
  if (floor !== undefined && cap !== undefined && compareRationals(exact(cap), exact(floor)) < 0) {
    issues.push(`cap: is ${cap}, which is under the floor of ${floor}`)
  }
  for (const [key, value] of Object.entries({ floor, cap })) {
    if (value === undefined || currency === undefined || parseAmount(String(value), currency).ok) continue
    issues.push(`${key}: is ${value}, which is no amount in ${currency}`)
  }
  const method = component.method ?? 'prorated'
  if (method === 'weighted' && component.weights === undefined)
    issues.push('weights: must be given with method weighted')
  if (method !== 'weighted' && component.weights !== undefined) {
    issues.push(`weights: need method weighted, and the method is ${method}`)
  }
  if (component.unused === 'central') {
    if (method !== 'prorated') issues.push(`unused: central needs method prorated, and the method is ${method}`)
    if (document['central-cost-centre'] === undefined) {
      issues.push("unused: central needs the policy's central-cost-centre")
    }
  }
  return issues
}

function exact(value: string | number): Rational {
  return parseDecimal(String(value)) as Rational
}

function toPolicy(document: AllocationPolicyDocument): AllocationPolicy {
  const partialPeriod = document['partial-period'] ?? 'full'
  return {
    name: document.name,
    description: document.description ?? '',
    appliesTo: toTarget(document['applies-to']),
    components: document.components.map((component) => toComponent(component, partialPeriod)),
    partialPeriod,
    centralCostCentre: document['central-cost-centre'] ?? '',
    taxes: document.taxes ?? 'retained',
    currency: document.currency ?? '',
    from: document.from === undefined ? null : parseLocalDate(document.from),
    until: document.until === undefined ? null : parseLocalDate(document.until),
  }
}

function toTarget(target: AllocationPolicyDocument['applies-to']): PolicyTarget {
  if (target.pools !== undefined) return { by: 'pools', pools: target.pools }
  return {
    by: 'kind',
    model: target.model ?? null,
    usageType: target['usage-type'] ?? null,
    vendor: target.vendor ?? null,
  }
}

function toComponent(component: ComponentDocument, partialPeriod: AllocationPolicy['partialPeriod']): PolicyComponent {
  return {
    name: component.name,
    charges: component.charges.map((match) => ({
      category: match.category ?? null,
      usageType: match['usage-type'] ?? null,
      product: match.product ?? null,
    })),
    method: component.method ?? 'prorated',
    basis: toBasis(component.basis ?? 'total'),
    floor: component.floor === undefined ? null : String(component.floor),
    cap: component.cap === undefined ? null : String(component.cap),
    weights: component.weights === undefined ? null : toWeights(component.weights),
    whenNoUsage: component['when-no-usage'] ?? 'even',
    partialPeriod: component['partial-period'] ?? partialPeriod,
    unused: component.unused ?? 'recover',
  }
}

function toBasis(basis: NonNullable<ComponentDocument['basis']>): Basis {
  if (typeof basis === 'string') return basis
  const listed = <T extends string>(words: T | T[] | undefined) =>
    words === undefined ? null : typeof words === 'string' ? [words] : words
  return { timeBands: listed(basis['time-band']), networks: listed(basis.network), zones: listed(basis.zone) }
}

function toWeights(weights: NonNullable<ComponentDocument['weights']>): ComponentWeights | null {
  for (const by of WEIGHT_KEYS) {
    const entries = weights[by]
    if (entries === undefined) continue
    return { by, weights: new Map(Object.entries(entries).map(([key, value]) => [key, exact(value)])) }
  }
  return null
}
