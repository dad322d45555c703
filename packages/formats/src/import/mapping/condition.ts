// Conditions on the cells of a row: whether a mapping's `when` or `ignore` applies. Knows only titles and texts.
import type { SourceCondition, SourceConditions } from './source-schema.ts'

export type CellOf = (column: string) => string
export type RowTest = (cellOf: CellOf) => boolean

const same = (left: string, right: string) => left.trim().toLowerCase() === right.trim().toLowerCase()

function cellTest(condition: SourceCondition): (cell: string) => boolean {
  if (typeof condition === 'string') return (cell) => same(cell, condition)
  if (Array.isArray(condition)) return (cell) => condition.some((value) => same(cell, value))
  if ('pattern' in condition) {
    const pattern = new RegExp(condition.pattern, 'iu')
    return (cell) => pattern.test(cell)
  }
  if ('empty' in condition) return (cell) => (cell.trim() === '') === condition.empty
  const inner = cellTest(condition.not)
  return (cell) => !inner(cell)
}

/** All conditions hold; none at all hold always. */
export function rowTest(conditions: SourceConditions = {}): RowTest {
  const tests = Object.entries(conditions).map(([column, condition]) => ({ column, holds: cellTest(condition) }))
  return (cellOf) => tests.every(({ column, holds }) => holds(cellOf(column)))
}
