import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { downOf, labelSteps, levelsOf } from './chart-scale.ts'

describe('the levels of a chart', () => {
  it.each([
    [[], [0, 1]],
    [
      [0, 0],
      [0, 1],
    ],
    [
      [3, 9.4],
      [0, 2, 4, 6, 8, 10],
    ],
    [[1000], [0, 200, 400, 600, 800, 1000]],
    [[0.3], [0, 0.1, 0.2, 0.3]],
    [
      [-40, 120],
      [-50, 0, 50, 100, 150],
    ],
    [[-7], [-8, -6, -4, -2, 0]],
    [[61_234_567.89], [0, 20_000_000, 40_000_000, 60_000_000, 80_000_000]],
  ])('of %j are %j', (values, levels) => {
    expect(levelsOf(values)).toEqual(levels)
  })

  it('are round in the unit in which they are read: seconds in minutes', () => {
    expect(levelsOf([90 * 60], 60)).toEqual([0, 1200, 2400, 3600, 4800, 6000])
    expect(levelsOf([], 60)).toEqual([0, 60])
  })

  it('are few, have zero, and every value is between the first and the last', () => {
    const amount = fc
      .double({ min: -1e12, max: 1e12, noNaN: true })
      .filter((value) => value === 0 || Math.abs(value) > 1e-6)
    fc.assert(
      fc.property(fc.array(amount, { minLength: 1, maxLength: 30 }), (values) => {
        const levels = levelsOf(values)
        expect(levels).toContain(0)
        expect(levels.length).toBeGreaterThan(1)
        expect(levels.length).toBeLessThan(8)
        expect([...levels].sort((one, other) => one - other)).toEqual(levels)
        for (const value of values) {
          const down = downOf(value, levels, 200)
          expect(down).toBeGreaterThanOrEqual(0)
          expect(down).toBeLessThanOrEqual(200)
        }
      }),
    )
  })
})

it('what is more stands higher', () => {
  const levels = levelsOf([10])
  expect([10, 5, 0].map((value) => downOf(value, levels, 100))).toEqual([0, 50, 100])
})

it.each([
  [1, 'Oct 26', 1],
  [13, 'Sept 26', 1],
  [16, 'Sept 26', 2],
  [31, '31 Oct 2026', 4],
])('of %i labels such as %s every %ith is shown where there is room', (count, label, wide) => {
  const labels = Array.from({ length: count }, () => label)
  expect(labelSteps(labels)).toEqual({ wide, narrow: wide * 2, least: wide * 4 })
})
