import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shareOfChange } from './change.ts'
import { changesOf } from './series-changes.ts'

describe('shareOfChange', () => {
  it.each([
    [100n, 125n, '0.250000000'],
    [100n, 0n, '-1.000000000'],
    [3n, 4n, '0.333333333'],
    [3n, 5n, '0.666666667'],
    [3n, 1n, '-0.666666667'],
    [1n, 2_000_000n, '1999999.000000000'],
    [-100n, -150n, '-0.500000000'],
    [-100n, 50n, '1.500000000'],
    [7n, 7n, '0.000000000'],
    [2n ** 62n, 2n ** 62n - 1n, '0.000000000'],
    [0n, 5n, ''],
    [0n, 0n, ''],
  ])('of %s to %s is %j', (before, now, share) => expect(shareOfChange({ before, now })).toBe(share))
})

describe('changesOf', () => {
  it('compares with the month and the year before, and with nothing where a month is not known', () => {
    const series = [10n, null, ...Array.from({ length: 10 }, () => 20n), 25n, 30n]
    const changes = changesOf(series)
    expect(changes[0]).toEqual({ onMonth: null, onYear: null })
    expect(changes[1]).toEqual({ onMonth: null, onYear: null })
    expect(changes[2]).toEqual({ onMonth: null, onYear: null })
    expect(changes[3]).toEqual({ onMonth: { change: 0n, share: '0.000000000' }, onYear: null })
    expect(changes[12]).toEqual({
      onMonth: { change: 5n, share: '0.250000000' },
      onYear: { change: 15n, share: '1.500000000' },
    })
    expect(changes[13]).toEqual({ onMonth: { change: 5n, share: '0.200000000' }, onYear: null })
  })

  it('telescopes: the first month and all changes come to the last one, by month and by year', () => {
    const minor = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    fc.assert(
      fc.property(fc.array(minor, { minLength: 1, maxLength: 40 }), (series) => {
        const changes = changesOf(series)
        const last = series.at(-1)
        expect(changes.reduce((sum, { onMonth }) => sum + (onMonth?.change ?? 0n), series[0] ?? 0n)).toBe(last)
        const yearly = changes.filter((_, index) => (series.length - 1 - index) % 12 === 0)
        const first = series[(series.length - 1) % 12] ?? 0n
        expect(yearly.reduce((sum, { onYear }) => sum + (onYear?.change ?? 0n), first)).toBe(last)
      }),
    )
  })
})
