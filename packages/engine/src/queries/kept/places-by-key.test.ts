import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placesByKey } from './places-by-key.ts'

/** Rows by their keys, 0 for none, put in order one by one: what is equal stays as it is stored. */
function naive(keys: ReadonlyArray<number>, isDescending: boolean): number[] {
  return keys
    .map((_, place) => place)
    .sort((left, right) => {
      const [one, other] = [keys[left] as number, keys[right] as number]
      if (one === 0 || other === 0) return Number(one === 0) - Number(other === 0) || left - right
      return (isDescending ? other - one : one - other) || left - right
    })
}

describe('rows by a key that they are stored by', () => {
  it('are those that a sort would give, from any place to any other', () => {
    const keys = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 12 }).map((all) => all.sort((a, b) => a - b))
    fc.assert(
      fc.property(keys, fc.boolean(), fc.nat(14), fc.nat(14), (stored, isDescending, from, count) => {
        const unnamed = stored.filter((key) => key === 0).length
        const keyAt = (place: number) => stored[place] as number
        const places = placesByKey({ keyAt, isDescending, unnamed, of: stored.length, from, until: from + count })
        expect(places).toEqual(naive(stored, isDescending).slice(from, from + count))
      }),
    )
  })
})
