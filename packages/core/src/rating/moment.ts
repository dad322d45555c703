// A point in time as a document says it: an instant, or the beginning of a local day in a zone that the user of it knows.

import { dayNumber, type LocalDate } from '../time/local-date.ts'
import { instantOfWallTime } from '../time/wall-time.ts'

/** `micros` since 1970, UTC. */
export type Moment =
  | { readonly kind: 'instant'; readonly micros: number }
  | { readonly kind: 'date'; readonly on: LocalDate }

const MICROS_PER_DAY = 86_400_000_000

/** The instant, in UTC microseconds, at which a local day begins in a zone. */
export function startOfDay(on: LocalDate, timeZone: string): number {
  const wall = dayNumber(on) * MICROS_PER_DAY
  return timeZone === 'UTC' ? wall : instantOfWallTime(wall, timeZone)
}

/** UTC microseconds; a date is the beginning of that day in the zone. */
export function instantOfMoment(moment: Moment, timeZone: string): number {
  return moment.kind === 'instant' ? moment.micros : startOfDay(moment.on, timeZone)
}
