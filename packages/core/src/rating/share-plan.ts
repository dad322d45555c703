// Share plans and their buckets (spec, share plans, "Share plan" and "Share plan bucket"), once their documents are read.

import type { BucketLife } from './bucket.ts'
import type { Moment } from './moment.ts'
import type { Quantity } from './quantity-said.ts'
import type { ClassMatch } from './usage-class.ts'

export const SHARE_LEVELS = ['account', 'usage-invoicer'] as const
export type ShareLevel = (typeof SHARE_LEVELS)[number]

export const FREQUENCY_UNITS = ['day', 'week', 'month', 'year'] as const
export type FrequencyUnit = (typeof FREQUENCY_UNITS)[number]
export type UsageBilling = { readonly every: number; readonly unit: FrequencyUnit }

export const SHARE_BUCKET_TYPES = ['fixed', 'variable-single-tier', 'variable-multi-tier'] as const
export type ShareBucketType = (typeof SHARE_BUCKET_TYPES)[number]

export const PRICINGS = ['progressive', 'bracket'] as const
export type Pricing = (typeof PRICINGS)[number]

export const DRAW_ORDERS = ['time', 'highest-rate'] as const
export type DrawOrder = (typeof DRAW_ORDERS)[number]

/** A product or a service type; no product and service type of one plan have the same id. */
export type Participation = { readonly by: 'product' | 'service-type'; readonly id: string }

/** `contributions`: what the participants bring. `own`: `size` + `growth` × contributing services. `endless`: the last tier. */
export type TierSize =
  | { readonly kind: 'contributions' }
  | { readonly kind: 'own'; readonly size: Quantity; readonly growth: Quantity | null }
  | { readonly kind: 'endless' }

/** Decimal texts for each `per`: one for all, or by the id of the participation. */
export type TierRate = {
  readonly per: Quantity
  readonly price: string | ReadonlyMap<string, string>
}

export type Tier = {
  readonly size: TierSize
  /** Decimal text, posted once a period when the first unit falls in the tier; null for none. */
  readonly flat: string | null
  /** null: included. */
  readonly rate: TierRate | null
}

/** The most that a limit can be: what a service draws under one is counted as a safe integer. */
export const LIMIT_BASE_MAX = BigInt(Number.MAX_SAFE_INTEGER)

export type SharePlanBucket = {
  readonly bucket: string
  readonly base: string
  readonly accepts: ReadonlyArray<ClassMatch>
  readonly type: ShareBucketType
  readonly life: BucketLife
  readonly pricing: Pricing
  readonly order: DrawOrder
  /**
   * By the id of the participation; one that is not named brings nothing. Who brings more than nothing contributes; where
   * a multi-tier bucket names none at all, every participant does (its growth is what they bring).
   */
  readonly contributions: ReadonlyMap<string, Quantity>
  /** The most that one service draws in a period, by the id of the participation; not named: no limit. */
  readonly limits: ReadonlyMap<string, Quantity>
  /** At least one; only the last can be endless. */
  readonly tiers: ReadonlyArray<Tier>
}

export type SharePlan = {
  readonly plan: string
  readonly name: string
  readonly description: string
  readonly isActive: boolean
  readonly shareLevel: ShareLevel
  /** '' for none. */
  readonly sellingProduct: string
  readonly usageBilling: UsageBilling
  readonly isShownOnBills: boolean
  readonly participating: ReadonlyArray<Participation>
  readonly isContributionProrated: boolean
  readonly buckets: ReadonlyArray<SharePlanBucket>
}

/** Half-open. */
export type AccountSharePlan = {
  readonly account: string
  readonly plan: string
  readonly from: Moment
  readonly until: Moment | null
}

/** The participation of a service in a plan: by its product before by its type; null where it has none. */
export function participationIn(
  plan: Pick<SharePlan, 'participating'>,
  { product, serviceType }: { readonly product: string; readonly serviceType: string },
): Participation | null {
  const by = (kind: Participation['by'], id: string) =>
    plan.participating.find((one) => one.by === kind && one.id === id)
  return by('product', product) ?? by('service-type', serviceType) ?? null
}
