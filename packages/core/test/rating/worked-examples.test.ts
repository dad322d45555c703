// The thirteen worked examples of spec, share plans, each as the page states it. A unit is one event.
import { adjustments } from '@spillway/core'
import { describe, expect, it } from 'vitest'
import {
  account,
  added,
  at,
  bucket,
  type Period,
  pricedAt,
  product,
  rate,
  service,
  shareBucket,
  sharePlan,
  shown,
  tier,
  totalMinor,
  units,
} from './small-provider.ts'

const pooled = (tiers: ReturnType<typeof tier>[], rest: Parameters<typeof shareBucket>[1] = {}): Period => ({
  shop: { plans: [sharePlan('fleet', [shareBucket('pool', { tiers, ...rest })])] },
  services: ['A', 'B', 'C', 'D'].map((id) => service(id)),
})

describe('the worked examples of share plans', () => {
  it.each([
    ['recurring', { life: 'recurring' } as const, 10n],
    ['with rollover of one period', { life: 'recurring-rollover', periods: 1, atMost: null } as const, 16n],
  ])('1 Replenished by contribution, %s', (_, life, november) => {
    const ten = Array.from({ length: 10 }, (__, number) => service(`S${number}`))
    const contributions = new Map([['sim', units(1)]])
    const tiers = [{ ...tier(0), size: { kind: 'contributions' } as const }]
    const shape = { type: 'variable-single-tier', contributions, tiers, life } as const
    const period = { ...pooled([], shape), services: ten, until: '2026-12-01' }
    const { histories, rows } = rate(period, [
      { at: '2026-10-05', who: 'S0', quantity: 4 },
      { at: '2026-11-05', who: 'S0', quantity: 20 },
    ])
    expect(histories.map(({ capacityBase, rolledInBase }) => [capacityBase, rolledInBase])).toEqual([
      [10n, 0n],
      [november, november - 10n],
    ])
    const inNovember = rows.filter((row) => row.periodStartOn === '2026-11-01')
    expect(inNovember.map((row) => [row.bucket, row.tier, row.quantityBase])).toEqual([
      ['', 0, 20n - november],
      ['pool', 1, november],
    ])
  })

  it('1 Replenished by contribution: of 16, the 6 that rolled in are drawn first', () => {
    const ten = Array.from({ length: 10 }, (__, number) => service(`S${number}`))
    const life = { life: 'recurring-rollover', periods: 1, atMost: null } as const
    const tiers = [{ ...tier(0), size: { kind: 'contributions' } as const }]
    const shape = { type: 'variable-single-tier', contributions: new Map([['sim', units(1)]]), tiers, life } as const
    const { histories } = rate({ ...pooled([], shape), services: ten, until: '2027-01-01' }, [
      { at: '2026-10-05', who: 'S0', quantity: 4 },
      { at: '2026-11-05', who: 'S0', quantity: 7 },
    ])
    // November drew the 6 of October and 1 of its own: 9 roll on, and nothing of October is lost.
    expect(histories.map(({ capacityBase }) => capacityBase)).toEqual([10n, 16n, 19n])
  })

  it('2 The order', () => {
    const shop = {
      accounts: [account('P'), account('U', { parent: 'P' })],
      products: [product('sim', { buckets: ['own'] })],
      buckets: [
        bucket('own', 100),
        bucket('mine', 50, { on: { account: 'U', isSharedToChildren: false } }),
        bucket('parents', 50, { on: { account: 'P', isSharedToChildren: true } }),
      ],
      plans: [sharePlan('fleet', [shareBucket('pool', { tiers: [tier(200)] })])],
    }
    const result = rate({ shop, services: [service('A')] }, [{ at: '2026-10-05', who: 'A', quantity: 450 }])
    expect(shown(result)).toEqual(['A out=50@500', 'A mine:1=50', 'A own:1=100', 'A parents:1=50', 'A pool:1=200'])
  })

  it('3 Two services, one pool', () => {
    const result = rate(pooled([tier(100)]), [
      { at: '2026-10-05T09:00Z', who: 'A', quantity: 60 },
      { at: '2026-10-05T10:00Z', who: 'B', quantity: 60 },
      { at: '2026-10-05T11:00Z', who: 'A', quantity: 10 },
    ])
    expect(shown(result)).toEqual(['A out=10@100', 'A pool:1=60', 'B out=20@200', 'B pool:1=40'])
  })

  it.each([
    [100, 0n],
    [101, 500n],
    [200, 500n],
    [250, 600n],
  ])('4 Tiers: %i units are %i', (quantity, amount) => {
    const tiers = [tier(100), tier(100, { flat: '5.00' }), tier(null, at('0.02'))]
    const result = rate(pooled(tiers), [{ at: '2026-10-05', who: 'A', quantity }])
    expect(totalMinor(result)).toBe(amount)
    expect(result.flats.map((flat) => [flat.service, flat.tier, flat.amountMinor])).toEqual(
      quantity > 100 ? [['A', 2, 500n]] : [],
    )
  })

  it.each([
    ['progressive', 40000n],
    ['bracket', 25000n],
  ] as const)('5 Progressive or bracket: 250 units %s are %i', (pricing, amount) => {
    const tiers = [tier(100, at('2.00')), tier(100, at('1.50')), tier(null, at('1.00'))]
    const result = rate(pooled(tiers, { pricing }), [{ at: '2026-10-05', who: 'A', quantity: 250 }])
    expect(totalMinor(result)).toBe(amount)
  })

  it('6 Limit', () => {
    const period = pooled([tier(100)], { limits: new Map([['sim', units(30)]]) })
    const result = rate(period, [{ at: '2026-10-05', who: 'A', quantity: 50 }])
    expect(shown(result)).toEqual(['A out=20@200', 'A pool:1=30'])
    expect(result.histories.map(({ capacityBase, drawnBase }) => [capacityBase, drawnBase])).toEqual([[100n, 30n]])
  })

  it('7 Multi-tier growth', () => {
    const grown = (size: number, growth: number) => ({
      ...tier(0),
      size: { kind: 'own', size: units(size), growth: units(growth) } as const,
    })
    const period = pooled([grown(0, 2), grown(10, 1), tier(null, at('0.50'))], { type: 'variable-multi-tier' })
    const result = rate(period, [{ at: '2026-10-05', who: 'A', quantity: 25 }])
    expect(shown(result)).toEqual(['A pool:1=8', 'A pool:2=14', 'A pool:3=3@150'])
  })

  it.each([
    ['usage-invoicer', ['A out=20@200', 'A pool:1=40', 'B pool:1=60']],
    ['account', ['A out=60@600', 'B out=60@600']],
  ] as const)('8 Usage invoicer: a plan at level %s', (shareLevel, expected) => {
    const shop = {
      accounts: [
        account('U'),
        account('P'),
        account('Q'),
        account('a', { parent: 'P', usageInvoicer: 'U' }),
        account('b', { parent: 'Q', usageInvoicer: 'U' }),
      ],
      plans: [sharePlan('fleet', [shareBucket('pool')], { shareLevel })],
    }
    const services = [service('A', { account: 'a' }), service('B', { account: 'b' })]
    const result = rate({ shop, services }, [
      { at: '2026-10-05T09:00Z', who: 'B', quantity: 60 },
      { at: '2026-10-05T10:00Z', who: 'A', quantity: 60 },
    ])
    expect(shown(result)).toEqual(expected)
    expect(new Set(result.rows.map(({ billedTo }) => billedTo))).toEqual(new Set(['U']))
  })

  it('9 Effective at once', () => {
    const { shop, services } = pooled([tier(100)])
    const fromNoon = { ...shop, added: [added('U', 'fleet', '2026-10-15T12:00:00Z')] }
    const result = rate({ shop: fromNoon, services }, [
      { at: '2026-10-15T11:59:00Z', who: 'A', quantity: 10 },
      { at: '2026-10-15T12:00:00Z', who: 'B', quantity: 10 },
    ])
    expect(shown(result)).toEqual(['A out=10@100', 'B pool:1=10'])
  })

  it.each([
    ['time', 200n],
    ['highest-rate', 50n],
  ] as const)('10 Highest rate first: %s bills %i', (order, amount) => {
    const { shop } = pooled([tier(10)], { order })
    const products = [product('sim'), product('dear', { ratePlan: 'dear' })]
    const participating = ['sim', 'dear'].map((id) => ({ by: 'product', id }) as const)
    const plans = (shop.plans ?? []).map((plan) => ({ ...plan, participating }))
    const result = rate(
      {
        shop: { products, plans, ratePlans: [pricedAt('0.05'), pricedAt('0.20', 'dear')] },
        services: [service('A'), service('B', { product: 'dear' })],
      },
      [
        { at: '2026-10-05T09:00Z', who: 'A', quantity: 10 },
        { at: '2026-10-05T10:00Z', who: 'B', quantity: 10 },
      ],
    )
    expect(totalMinor(result)).toBe(amount)
  })

  it('11 Late, for another', () => {
    const known = { at: '2026-10-02T10:00Z', who: 'A', quantity: 90 }
    const posted = rate(pooled([tier(100)]), [known])
    const again = rate(pooled([tier(100)]), [known, { at: '2026-10-01', who: 'B', quantity: 30 }])
    expect(shown(again)).toEqual(['A out=20@200', 'A pool:1=70', 'B pool:1=30'])
    const owed = adjustments({ rated: again.rows, posted: posted.rows, earlier: [] })
    expect(owed.map((one) => [one.service, one.periodStartOn, one.amountMinor])).toEqual([['A', '2026-10-01', 200n]])
    expect(adjustments({ rated: again.rows, posted: posted.rows, earlier: owed })).toEqual([])
  })

  it('12 Late', () => {
    const known = { at: '2026-10-02', who: 'A', quantity: 90 }
    const posted = rate(pooled([tier(100)]), [known])
    const again = rate(pooled([tier(100)]), [known, { at: '2026-10-20', who: 'A', quantity: 30 }])
    const owed = adjustments({ rated: again.rows, posted: posted.rows, earlier: [] })
    expect(owed.map((one) => [one.service, one.periodStartOn, one.amountMinor])).toEqual([['A', '2026-10-01', 200n]])
  })

  it('13 Rated pool, rates by product', () => {
    const byProduct = (a: string, b: string) => ({
      rate: {
        per: units(1),
        price: new Map([
          ['pa', a],
          ['pb', b],
        ]),
      },
    })
    const tiers = [
      tier(100, byProduct('0', '0')),
      tier(400, byProduct('0.10', '0.08')),
      tier(500, byProduct('0.08', '0.06')),
    ]
    const uses = [
      { at: '2026-10-01', who: 'A', quantity: 125 },
      { at: '2026-10-02', who: 'B', quantity: 300 },
      { at: '2026-10-03', who: 'A', quantity: 200 },
      { at: '2026-10-04', who: 'B', quantity: 150 },
    ]
    const billed = [1, 2, 3, 4].map((count) => {
      const participating = ['pa', 'pb'].map((id) => ({ by: 'product', id }) as const)
      const plans = [sharePlan('fleet', [shareBucket('pool', { tiers })], { participating })]
      const services = [service('A', { product: 'pa' }), service('B', { product: 'pb' })]
      const shop = { plans, products: [product('pa'), product('pb')] }
      return totalMinor(rate({ shop, services }, uses.slice(0, count)))
    })
    const each = billed.map((amount, index) => amount - (billed[index - 1] ?? 0n))
    expect(each).toEqual([250n, 2400n, 1750n, 900n])
    expect(billed.at(-1)).toBe(5300n)
  })
})
