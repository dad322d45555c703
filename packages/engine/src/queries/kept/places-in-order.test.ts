import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placesInOrder } from './places-in-order.ts'
import { placesOfLargest } from './places-of-largest.ts'

const EDGES = [-(2 ** 31), -(2 ** 31) + 1, -1, 0, 1, 2 ** 31 - 2, 2 ** 31 - 1]

describe('all places in order', () => {
  it('are those of the largest, as many as there are, either way round', () => {
    const value = fc.oneof(fc.constantFrom(...EDGES), fc.integer({ min: -5, max: 5 }))
    fc.assert(
      fc.property(fc.array(value), fc.boolean(), (values, isDescending) => {
        const of = values.length
        const valueAt = (place: number) => values[place] as number
        expect([...(placesInOrder(valueAt, { of, isDescending }) ?? [])]).toEqual(
          placesOfLargest(valueAt, { count: of, of, isDescending }),
        )
      }),
    )
  })

  it('tell the last of two million from the one before it, at the largest value there is', () => {
    const of = 2 ** 21
    for (const [value, isDescending] of [
      [2 ** 31 - 1, false],
      [-(2 ** 31), true],
    ] as const) {
      const places = placesInOrder(() => value, { of, isDescending })
      expect([places?.[0], places?.[of - 2], places?.[of - 1]]).toEqual([0, of - 2, of - 1])
    }
  })

  it.each([
    ['a value is larger', 3, 2 ** 31],
    ['a value is smaller', 3, -(2 ** 31) - 1],
    ['a value may be of any size', 3, 5n],
    ['there are more', 2 ** 21 + 1, 0],
  ])('are left to others where %s', (_, of, value) => {
    expect(placesInOrder(() => value, { of, isDescending: false })).toBeNull()
  })
})
