import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RowTails } from './row-tails.ts'

/** What the rows of a file are split into; how many of them the tails were asked for, and split. */
function splitAll(rows: ReadonlyArray<string>) {
  const tails = new RowTails(',')
  const text = `${rows.join('\n')}\n`
  let at = 0
  let splitByTails = 0
  for (const row of rows) {
    const cells = tails.split(text, at, at + row.length)
    if (cells !== null) {
      splitByTails += 1
      expect(cells).toEqual(row.split(','))
    }
    at += row.length + 1
  }
  return splitByTails
}

const few = fc.constantFrom('', 'MB', 'min', ' x', 'é', '0', 'a text longer than others')
const rowOf = fc.tuple(fc.nat(), fc.array(few, { minLength: 5, maxLength: 7 }))

describe('rows that end alike', () => {
  it('are split as they would be one by one, whatever follows', () => {
    const head = Array.from({ length: 2048 }, (_, at) => `E${at},${at % 97},MB,domestic,peak,${at % 3},,,`)
    const property = fc.property(fc.array(rowOf, { minLength: 1, maxLength: 50 }), (rows) => {
      const more = rows.map(([number, cells]) => `E${number},${cells.join(',')}`)
      expect(splitAll([...head, ...more, 'E1,5,MB,domestic,peak,1,,,', 'E1', '', ',,,,,,,,,,,,'])).toBeGreaterThan(0)
    })
    fc.assert(property, { numRuns: 100, seed: 1 })
  })

  it('are left to be split one by one where they are few, or end in many ways', () => {
    const alike = Array.from({ length: 2047 }, (_, at) => `E${at},a,b,c,d`)
    expect(splitAll(alike)).toBe(0)
    expect(splitAll([...alike, 'E1,a,b,c,d', 'E2,a,b,c,d'])).toBe(1)
    expect(splitAll(Array.from({ length: 5000 }, (_, at) => `a,b,c,d,E${at}`))).toBe(0)
    expect(splitAll(Array.from({ length: 5000 }, () => 'a,b,c,d'))).toBe(0)
  })

  it('are given up where the rows that follow end otherwise, or are too short', () => {
    const alike = Array.from({ length: 2048 }, (_, at) => `E${at},a,b,c,d`)
    const others = Array.from({ length: 5000 }, (_, at) => `E${at},a,b,c,d${at}`)
    expect(splitAll([...alike, ...others])).toBe(513)
    expect(splitAll([...alike, ...Array.from({ length: 5000 }, () => 'E'), 'E1,a,b,c,d'])).toBe(0)
  })
})
