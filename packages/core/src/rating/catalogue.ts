// What a provider sells and to whom (spec, share plans, "Words" and "Configuration"), once its documents are read.
// Buckets are bucket.ts, rates rate-plan.ts, share plans share-plan.ts; reading documents is elsewhere.

import type { LocalDate } from '../time/local-date.ts'
import type { BaseBucket, Bucket } from './bucket.ts'
import type { RatePlan } from './rate-plan.ts'
import type { AccountSharePlan, SharePlan } from './share-plan.ts'

/** An account that we bill. '' for no parent and for no usage invoicer. */
export type CustomerAccount = {
  readonly account: string
  readonly parent: string
  /** The account that its usage charges are billed to. */
  readonly usageInvoicer: string
  readonly name: string
  readonly currency: string
  /** IANA. */
  readonly timeZone: string
  /** 1 to 31; in a shorter month its last day. */
  readonly cycleDay: number
  /** What each bill comes to at least; decimal text in the account's currency. Left out: nothing. */
  readonly minimum?: string
}

/** We ourselves: the vendor of our bills. */
export type Provider = { readonly provider: string; readonly name: string }

export type ServiceType = { readonly serviceType: string; readonly name: string }

export const RECURRING_TIMES = ['advance', 'arrears'] as const
export type RecurringTime = (typeof RECURRING_TIMES)[number]

/** `amount` is decimal text in the account's currency, for each billing period. */
export type RecurringCharge = { readonly amount: string; readonly in: RecurringTime }

export type Product = {
  readonly product: string
  readonly name: string
  readonly serviceType: string
  /** '' for none: usage out of bucket is then `unrated`. */
  readonly ratePlan: string
  /** Ids of the buckets that come with each service of the product. */
  readonly buckets: ReadonlyArray<string>
  readonly recurring: RecurringCharge | null
  /** What the usage of each service comes to at least in a billing period; decimal text. Left out: nothing. */
  readonly minimum?: string
}

/** A service while it has one product on one account; a change of either begins another row of the same `service`. */
export type RatedService = {
  readonly service: string
  readonly account: string
  readonly product: string
  /** The product's own, unless services.csv says another. */
  readonly serviceType: string
  /** In the account's time zone; null: without beginning. */
  readonly from: LocalDate | null
  /** Exclusive; null: without end. */
  readonly until: LocalDate | null
}

/** Everything that rating knows but the services and their usage, by id. */
export type Catalogue = {
  /** Left out where no document says who we are. */
  readonly provider?: Provider
  readonly accounts: ReadonlyMap<string, CustomerAccount>
  readonly serviceTypes: ReadonlyMap<string, ServiceType>
  readonly products: ReadonlyMap<string, Product>
  readonly ratePlans: ReadonlyMap<string, RatePlan>
  readonly baseBuckets: ReadonlyMap<string, BaseBucket>
  readonly buckets: ReadonlyMap<string, Bucket>
  readonly sharePlans: ReadonlyMap<string, SharePlan>
  /** Added by hand, and those that a selling product brought. */
  readonly accountSharePlans: ReadonlyArray<AccountSharePlan>
}
