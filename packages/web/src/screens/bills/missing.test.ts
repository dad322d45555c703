import { describe, expect, it } from 'vitest'
import { missingOf, monthBefore } from './missing.ts'

const bill = (vendor: string, account: string) => ({
  ...{ vendor, account, invoice: `${account}-9`, currency: 'USD', total: '10.00', charges: '10.00' },
})

describe('missing bills', () => {
  it('are those of accounts that billed the month before, and those that a schedule waits for', () => {
    const missing = missingOf({
      before: [bill('b', '2'), bill('a', '1'), bill('a', '1')],
      now: [{ vendor: 'b', account: '2' }],
      expected: [
        { vendor: 'c', account: '3' },
        { vendor: 'b', account: '2' },
      ],
    })
    expect(missing.map(({ vendor, before, isExpected }) => [vendor, before.length, isExpected])).toEqual([
      ['a', 2, false],
      ['c', 0, true],
    ])
  })

  it('an account of another vendor is another account', () => {
    const missing = missingOf({ before: [bill('a', '1')], now: [{ vendor: 'b', account: '1' }], expected: [] })
    expect(missing).toHaveLength(1)
  })

  it.each([
    ['2026-10', '2026-09'],
    ['2026-01', '2025-12'],
  ])('looks from %s back to %s', (period, before) => {
    expect(monthBefore(period)).toBe(before)
  })
})
