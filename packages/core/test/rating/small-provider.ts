// Writes a provider's catalogue and usage in few words for the tests: counts of events, one account U in USD and UTC with
// calendar months, one product `sim` on the rate plan `standard`, unless a test says otherwise.
import {
  type AccountSharePlan,
  type Bucket,
  Calendars,
  type Catalogue,
  type ClassMatch,
  type CustomerAccount,
  type GroupInput,
  IndexedCatalogue,
  type LocalDate,
  type Product,
  type Quantity,
  type RatedGroup,
  type RatedService,
  type RatePlan,
  rateGroup,
  type SharePlan,
  type SharePlanBucket,
  type Tier,
  type UsageClass,
  type UsageColumns,
} from '@spillway/core'

export const EVENT: ClassMatch = { usageType: 'event', zone: null, timeBand: null, network: null }
export const EVENT_CLASS: UsageClass = { usageType: 'event', zone: '', timeBand: '', network: '' }

export const units = (base: number | bigint): Quantity => ({ text: `${base}`, base: BigInt(base) })
export const micros = (iso: string): number => Date.parse(iso.length === 10 ? `${iso}T00:00:00Z` : iso) * 1000

export const account = (id: string, rest: Partial<CustomerAccount> = {}): CustomerAccount => ({
  account: id,
  parent: '',
  usageInvoicer: '',
  name: id,
  currency: 'USD',
  timeZone: 'UTC',
  cycleDay: 1,
  ...rest,
})

export const product = (id: string, rest: Partial<Product> = {}): Product => ({
  product: id,
  name: id,
  serviceType: 'cellular',
  ratePlan: 'standard',
  buckets: [],
  recurring: null,
  ...rest,
})

export const pricedAt = (price: string, id = 'standard'): RatePlan => ({
  ratePlan: id,
  name: id,
  rates: [{ match: EVENT, product: '', price, per: units(1), increment: null, minimum: null, connection: null }],
  peak: null,
})

export const bucket = (id: string, amount: number, rest: Partial<Bucket> = {}): Bucket => ({
  bucket: id,
  name: id,
  base: '',
  accepts: [EVENT],
  amount: units(amount),
  life: { life: 'recurring' },
  priority: 100,
  on: null,
  ...rest,
})

export const tier = (size: number | null, rest: Partial<Tier> = {}): Tier => ({
  size: size === null ? { kind: 'endless' } : { kind: 'own', size: units(size), growth: null },
  flat: null,
  rate: null,
  ...rest,
})
export const at = (price: string): Pick<Tier, 'rate'> => ({ rate: { per: units(1), price } })

export const shareBucket = (id: string, rest: Partial<SharePlanBucket> = {}): SharePlanBucket => ({
  bucket: id,
  base: '',
  accepts: [EVENT],
  type: 'fixed',
  life: { life: 'recurring' },
  pricing: 'progressive',
  order: 'time',
  contributions: new Map(),
  limits: new Map(),
  tiers: [tier(100)],
  ...rest,
})

export const sharePlan = (
  id: string,
  buckets: ReadonlyArray<SharePlanBucket>,
  rest: Partial<SharePlan> = {},
): SharePlan => ({
  plan: id,
  name: id,
  description: '',
  isActive: true,
  shareLevel: 'account',
  sellingProduct: '',
  usageBilling: { every: 1, unit: 'month' },
  isShownOnBills: true,
  participating: [{ by: 'product', id: 'sim' }],
  isContributionProrated: false,
  buckets,
  ...rest,
})

export const added = (
  accountId: string,
  plan: string,
  from = '2026-01-01',
  until: string | null = null,
): AccountSharePlan => ({
  account: accountId,
  plan,
  from: { kind: 'instant', micros: micros(from) },
  until: until === null ? null : { kind: 'instant', micros: micros(until) },
})

export const service = (id: string, rest: Partial<Record<keyof RatedService, string | null>> = {}): RatedService =>
  ({
    service: id,
    account: 'U',
    product: 'sim',
    serviceType: 'cellular',
    from: null,
    until: null,
    ...rest,
  }) as RatedService

export type Shop = {
  readonly accounts?: ReadonlyArray<CustomerAccount>
  readonly products?: ReadonlyArray<Product>
  readonly ratePlans?: ReadonlyArray<RatePlan>
  readonly buckets?: ReadonlyArray<Bucket>
  readonly plans?: ReadonlyArray<SharePlan>
  readonly added?: ReadonlyArray<AccountSharePlan>
}

const byId = <T>(items: ReadonlyArray<T>, id: (item: T) => string) => new Map(items.map((item) => [id(item), item]))

export const catalogue = (shop: Shop): Catalogue => ({
  accounts: byId(shop.accounts ?? [account('U')], (one) => one.account),
  serviceTypes: new Map(),
  products: byId(shop.products ?? [product('sim')], (one) => one.product),
  ratePlans: byId(shop.ratePlans ?? [pricedAt('0.10')], (one) => one.ratePlan),
  baseBuckets: new Map(),
  buckets: byId(shop.buckets ?? [], (one) => one.bucket),
  sharePlans: byId(shop.plans ?? [], (one) => one.plan),
  accountSharePlans: shop.added ?? (shop.plans ?? []).map(({ plan }) => added('U', plan)),
})

export type Use = {
  readonly at: string | number
  /** The service's id, or the position of its row where it has several. */
  readonly who: string | number
  readonly quantity: number | bigint
  readonly id?: string
  readonly usageClass?: number
}

export type Period = {
  readonly shop: Shop
  readonly services: ReadonlyArray<RatedService>
  readonly from?: string
  readonly until?: string
  readonly classes?: ReadonlyArray<UsageClass>
  readonly opening?: GroupInput['opening']
}

const groupInput = ({ shop, services, from, until, classes, opening }: Period): GroupInput => ({
  index: new IndexedCatalogue(catalogue(shop)),
  calendars: new Calendars(),
  services,
  classes: classes ?? [EVENT_CLASS],
  fromMicros: micros(from ?? '2026-10-01'),
  untilMicros: micros(until ?? '2026-11-01'),
  opening: opening ?? [],
})

/** In the order of drawing: start, then id. */
export function columns(uses: ReadonlyArray<Use>, services: ReadonlyArray<RatedService>): UsageColumns {
  const start = (use: Use) => (typeof use.at === 'number' ? use.at : micros(use.at))
  const sorted = [...uses].sort((a, b) => start(a) - start(b) || ((a.id ?? '') < (b.id ?? '') ? -1 : 1))
  const row = ({ who }: Use) => (typeof who === 'number' ? who : services.findIndex((one) => one.service === who))
  const wide = new Map(
    sorted.flatMap((use, at) => (BigInt(use.quantity) > 2n ** 52n ? [[at, BigInt(use.quantity)]] : [])),
  )
  return {
    count: sorted.length,
    startMicros: Float64Array.from(sorted, start),
    quantityBase: Float64Array.from(sorted, ({ quantity }) =>
      BigInt(quantity) > 2n ** 52n ? Number.POSITIVE_INFINITY : Number(quantity),
    ),
    service: Int32Array.from(sorted, row),
    usageClass: Int32Array.from(sorted, (use) => use.usageClass ?? 0),
    ...(wide.size > 0 ? { wide: wide as ReadonlyMap<number, bigint> } : {}),
  }
}

export function rate(period: Period, uses: ReadonlyArray<Use>): RatedGroup {
  return rateGroup(groupInput(period), [columns(uses, period.services)])
}

/** `bucket:tier=quantity` and `@amount` where one is owed, for each row: `A fleet:1=60`, `A out=10@100`. */
export const shown = ({ rows }: Pick<RatedGroup, 'rows'>): string[] =>
  rows.map(({ service: who, bucket: id, tier: number, quantityBase, amountMinor }) => {
    const place = id === '' ? 'out' : `${id}:${number}`
    return `${who} ${place}=${quantityBase}${amountMinor === 0n ? '' : `@${amountMinor}`}`
  })

export const totalMinor = ({ rows }: Pick<RatedGroup, 'rows'>): bigint =>
  rows.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)

export const day = (text: string): LocalDate => text as LocalDate
