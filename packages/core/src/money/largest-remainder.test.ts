import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareBytes, divideByLargestRemainder } from './largest-remainder.ts'

const holders = (weights: Record<string, bigint>) =>
  Object.entries(weights).map(([tieBreak, weight]) => ({ tieBreak, weight }))

describe('divideByLargestRemainder', () => {
  it.each([
    ['a hundred over three', 10000n, { a: 1n, b: 1n, c: 1n }, [3334n, 3333n, 3333n]],
    ['a credit mirrors a charge', -1000n, { a: 1n, b: 2n }, [-333n, -667n]],
    ['the larger remainder wins over the smaller id', 100n, { a: 1n, b: 2n }, [33n, 67n]],
    ['a tie goes to the smaller id, whatever the order', 1n, { b: 1n, a: 1n }, [0n, 1n]],
    ['a weight of zero gets nothing', 7n, { a: 0n, b: 1n }, [0n, 7n]],
    ['nothing is nothing', 0n, { a: 1n, b: 1n }, [0n, 0n]],
  ])('%s', (_, total, weights, expected) => {
    expect(divideByLargestRemainder(total, holders(weights))).toEqual(expected)
  })

  it.each([
    [[]],
    [[{ weight: 0n, tieBreak: 'a' }]],
    [
      [
        { weight: -1n, tieBreak: 'a' },
        { weight: 2n, tieBreak: 'b' },
      ],
    ],
  ])('throws a bug for weights that cannot share: %o', (bad) => {
    expect(() => divideByLargestRemainder(1n, bad)).toThrow()
  })

  it('sums to the total, stays within one unit of the exact share and does not depend on order', () => {
    const cases = fc.array(
      fc.record({ weight: fc.bigInt({ min: 0n, max: 10n ** 12n }), tieBreak: fc.string({ maxLength: 4 }) }),
      { minLength: 1, maxLength: 30 },
    )
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
        fc.uniqueArray(fc.string({ maxLength: 4 }), { minLength: 1, maxLength: 12 }),
        cases,
        (total, ids, weights) => {
          const list = ids.map((tieBreak, index) => ({
            tieBreak,
            weight: (weights[index]?.weight ?? 0n) + (index === 0 ? 1n : 0n),
          }))
          const sum = list.reduce((a, { weight }) => a + weight, 0n)
          const parts = divideByLargestRemainder(total, list)
          expect(parts.reduce((a, b) => a + b, 0n)).toBe(total)
          for (const [index, { weight }] of list.entries()) {
            const distance = (parts[index] as bigint) * sum - total * weight
            expect(distance < sum && distance > -sum).toBe(true)
          }
          const reversed = divideByLargestRemainder(total, [...list].reverse()).reverse()
          expect(reversed).toEqual(parts)
        },
      ),
    )
  })
})

describe('compareBytes', () => {
  it('orders like the UTF-8 bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (left, right) => {
        expect(Math.sign(compareBytes(left, right))).toBe(
          Math.sign(Buffer.compare(Buffer.from(left), Buffer.from(right))),
        )
      }),
    )
    expect(compareBytes('\uffff', '\u{10000}')).toBeLessThan(0)
  })
})
