import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayNumber, type LocalDate, parseLocalDate } from './local-date.ts'

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
