import { describe, expect, it } from 'vitest'
import { formatUsage } from './format-usage.ts'
import { baseUnitOf, toBaseUnits, type UsageType } from './unit.ts'

describe('usage as a person reads it', () => {
  it.each<[bigint, UsageType, string]>([
    [200_000_000_000n, 'data', '200 GB'],
    [1_500_000n, 'data', '1.5 MB'],
    [1_234_567_890_123n, 'data', '1.234567890123 TB'],
    [999n, 'data', '999 B'],
    [0n, 'data', '0 B'],
    [-2_000n, 'data', '-2 kB'],
    [18_000n, 'voice', '300 min'],
    [90n, 'voice', '90 s'],
    [1_234_567n, 'messaging', '1,234,567'],
    [3_000_000n, 'storage', '3 MBh'],
  ])('%s of %s is %s', (base, usageType, text) => {
    expect(formatUsage(base, usageType)).toBe(text)
    const [quantity = '', unit = baseUnitOf(usageType)] = text.replaceAll(',', '').split(' ')
    expect(toBaseUnits(quantity, unit, usageType)).toEqual({ ok: true, base })
  })
})
