// What the naive reference is given: a catalogue's own shapes, said again, and events as they arrive.
import type { NaiveAccount, NaiveBucket, NaiveClass, NaiveMatch, NaivePlan, NaiveService } from './naive-buckets.ts'

export type NaiveRate = {
  readonly match: NaiveMatch
  readonly product: string
  readonly price: string
  readonly per: { readonly base: bigint }
  readonly minimum: string | null
  readonly connection: string | null
}
export type NaiveEvent = {
  readonly source: string
  readonly id: string
  readonly start: number
  readonly row: number
  readonly usageClass: number
  readonly quantity: bigint
}
export type NaiveInput = {
  readonly accounts: ReadonlyArray<NaiveAccount>
  readonly products: ReadonlyArray<{ product: string; ratePlan: string; buckets: ReadonlyArray<string> }>
  readonly ratePlans: ReadonlyArray<{ ratePlan: string; rates: ReadonlyArray<NaiveRate> }>
  readonly buckets: ReadonlyArray<NaiveBucket>
  readonly plans: ReadonlyArray<NaivePlan>
  readonly added: ReadonlyArray<{
    account: string
    plan: string
    from: { kind: string; micros?: number }
    until: { kind: string; micros?: number } | null
  }>
  readonly services: ReadonlyArray<NaiveService>
  readonly classes: ReadonlyArray<NaiveClass>
  readonly from: number
  /** As they arrived: in any order, some of them twice. */
  readonly events: ReadonlyArray<NaiveEvent>
}
