import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placesOfLargest } from './places-of-largest.ts'

describe('the places of the largest', () => {
  it('are those that sorting all of them begins with, equal ones in their order', () => {
    const values = fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.bigInt({ min: -5n, max: 5n })), {
      maxLength: 80,
    })
    fc.assert(
      fc.property(values, fc.nat({ max: 90 }), fc.boolean(), (mixed, count, isDescending) => {
        const numbers = mixed.map(BigInt)
        const sorted = numbers
          .map((value, place) => ({ value, place }))
          .sort((a, b) => {
            const [left, right] = isDescending ? [b, a] : [a, b]
            return left.value < right.value ? -1 : left.value > right.value ? 1 : a.place - b.place
          })
          .map(({ place }) => place)
        const found = placesOfLargest((place) => numbers[place] as bigint, { count, isDescending, of: numbers.length })
        expect(found).toEqual(sorted.slice(0, count))
      }),
    )
  })
})
