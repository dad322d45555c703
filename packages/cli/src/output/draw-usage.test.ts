import { describe, expect, it } from 'vitest'
import { drawUsage, usageTypeOf } from './draw-usage.ts'

describe('usage in a table', () => {
  it.each([
    ['200000000000', 'data', '200.0 GB'],
    ['1048576', 'data', '1.0 MB'],
    ['999949999', 'data', '999.9 MB'],
    ['1234500000000000', 'data', '1,234.5 TB'],
    ['999', 'data', '999 B'],
    ['-1500000', 'data', '-1.5 MB'],
    ['0', 'data', '0 B'],
    ['90', 'voice', '1.5 min'],
    ['59', 'conference', '59 s'],
    ['3386760', 'voice', '56,446.0 min'],
    ['5544', 'messaging', '5,544'],
    ['2000000000', 'storage', '2.0 GBh'],
  ] as const)('%s of %s is %s', (base, usageType, expected) => {
    expect(drawUsage(base, usageType)).toBe(expected)
  })

  it('stays as it is where its usage type is not known', () => {
    expect(drawUsage('12', undefined)).toBe('12')
    expect(drawUsage('', 'data')).toBe('')
  })

  it('is of the type that the row names', () => {
    const columns = [
      { key: 'service', title: 'Service', kind: 'text' },
      { key: 'usage_class', title: 'Usage class', kind: 'text' },
    ] as const
    expect(usageTypeOf({ columns, row: ['a', 'voice/domestic/peak'] })).toBe('voice')
    expect(usageTypeOf({ columns, row: ['a', 'smoke'] })).toBeUndefined()
    expect(usageTypeOf({ columns: columns.slice(0, 1), row: ['data'] })).toBeUndefined()
  })
})
