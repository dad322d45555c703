// Wall-clock times and instants. A wall time that a clock change skips is taken an hour later, one that it repeats is
// taken the first time.
import { Temporal } from 'temporal-polyfill'

/**
 * The instant at which clocks in an IANA zone show a wall time. Both are microseconds: of the wall clock since 1970
 * there, of UTC here. 2026-07-01 09:00 in Europe/Berlin is 07:00 UTC.
 *
 * @throws RangeError where the zone is unknown.
 */
export function instantOfWallTime(wallMicros: number, timeZone: string): number {
  const wholeMs = Math.floor(wallMicros / 1000)
  const wall = Temporal.Instant.fromEpochMilliseconds(wholeMs).toZonedDateTimeISO('UTC').toPlainDateTime()
  const instant = wall.toZonedDateTime(timeZone, { disambiguation: 'compatible' })
  return instant.epochMilliseconds * 1000 + (wallMicros - wholeMs * 1000)
}
