import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineDifferences, onlyChanges } from './line-differences.ts'

const said = (before: string, after: string) => lineDifferences(before, after).map(({ sign, text }) => `${sign}${text}`)

describe('what is different between two texts', () => {
  it.each([
    ['nothing', 'a\nb\n', 'a\nb\n', [' a', ' b']],
    ['a line that was put in', 'a\nc\n', 'a\nb\nc\n', [' a', '+b', ' c']],
    ['a line that was taken out', 'a\nb\nc\n', 'a\nc\n', [' a', '-b', ' c']],
    ['a line that was changed', 'size: 1\n', 'size: 2\n', ['-size: 1', '+size: 2']],
    ['all of it', '', 'a\n', ['+a']],
  ])('is %s', (_, before, after, lines) => {
    expect(said(before, after)).toEqual(lines)
  })

  it('gives either text back, whatever they are', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 }).map((lines) => lines.join('\n'))
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = lineDifferences(before, after)
        const of = (sign: string) => lines.filter((line) => line.sign !== sign).map((line) => line.text)
        expect(of('+').join('\n')).toBe(before)
        expect(of('-').join('\n')).toBe(after)
      }),
    )
  })

  it('leaves out what is far from any change', () => {
    const before = ['1', '2', '3', '4', '5', '6', '7', '8'].join('\n')
    const lines = onlyChanges(lineDifferences(before, before.replace('7', 'x')), 1)
    expect(lines.map((line) => (line === null ? '…' : `${line.sign}${line.text}`))).toEqual([
      '…',
      ' 6',
      '-7',
      '+x',
      ' 8',
    ])
  })
})
