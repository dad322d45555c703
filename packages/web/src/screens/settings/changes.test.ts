import { describe, expect, it } from 'vitest'
import { changesOf } from './changes.ts'

describe('what an entry of the audit log changed', () => {
  it.each([
    ['nothing', { a: 1 }, { a: 1 }, []],
    ['a value', { a: 1, b: 'x' }, { a: 2, b: 'x' }, [['a', '1', '2']]],
    [
      'something new',
      undefined,
      { name: 'n', on: true },
      [
        ['name', undefined, 'n'],
        ['on', undefined, 'true'],
      ],
    ],
    ['something deleted', { a: { b: null } }, undefined, [['a.b', 'null', undefined]]],
    [
      'within a list',
      { l: ['a', 'b'] },
      { l: ['a', 'c', 'd'] },
      [
        ['l.1', 'b', 'c'],
        ['l.2', undefined, 'd'],
      ],
    ],
    [
      'an empty list',
      { l: [] },
      { l: ['a'] },
      [
        ['l.0', undefined, 'a'],
        ['l', '[]', undefined],
      ],
    ],
    ['a bare value', 'x', 'y', [['', 'x', 'y']]],
  ])('says %s', (_what, before, after, expected) => {
    expect(changesOf(before, after).map((one) => [one.path, one.before, one.after])).toEqual(expected)
  })
})
