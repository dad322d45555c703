import { describe, expect, it } from 'vitest'
import { RowIdentity } from './row-identity.ts'

describe('the names of rows', () => {
  it('come from what the rows say, and count the identical ones', () => {
    const identity = new RowIdentity()
    const [first, other, second] = [['a', 'b'], ['c'], ['a', 'b']].map((cells) => identity.nameOf(cells))
    expect(first).toMatch(/^[0-9a-f]{12}\.1$/)
    expect(second).toBe(first?.replace(/1$/, '2'))
    expect(other).not.toBe(first)
    expect(new RowIdentity().nameOf(['a', 'b'])).toBe(first)
  })

  it('tell cells apart that only look alike side by side', () => {
    expect(new RowIdentity().nameOf(['ab', 'c'])).not.toBe(new RowIdentity().nameOf(['a', 'bc']))
  })

  it('are unique over many rows, in whatever order they come', () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => [String(index % 7000)])
    const forward = new RowIdentity()
    const backward = new RowIdentity()
    const names = rows.map((row) => forward.nameOf(row))
    expect(new Set(names).size).toBe(20_000)
    expect(new Set(rows.toReversed().map((row) => backward.nameOf(row)))).toEqual(new Set(names))
  })
})
