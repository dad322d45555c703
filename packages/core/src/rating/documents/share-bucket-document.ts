// A bucket of a share plan as its document says it: the tiers, contributions and limits that its type allows, and their
// values (spec, share plans, "Share plan bucket").

import { z } from 'zod'
import { invariant } from '../../invariant.ts'
import { baseUnitOf, type UsageType } from '../../quantity/unit.ts'
import type { BaseBucket } from '../bucket.ts'
import {
  DRAW_ORDERS,
  LIMIT_BASE_MAX,
  PRICINGS,
  SHARE_BUCKET_TYPES,
  type SharePlanBucket,
  type Tier,
  type TierRate,
  type TierSize,
} from '../share-plan.ts'
import { classesOf, issuesOfClasses } from './bucket-document.ts'
import {
  acceptsDocument,
  commonUsageType,
  issuesOfLife,
  issuesOfQuantity,
  lifeKeys,
  quantityOf,
  toLife,
  writtenId,
  writtenPrice,
  writtenQuantity,
} from './written-usage.ts'

const tierDocument = z.strictObject({
  size: writtenQuantity.or(z.literal('contributions')).optional(),
  growth: writtenQuantity.optional(),
  flat: writtenPrice.optional(),
  rate: writtenPrice.optional(),
  rates: z.record(writtenId, writtenPrice).optional(),
  per: writtenQuantity.optional(),
})
type TierDocument = z.infer<typeof tierDocument>

export const shareBucketDocument = z.strictObject({
  id: writtenId,
  base: writtenId.optional(),
  accepts: acceptsDocument.optional(),
  type: z.enum(SHARE_BUCKET_TYPES),
  ...lifeKeys,
  pricing: z.enum(PRICINGS).default('progressive'),
  order: z.enum(DRAW_ORDERS).default('time'),
  contributions: z.record(writtenId, writtenQuantity).optional(),
  limits: z.record(writtenId, writtenQuantity).optional(),
  tiers: z.array(tierDocument).min(1, { error: 'must have at least one tier' }).optional(),
})
type ShareBucketDocument = z.infer<typeof shareBucketDocument>

type Known = { readonly participants: ReadonlyArray<string>; readonly bases: ReadonlyMap<string, BaseBucket> }

export function issuesOfShareBucket(document: ShareBucketDocument, known: Known): ReadonlyArray<string> {
  const issues = [
    ...issuesOfClasses(document, known.bases),
    ...issuesOfLife(document),
    ...issuesOfTiers(document, known),
  ]
  const classes = classesOf(document, known.bases)
  const usageType = classes && commonUsageType(classes)
  for (const key of ['contributions', 'limits'] as const)
    for (const [id, written] of Object.entries(document[key] ?? {})) {
      if (!known.participants.includes(id)) issues.push(`${key}.${id}: does not participate in the plan`)
      if (usageType) issues.push(...issuesOfQuantity(`${key}.${id}`, written, usageType))
    }
  if (document.type === 'fixed' && document.contributions !== undefined)
    issues.push('contributions: a fixed bucket takes none; its size is that of its first tier')
  if (document.type === 'variable-single-tier' && document.contributions === undefined)
    issues.push('contributions: must be given, or the bucket is always empty')
  if (usageType) issues.push(...issuesOfQuantity('at-most', document['at-most'], usageType))
  if (usageType) issues.push(...issuesOfLimits(document, usageType))
  return issues
}

/** Of quantities that can be read; the others are said elsewhere. */
function issuesOfLimits({ limits }: ShareBucketDocument, usageType: UsageType): ReadonlyArray<string> {
  return Object.entries(limits ?? {}).flatMap(([id, written]) => {
    if (issuesOfQuantity(`limits.${id}`, written, usageType).length > 0) return []
    if (quantityOf(written, usageType).base <= LIMIT_BASE_MAX) return []
    return [`limits.${id}: is at most ${LIMIT_BASE_MAX} ${baseUnitOf(usageType)}; leave it out where there is none`]
  })
}

/** The tiers as written; of a variable bucket that names none, the one that holds what is contributed. */
function tiersOf({ type, tiers }: ShareBucketDocument): ReadonlyArray<TierDocument> {
  return tiers ?? (type === 'fixed' ? [] : [{ size: 'contributions' }])
}

function issuesOfTiers(document: ShareBucketDocument, known: Known): ReadonlyArray<string> {
  const tiers = tiersOf(document)
  if (tiers.length === 0) return ['tiers: must be given; a fixed bucket is as large as its first tier']
  const classes = classesOf(document, known.bases)
  const usageType = classes && commonUsageType(classes)
  return tiers.flatMap((tier, at) =>
    [
      ...issuesOfSize(document, tier, { at, last: tiers.length - 1 }),
      ...issuesOfRate(tier, known.participants),
      ...(usageType ? issuesOfTierQuantities(tier, usageType) : []),
    ].map((issue) => `tiers[${at}].${issue}`),
  )
}

function issuesOfSize(
  { type, contributions }: ShareBucketDocument,
  { size, growth }: TierDocument,
  { at, last }: { readonly at: number; readonly last: number },
): ReadonlyArray<string> {
  const issues: string[] = []
  if (size === undefined && at < last)
    issues.push('size: must be given, because a tier without a size has no end and others follow it')
  if (size === 'contributions' && (at > 0 || type === 'fixed'))
    issues.push('size: only the first tier of a variable bucket is what is contributed')
  if (size === 'contributions' && contributions === undefined && type === 'variable-multi-tier')
    issues.push('size: is what is contributed, and the bucket has no contributions')
  if (at === 0 && type === 'variable-single-tier' && size !== 'contributions')
    issues.push('size: of the first tier of a variable-single-tier bucket must be contributions')
  if (growth !== undefined && (type !== 'variable-multi-tier' || size === undefined || size === 'contributions'))
    issues.push('growth: belongs to a tier with a size of its own in a variable-multi-tier bucket')
  return issues
}

function issuesOfRate({ rate, rates, per }: TierDocument, participants: ReadonlyArray<string>): ReadonlyArray<string> {
  if (rate === undefined && rates === undefined)
    return per === undefined ? [] : ['per: needs a rate; a tier without one is included']
  const issues: string[] = []
  if (rate !== undefined && rates !== undefined) issues.push('rates: stands beside rate; name one of the two')
  if (per === undefined) issues.push('per: must be given with a rate, such as 1 MB')
  if (rates === undefined) return issues
  for (const id of Object.keys(rates))
    if (!participants.includes(id)) issues.push(`rates.${id}: does not participate in the plan`)
  for (const id of participants)
    if (!Object.hasOwn(rates, id)) issues.push(`rates: has no rate for ${id}, which participates`)
  return issues
}

function issuesOfTierQuantities({ size, growth, per }: TierDocument, usageType: UsageType): ReadonlyArray<string> {
  const issues = [
    ...(size === 'contributions' ? [] : issuesOfQuantity('size', size, usageType)),
    ...issuesOfQuantity('growth', growth, usageType),
    ...issuesOfQuantity('per', per, usageType),
  ]
  if (issues.length === 0 && per !== undefined && quantityOf(per, usageType).base === 0n)
    issues.push('per: must be more than nothing')
  return issues
}

/** Of a document that was checked. */
function toTiers(document: ShareBucketDocument, usageType: UsageType): ReadonlyArray<Tier> {
  return tiersOf(document).map((tier) => ({
    size: toSize(tier, usageType),
    flat: tier.flat === undefined ? null : String(tier.flat),
    rate: toRate(tier, usageType),
  }))
}

function toSize({ size, growth }: TierDocument, usageType: UsageType): TierSize {
  if (size === undefined) return { kind: 'endless' }
  if (size === 'contributions') return { kind: 'contributions' }
  return {
    kind: 'own',
    size: quantityOf(size, usageType),
    growth: growth === undefined ? null : quantityOf(growth, usageType),
  }
}

function toRate({ rate, rates, per }: TierDocument, usageType: UsageType): TierRate | null {
  if (rate === undefined && rates === undefined) return null
  invariant(per !== undefined, 'a rate of a checked tier says what it is for', { rate })
  const price =
    rates === undefined ? String(rate) : new Map(Object.entries(rates).map(([id, price]) => [id, String(price)]))
  return { per: quantityOf(per, usageType), price }
}

/** Of a document that was checked. */
export function toShareBucket(document: ShareBucketDocument, bases: ReadonlyMap<string, BaseBucket>): SharePlanBucket {
  const accepts = classesOf(document, bases)
  const usageType = accepts && commonUsageType(accepts)
  invariant(usageType, 'a bucket of a checked plan has classes of one unit', { bucket: document.id })
  const quantities = (written: Readonly<Record<string, string | number>> | undefined) =>
    new Map(Object.entries(written ?? {}).map(([id, quantity]) => [id, quantityOf(quantity, usageType)]))
  return {
    bucket: document.id,
    base: document.base ?? '',
    accepts,
    type: document.type,
    life: toLife(document, usageType),
    pricing: document.pricing,
    order: document.order,
    contributions: quantities(document.contributions),
    limits: quantities(document.limits),
    tiers: toTiers(document, usageType),
  }
}
