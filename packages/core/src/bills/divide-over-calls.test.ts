import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { divideByLargestRemainder } from '../money/largest-remainder.ts'
import { divideOverCalls } from './divide-over-calls.ts'
import { listingKey, shareOverKeys } from './share-over-keys.ts'

function amountsOf(total: bigint, used: ReadonlyArray<number>): bigint[] {
  const amounts = divideOverCalls(total, used)
  return Array.from({ length: amounts.length }, (_, place) => amounts.at(place))
}

describe('divideOverCalls', () => {
  it.each([
    [100n, [30, 30, 30], [34n, 33n, 33n]],
    [-100n, [30, 30, 30], [-34n, -33n, -33n]],
    [1n, [1, 3, 3], [0n, 1n, 0n]],
    [0n, [5, 0], [0n, 0n]],
    [7n, [60], [7n]],
    [10n, [0, 60], [0n, 10n]],
    [9_007_199_254_740_993n, [1, 1], [4_503_599_627_370_497n, 4_503_599_627_370_496n]],
  ])('%s over %s is %s', (total, used, parts) => {
    expect(amountsOf(total, used)).toEqual(parts)
  })

  it('is the largest remainder in exact numbers, whichever way it was reckoned', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
        fc
          .array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 40 })
          .filter((used) => used.some(Boolean)),
        (total, used) => {
          const holders = used.map((weight, index) => ({
            weight: BigInt(weight),
            tieBreak: String(index).padStart(3, '0'),
          }))
          expect(amountsOf(total, used)).toEqual(divideByLargestRemainder(total, holders))
        },
      ),
    )
  })

  it('gives what is left to the same calls of many, whichever way they are found', () => {
    for (const calls of [4096, 4097]) {
      const used = Array.from({ length: calls }, (_, place) => (place * 7919) % 1013)
      const holders = used.map((weight, place) => ({
        weight: BigInt(weight),
        tieBreak: String(place).padStart(4, '0'),
      }))
      expect(amountsOf(123_457n, used)).toEqual(divideByLargestRemainder(123_457n, holders))
    }
  })

  it('refuses to charge calls that used nothing', () => {
    expect(() => divideOverCalls(1n, [0, 0])).toThrow('used something')
  })
})

describe('shareOverKeys', () => {
  it('divides by days and shares, the smaller key first where remainders are equal', () => {
    const thirds = new Map([
      ['b', 1],
      ['a', 1],
      ['', 1],
    ])
    expect([...shareOverKeys(100n, thirds)]).toEqual([
      ['b', 33n],
      ['a', 33n],
      ['', 34n],
    ])
  })

  it('lists a call where most of it is, and in one section alone', () => {
    expect(
      listingKey(
        new Map([
          ['x', 400_000],
          ['y', 600_000],
        ]),
      ),
    ).toBe('y')
    expect(
      listingKey(
        new Map([
          ['y', 1],
          ['x', 1],
        ]),
      ),
    ).toBe('x')
  })
})
