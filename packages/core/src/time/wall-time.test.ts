import { describe, expect, it } from 'vitest'
import { instantOfWallTime } from './wall-time.ts'

const micros = (iso: string) => Date.parse(iso) * 1000

describe('the instant of a wall time', () => {
  it.each([
    ['2026-07-01T09:00:00Z', 'Europe/Berlin', '2026-07-01T07:00:00Z'],
    ['2026-01-01T09:00:00Z', 'America/New_York', '2026-01-01T14:00:00Z'],
    ['2026-01-01T09:00:00Z', 'UTC', '2026-01-01T09:00:00Z'],
    ['2026-03-08T02:30:00Z', 'America/New_York', '2026-03-08T07:30:00Z'],
    ['2026-11-01T01:30:00Z', 'America/New_York', '2026-11-01T05:30:00Z'],
  ])('%s in %s is %s', (wall, zone, instant) => expect(instantOfWallTime(micros(wall), zone)).toBe(micros(instant)))

  it('keeps microseconds, before 1970 too', () => {
    expect(instantOfWallTime(-1, 'UTC')).toBe(-1)
    expect(instantOfWallTime(1_000_001, 'UTC')).toBe(1_000_001)
  })

  it('knows no zone that is none', () => expect(() => instantOfWallTime(0, 'Atlantis')).toThrow(RangeError))
})
