import { describe, expect, it } from 'vitest'
import { LastAsked } from './last-asked.ts'

describe('what was asked for last', () => {
  it('is kept, and what nobody asked for longest goes', () => {
    const last = new LastAsked<string, number>(2)
    last.set('a', 1)
    last.set('b', 2)
    expect(last.get('a')).toBe(1)
    last.set('c', 3)
    expect(['a', 'b', 'c'].map((key) => last.get(key))).toEqual([1, undefined, 3])
    expect(last.size).toBe(2)
  })

  it('is what was set last under its key, which counts as asking', () => {
    const last = new LastAsked<string, number>(2)
    last.set('a', 1)
    last.set('b', 2)
    last.set('a', 3)
    last.set('c', 4)
    expect([...last.entries()]).toEqual([
      ['a', 3],
      ['c', 4],
    ])
  })

  it('may be nothing, which is not the same as not kept', () => {
    const last = new LastAsked<string, null>(1)
    last.set('a', null)
    expect([last.get('a'), last.get('b')]).toEqual([null, undefined])
  })

  it('can be let go of, one or all', () => {
    const last = new LastAsked<string, number>(3)
    for (const [at, key] of ['a', 'b', 'c'].entries()) last.set(key, at)
    last.delete('b')
    expect([...last.entries()].map(([key]) => key)).toEqual(['a', 'c'])
    last.clear()
    expect(last.size).toBe(0)
  })
})
