import { expect, it } from 'vitest'
import { rate, service, shareBucket, sharePlan, tier } from './small-provider.ts'

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
