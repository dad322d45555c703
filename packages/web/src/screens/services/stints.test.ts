import { expect, it } from 'vitest'
import { stintsIn } from './stints.ts'

const inPeriod = (from_on: string | null, to_on: string | null, period = '2026-12') =>
  stintsIn([{ from_on, to_on }], period).length === 1

it.each([
  ['for ever', null, null, true],
  ['from the last day', '2026-12-31', null, true],
  ['from the day after', '2027-01-01', null, false],
  ['until before the first day', null, '2026-12-01', false],
  ['on the first day alone', null, '2026-12-02', true],
])('a row of the directory %s', (_, from, to, isIn) => {
  expect(inPeriod(from, to)).toBe(isIn)
})

it('also in a month within the year', () => {
  expect([inPeriod('2026-10-01', null, '2026-09'), inPeriod('2026-09-30', null, '2026-09')]).toEqual([false, true])
})
