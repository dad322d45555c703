// The kinds of documents that the catalogue has, each with its tab, its words and where a document of it is found.
import type { ScreenSearch } from '../../app/search.ts'
import type { Body } from './document/body.ts'

export type CatalogueKind = {
  readonly tab: string
  readonly kind: string
  /** Of many, on the tab. */
  readonly title: string
  /** Of one, in sentences. */
  readonly one: string
  /** With its article. */
  readonly anyOne: string
  /** What it is for, above the list. */
  readonly summary: string
  /** What a new one begins with. */
  readonly initial: Body
}

export const CATALOGUE: ReadonlyArray<CatalogueKind> = [
  {
    ...{ tab: 'products', kind: 'Product', title: 'Products', one: 'product', anyOne: 'a product' },
    summary: 'What is sold: its rate plan, the buckets that come with it, its recurring charge.',
    initial: { kind: 'Product', id: '' },
  },
  {
    ...{
      tab: 'service-types',
      kind: 'ServiceType',
      title: 'Service types',
      one: 'service type',
      anyOne: 'a service type',
    },
    summary: 'Classes of services, as fine or as coarse as you need them.',
    initial: { kind: 'ServiceType', id: '' },
  },
  {
    ...{ tab: 'rate-plans', kind: 'RatePlan', title: 'Rate plans', one: 'rate plan', anyOne: 'a rate plan' },
    summary: 'What usage costs that no bucket covers.',
    initial: { kind: 'RatePlan', id: '', rates: [{ 'usage-type': 'data', price: '', per: '1 MB' }] },
  },
  {
    ...{ tab: 'base-buckets', kind: 'BaseBucket', title: 'Base buckets', one: 'base bucket', anyOne: 'a base bucket' },
    summary: 'Which usage buckets take, under a name that many of them share.',
    initial: { kind: 'BaseBucket', id: '', accepts: [{ 'usage-type': 'data' }] },
  },
  {
    ...{
      tab: 'account-buckets',
      kind: 'Bucket',
      title: 'Account and service buckets',
      one: 'bucket',
      anyOne: 'a bucket',
    },
    summary: 'An amount of usage on an account, shared with those below it, or on each service of a product.',
    initial: { kind: 'Bucket', id: '', life: 'recurring' },
  },
  {
    ...{ tab: 'accounts', kind: 'Account', title: 'Accounts', one: 'account', anyOne: 'an account' },
    summary: 'Who is billed: currency, time zone, billing cycle, and whose invoice their usage is on.',
    initial: { kind: 'Account', id: '', currency: '' },
  },
  {
    ...{
      tab: 'plans-of-accounts',
      kind: 'AccountSharePlan',
      title: 'Plans of accounts',
      one: 'plan of an account',
      anyOne: 'a plan of an account',
    },
    summary: 'Which account has which share plan, from when and until when.',
    initial: { kind: 'AccountSharePlan' },
  },
  {
    ...{ tab: 'provider', kind: 'Provider', title: 'Provider', one: 'provider', anyOne: 'a provider' },
    summary: 'Who you are on the bills that you write.',
    initial: { kind: 'Provider', id: '' },
  },
]

export const kindOfTab = (tab: string | undefined): CatalogueKind =>
  CATALOGUE.find((one) => one.tab === tab) ?? (CATALOGUE[0] as CatalogueKind)

export type DocumentLink = { readonly to: string; readonly search?: ScreenSearch }

/** Where a document is seen; undefined where no screen is about it. */
export function linkOfDocument({
  kind,
  name,
}: {
  readonly kind: string
  readonly name: string
}): DocumentLink | undefined {
  if (kind === 'SharePlan') return { to: `/share-plans/${encodeURIComponent(name)}` }
  if (kind === 'AllocationPolicy') return { to: `/policies/${encodeURIComponent(name)}` }
  const found = CATALOGUE.find((one) => one.kind === kind)
  return found && { to: '/catalogue', search: { tab: found.tab, chosen: name } }
}
