import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WallClock } from './wall-clock.ts'
import { instantOfWallTime } from './wall-time.ts'

const ZONES = [
  'UTC',
  'America/New_York',
  'Europe/Berlin',
  'Asia/Kathmandu',
  'Pacific/Kiritimati',
  'Australia/Lord_Howe',
]

describe('WallClock', () => {
  it('says what the calendar says, near clock changes too', () => {
    const hour = 3_600_000_000
    const changes = [
      Date.UTC(2026, 2, 8, 2),
      Date.UTC(2026, 2, 29, 2),
      Date.UTC(2026, 10, 1, 1),
      Date.UTC(2026, 9, 25, 2),
    ]
    const near = fc
      .tuple(fc.constantFrom(...changes), fc.integer({ min: -40, max: 40 }), fc.integer({ min: 0, max: 59 }))
      .map(([change, hours, minutes]) => change * 1000 + hours * hour + (minutes * hour) / 60)
    const any = fc.integer({ min: Date.UTC(1999, 0, 1) * 1000, max: Date.UTC(2030, 0, 1) * 1000 })
    for (const zone of ZONES) {
      const clock = new WallClock(zone)
      fc.assert(
        fc.property(fc.oneof(near, any), (wall) => {
          expect(clock.instantMicros(wall)).toBe(instantOfWallTime(wall, zone))
        }),
      )
    }
  })
})
