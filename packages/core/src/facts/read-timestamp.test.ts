import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTimestamp } from './read-timestamp.ts'

const utc = (text: string) => Date.parse(text) * 1000

describe('a timestamp', () => {
  it.each([
    ['2026-10-31T08:15:00Z', utc('2026-10-31T08:15:00Z'), false],
    ['2026-10-31T08:15:00+02:00', utc('2026-10-31T06:15:00Z'), false],
    ['2026-10-31T08:15:00-0530', utc('2026-10-31T13:45:00Z'), false],
    ['2026-10-31 08:15:00 +02', utc('2026-10-31T06:15:00Z'), false],
    ['2026-10-31T08:15:00.000001Z', utc('2026-10-31T08:15:00Z') + 1, false],
    ['2026-10-31T08:15:00.5z', utc('2026-10-31T08:15:00Z') + 500_000, false],
    ['2026-10-31T08:15:00.123456789Z', utc('2026-10-31T08:15:00Z') + 123_456, false],
    ['2026-10-31T08:15:00', utc('2026-10-31T08:15:00Z'), true],
    ['2026-10-31 08:15', utc('2026-10-31T08:15:00Z'), true],
    ['2026-10-31', utc('2026-10-31T00:00:00Z'), true],
    ['2024-02-29', utc('2024-02-29T00:00:00Z'), true],
    ['1969-12-31T23:59:59Z', -1_000_000, false],
  ])('%s is %d microseconds, wall time: %s', (text, micros, isWallTime) => {
    expect(parseTimestamp(text)).toEqual({ micros, isWallTime })
  })

  it.each([
    '',
    'today',
    '31/10/2026',
    '2026-10-32',
    '2026-02-29',
    '2026-00-01',
    '2026-13-01',
    '2026-10-31T24:00:00Z',
    '2026-10-31T08:60:00Z',
    '2026-10-31T08:15:60Z',
    '2026-10-31T08:15:00+15:00',
    '2026-10-31T08:15:00+02:60',
    '2026-10-31T08:15:00 EST',
    '2026-10-31Z',
    '2026-10-31T08Z',
    '2026-10-31T08:15:00.1234567890Z',
    '0026-10-31',
    '9999-12-31T00:00:00Z',
  ])('%j is none', (text) => {
    expect(parseTimestamp(text)).toBeNull()
  })

  it('reads back every instant that JavaScript writes', () => {
    const instants = fc.date({ min: new Date('1700-01-01'), max: new Date('2250-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(instants, (date) => {
        expect(parseTimestamp(date.toISOString())).toEqual({ micros: date.getTime() * 1000, isWallTime: false })
      }),
    )
  })
})
