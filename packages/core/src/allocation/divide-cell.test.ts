import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { divideCell } from './divide-cell.ts'

describe('the parts of lines in a divided sum', () => {
  it('are by proportion, to the cent', () => {
    // 31 days, of which one owner has 16 and the other 15: 62.00 of 60.00 and 2.00.
    expect(divideCell([6000n, 200n], [3200n, 3000n])).toEqual([
      [3097n, 2903n],
      [103n, 97n],
    ])
  })

  it('sum to every line and to every column, whatever their signs', () => {
    const amounts = fc.array(fc.bigInt({ min: -10_000n, max: 10_000n }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(amounts, amounts, (lines, columns) => {
        const total = lines.reduce((sum, amount) => sum + amount, 0n)
        const last = columns.slice(1).reduce((sum, amount) => sum + amount, 0n)
        const fitting = [total - last, ...columns.slice(1)]
        const parts = divideCell(lines, fitting)
        expect(parts.map((row) => row.reduce((sum, part) => sum + part, 0n))).toEqual(lines)
        expect(fitting.map((_, at) => parts.reduce((sum, row) => sum + (row[at] as bigint), 0n))).toEqual(fitting)
      }),
    )
  })
})
