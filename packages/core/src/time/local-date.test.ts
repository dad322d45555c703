import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, addMonths, canHoldUse, dayNumber, type LocalDate, parseLocalDate } from './local-date.ts'

describe('the number of a day', () => {
  it('is what the calendar of the platform says', () => {
    const days = fc.integer({ min: -719_528, max: 2_900_000 })
    fc.assert(
      fc.property(days, (day) => {
        const date = new Date(day * 86_400_000).toISOString().slice(0, 10) as LocalDate
        expect(dayNumber(date)).toBe(day)
      }),
    )
  })
})

describe('parseLocalDate', () => {
  it.each(['2026-10-31', '2024-02-29', '0000-01-01', '9999-12-31'])('reads %s', (text) =>
    expect(parseLocalDate(text)).toBe(text),
  )

  it.each([
    '',
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-1-01',
    '2026-10-32',
    '2026-10-00',
    '2026/10/31',
    '+026-10-31',
  ])('refuses "%s"', (text) => expect(parseLocalDate(text)).toBeNull())

  it.each(['2026-10-31 ', ' 2026-10-31', '２026-10-31', '2026-10-3１', '2026-10-3-'])('refuses "%s"', (text) =>
    expect(parseLocalDate(text)).toBeNull(),
  )
})

describe('days and months added', () => {
  it.each<[string, number, string]>([
    ['2026-01-31', 1, '2026-02-01'],
    ['0050-01-01', -1, '0049-12-31'],
    ['9999-12-31', 1, '9999-12-31'],
    ['0000-01-01', -1, '0000-01-01'],
  ])('%s and %i days is %s', (date, days, expected) => expect(addDays(date as LocalDate, days)).toBe(expected))

  it.each<[string, number, string]>([
    ['2026-01-31', 1, '2026-02-28'],
    ['2026-01-15', -1, '2025-12-15'],
    ['2026-11-30', 15, '2028-02-29'],
    ['0050-01-31', 1, '0050-02-28'],
    ['9999-12-01', 1, '9999-12-31'],
    ['0000-01-31', -1, '0000-01-01'],
  ])('%s and %i months is %s', (date, months, expected) => expect(addMonths(date as LocalDate, months)).toBe(expected))

  it.each([
    ['1699-12-31', false],
    ['1700-01-01', true],
    ['2254-12-31', true],
    ['2255-01-01', false],
  ])('a use may be on %s: %s', (date, expected) => {
    expect(canHoldUse(date as LocalDate)).toBe(expected)
    expect(Number.isSafeInteger(Date.parse(`${date}T23:59:59Z`) * 1000) || !expected).toBe(true)
  })
})
