// The provider whose usage rating-core.bench.ts rates: pools of 50 services with buckets of their own, on their account, on
// its parent and in share plans; rollover, limits, tiers and calls by the minute. The same on every machine.
import {
  type Bucket,
  type BucketBalance,
  Calendars,
  type Catalogue,
  type CustomerAccount,
  type Demand,
  type GroupInput,
  IndexedCatalogue,
  type LocalDate,
  type Product,
  type Quantity,
  type RatedService,
  type RatePlan,
  type SharePlan,
  type SharePlanBucket,
  type UsageClass,
  type UsageColumns,
} from '@spillway/core'

export const SERVICES_PER_POOL = 50
const EVENTS_PER_SERVICE = 10
const MB = 1_000_000
const FROM_MICROS = Date.UTC(2026, 9, 1) * 1000
const UNTIL_MICROS = Date.UTC(2026, 10, 1) * 1000
const BEFORE_MICROS = Date.UTC(2026, 8, 1) * 1000

/** A tenth of the pools runs out, another tenth limits its services: these need order. The others have room. */
export const POOL_KINDS = ['tight', 'limited', 'account', 'own', 'rollover', 'shared'] as const
export type PoolKind = (typeof POOL_KINDS)[number]
const KIND_BY_TENTH: ReadonlyArray<PoolKind> = [
  ...(['tight', 'limited', 'account', 'account', 'own'] as const),
  ...(['own', 'own', 'rollover', 'rollover', 'shared'] as const),
]

const match = (usageType: 'data' | 'voice') => ({ usageType, zone: null, timeBand: null, network: null })
const quantity = (base: number): Quantity => ({ text: String(base), base: BigInt(base) })

const bucket = (id: string, amount: number, rest: Partial<Bucket>): Bucket => ({
  bucket: id,
  name: id,
  base: '',
  accepts: [match('data')],
  amount: quantity(amount),
  life: { life: 'recurring' },
  priority: 100,
  on: null,
  ...rest,
})

const product = (id: string, buckets: ReadonlyArray<string>): Product => ({
  product: id,
  name: id,
  serviceType: 'cellular',
  ratePlan: 'standard',
  buckets,
  recurring: null,
})

const RATE_PLAN: RatePlan = {
  ratePlan: 'standard',
  name: 'standard',
  rates: [
    {
      ...{ match: match('data'), product: '', price: '0.10', per: quantity(MB) },
      ...{ increment: null, minimum: null, connection: null },
    },
    {
      ...{ match: match('voice'), product: '', price: '0.05', per: quantity(60) },
      ...{ increment: { text: '60/60', firstBase: 60n, followingBase: 60n }, minimum: '0.10', connection: '0.02' },
    },
  ],
  peak: null,
}

const planBucket = (id: string, rest: Partial<SharePlanBucket>): SharePlanBucket => ({
  bucket: id,
  base: '',
  accepts: [match('data')],
  type: 'fixed',
  life: { life: 'recurring' },
  pricing: 'progressive',
  order: 'time',
  contributions: new Map(),
  limits: new Map(),
  tiers: [],
  ...rest,
})

const included = { flat: null, rate: null }
const own = (base: number) => ({ kind: 'own' as const, size: quantity(base), growth: null })
const plan = (id: string, buckets: ReadonlyArray<SharePlanBucket>): SharePlan => ({
  plan: id,
  name: id,
  description: '',
  isActive: true,
  shareLevel: 'account',
  sellingProduct: '',
  usageBilling: { every: 1, unit: 'month' },
  isShownOnBills: true,
  participating: [{ by: 'product', id }],
  isContributionProrated: false,
  buckets,
})

/** Pools use about 12,500 MB of data and 75,000 s of calls. */
const PLANS: ReadonlyArray<SharePlan> = [
  plan('tight', [
    planBucket('tight-data', {
      tiers: [
        { size: own(8000 * MB), ...included },
        { size: own(2000 * MB), flat: '5.00', rate: null },
        { size: { kind: 'endless' }, flat: null, rate: { per: quantity(MB), price: '0.02' } },
      ],
    }),
    planBucket('tight-voice', { accepts: [match('voice')], tiers: [{ size: own(40_000), ...included }] }),
  ]),
  plan('limited', [
    planBucket('limited-data', {
      limits: new Map([['limited', quantity(260 * MB)]]),
      tiers: [{ size: own(20_000 * MB), ...included }],
    }),
    planBucket('limited-voice', { accepts: [match('voice')], tiers: [{ size: own(400_000), ...included }] }),
  ]),
  plan('rollover', [
    planBucket('rollover-voice', { accepts: [match('voice')], tiers: [{ size: own(400_000), ...included }] }),
  ]),
  plan('shared', [
    planBucket('shared-data', {
      type: 'variable-single-tier',
      life: { life: 'recurring-rollover', periods: 2, atMost: null },
      contributions: new Map([['shared', quantity(400 * MB)]]),
      tiers: [
        { size: { kind: 'contributions' }, ...included },
        { size: { kind: 'endless' }, flat: null, rate: { per: quantity(MB), price: '0.02' } },
      ],
    }),
    planBucket('shared-voice', { accepts: [match('voice')], tiers: [{ size: own(400_000), ...included }] }),
  ]),
]

export type Provider = {
  readonly index: IndexedCatalogue
  readonly calendars: Calendars
  readonly classes: ReadonlyArray<UsageClass>
}

const accountId = (pool: number) => `A${String(pool).padStart(6, '0')}`
const kindOf = (pool: number): PoolKind => KIND_BY_TENTH[pool % KIND_BY_TENTH.length] as PoolKind
const byId = <T>(items: ReadonlyArray<T>, id: (item: T) => string) => new Map(items.map((item) => [id(item), item]))

export function makeProvider(pools: number): Provider {
  const accounts: CustomerAccount[] = []
  const buckets: Bucket[] = [
    bucket('own-data', 1000 * MB, {}),
    bucket('own-voice', 10_000, { accepts: [match('voice')] }),
    bucket('own-rollover', 1000 * MB, {
      life: { life: 'recurring-rollover', periods: 2, atMost: quantity(500 * MB) },
      priority: 10,
    }),
  ]
  const account = (id: string, parent: string): CustomerAccount => ({
    ...{ account: id, parent, usageInvoicer: '', name: id, currency: 'USD' },
    ...{ timeZone: 'UTC', cycleDay: 1 },
  })
  for (let pool = 0; pool < pools; pool += 1) {
    const id = accountId(pool)
    if (kindOf(pool) !== 'account') {
      accounts.push(account(id, ''))
      continue
    }
    accounts.push(account(`${id}-parent`, ''), account(id, `${id}-parent`))
    const on = { account: id, isSharedToChildren: false }
    buckets.push(
      bucket(`${id}-voice`, 400_000, { accepts: [match('voice')], on }),
      bucket(`${id}-data`, 50_000 * MB, { on: { account: `${id}-parent`, isSharedToChildren: true } }),
    )
  }
  const products = [
    ...[product('account', []), product('own', ['own-data', 'own-voice']), product('rollover', ['own-rollover'])],
    ...[product('shared', []), product('tight', []), product('limited', [])],
  ]
  const planIds = new Set(PLANS.map((one) => one.plan))
  const catalogue: Catalogue = {
    accounts: byId(accounts, (one) => one.account),
    serviceTypes: new Map(),
    products: byId(products, (one) => one.product),
    ratePlans: byId([RATE_PLAN], (one) => one.ratePlan),
    baseBuckets: new Map(),
    buckets: byId(buckets, (one) => one.bucket),
    sharePlans: byId(PLANS, (one) => one.plan),
    accountSharePlans: Array.from({ length: pools }, (_, pool) => pool)
      .filter((pool) => planIds.has(kindOf(pool)))
      .map((pool) => ({
        account: accountId(pool),
        plan: kindOf(pool),
        from: { kind: 'instant', micros: BEFORE_MICROS },
        until: null,
      })),
  }
  const usageClass = (usageType: 'data' | 'voice'): UsageClass => ({
    ...{ usageType, zone: 'domestic', timeBand: '', network: '' },
  })
  return {
    index: new IndexedCatalogue(catalogue),
    calendars: new Calendars(),
    classes: [usageClass('data'), usageClass('voice')],
  }
}

export type Pool = {
  readonly kind: PoolKind
  readonly input: GroupInput
  readonly columns: UsageColumns
  readonly demands: ReadonlyArray<Demand>
}

export function makePool({ index, calendars, classes }: Provider, pool: number): Pool {
  const kind = kindOf(pool)
  const account = accountId(pool)
  const services = Array.from({ length: SERVICES_PER_POOL }, (_, number): RatedService => {
    const service = String(89_000_000_000_000 + pool * SERVICES_PER_POOL + number)
    // One in ten began on some day of the year before.
    const from = number % 10 === 0 ? (`2025-0${1 + (pool % 9)}-1${number % 7}` as LocalDate) : null
    return { service, account, product: kind, serviceType: 'cellular', from, until: null }
  })
  const columns = makeColumns(pool)
  const input: GroupInput = {
    ...{ index, calendars, services, classes, fromMicros: FROM_MICROS, untilMicros: UNTIL_MICROS },
    opening: openingOf(kind, services),
  }
  return { kind, input, columns, demands: demandsOf(columns, classes.length) }
}

/** What the month before left of buckets that roll over. */
function openingOf(kind: PoolKind, services: ReadonlyArray<RatedService>): BucketBalance[] {
  if (kind !== 'rollover') return []
  return services.map(({ service, account }, number) => ({
    holder: { on: 'service', account, service },
    bucket: 'own-rollover',
    startMicros: BEFORE_MICROS,
    rolledIn: [],
    drawnBase: BigInt(number * 20 * MB),
    drawnByService: new Map(),
    ranOutAt: [null],
  }))
}

function makeColumns(pool: number): UsageColumns {
  const count = SERVICES_PER_POOL * EVENTS_PER_SERVICE
  const startMicros = new Float64Array(count)
  const quantityBase = new Float64Array(count)
  const service = new Int32Array(count)
  const usageClass = new Int32Array(count)
  const step = (UNTIL_MICROS - FROM_MICROS) / count
  for (let event = 0; event < count; event += 1) {
    const mixed = Math.imul(event + pool * count + 1, 2_654_435_761) >>> 0
    // Each service has five events of each class.
    const isVoice = (Math.floor(event / SERVICES_PER_POOL) + event) % 2 === 1
    startMicros[event] = FROM_MICROS + Math.floor(event * step) + (mixed % 1_000_000)
    service[event] = (event * 7) % SERVICES_PER_POOL
    usageClass[event] = isVoice ? 1 : 0
    quantityBase[event] = isVoice ? 60 * (1 + ((mixed >>> 8) % 9)) : (mixed % (100 * MB)) + 1
  }
  return { count, startMicros, quantityBase, service, usageClass }
}

function demandsOf({ count, service, usageClass, quantityBase }: UsageColumns, classCount: number): Demand[] {
  const sums = new Float64Array(SERVICES_PER_POOL * classCount)
  for (let event = 0; event < count; event += 1) {
    const place = (service[event] as number) * classCount + (usageClass[event] as number)
    sums[place] = (sums[place] as number) + (quantityBase[event] as number)
  }
  return Array.from(sums, (sum, place) => ({
    service: Math.floor(place / classCount),
    usageClass: place % classCount,
    quantityBase: BigInt(sum),
  })).filter(({ quantityBase: base }) => base > 0n)
}
