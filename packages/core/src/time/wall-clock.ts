// Instants of wall-clock times in one zone, fast enough to ask for every event: offsets are kept from one clock change to the
// next. Near a change the calendar decides.
import { Temporal } from 'temporal-polyfill'
import { instantOfWallTime } from './wall-time.ts'

type Stretch = { readonly fromMicros: number; readonly untilMicros: number; readonly offsetMicros: number }

export class WallClock {
  readonly timeZone: string
  readonly #stretches: Stretch[] = []
  #last: Stretch = { fromMicros: 0, untilMicros: 0, offsetMicros: 0 }

  /** @throws RangeError at the first question where the zone is unknown. */
  constructor(timeZone: string) {
    this.timeZone = timeZone
  }

  /** As {@link instantOfWallTime}: UTC microseconds of the wall clock's microseconds since 1970. */
  instantMicros(wallMicros: number): number {
    const last = this.#last
    if (wallMicros >= last.fromMicros && wallMicros < last.untilMicros) return wallMicros - last.offsetMicros
    const known = this.#stretches.find((one) => wallMicros >= one.fromMicros && wallMicros < one.untilMicros)
    if (known) {
      this.#last = known
      return wallMicros - known.offsetMicros
    }
    const instant = instantOfWallTime(wallMicros, this.timeZone)
    this.#keepStretchAt(instant)
    return instant
  }

  /** The wall times that are of a stretch of one offset and of no other: neither skipped nor shown twice at its ends. */
  #keepStretchAt(instantMicros: number): void {
    const instant = Temporal.Instant.fromEpochMilliseconds(Math.floor(instantMicros / 1000))
    const there = instant.toZonedDateTimeISO(this.timeZone)
    const next = there.getTimeZoneTransition('next')
    const previous = there.add({ nanoseconds: 1 }).getTimeZoneTransition('previous')
    const offsetMicros = offsetOf(there)
    const before = previous?.subtract({ nanoseconds: 1 })
    const fromMicros =
      previous && before ? microsOf(previous) + Math.max(offsetOf(before), offsetMicros) : Number.NEGATIVE_INFINITY
    const untilMicros = next ? microsOf(next) + Math.min(offsetMicros, offsetOf(next)) : Number.POSITIVE_INFINITY
    if (this.#stretches.some((one) => one.fromMicros === fromMicros)) return
    this.#stretches.push({ fromMicros, untilMicros, offsetMicros })
  }
}

function microsOf({ epochMilliseconds }: Temporal.ZonedDateTime): number {
  return epochMilliseconds * 1000
}

function offsetOf({ offsetNanoseconds }: Temporal.ZonedDateTime): number {
  return offsetNanoseconds / 1000
}
