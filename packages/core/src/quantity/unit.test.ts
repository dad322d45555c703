import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { baseUnitOf, toBaseUnits, type UsageType } from './unit.ts'

describe('toBaseUnits', () => {
  it.each<[string, string, UsageType, bigint]>([
    ['1.5', 'min', 'voice', 90n],
    ['46.5', 'min', 'conference', 2790n],
    ['8.1', 'min', 'voice', 486n],
    ['0.01', 'min', 'voice', 1n],
    ['1', 'kB', 'data', 1000n],
    ['1', 'KiB', 'data', 1024n],
    ['3.5', 'GiB', 'data', 3758096384n],
    ['0.0005', 'kB', 'data', 1n],
    ['-1.5', 'B', 'data', -2n],
    ['2', 'h', 'voice', 7200n],
    ['12', 'count', 'messaging', 12n],
    ['1.25', 'GBh', 'storage', 1_250_000_000n],
    ['3', 'count', 'app', 3n],
  ])('%s %s of %s is %s', (text, unit, usageType, base) =>
    expect(toBaseUnits(text, unit, usageType)).toEqual({ ok: true, base }),
  )

  it.each<[string, string, UsageType, string]>([
    ['1', 'KB', 'data', 'unknown-unit'],
    ['1', 'constructor', 'data', 'unknown-unit'],
    ['1', 'min', 'data', 'unit-of-other-type'],
    ['1', 'count', 'voice', 'unit-of-other-type'],
    ['1,000', 'B', 'data', 'unreadable'],
    ['NA', 'B', 'data', 'unreadable'],
    ['9223373', 'TB', 'data', 'too-large'],
  ])('refuses %s %s of %s: %s', (text, unit, usageType, reason) =>
    expect(toBaseUnits(text, unit, usageType)).toEqual({ ok: false, reason }),
  )

  it('names the base unit of a usage type', () => {
    expect((['data', 'voice', 'messaging', 'storage'] as const).map(baseUnitOf)).toEqual(['B', 's', 'count', 'Bh'])
  })
})

describe('a small quantity', () => {
  it('comes to what exact integers say, rounded up', () => {
    const units = fc.constantFrom(['B', 1n], ['kB', 1000n], ['KiB', 1024n], ['MB', 10n ** 6n], [
      'TiB',
      1024n ** 4n,
    ] as const)
    const written = fc.tuple(fc.nat(999_999), fc.stringMatching(/^[0-9]{0,9}$/), units)
    fc.assert(
      fc.property(written, ([whole, fraction, [unit, size]]) => {
        const scale = 10n ** BigInt(fraction.length)
        const numerator = BigInt(`${whole}${fraction}`) * BigInt(size)
        const base = (numerator + scale - 1n) / scale
        const text = fraction === '' ? `${whole}` : `${whole}.${fraction}`
        expect(toBaseUnits(text, String(unit), 'data')).toEqual({ ok: true, base })
      }),
    )
  })
})
