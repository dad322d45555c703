// A random provider of the tests as the documents that a user would apply: every id with the name of its world before it, so
// that many worlds fit one workspace. What no document can say of a world is left out of it.
import type {
  Bucket,
  BucketLife,
  ClassMatch,
  CustomerAccount,
  Moment,
  Product,
  Quantity,
  RatePlan,
  SharePlan,
  SharePlanBucket,
  Tier,
} from '@spillway/core'
import type { World } from '../../../core/test/rating/random-provider.ts'

type Body = { readonly kind: string } & Readonly<Record<string, unknown>>

type TierOf = {
  readonly isGrowing: boolean
  readonly isEmpty: boolean
  readonly participants: ReadonlySet<string>
}

export class ProviderDocuments {
  readonly #name: string
  readonly #cycleDay: number

  constructor(name: string, cycleDay: number) {
    this.#name = name
    this.#cycleDay = cycleDay
  }

  id(id: string): string {
    return `${this.#name}-${id}`
  }

  of({ shop }: World): Body[] {
    return [
      ...shop.accounts.map((one) => this.#account(one)),
      ...['type', 'other'].map((type) => ({ kind: 'ServiceType', id: this.id(type) })),
      ...shop.ratePlans.flatMap((one) => (one.rates.length === 0 ? [] : [this.#ratePlan(one)])),
      ...shop.buckets.map((one) => this.#bucket(one)),
      ...shop.products.map((one) => this.#product(one, shop.ratePlans)),
      ...shop.plans.map((one) => this.#plan(one)),
      ...shop.added.map(({ account, plan, from, until }) => ({
        kind: 'AccountSharePlan',
        ...{ account: this.id(account), plan: this.id(plan), from: writtenMoment(from) },
        ...(until === null ? {} : { until: writtenMoment(until) }),
      })),
    ]
  }

  #account({ account, parent, usageInvoicer, currency, timeZone }: CustomerAccount): Body {
    return {
      kind: 'Account',
      ...{ id: this.id(account), currency, 'time-zone': timeZone, 'cycle-day': this.#cycleDay },
      ...(parent === '' ? {} : { parent: this.id(parent) }),
      ...(usageInvoicer === '' ? {} : { 'usage-invoicer': this.id(usageInvoicer) }),
    }
  }

  #ratePlan({ ratePlan, rates }: RatePlan): Body {
    const written = rates.map(({ match, product, price, per, minimum, connection }) => ({
      ...writtenClass(match),
      ...{ price, per: writtenAmount(per) },
      ...(product === '' ? {} : { product: this.id(product) }),
      ...(minimum === null ? {} : { minimum }),
      ...(connection === null ? {} : { connection }),
    }))
    return { kind: 'RatePlan', id: this.id(ratePlan), rates: written }
  }

  #bucket({ bucket, amount, accepts, life, priority, on }: Bucket): Body {
    return {
      kind: 'Bucket',
      ...{ id: this.id(bucket), accepts: accepts.map(writtenClass), amount: writtenAmount(amount), priority },
      ...writtenLife(life),
      ...(on === null ? {} : { on: { account: this.id(on.account), 'shared-to-children': on.isSharedToChildren } }),
    }
  }

  #product({ product, serviceType, buckets, ratePlan }: Product, ratePlans: ReadonlyArray<RatePlan>): Body {
    const isPriced = ratePlans.some((one) => one.ratePlan === ratePlan && one.rates.length > 0)
    return {
      kind: 'Product',
      ...{ id: this.id(product), 'service-type': this.id(serviceType) },
      ...(isPriced ? { 'rate-plan': this.id(ratePlan) } : {}),
      ...(buckets.length === 0 ? {} : { buckets: buckets.map((one) => this.id(one)) }),
    }
  }

  #plan({ plan, shareLevel, usageBilling, participating, isContributionProrated, buckets }: SharePlan): Body {
    return {
      kind: 'SharePlan',
      ...{ id: this.id(plan), name: plan, active: true, 'share-level': shareLevel, 'usage-billing': usageBilling },
      'prorate-contributions': isContributionProrated,
      participating: participating.map(({ by, id }) => ({ [by]: this.id(id) })),
      buckets: buckets.map((one) => this.#planBucket(one, new Set(participating.map(({ id }) => id)))),
    }
  }

  /** Whoever does not take part has neither contribution nor limit nor rate. */
  #planBucket(bucket: SharePlanBucket, participants: ReadonlySet<string>): object {
    const { type, pricing, order, tiers } = bucket
    const isPart = ([id]: readonly [string, unknown]) => participants.has(id)
    const [contributions, limits] = [bucket.contributions, bucket.limits].map((map) => [...map].filter(isPart))
    const byId = (amounts: ReadonlyArray<readonly [string, Quantity]> = []) =>
      Object.fromEntries(amounts.map(([id, amount]) => [this.id(id), writtenAmount(amount)]))
    // Nothing is brought to a fixed bucket, and something to a single tier of what is brought.
    const isBrought = type !== 'fixed' && contributions?.length !== 0
    const isEmpty = type === 'variable-single-tier' && contributions?.length === 0
    return {
      ...{ id: this.id(bucket.bucket), accepts: bucket.accepts.map(writtenClass), type: isEmpty ? 'fixed' : type },
      ...{ ...writtenLife(bucket.life), pricing, order },
      ...(isBrought ? { contributions: byId(contributions) } : {}),
      ...(limits?.length === 0 ? {} : { limits: byId(limits) }),
      tiers: tiers.map((tier) =>
        this.#tier(tier, { isGrowing: type === 'variable-multi-tier', isEmpty, participants }),
      ),
    }
  }

  #tier({ size, flat, rate }: Tier, { isGrowing, isEmpty, participants }: TierOf): object {
    const price = rate?.price
    const rates = typeof price === 'object' ? [...price].filter(([id]) => participants.has(id)) : []
    return {
      ...(size.kind === 'contributions' ? { size: isEmpty ? '0 count' : 'contributions' } : {}),
      ...(size.kind === 'own' ? { size: writtenAmount(size.size) } : {}),
      ...(size.kind === 'own' && size.growth !== null && isGrowing ? { growth: writtenAmount(size.growth) } : {}),
      ...(flat === null ? {} : { flat }),
      ...(rate === null ? {} : { per: writtenAmount(rate.per) }),
      ...(typeof price === 'string' ? { rate: price } : {}),
      ...(rates.length > 0 ? { rates: Object.fromEntries(rates.map(([id, one]) => [this.id(id), one])) } : {}),
      ...(typeof price === 'object' && rates.length === 0 ? { rate: '0.5' } : {}),
    }
  }
}

const writtenAmount = ({ base }: Quantity) => `${base} count`

function writtenMoment(moment: Moment): string {
  return moment.kind === 'date' ? moment.on : new Date(moment.micros / 1000).toISOString()
}

function writtenClass({ usageType, zone }: ClassMatch): object {
  return { 'usage-type': usageType, ...(zone === null ? {} : { zone }) }
}

function writtenLife(life: BucketLife): object {
  if (life.life === 'recurring') return { life: life.life }
  if (life.life === 'recurring-rollover')
    return {
      ...{ life: life.life, periods: life.periods },
      ...(life.atMost === null ? {} : { 'at-most': writtenAmount(life.atMost) }),
    }
  return {
    life: life.life,
    ...(life.from === null ? {} : { from: writtenMoment(life.from) }),
    ...(life.until === null ? {} : { until: writtenMoment(life.until) }),
  }
}
