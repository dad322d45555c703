// What clocks show in a zone at an instant, fast enough to ask for every event: offsets are kept from one clock change to
// the next.

import { Temporal } from 'temporal-polyfill'
import { fromDayNumber, type LocalDate } from '../time/local-date.ts'

type Stretch = { readonly fromMicros: number; readonly untilMicros: number; readonly offsetMicros: number }

const MICROS_PER_DAY = 86_400_000_000

export class ZoneClock {
  readonly timeZone: string
  readonly #stretches: Stretch[] = []
  #last: Stretch = { fromMicros: 0, untilMicros: 0, offsetMicros: 0 }

  /** @throws RangeError at the first question where the zone is unknown. */
  constructor(timeZone: string) {
    this.timeZone = timeZone
  }

  /** Microseconds of the wall clock since 1970 there, of an instant in UTC microseconds. */
  wallMicros(instantMicros: number): number {
    const last = this.#last
    if (instantMicros >= last.fromMicros && instantMicros < last.untilMicros) return instantMicros + last.offsetMicros
    const known = this.#stretches.find((one) => instantMicros >= one.fromMicros && instantMicros < one.untilMicros)
    this.#last = known ?? this.#stretchAt(instantMicros)
    return instantMicros + this.#last.offsetMicros
  }

  /** The local day of an instant, as days since 1970-01-01. */
  dayNumber(instantMicros: number): number {
    return Math.floor(this.wallMicros(instantMicros) / MICROS_PER_DAY)
  }

  localDate(instantMicros: number): LocalDate {
    return fromDayNumber(this.dayNumber(instantMicros))
  }

  #stretchAt(instantMicros: number): Stretch {
    const instant = Temporal.Instant.fromEpochMilliseconds(Math.floor(instantMicros / 1000))
    const there = instant.toZonedDateTimeISO(this.timeZone)
    const next = there.getTimeZoneTransition('next')
    // The change before an instant that is itself a change is the one at that instant, hence the step forward.
    const previous = there.add({ nanoseconds: 1 }).getTimeZoneTransition('previous')
    const stretch = {
      fromMicros: previous === null ? Number.NEGATIVE_INFINITY : previous.epochMilliseconds * 1000,
      untilMicros: next === null ? Number.POSITIVE_INFINITY : next.epochMilliseconds * 1000,
      offsetMicros: there.offsetNanoseconds / 1000,
    }
    this.#stretches.push(stretch)
    return stretch
  }
}
