import { expect, it } from 'vitest'
import { added, rate, service, shareBucket, sharePlan, tier, units } from './small-provider.ts'

it('keeps what was drawn from a tier without end when a run goes on in the middle of a period', () => {
  const usageBilling = { every: 1, unit: 'year' } as const
  const plans = [sharePlan('fleet', [shareBucket('pool', { tiers: [tier(10), tier(null)] })], { usageBilling })]
  const period = { shop: { plans }, services: [service('A')] }
  const uses = [
    { at: '2026-10-05', who: 'A', quantity: 15 },
    { at: '2026-10-25', who: 'A', quantity: 5 },
  ]
  const first = rate({ ...period, until: '2026-10-20' }, uses.slice(0, 1))
  const second = rate({ ...period, from: '2026-10-20', opening: first.balances }, uses.slice(1))
  const whole = rate(period, uses)
  expect(first.balances.map(({ drawnBase }) => drawnBase)).toEqual([15n])
  expect(second.balances).toEqual(whole.balances)
  expect(second.histories.map(({ tiers }) => tiers.map(({ drawnBase }) => drawnBase))).toEqual([[10n, 10n]])
})

it('takes over what a rated bucket left in a period that ended where the run begins', () => {
  const life = { life: 'recurring-rollover', periods: 1, atMost: null } as const
  const pool = shareBucket('pool', { life, tiers: [tier(10), tier(null, { rate: { per: units(1), price: '0.10' } })] })
  const period = {
    shop: { plans: [sharePlan('fleet', [pool])], added: [added('U', 'fleet', '2026-10-01')] },
    services: [service('A')],
  }
  const uses = [
    { at: '2026-10-05', who: 'A', quantity: 4 },
    { at: '2026-11-05', who: 'A', quantity: 18 },
  ]
  const until = '2026-12-01'
  const first = rate({ ...period, from: '2026-10-01', until: '2026-11-01' }, uses.slice(0, 1))
  const second = rate({ ...period, from: '2026-11-01', until, opening: first.balances }, uses.slice(1))
  // 6 of October are left, 10 are November's own, and 2 are rated.
  expect(second.rows.map(({ tier, quantityBase, amountMinor }) => [tier, quantityBase, amountMinor])).toEqual([
    [1, 16n, 0n],
    [2, 2n, 20n],
  ])
})
