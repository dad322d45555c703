import { describe, expect, it } from 'vitest'
import { amountAt, inFewBits, isSummable, sumsOf } from './amounts.ts'

const EDGE = 2n ** 31n

describe('amounts in memory', () => {
  it.each([
    ['that fit into 32 bits', [0n, -1n, 1n, EDGE - 1n, -EDGE], Int32Array],
    ['one of which is just too large', [0n, EDGE], BigInt64Array],
    ['one of which is just too small', [5n, -EDGE - 1n], BigInt64Array],
    ['that are as large as there are', [2n ** 63n - 1n, -(2n ** 63n)], BigInt64Array],
    ['of which there are none', [], Int32Array],
  ] as const)('%s are read as they were given', (_, given, kind) => {
    const amounts = inFewBits(BigInt64Array.from(given))
    expect(amounts).toBeInstanceOf(kind)
    expect(given.map((_minor, row) => amountAt(amounts, row))).toEqual(given)
  })

  it('are added exactly, of either kind', () => {
    for (const minors of [Array.from({ length: 5000 }, () => EDGE - 1n), [2n ** 60n, -1n, 2n ** 60n]]) {
      const amounts = inFewBits(BigInt64Array.from(minors))
      const sums = sumsOf(amounts, 2)
      for (let row = 0; row < minors.length; row += 1) sums.add(1, row)
      expect([sums.minorAt(0), sums.minorAt(1)]).toEqual([0n, minors.reduce((sum, minor) => sum + minor, 0n)])
    }
  })

  it('are not added here where a sum may be beyond 64 bits', () => {
    expect([isSummable(3, 2n ** 60n), isSummable(4, 2n ** 60n), isSummable(0, 2n ** 63n)]).toEqual([true, false, true])
  })
})
