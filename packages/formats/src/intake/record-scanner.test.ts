import { Refusal } from '@spillway/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS, type IntakeLimits } from './part.ts'
import { RecordScanner } from './record-scanner.ts'

function scan(
  text: string,
  { limits = {}, skip = 0, pieces = [text] }: { limits?: Partial<IntakeLimits>; skip?: number; pieces?: string[] } = {},
) {
  const scanner = new RecordScanner({
    delimiter: ',',
    limits: { ...DEFAULT_LIMITS, ...limits },
    name: 'the file',
    skip,
  })
  return [...pieces.flatMap((piece) => scanner.push(piece, false)), ...scanner.push('', true)]
}

const brief = (text: string) => scan(text).map((r) => ('cells' in r ? [r.line, ...r.cells] : [r.line, `! ${r.raw}`]))

describe('records', () => {
  it.each<[string, string, (string | number)[][]]>([
    [
      'plain cells',
      'a,b\nc,d',
      [
        [1, 'a', 'b'],
        [2, 'c', 'd'],
      ],
    ],
    [
      'CRLF, CR and LF in one file',
      'a\r\nb\rc\nd',
      [
        [1, 'a'],
        [2, 'b'],
        [3, 'c'],
        [4, 'd'],
      ],
    ],
    [
      'blank lines and rows of delimiters passed over',
      '\n\na\n,, ,\n  \nb\n',
      [
        [3, 'a'],
        [6, 'b'],
      ],
    ],
    [
      'empty cells kept',
      'a,,\n,b,',
      [
        [1, 'a', '', ''],
        [2, '', 'b', ''],
      ],
    ],
    [
      'quotes with delimiters, quotes and line breaks',
      '"a,""b""\nc","d"\ne',
      [
        [1, 'a,"b"\nc', 'd'],
        [3, 'e'],
      ],
    ],
    [
      'an empty quoted cell',
      '"",a\n"""",b',
      [
        [1, '', 'a'],
        [2, '"', 'b'],
      ],
    ],
    ['blanks around a quoted cell', 'x, "a,b" ,y', [[1, 'x', 'a,b', 'y']]],
    ['a quote inside a cell without quotes', '5" disk,b', [[1, '5" disk', 'b']]],
    ['a stray quote inside a quoted cell', '"5" disk",b', [[1, '5" disk', 'b']]],
    [
      'CRLF inside a quoted cell',
      '"a\r\nb",c\r\nd',
      [
        [1, 'a\r\nb', 'c'],
        [3, 'd'],
      ],
    ],
  ])('has %s', (_, text, expected) => {
    expect(brief(text)).toEqual(expected)
  })

  it.each<[string, string, (string | number)[][]]>([
    [
      'at the end of the file',
      'a,"b\nc,d\ne,f',
      [
        [1, '! a,"b'],
        [2, 'c', 'd'],
        [3, 'e', 'f'],
      ],
    ],
    [
      'before a later quoted cell',
      'a,"b\nc,"d"\ne',
      [
        [1, '! a,"b'],
        [2, 'c', 'd'],
        [3, 'e'],
      ],
    ],
    [
      'before a line that begins with a quote',
      '"a,1\n"b",2',
      [
        [1, '! "a,1'],
        [2, 'b', '2'],
      ],
    ],
    [
      'in every line',
      '"a\n"b\n"c',
      [
        [1, '! "a'],
        [2, '! "b'],
        [3, '! "c'],
      ],
    ],
    [
      'at a cell that began without its own',
      '"a,"b"\nc',
      [
        [1, '! "a,"b"'],
        [2, 'c'],
      ],
    ],
  ])('cost one line where a quote is missing %s', (_, text, expected) => {
    expect(brief(text)).toEqual(expected)
  })

  it('passes over lines before the header', () => {
    expect(scan('Report "x\nof,today\na,b\n', { skip: 2 })).toMatchObject([{ line: 3, cells: ['a', 'b'] }])
  })

  it('are beyond the limits with too many cells, or too long a cell', () => {
    const limits = { columnsMax: 3, cellLengthMax: 5 }
    expect(scan('a,b,c\n1,2,3,4\nabcdef\n', { limits })).toMatchObject([
      { line: 1, cells: ['a', 'b', 'c'] },
      { line: 2, isBeyondLimits: true },
      { line: 3, isBeyondLimits: true },
    ])
  })

  it('refuse a line beyond the limit, and cut a quoted cell that grows beyond it back to its line', () => {
    const limits = { recordLengthMax: 20 }
    expect(() => scan(`a\n${'x'.repeat(21)}`, { limits })).toThrow(Refusal)
    const rows = scan(`"a\n${'b\n'.repeat(20)}`, { limits })
    expect(rows).toHaveLength(21)
    expect(rows[0]).toMatchObject({ line: 1, raw: '"a' })
  })

  it('refuse quotes that are made to be read again and again', () => {
    const text = '"" ""\n'.repeat(300_000)
    expect(() => scan(text)).toThrow(/quotes of the file do not pair/)
  }, 30_000)
})

describe('any text at all', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', 'b', ',', '"', '\n', '\r', '\r\n', ' ', 'é'), maxLength: 60 })

  it('loses no character that is not a line end, a blank or a delimiter', () => {
    const bare = (text: string) => text.replace(/[\r\n, ]/g, '')
    const isKept = fc.property(texts, (text) => {
      // Rows of nothing but delimiters, blanks and empty quoted cells are passed over.
      const kept = bare(
        scan(text)
          .map((record) => record.raw)
          .join(''),
      )
      expect(kept.replaceAll('"', '')).toBe(bare(text).replaceAll('"', ''))
    })
    fc.assert(isKept, { numRuns: 2000 })
  })

  it('gives the same records in whatever pieces it comes', () => {
    const cuts = fc.array(fc.nat(60), { maxLength: 6 })
    fc.assert(
      fc.property(texts, cuts, (text, places) => {
        const ends = [...new Set([...places.map((place) => Math.min(place, text.length)), text.length])].sort(
          (a, b) => a - b,
        )
        const pieces = ends.map((end, index) => text.slice(index === 0 ? 0 : ends[index - 1], end))
        expect(scan(text, { pieces })).toEqual(scan(text))
      }),
      { numRuns: 2000 },
    )
  })

  it('numbers the lines as an editor does', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const lines = text.split(/\r\n|\r|\n/)
        for (const record of scan(text)) {
          expect(lines[record.line - 1]).toBe(record.raw.split(/\r\n|\r|\n/)[0])
        }
      }),
      { numRuns: 2000 },
    )
  })
})
