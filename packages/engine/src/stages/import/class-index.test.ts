import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ClassIndex } from './class-index.ts'

const cell = fc.constantFrom<string | number | bigint | boolean | null>('', 'a', 'b', '1', 1, 1n, 2, true, false, null)

describe('numbers of classes', () => {
  it('are one for each combination of the columns that make a class, in the order in which they came', () => {
    const property = fc.property(
      fc.array(fc.tuple(cell, cell, cell, cell), { maxLength: 200 }),
      fc.constantFrom([0], [0, 2], [3, 1, 0]),
      (rows, positions) => {
        const index = new ClassIndex(positions)
        const known: Array<ReadonlyArray<unknown>> = []
        for (const row of rows) {
          const combination = positions.map((at) => row[at])
          const isSame = (other: ReadonlyArray<unknown>) => other.every((one, at) => one === combination[at])
          if (!known.some(isSame)) known.push(combination)
          expect(index.numberOf(row)).toBe(known.findIndex(isSame))
          expect(index.size).toBe(known.length)
        }
      },
    )
    fc.assert(property, { numRuns: 100, seed: 1 })
  })
})
