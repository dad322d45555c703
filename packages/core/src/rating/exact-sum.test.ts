import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addRationals, type Rational, rationalOf } from '../allocation/rational.ts'
import { divideHalfAwayFromZero } from '../money/amount.ts'
import { exactPrice } from './exact-price.ts'
import { ExactSum } from './exact-sum.ts'

const price = fc
  .tuple(
    fc.oneof(fc.bigInt({ min: -20n, max: 20n }), fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n })),
    fc.oneof(fc.constantFrom(1n, 2n, 8n, 100_000n), fc.bigInt({ min: 1n, max: 2n ** 60n })),
  )
  .map(([numerator, denominator]) => rationalOf(numerator, denominator))
const quantity = fc.oneof(fc.nat(100), fc.maxSafeNat(), fc.bigInt({ min: 0n, max: 2n ** 70n }))

it('is the sum of fractions, rounded once, however large', () => {
  const property = (terms: ReadonlyArray<readonly [Rational, number | bigint]>) => {
    const sum = new ExactSum()
    let exact = rationalOf(0n)
    for (const [one, times] of terms) {
      sum.add(exactPrice(one), times)
      exact = addRationals(exact, rationalOf(one.numerator * BigInt(times), one.denominator))
    }
    const rounded = divideHalfAwayFromZero(exact.numerator, exact.denominator)
    expect(sum.rounded()).toBe(rounded)
    expect(sum.roundedSafely()).toBe(Number.isSafeInteger(Number(rounded)) ? Number(rounded) : rounded)
  }
  fc.assert(fc.property(fc.array(fc.tuple(price, quantity), { maxLength: 5 }), property), { numRuns: 1000 })
})
