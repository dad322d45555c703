// Instants of wall-clock times in one zone, fast enough to ask for every event: offsets are kept from one clock change to the
// next. Near a change the calendar decides.
import { Temporal } from 'temporal-polyfill'
import { instantOfWallTime } from './wall-time.ts'

type Stretch = { readonly fromMicros: number; readonly untilMicros: number; readonly offsetMicros: number }

/** No clock was ever set forward or back by more. */
const CHANGE_MICROS = 26 * 3_600_000_000

export class WallClock {
  readonly timeZone: string
  readonly #stretches: Stretch[] = []

  /** @throws RangeError at the first question where the zone is unknown. */
  constructor(timeZone: string) {
    this.timeZone = timeZone
  }

  /** As {@link instantOfWallTime}: UTC microseconds of the wall clock's microseconds since 1970. */
  instantMicros(wallMicros: number): number {
    const known = this.#stretches.find((one) => wallMicros >= one.fromMicros && wallMicros < one.untilMicros)
    if (known) return wallMicros - known.offsetMicros
    const instant = instantOfWallTime(wallMicros, this.timeZone)
    this.#keepStretchAt(instant)
    return instant
  }

  /** The wall times of a stretch of one offset, without those so near its ends that another one may hold. */
  #keepStretchAt(instantMicros: number): void {
    const instant = Temporal.Instant.fromEpochMilliseconds(Math.floor(instantMicros / 1000))
    const there = instant.toZonedDateTimeISO(this.timeZone)
    const next = there.getTimeZoneTransition('next')
    const previous = there.add({ nanoseconds: 1 }).getTimeZoneTransition('previous')
    const fromMicros = previous === null ? Number.NEGATIVE_INFINITY : previous.epochMilliseconds * 1000 + CHANGE_MICROS
    const untilMicros = next === null ? Number.POSITIVE_INFINITY : next.epochMilliseconds * 1000 - CHANGE_MICROS
    if (this.#stretches.some((one) => one.fromMicros === fromMicros)) return
    this.#stretches.push({ fromMicros, untilMicros, offsetMicros: there.offsetNanoseconds / 1000 })
  }
}
