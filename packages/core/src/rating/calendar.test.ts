import { describe, expect, it } from 'vitest'
import { Calendars } from './calendar.ts'

const micros = (iso: string) => Date.parse(iso) * 1000
const HOUR = 3_600_000_000

describe('billing periods', () => {
  it.each([
    [31, '2026-02-10T00:00:00Z', '2026-01-31', '2026-02-28'],
    [31, '2026-02-28T00:00:00Z', '2026-02-28', '2026-03-31'],
    [30, '2026-03-30T12:00:00Z', '2026-03-30', '2026-04-30'],
    [1, '2026-12-31T23:59:59Z', '2026-12-01', '2027-01-01'],
    [15, '2026-01-14T23:59:59Z', '2025-12-15', '2026-01-15'],
  ])('with cycle day %i at %s', (cycleDay, at, startOn, endOn) => {
    const calendar = new Calendars().billing({ timeZone: 'UTC', cycleDay })
    expect(calendar.period(calendar.indexAt(micros(at)))).toMatchObject({ startOn, endOn })
  })

  it('are an hour shorter or longer in months with a clock change', () => {
    const calendar = new Calendars().billing({ timeZone: 'America/New_York', cycleDay: 1 })
    const hours = (at: string) => {
      const { startMicros, untilMicros } = calendar.period(calendar.indexAt(micros(at)))
      return (untilMicros - startMicros) / HOUR
    }
    expect(hours('2026-03-15T00:00:00Z')).toBe(31 * 24 - 1)
    expect(hours('2026-10-15T00:00:00Z')).toBe(31 * 24)
    expect(hours('2026-11-15T00:00:00Z')).toBe(30 * 24 + 1)
    expect(calendar.period(calendar.indexAt(micros('2026-11-01T03:59:59Z'))).startOn).toBe('2026-10-01')
  })
})

describe('periods of a share plan', () => {
  const first = micros('2026-10-15T12:00:00Z')
  it.each([
    ['day', 10, '2026-10-24T23:00:00Z', '2026-10-15', '2026-10-25'],
    ['week', 2, '2026-10-29T00:00:00Z', '2026-10-29', '2026-11-12'],
    ['month', 1, '2026-10-15T12:00:00Z', '2026-10-10', '2026-11-10'],
    ['month', 3, '2027-01-09T00:00:00Z', '2026-10-10', '2027-01-10'],
    ['month', 3, '2027-01-10T00:00:00Z', '2027-01-10', '2027-04-10'],
    ['year', 1, '2027-10-09T00:00:00Z', '2026-10-10', '2027-10-10'],
  ] as const)('every %s × %i at %s', (unit, every, at, startOn, endOn) => {
    const calendar = new Calendars().plan({ timeZone: 'UTC', cycleDay: 10 }, { every, unit }, first)
    expect(calendar.period(calendar.indexAt(micros(at)))).toMatchObject({ startOn, endOn })
  })
})
