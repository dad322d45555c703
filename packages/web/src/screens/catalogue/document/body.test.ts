import { describe, expect, it } from 'vitest'
import { inOrderOf, isSame, moved, pathOf, sayPath, setAt, textAt } from './body.ts'

describe('a document in a form', () => {
  const BODY = { id: 'p', buckets: [{ id: 'a', tiers: [{ size: '1 MB' }] }] }

  it('is another once a place of it is changed, and the one before stays', () => {
    const changed = setAt(BODY, ['buckets', 0, 'tiers', 0, 'size'], '2 MB')
    expect(textAt(changed, ['buckets', 0, 'tiers', 0, 'size'])).toBe('2 MB')
    expect(textAt(BODY, ['buckets', 0, 'tiers', 0, 'size'])).toBe('1 MB')
  })

  it('has a key no more that has no value, and the key that held it neither once that is set to nothing', () => {
    expect(setAt({ recurring: { amount: 1, in: 'advance' } }, ['recurring', 'in'], undefined)).toEqual({
      recurring: { amount: 1 },
    })
    expect(setAt({ on: { account: 'U' } }, ['on', 'account'], undefined)).toEqual({})
    expect(setAt({ id: 'p' }, ['on', 'account'], undefined)).toEqual({ id: 'p' })
  })

  it.each([
    [['buckets', 0, 'tiers', 1, 'size'], 'buckets[0].tiers[1].size', 'buckets 1, tiers 2, size'],
    [['usage-billing', 'every'], 'usage-billing.every', 'usage billing, every'],
    [[], '', ''],
  ])('has the place %j', (place, path, said) => {
    expect(pathOf(place)).toBe(path)
    expect(sayPath(path)).toBe(said)
  })

  it.each([
    [{ a: 4, b: [1] }, { b: ['1'], a: '4' }, true],
    [{ a: 4 }, { a: 4, b: undefined }, true],
    [{ a: [1, 2] }, { a: [2, 1] }, false],
  ])('%j and %j say the same: %s', (one, other, expected) => {
    expect(isSame(one, other)).toBe(expected)
  })

  it('keeps the order of its keys, and new ones come last', () => {
    const after = inOrderOf(
      { id: 1, name: 2, buckets: [{ a: 1, b: 2 }] },
      { buckets: [{ b: 2, a: 1 }], extra: 1, id: 1, name: 3 },
    )
    expect(JSON.stringify(after)).toBe('{"id":1,"name":3,"buckets":[{"a":1,"b":2}],"extra":1}')
  })

  it('moves what is in a list no further than its ends', () => {
    expect(moved(['a', 'b'], 0, 1)).toEqual(['b', 'a'])
    expect(moved(['a', 'b'], 1, 1)).toEqual(['a', 'b'])
  })
})
