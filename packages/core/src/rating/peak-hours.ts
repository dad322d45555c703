// The time band of an event: its own, or that of the wall clock at its start (spec, share plans, "Rate plan").

import type { TimeBand } from '../facts/words.ts'
import type { PeakHours } from './rate-plan.ts'
import type { ZoneClock } from './zone-clock.ts'

const MICROS_PER_MINUTE = 60_000_000
const MINUTES_PER_DAY = 1440

/**
 * The band in which an event starts: `peak` within the weekly hours of a day that is no holiday; else `weekend` on
 * Saturday and Sunday, `off-peak` on other days.
 */
export function timeBandAt(peak: PeakHours, startMicros: number, clock: ZoneClock): TimeBand {
  const wallMinutes = Math.floor(clock.wallMicros(startMicros) / MICROS_PER_MINUTE)
  const day = Math.floor(wallMinutes / MINUTES_PER_DAY)
  const minute = wallMinutes - day * MINUTES_PER_DAY
  // 1970-01-01 was a Thursday.
  const weekday = ((((day + 3) % 7) + 7) % 7) + 1
  const isIn = peak.spans.some(
    (span) => span.weekday === weekday && minute >= span.fromMinute && minute < span.untilMinute,
  )
  if (isIn && !(peak.holidays.length > 0 && peak.holidays.includes(clock.localDate(startMicros)))) return 'peak'
  return weekday >= 6 ? 'weekend' : 'off-peak'
}
