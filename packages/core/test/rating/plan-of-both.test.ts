import { expect, it } from 'vitest'
import { account, added, rate, service, shareBucket, sharePlan, tier } from './small-provider.ts'

it('bills what is out of bucket at the end of its own plan, where an account and its invoicer both have it', () => {
  const shareLevel = 'usage-invoicer' as const
  const period = {
    shop: {
      accounts: [account('U'), account('V', { usageInvoicer: 'U', cycleDay: 15 })],
      plans: [sharePlan('fleet', [shareBucket('pool', { tiers: [tier(0)] })], { shareLevel })],
      added: [added('U', 'fleet', '2026-09-01'), added('V', 'fleet', '2026-08-15')],
    },
    // The invoicer's service is met first.
    services: [service('A'), service('B', { account: 'V' })],
    from: '2026-09-01',
    until: '2026-12-01',
  }
  const { rows } = rate(period, [{ at: '2026-09-20T12:00:00Z', who: 'B', quantity: 1 }])
  // V's plan month ends on 15 October, in U's October.
  expect(rows.map(({ billedTo, periodStartOn }) => [billedTo, periodStartOn])).toEqual([['U', '2026-10-01']])
})
