import { describe, expect, it } from 'vitest'
import { rowTest } from './condition.ts'

describe('conditions on a row', () => {
  it.each([
    ['Plan', ' plan ', true],
    ['Plan', 'Plans', false],
    [['A', 'B'], 'b', true],
    [['A', 'B'], 'c', false],
    [{ pattern: '^G' }, 'G0007', true],
    [{ pattern: '^G' }, '5550', false],
    [{ empty: true }, ' ', true],
    [{ empty: false }, ' ', false],
    [{ not: 'Plan' }, 'plan', false],
    [{ not: ['A', 'B'] }, 'C', true],
    [{ not: { pattern: '^G' } }, 'G1', false],
  ])('%j holds for "%s": %s', (condition, cell, holds) => expect(rowTest({ X: condition })(() => cell)).toBe(holds))

  it('must all hold, and none at all always do', () => {
    const cellOf = (column: string) => ({ X: 'a', Y: 'b' })[column] ?? ''
    expect(rowTest({ X: 'a', Y: 'b' })(cellOf)).toBe(true)
    expect(rowTest({ X: 'a', Y: 'c' })(cellOf)).toBe(false)
    expect(rowTest()(cellOf)).toBe(true)
  })
})
