// Long because every way in which a catalogue can be wrong is a case of its own.
import { describe, expect, it } from 'vitest'
import {
  type CatalogueDocument,
  catalogueDocumentName,
  issuesOfCatalogueDocument,
  readCatalogue,
} from './read-catalogue.ts'

type Body = { readonly kind: CatalogueDocument['kind'] } & Readonly<Record<string, unknown>>

const MB = 1_000_000n

const ACCOUNT = { kind: 'Account', id: 'U', currency: 'USD', 'time-zone': 'America/New_York', 'cycle-day': 15 } as const
const PRODUCT = {
  kind: 'Product',
  id: 'sim-1mb',
  'service-type': 'cellular',
  'rate-plan': 'standard',
  buckets: ['own-100'],
  recurring: { amount: 2, in: 'advance' },
} as const
const METER = { kind: 'Product', id: 'meter-product', 'service-type': 'meter' } as const
const SELLING = { kind: 'Product', id: 'fleet-plan', 'service-type': 'plan' } as const
const RATE_PLAN = {
  kind: 'RatePlan',
  id: 'standard',
  rates: [
    { 'usage-type': 'data', zone: 'domestic', price: 0.1, per: '1 MB', increment: '1 kB' },
    {
      'usage-type': 'voice',
      'time-band': 'peak',
      price: '0.05',
      per: '1 min',
      increment: '60/60',
      minimum: 0.01,
      connection: 0.02,
    },
  ],
  peak: { 'mon-fri': '07:00-19:00', sat: ['22:00-02:00'], holidays: ['2026-12-25'] },
} as const
const BUCKET = {
  kind: 'Bucket',
  id: 'own-100',
  accepts: [{ 'usage-type': 'data' }],
  amount: '100 MB',
  life: 'recurring',
  priority: 10,
} as const
const BASE = { kind: 'BaseBucket', id: 'data-mb', name: 'Data', accepts: [{ 'usage-type': 'data' }] } as const
const FLEET_DATA = {
  id: 'fleet-data',
  accepts: [{ 'usage-type': 'data' }],
  type: 'variable-single-tier',
  life: 'recurring',
  contributions: { 'sim-1mb': '1 MB', meter: '0 MB' },
  limits: { 'sim-1mb': '30 MB' },
  tiers: [{ size: 'contributions' }, { size: '100 MB', flat: '5.50' }, { rate: '0.02', per: '1 MB' }],
} as const
const PLAN = {
  kind: 'SharePlan',
  id: 'fleet',
  name: 'Fleet',
  active: true,
  'share-level': 'account',
  'selling-product': 'fleet-plan',
  'usage-billing': { every: 1, unit: 'month' },
  participating: [{ product: 'sim-1mb' }, { 'service-type': 'meter' }],
  buckets: [FLEET_DATA],
} as const
const ADDED = { kind: 'AccountSharePlan', account: 'U', plan: 'fleet', from: '2026-10-15T12:00:00Z' } as const
const ALL: ReadonlyArray<Body> = [ACCOUNT, PRODUCT, METER, SELLING, RATE_PLAN, BUCKET, BASE, PLAN, ADDED]

/** The documents with each of `changed` in the place of the one of its kind and name, or added. */
function reading(...changed: ReadonlyArray<Body>) {
  const named = new Map<string, Body>()
  for (const body of [...ALL, ...changed]) named.set(`${body.kind}/${catalogueDocumentName(body.kind, body)}`, body)
  return readCatalogue([...named.values()].map((body) => ({ kind: body.kind, body })))
}

const messages = (...changed: ReadonlyArray<Body>) =>
  reading(...changed).issues.map(({ kind, name, message }) => `${kind} ${name}: ${message}`)

const withBucket = (changed: object) => ({ ...PLAN, buckets: [{ ...FLEET_DATA, ...changed }] })

describe('the documents of the provider', () => {
  it('read as values in base units and exact texts', () => {
    const { catalogue, issues } = reading()
    expect(issues).toEqual([])
    expect(catalogue.accounts.get('U')).toEqual({
      account: 'U',
      parent: '',
      usageInvoicer: '',
      name: '',
      currency: 'USD',
      timeZone: 'America/New_York',
      cycleDay: 15,
    })
    const [plan] = catalogue.sharePlans.values()
    const [bucket] = plan?.buckets ?? []
    expect(bucket?.contributions).toEqual(
      new Map([
        ['sim-1mb', { text: '1 MB', base: MB }],
        ['meter', { text: '0 MB', base: 0n }],
      ]),
    )
    expect(bucket?.tiers).toEqual([
      { size: { kind: 'contributions' }, flat: null, rate: null },
      { size: { kind: 'own', size: { text: '100 MB', base: 100n * MB }, growth: null }, flat: '5.50', rate: null },
      { size: { kind: 'endless' }, flat: null, rate: { per: { text: '1 MB', base: MB }, price: '0.02' } },
    ])
    expect(catalogue.accountSharePlans).toEqual([
      {
        account: 'U',
        plan: 'fleet',
        from: { kind: 'instant', micros: Date.UTC(2026, 9, 15, 12) * 1000 },
        until: null,
      },
    ])
  })

  it('say who we are, and what bills and usage come to at least', () => {
    const { catalogue, issues } = reading(
      { kind: 'Provider', id: 'harbour', name: 'Harbour Sensors' },
      { ...ACCOUNT, minimum: 50 },
      { ...PRODUCT, minimum: '1.005' },
    )
    expect(issues).toEqual([])
    expect(catalogue.provider).toEqual({ provider: 'harbour', name: 'Harbour Sensors' })
    expect(catalogue.accounts.get('U')?.minimum).toBe('50')
    expect(catalogue.products.get('sim-1mb')?.minimum).toBe('1.005')
  })

  it('read increments and peak hours, those over midnight on both days', () => {
    const plan = reading().catalogue.ratePlans.get('standard')
    expect(plan?.rates.map(({ increment }) => increment)).toEqual([
      { text: '1 kB', firstBase: 1000n, followingBase: 1000n },
      { text: '60/60', firstBase: 60n, followingBase: 60n },
    ])
    expect(plan?.peak?.holidays).toEqual(['2026-12-25'])
    expect(plan?.peak?.spans).toEqual([
      ...[1, 2, 3, 4, 5].map((weekday) => ({ weekday, fromMinute: 420, untilMinute: 1140 })),
      { weekday: 6, fromMinute: 1320, untilMinute: 1440 },
      { weekday: 7, fromMinute: 0, untilMinute: 120 },
    ])
  })

  it('take the classes of a base bucket', () => {
    const { catalogue, issues } = reading({ ...BUCKET, accepts: undefined, base: 'data-mb' })
    expect(issues).toEqual([])
    expect(catalogue.buckets.get('own-100')?.accepts).toEqual([
      { usageType: 'data', zone: null, timeBand: null, network: null },
    ])
  })

  it('take an account of accounts.csv unless a document has its id', () => {
    const csv = { parent: '', usageInvoicer: '', name: 'csv', currency: 'USD', timeZone: 'UTC', cycleDay: 1 }
    const documents = [{ kind: 'Account' as const, body: ACCOUNT }]
    const { catalogue } = readCatalogue(documents, [
      { ...csv, account: 'U' },
      { ...csv, account: 'V' },
    ])
    expect([...catalogue.accounts.values()].map(({ account, name }) => [account, name])).toEqual([
      ['U', ''],
      ['V', 'csv'],
    ])
  })

  it('are named by their id; a plan on an account by when it begins, however that is written', () => {
    expect(catalogueDocumentName('Bucket', BUCKET)).toBe('own-100')
    expect(catalogueDocumentName('AccountSharePlan', ADDED)).toBe('U fleet 2026-10-15T12:00:00Z')
    expect(catalogueDocumentName('AccountSharePlan', { ...ADDED, from: '2026-10-15T14:00+02:00' })).toBe(
      'U fleet 2026-10-15T12:00:00Z',
    )
    expect(catalogueDocumentName('AccountSharePlan', { ...ADDED, from: 'soon' })).toBe('')
  })

  it.each<[string, Body, string]>([
    ['no bucket', { ...PLAN, buckets: [] }, 'active: a plan needs at least one bucket before it can become active'],
    [
      'a fixed bucket without tiers',
      withBucket({ type: 'fixed', contributions: undefined, tiers: undefined }),
      'buckets[0].tiers: must be given; a fixed bucket is as large as its first tier',
    ],
    [
      'a tier after an endless one',
      withBucket({ tiers: [{ size: 'contributions' }, {}, { size: '1 MB' }] }),
      'buckets[0].tiers[1].size: must be given, because a tier without a size has no end and others follow it',
    ],
    [
      'contributions in a later tier',
      withBucket({ tiers: [{ size: 'contributions' }, { size: 'contributions' }] }),
      'buckets[0].tiers[1].size: only the first tier of a variable bucket is what is contributed',
    ],
    [
      'a size of its own in a single tier',
      withBucket({ tiers: [{ size: '10 MB' }] }),
      'buckets[0].tiers[0].size: of the first tier of a variable-single-tier bucket must be contributions',
    ],
    [
      'growth in a fixed bucket',
      withBucket({ type: 'fixed', contributions: undefined, tiers: [{ size: '1 MB', growth: '1 MB' }] }),
      'buckets[0].tiers[0].growth: belongs to a tier with a size of its own in a variable-multi-tier bucket',
    ],
    [
      'a contribution in another unit',
      withBucket({ contributions: { 'sim-1mb': '1 min' } }),
      'buckets[0].contributions.sim-1mb: is 1 min, which is no quantity of data',
    ],
    [
      'a limit of nobody',
      withBucket({ limits: { other: '1 MB' } }),
      'buckets[0].limits.other: does not participate in the plan',
    ],
    [
      'a limit that is no safe integer',
      withBucket({ limits: { 'sim-1mb': '9007199254740992 B' } }),
      'buckets[0].limits.sim-1mb: is at most 9007199254740991 B; leave it out where there is none',
    ],
    [
      'a rate without its measure',
      withBucket({ tiers: [{ size: 'contributions' }, { rate: 1 }] }),
      'buckets[0].tiers[1].per: must be given with a rate, such as 1 MB',
    ],
    [
      'a product without its rate',
      withBucket({ tiers: [{ size: 'contributions' }, { rates: { meter: 1 }, per: '1 MB' }] }),
      'buckets[0].tiers[1].rates: has no rate for sim-1mb, which participates',
    ],
    [
      'one participant twice',
      { ...PLAN, participating: [...PLAN.participating, { product: 'sim-1mb' }] },
      'participating[2]: product sim-1mb is listed already',
    ],
    [
      'a product that there is not',
      { ...PLAN, participating: [...PLAN.participating, { product: 'x' }] },
      'participating[2]: there is no Product x',
    ],
    [
      'rollover without a number of periods',
      withBucket({ life: 'recurring-rollover' }),
      'buckets[0].periods: must be given: into how many periods is the rest carried over?',
    ],
    [
      'classes of two units',
      withBucket({ accepts: [{ 'usage-type': 'data' }, { 'usage-type': 'voice' }] }),
      'buckets[0].accepts: names usage types of different units, which no one bucket can count',
    ],
    ['the id of another bucket', withBucket({ id: 'own-100' }), 'buckets[0].id: own-100 is the id of a Bucket own-100'],
    [
      'a selling product that there is not',
      { ...PLAN, 'selling-product': 'x' },
      'selling-product: there is no Product x',
    ],
    ['a key that there is not', { ...PLAN, colour: 'red' }, 'document: has no key "colour"'],
  ])('refuse a share plan with %s', (_, plan, message) => {
    expect(messages(plan)).toContain(`SharePlan fleet: ${message}`)
  })

  it('refuse a product or a service type in two plans, and name the plan that has it', () => {
    const other = {
      ...PLAN,
      id: 'second',
      'selling-product': undefined,
      buckets: [{ ...FLEET_DATA, id: 'second-data' }],
    }
    expect(messages(other)).toEqual([
      'SharePlan second: participating[0]: product sim-1mb participates in the share plan fleet already',
      'SharePlan second: participating[1]: service-type meter participates in the share plan fleet already',
    ])
  })

  it.each<[string, ReadonlyArray<Body>, string]>([
    [
      'a circle',
      [
        { ...ACCOUNT, parent: 'V' },
        { ...ACCOUNT, id: 'V', parent: 'U' },
      ],
      'Account U: parent: goes round in a circle: U → V → U',
    ],
    ['a parent that there is not', [{ ...ACCOUNT, parent: 'V' }], 'Account U: parent: there is no account V'],
    [
      'an invoicer with an invoicer',
      [
        { ...ACCOUNT, 'usage-invoicer': 'V' },
        { ...ACCOUNT, id: 'V', 'usage-invoicer': 'W' },
        { ...ACCOUNT, id: 'W' },
      ],
      'Account U: usage-invoicer: V has a usage invoicer itself (W); name that one instead',
    ],
    [
      'a minimum that is no amount of its currency',
      [{ ...ACCOUNT, currency: 'JPY', minimum: '10.50' }],
      'Account U: minimum: 10.50 is no amount in JPY',
    ],
    ['a minimum below nothing', [{ ...ACCOUNT, minimum: -1 }], 'Account U: minimum: is -1 and must not be negative'],
    [
      'a second provider',
      [
        { kind: 'Provider', id: 'harbour' },
        { kind: 'Provider', id: 'haven' },
      ],
      'Provider haven: id: the provider is harbour already, and there is one; delete that document first',
    ],
    [
      'an invoicer in another currency',
      [
        { ...ACCOUNT, 'usage-invoicer': 'V' },
        { ...ACCOUNT, id: 'V', currency: 'EUR' },
      ],
      'Account U: usage-invoicer: V is billed in EUR, and U in USD',
    ],
    [
      'itself as its invoicer',
      [{ ...ACCOUNT, 'usage-invoicer': 'U' }],
      'Account U: usage-invoicer: names the account itself; leave it out',
    ],
    ['no currency', [{ ...ACCOUNT, currency: 'XYZ' }], 'Account U: currency: is no ISO 4217 code in use'],
    [
      'a zone without clock changes',
      [{ ...ACCOUNT, 'time-zone': '+02:00' }],
      'Account U: time-zone: is no IANA name such as America/New_York or UTC',
    ],
  ])('refuse accounts with %s', (_, accounts, message) => {
    expect(messages(...accounts)).toContain(message)
  })

  it.each<[string, Body, string]>([
    [
      'a rate for nothing',
      { ...RATE_PLAN, rates: [{ 'usage-type': 'data', price: 1, per: '0 MB' }] },
      'RatePlan standard: rates[0].per: must be more than nothing',
    ],
    [
      'an increment of another kind',
      { ...RATE_PLAN, rates: [{ 'usage-type': 'data', price: 1, per: '1 MB', increment: '60/60' }] },
      'RatePlan standard: rates[0].increment: is 60/60; write a block such as 1 kB',
    ],
    [
      'a quantity without a unit',
      { ...RATE_PLAN, rates: [{ 'usage-type': 'data', price: 1, per: 1 }] },
      'RatePlan standard: rates[0].per: is 1 without a unit; write it as 100 B',
    ],
    [
      'hours that overlap',
      { ...RATE_PLAN, peak: { 'mon-fri': '07:00-19:00', wed: '18:00-20:00' } },
      'RatePlan standard: peak: says twice that wed has peak hours at the same time',
    ],
    [
      'a negative price',
      { ...RATE_PLAN, rates: [{ 'usage-type': 'data', price: -1, per: '1 MB' }] },
      'RatePlan standard: rates[0].price: is -1 and must not be negative',
    ],
    [
      'a rate plan that there is not',
      { ...PRODUCT, 'rate-plan': 'x' },
      'Product sim-1mb: rate-plan: there is no RatePlan x',
    ],
    [
      'a bucket that is on an account',
      { ...BUCKET, on: { account: 'U' } },
      'Product sim-1mb: buckets: own-100 is on the account U and comes with no service',
    ],
    [
      'a bucket that ends before it begins',
      { ...BUCKET, life: 'one-time', from: '2026-10-02', until: '2026-10-01' },
      'Bucket own-100: until: is 2026-10-01, which is not after from (2026-10-02); until is exclusive',
    ],
    [
      'dates on a recurring bucket',
      { ...BUCKET, from: '2026-10-02' },
      'Bucket own-100: from: needs life one-time, and the life is recurring',
    ],
    [
      'a base that there is not',
      { ...BUCKET, accepts: undefined, base: 'x' },
      'Bucket own-100: base: there is no BaseBucket x',
    ],
    [
      'a plan twice at one time',
      { ...ADDED, from: '2026-11-01' },
      'AccountSharePlan U fleet 2026-11-01: from: the account U has the share plan fleet already at that time',
    ],
    [
      'a wall-clock time of nowhere',
      { ...ADDED, from: '2026-10-15 12:00' },
      'AccountSharePlan : from: is 2026-10-15 12:00; write an instant with its offset, such as 2026-10-15T12:00:00Z, or a date',
    ],
    [
      'a flat charge that the currency cannot hold',
      { ...ACCOUNT, currency: 'JPY' },
      'AccountSharePlan U fleet 2026-10-15T12:00:00Z: plan: fleet charges a flat 5.50 in its bucket fleet-data, which is no amount in JPY',
    ],
  ])('refuse %s', (_, body, message) => {
    expect(messages(body)).toContain(message)
  })

  it('say what is wrong with one document before the others are there', () => {
    expect(issuesOfCatalogueDocument({ kind: 'Product', body: PRODUCT })).toEqual([])
    expect(issuesOfCatalogueDocument({ kind: 'Product', body: { ...PRODUCT, id: '' } })).toEqual([
      'id: must not be empty',
    ])
  })
})
