import pc from 'picocolors'
import { describe, expect, it } from 'vitest'
import { wrap } from './wrap.ts'

describe('a long line', () => {
  it.each([
    ['short', 20, 0, ['short']],
    ['one two three', 7, 0, ['one two', 'three']],
    ['  one two three', 9, 4, ['  one two', '    three']],
    ['place:1  30.00  (own)', 15, 2, ['place:1  30.00 ', '  (own)']],
    ['/a/very/long/path:12 x', 10, 2, ['/a/very/long/path:12', '  x']],
    ['', 10, 2, ['']],
  ])('%j in %i columns, indented by %i, is %j', (text, width, indent, lines) => {
    expect(wrap(text, { width, indent })).toEqual(lines)
  })

  it('is as long as it looks, whatever its colours', () => {
    const { red } = pc.createColors(true)
    expect(wrap(`${red('one')} two`, { width: 7 })).toEqual([`${red('one')} two`])
  })
})
