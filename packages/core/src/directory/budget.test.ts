import { describe, expect, it } from 'vitest'
import { useOfBudget } from './budget.ts'

describe('useOfBudget', () => {
  it.each<[what: string, budget: string, currency: string, spent: bigint, left: bigint | null, share: string]>([
    ['a part of it', '1000.50', 'USD', 250n, 99_800n, '0.002498751'],
    ['all of it', '100', 'EUR', 10_000n, 0n, '1.000000000'],
    ['more than there is', '100', 'EUR', 12_550n, -2_550n, '1.255000000'],
    ['a credit', '100', 'EUR', -2_500n, 12_500n, '-0.250000000'],
    ['a currency without decimals', '1500', 'JPY', 500n, 1_000n, '0.333333333'],
    ['a budget finer than its currency', '0.0050', 'USD', 1n, null, '2.000000000'],
    ['a budget of nothing', '0', 'USD', 100n, -100n, ''],
    ['no budget', '', 'USD', 100n, null, ''],
  ])('says what is left of %s', (_, budget, currency, spentMinor, leftMinor, share) =>
    expect(useOfBudget(budget, { currency, spentMinor })).toEqual({ leftMinor, share }),
  )
})
