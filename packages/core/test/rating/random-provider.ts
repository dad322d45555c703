// Random catalogues, services and usage for the tests: small numbers and few instants, so that ties, empty buckets, limits
// and period ends meet often.

import type {
  AccountSharePlan,
  Bucket,
  BucketLife,
  RatedService,
  RatePlan,
  SharePlanBucket,
  UsageClass,
} from '@spillway/core'
import fc from 'fast-check'
import {
  account,
  added,
  bucket,
  day,
  EVENT,
  EVENT_CLASS,
  product,
  type Shop,
  service,
  shareBucket,
  sharePlan,
  tier,
  units,
} from './small-provider.ts'

export const CLASSES: ReadonlyArray<UsageClass> = [
  EVENT_CLASS,
  { ...EVENT_CLASS, zone: 'roaming' },
  { ...EVENT_CLASS, usageType: 'messaging' },
]
export const FROM = '2026-09-01'
export const UNTIL = '2026-12-01'

export type Arrival = {
  readonly source: string
  readonly id: string
  readonly start: number
  readonly row: number
  readonly usageClass: number
  readonly quantity: bigint
}
export type World = {
  readonly shop: Required<Shop>
  readonly services: ReadonlyArray<RatedService>
  /** As they arrive: shuffled, some twice. */
  readonly arrivals: ReadonlyArray<Arrival>
}

const MESSAGE = { ...EVENT, usageType: 'messaging' } as const
const matches = fc.constantFrom(
  [EVENT],
  [EVENT],
  [{ ...EVENT, zone: 'roaming' as const }],
  [{ ...EVENT, zone: 'domestic' as const }],
  [MESSAGE],
  [MESSAGE, EVENT],
)
const price = fc.constantFrom('0', '0.10', '0.125', '0.033', '1', '0.000000001')
const hour = 3_600_000_000
const dates = ['2026-09-10', '2026-10-01', '2026-10-15', '2026-11-20'].map(day)

const rollover = fc
  .record({ periods: fc.integer({ min: 1, max: 3 }), atMost: fc.option(fc.integer({ min: 0, max: 12 })) })
  .map(({ periods, atMost }) => ({
    life: 'recurring-rollover' as const,
    periods,
    atMost: atMost === null ? null : units(atMost),
  }))
const moment = fc.constantFrom(...dates, null).map((on) => (on === null ? null : momentOf(on)))
const oneTime = fc.record({ life: fc.constant('one-time' as const), from: moment, until: moment }).map((life) => {
  const [from, until] = [life.from?.micros ?? 0, life.until?.micros ?? Number.POSITIVE_INFINITY]
  return from < until ? life : { ...life, from: null }
})
const recurring = fc.constant({ life: 'recurring' as const })
const life: fc.Arbitrary<BucketLife> = fc.oneof(recurring, rollover, oneTime)

function momentOf(on: string) {
  return { kind: 'instant' as const, micros: Date.parse(`${on}T12:00:00Z`) * 1000 }
}

const ratePlan = (id: string): fc.Arbitrary<RatePlan> =>
  fc
    .array(
      fc.record({
        match: matches.map(([one]) => one ?? EVENT),
        product: fc.constantFrom('', '', 'P1'),
        price,
        per: fc.constantFrom(units(1), units(3)),
        increment: fc.constant(null),
        minimum: fc.option(fc.constantFrom('0.30', '0.005')),
        connection: fc.option(fc.constantFrom('0.02', '0.001')),
      }),
      { maxLength: 3 },
    )
    .map((rates) => ({ ratePlan: id, name: id, rates, peak: null }))

const placed = fc.constantFrom(null, null, null, 'root', 'left', 'leaf')
const anyBucket = (id: string): fc.Arbitrary<Bucket> =>
  fc
    .record({
      amount: fc.integer({ min: 0, max: 15 }),
      life,
      accepts: matches,
      priority: fc.constantFrom(1, 1, 2),
      placed,
      isShared: fc.boolean(),
    })
    .map(({ amount, placed: on, isShared, ...rest }) => {
      return bucket(id, amount, { ...rest, on: on === null ? null : { account: on, isSharedToChildren: isShared } })
    })

const rateOf = fc.option(
  fc.oneof(
    price.map((one) => ({ per: units(1), price: one })),
    fc.tuple(price, price).map(([one, other]) => ({
      per: units(2),
      price: new Map([
        ['P1', one],
        ['type', other],
      ]),
    })),
  ),
)
const furtherTier = fc
  .record({
    size: fc.integer({ min: 0, max: 9 }),
    growth: fc.option(fc.integer({ min: 0, max: 3 })),
    flat: fc.option(fc.constantFrom('5.00', '0.10')),
    rate: rateOf,
  })
  .map(({ size, growth, ...rest }) => {
    const grown = growth === null ? null : units(growth)
    return { ...rest, size: { kind: 'own' as const, size: units(size), growth: grown } }
  })

const quantities = fc.constantFrom('P1', 'type').chain((first) =>
  fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 5 }), fc.boolean()).map(([a, b, isBoth]) => {
    const other = first === 'P1' ? 'type' : 'P1'
    return new Map(
      isBoth
        ? [
            [first, units(a)],
            [other, units(b)],
          ]
        : [[first, units(a)]],
    )
  }),
)

const planBucket = (id: string, orders: ReadonlyArray<'time' | 'highest-rate'>): fc.Arbitrary<SharePlanBucket> =>
  fc
    .record({
      accepts: matches,
      type: fc.constantFrom('fixed' as const, 'variable-single-tier' as const, 'variable-multi-tier' as const),
      life: fc.oneof(recurring, rollover),
      pricing: fc.constantFrom('progressive' as const, 'bracket' as const),
      order: fc.constantFrom(...orders),
      contributions: fc.oneof(fc.constant(new Map()), quantities),
      limits: fc.oneof(fc.constant(new Map()), quantities),
      first: furtherTier,
      further: fc.array(furtherTier, { maxLength: 2 }),
      last: fc.option(rateOf),
    })
    .map(({ first, further, last, ...rest }) => {
      const opening =
        rest.type === 'variable-single-tier' ? { ...first, size: { kind: 'contributions' as const } } : first
      const end = last === null ? [] : [tier(null, { rate: last })]
      return shareBucket(id, { ...rest, tiers: [opening, ...further, ...end] })
    })

const PLAN_STARTS = ['2026-08-20', '2026-09-01', '2026-09-20T07:00:00Z', '2026-10-15T12:00:00Z']
const addedTo = (plan: string): fc.Arbitrary<ReadonlyArray<AccountSharePlan>> => {
  const ended = fc.option(fc.constantFrom('2026-10-20', '2026-11-05T06:00:00Z'))
  const once = fc.tuple(fc.constantFrom('root', 'left', 'leaf'), fc.constantFrom(...PLAN_STARTS), ended, fc.boolean())
  return fc.array(once, { minLength: 1, maxLength: 3 }).map((list) => {
    const onlyOnce = [...new Map(list.map((one) => [one[0], one])).values()]
    return onlyOnce.flatMap(([on, from, until, isAgain]) => {
      const again = isAgain && until !== null ? [added(on, plan, '2026-11-10')] : []
      return [added(on, plan, from, until), ...again]
    })
  })
}

const rows: fc.Arbitrary<ReadonlyArray<RatedService>> = fc
  .array(
    fc.record({
      account: fc.constantFrom('root', 'left', 'leaf', 'right'),
      product: fc.constantFrom('P1', 'P2', 'P3'),
      serviceType: fc.constantFrom('type', 'other'),
      change: fc.option(fc.constantFrom(...dates)),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((list) =>
    list.flatMap(({ change, ...rest }, number) => {
      const id = `S${number}`
      if (change === null) return [service(id, rest)]
      const next = rest.product === 'P1' ? 'P2' : 'P1'
      return [service(id, { ...rest, until: change }), service(id, { ...rest, product: next, from: change })]
    }),
  )

export type WorldShape = { readonly orders?: ReadonlyArray<'time' | 'highest-rate'>; readonly quantityMax?: bigint }

export function randomWorld({ orders = ['time'], quantityMax = 9n }: WorldShape = {}): fc.Arbitrary<World> {
  const ids = ['b1', 'b2', 'b3', 'b4']
  const own = fc.subarray(ids)
  return fc
    .record({
      cycleDays: fc.tuple(...[1, 2, 3, 4].map(() => fc.constantFrom(1, 1, 1, 15))),
      invoicers: fc.tuple(fc.boolean(), fc.boolean()),
      buckets: fc.tuple(...ids.map(anyBucket)),
      ownBuckets: fc.tuple(own, own, own),
      ratePlans: fc.tuple(ratePlan('standard'), ratePlan('dear')),
      planBuckets: fc.tuple(planBucket('x1', orders), planBucket('x2', orders), planBucket('y1', orders)),
      plan: fc.record({
        shareLevel: fc.constantFrom('account' as const, 'usage-invoicer' as const),
        usageBilling: fc.constantFrom(
          { every: 1, unit: 'month' as const },
          { every: 1, unit: 'month' as const },
          { every: 2, unit: 'month' as const },
          { every: 10, unit: 'day' as const },
          { every: 2, unit: 'week' as const },
        ),
        isContributionProrated: fc.boolean(),
      }),
      added: fc.tuple(addedTo('X'), addedTo('Y')),
      services: rows,
      uses: fc.array(
        fc.record({
          day: fc.integer({ min: 0, max: 90 }),
          hour: fc.constantFrom(0, 7, 12),
          who: fc.nat(),
          usageClass: fc.integer({ min: 0, max: 2 }),
          quantity: fc.bigInt(0n, quantityMax),
          isTwice: fc.boolean(),
          shuffle: fc.nat(),
        }),
        { maxLength: 40 },
      ),
    })
    .map((draw): World => {
      const [rootDay = 1, leftDay = 1, leafDay = 1, rightDay = 1] = draw.cycleDays
      const [isLeafInvoiced, isRightInvoiced] = draw.invoicers
      const participating = [{ by: 'product', id: 'P1' } as const, { by: 'service-type', id: 'type' } as const]
      const [x1, x2, y1] = draw.planBuckets
      const isForServices = new Set(draw.buckets.filter(({ on }) => on === null).map((one) => one.bucket))
      const shop = {
        accounts: [
          account('root', { cycleDay: rootDay }),
          account('left', { cycleDay: leftDay, parent: 'root' }),
          account('leaf', { cycleDay: leafDay, parent: 'left', usageInvoicer: isLeafInvoiced ? 'root' : '' }),
          account('right', { cycleDay: rightDay, usageInvoicer: isRightInvoiced ? 'left' : '' }),
        ],
        products: ['P1', 'P2', 'P3'].map((id, at) =>
          product(id, {
            buckets: (draw.ownBuckets[at] ?? []).filter((one) => isForServices.has(one)),
            ratePlan: id === 'P3' ? 'dear' : 'standard',
          }),
        ),
        ratePlans: draw.ratePlans,
        buckets: draw.buckets,
        plans: [
          sharePlan('X', [x1, x2], { ...draw.plan, participating }),
          sharePlan('Y', [y1], { participating: [{ by: 'product', id: 'P3' }] }),
        ],
        added: draw.added.flat(),
      }
      return { shop, services: draw.services, arrivals: arrivalsOf(draw.uses, draw.services) }
    })
}

type RandomUse = {
  day: number
  hour: number
  who: number
  usageClass: number
  quantity: bigint
  isTwice: boolean
  shuffle: number
}

function arrivalsOf(uses: ReadonlyArray<RandomUse>, services: ReadonlyArray<RatedService>): Arrival[] {
  const found = uses.map((use, number) => {
    const start = Date.parse(`${FROM}T00:00:00Z`) * 1000 + (use.day * 24 + use.hour) * hour
    const { service: who } = services[use.who % services.length] as RatedService
    const on = new Date(start / 1000).toISOString().slice(0, 10)
    const row = services.findIndex(
      (one) => one.service === who && (one.from === null || on >= one.from) && (one.until === null || on < one.until),
    )
    const { usageClass, quantity } = use
    const event = {
      source: number % 2 === 0 ? 'b' : 'a',
      id: `${use.who % 7}-${number}`,
      start,
      row,
      usageClass,
      quantity,
    }
    return { events: use.isTwice ? [event, event] : [event], shuffle: use.shuffle }
  })
  return found.sort((a, b) => a.shuffle - b.shuffle).flatMap(({ events }) => events)
}
