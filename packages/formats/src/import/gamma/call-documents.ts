// Which document a call belongs to, so that a monthly file replaces the daily ones it repeats. A document is a day: a
// monthly file replaces every day it has, a daily file its own day, with the late calls of other days that came in it.
import type { LocalDate } from '@spillway/core'

/** A daily file may hold calls past midnight and late ones; with more days than these it is a monthly one. */
const DAYS_OF_DAILY_MAX = 3

export class CallDocuments {
  private readonly days = new Set<LocalDate>()
  private readonly mainDay: LocalDate | null
  private readonly mainMonth: string

  /** `ahead`: the days of the first calls of the file, one for each call. */
  constructor(ahead: ReadonlyArray<LocalDate>) {
    for (const day of ahead) this.days.add(day)
    this.mainDay = mostFrequent(ahead)
    this.mainMonth = mostFrequent(ahead.map(monthOf)) ?? ''
  }

  /** The name of the document of a call of this day. */
  nameOf(day: LocalDate): string {
    this.days.add(day)
    if (this.days.size <= DAYS_OF_DAILY_MAX) return this.mainDay ?? day
    // A late call of another month must not replace that month's own day.
    return monthOf(day) === this.mainMonth ? day : this.mainMonth
  }
}

const monthOf = (day: LocalDate) => day.slice(0, 7)

/** The earlier one of equals; null for none. */
function mostFrequent<T extends string>(values: ReadonlyArray<T>): T | null {
  const counts = new Map<T, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const ranked = [...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
  return ranked[0]?.[0] ?? null
}
