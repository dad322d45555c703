// What a change of a share plan's form does to more than the field that was changed: a bucket of another type has other keys, and
// whoever no longer takes part is named nowhere.
import { type Body, isSame, listAt, textAt, valueAt, withoutKey } from '../catalogue/document/body.ts'

export const BUCKET_TYPES = ['fixed', 'variable-single-tier', 'variable-multi-tier'] as const
export type BucketType = (typeof BUCKET_TYPES)[number]

export const TYPE_LABELS: Readonly<Record<BucketType, string>> = {
  fixed: 'Fixed: as large as it says',
  'variable-single-tier': 'Variable, one tier: what services contribute',
  'variable-multi-tier': 'Variable, several tiers: each grows with the services',
}

export type Participant = { readonly by: 'product' | 'service-type'; readonly id: string }

export function participantsOf(plan: Body): ReadonlyArray<Participant> {
  return listAt(plan, ['participating']).map((one) => {
    const product = textAt(one, ['product'])
    return product === '' ? { by: 'service-type', id: textAt(one, ['service-type']) } : { by: 'product', id: product }
  })
}

export function withParticipant(plan: Body, { by, id }: Participant): Body {
  return { ...plan, participating: [...listAt(plan, ['participating']), { [by]: id }] }
}

/** Its contributions, limits and rates go with it. */
export function withoutParticipant(plan: Body, { by, id }: Participant): Body {
  const others = listAt(plan, ['participating']).filter((one) => textAt(one, [by]) !== id)
  const isNamed = others.some((one) => [one.product, one['service-type']].includes(id))
  const buckets = listAt(plan, ['buckets'])
  return {
    ...plan,
    participating: others,
    ...(buckets.length === 0 || isNamed ? {} : { buckets: buckets.map((bucket) => bucketWithout(bucket, id)) }),
  }
}

function bucketWithout(bucket: Body, id: string): Body {
  const tiers = listAt(bucket, ['tiers']).map((tier) =>
    tier.rates === undefined ? tier : orLeftOut(tier, 'rates', withoutKey(tier.rates, id)),
  )
  const [contributions, limits] = [withoutKey(bucket.contributions, id), withoutKey(bucket.limits, id)]
  const changed = orLeftOut(orLeftOut(bucket, 'contributions', contributions), 'limits', limits)
  return tiers.length === 0 ? changed : { ...changed, tiers }
}

function orLeftOut(body: Body, key: string, value: unknown): Body {
  const { [key]: _, ...rest } = body
  return value === undefined ? rest : { ...rest, [key]: value }
}

/** Of another type: without what that type has not, and with what it needs. */
export function asType(bucket: Body, type: BucketType): Body {
  const { contributions, tiers: _, ...rest } = bucket
  const tiers = listAt(bucket, ['tiers'])
  const changed = tiers.map((tier, at) => tierOf(tier, { type, isFirst: at === 0 }))
  const shown = changed.length > 0 ? changed : type === 'fixed' ? [{}] : []
  const isImplied = type !== 'fixed' && shown.length === 1 && isSame(shown[0], CONTRIBUTED)
  return {
    ...rest,
    type,
    ...(type === 'fixed' || contributions === undefined ? {} : { contributions }),
    ...(shown.length === 0 || isImplied ? {} : { tiers: shown }),
  }
}

export const CONTRIBUTED: Body = { size: 'contributions' }

function tierOf(tier: Body, { type, isFirst }: { readonly type: BucketType; readonly isFirst: boolean }): Body {
  const { growth, size, ...rest } = tier
  if (isFirst && type === 'variable-single-tier') return { ...CONTRIBUTED, ...rest }
  const own = size === 'contributions' && (type === 'fixed' || !isFirst) ? undefined : size
  return {
    ...(own === undefined ? {} : { size: own }),
    ...(growth === undefined || type !== 'variable-multi-tier' ? {} : { growth }),
    ...rest,
  }
}

/** As written, or the one that a variable bucket has where it names none. */
export function tiersOf(bucket: Body): ReadonlyArray<Body> {
  const written = listAt(bucket, ['tiers'])
  return written.length > 0 || bucket.type === 'fixed' ? written : [CONTRIBUTED]
}

/** One before the last where that has no end, and nothing can follow it. */
export function withTier(tiers: ReadonlyArray<Body>): ReadonlyArray<Body> {
  const last = tiers.at(-1)
  if (last === undefined) return [{}]
  return valueAt(last, ['size']) === undefined ? [...tiers.slice(0, -1), { size: '' }, last] : [...tiers, {}]
}

export type NewBucket = { readonly id: string; readonly type: BucketType; readonly base: string }

export function withBucket(plan: Body, { id, type, base }: NewBucket): Body {
  const usage = base === '' ? { accepts: [{ 'usage-type': 'data' }] } : { base }
  const bucket = {
    id,
    ...usage,
    type,
    life: 'recurring',
    ...(type === 'variable-single-tier' ? {} : { tiers: [{ size: '' }] }),
  }
  return { ...plan, buckets: [...listAt(plan, ['buckets']), bucket] }
}
