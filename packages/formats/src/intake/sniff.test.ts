import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from './part.ts'
import { sniffDelimiter } from './sniff.ts'

describe('a delimiter', () => {
  it.each([
    ['a,b,c\n1,2,3\n', ','],
    ['a;b;c\n1,5;2,5;3,5\n4,5;5,5;6,5\n', ';'],
    ['a\tb\n"1,2"\tx, y, z\n3\tw\n', '\t'],
    ['a|b|c\n1|2;3|4\n', '|'],
    ['Taxes, Fees\tTotal\tDate\n1\t2\tJan 1, 2026\n', '\t'],
    ['a,"b;c;d",e\n1,"2;3;4",5\n', ','],
    ['alone\n1\n2\n', ','],
    ['', ','],
    ['a;b\n1;2\n3,4\n5;6\n', ';'],
  ])('of %j is %j', (text, delimiter) => {
    expect(sniffDelimiter(text, { limits: DEFAULT_LIMITS, skip: 0, isWhole: true })).toBe(delimiter)
  })

  it('is looked for behind the lines passed over', () => {
    const text = 'Report, of, today, and, more\n\na;b\n1;2\n'
    expect(sniffDelimiter(text, { limits: DEFAULT_LIMITS, skip: 1, isWhole: true })).toBe(';')
  })
})
