// The periods of accounts and of share plans: half-open local dates in a zone, with the instants at which they begin and
// end (spec, money and units, "Time"; spec, share plans, "Share plan"). Dates come from the caller, never from a clock.

import { addDays, dayNumber, fromDayNumber, type LocalDate } from '../time/local-date.ts'
import type { DateRange } from '../time/period.ts'
import { startOfDay } from './moment.ts'
import type { UsageBilling } from './share-plan.ts'
import { ZoneClock } from './zone-clock.ts'

export type CalendarPeriod = DateRange & { readonly startMicros: number; readonly untilMicros: number }

/** Periods without gap, numbered in time. */
export type Calendar = {
  readonly indexAt: (instantMicros: number) => number
  readonly period: (index: number) => CalendarPeriod
}

type Cycle = { readonly timeZone: string; readonly cycleDay: number }

/** Calendars and clocks by zone and cycle day, made once: clock changes are slow to look up. */
export class Calendars {
  readonly #clocks = new Map<string, ZoneClock>()
  readonly #billing = new Map<string, Calendar>()
  readonly #plans = new Map<string, Calendar>()
  readonly #days = new Map<string, Map<LocalDate, number>>()
  /** Most accounts have the cycle of the one that was asked about before. */
  #lastBilling: (Cycle & { readonly calendar: Calendar }) | null = null

  clock(timeZone: string): ZoneClock {
    const known = this.#clocks.get(timeZone)
    if (known) return known
    const clock = new ZoneClock(timeZone)
    this.#clocks.set(timeZone, clock)
    return clock
  }

  /** As {@link startOfDay}; many services begin on the same days. */
  startOfDay(on: LocalDate, timeZone: string): number {
    let days = this.#days.get(timeZone)
    if (days === undefined) {
      days = new Map()
      this.#days.set(timeZone, days)
    }
    const known = days.get(on)
    if (known !== undefined) return known
    const made = startOfDay(on, timeZone)
    days.set(on, made)
    return made
  }

  /** The billing periods of an account; their index is that of the month in which they begin (year × 12 + month - 1). */
  billing({ timeZone, cycleDay }: Cycle): Calendar {
    const last = this.#lastBilling
    if (last !== null && last.timeZone === timeZone && last.cycleDay === cycleDay) return last.calendar
    const key = `${cycleDay} ${timeZone}`
    const calendar = this.#billing.get(key) ?? this.#billingOf({ timeZone, cycleDay })
    this.#billing.set(key, calendar)
    this.#lastBilling = { timeZone, cycleDay, calendar }
    return calendar
  }

  #billingOf({ timeZone, cycleDay }: Cycle): Calendar {
    return calendarOf(this.clock(timeZone), (index) => cycleStart(index, cycleDay), monthIndexAt(cycleDay))
  }

  /**
   * The periods of a share plan: months and years are the account's billing periods from the one that contains the first
   * instant, days and weeks count from its local date. Period 0 is the first.
   */
  plan(account: Cycle, billing: UsageBilling, firstMicros: number): Calendar {
    const key = `${billing.every} ${billing.unit} ${firstMicros} ${account.cycleDay} ${account.timeZone}`
    const known = this.#plans.get(key)
    if (known) return known
    const calendar = this.#planOf(account, billing, firstMicros)
    this.#plans.set(key, calendar)
    return calendar
  }

  #planOf(account: Cycle, { every, unit }: UsageBilling, firstMicros: number): Calendar {
    const clock = this.clock(account.timeZone)
    if (unit === 'month' || unit === 'year') {
      const months = unit === 'month' ? every : every * 12
      const first = this.billing(account).indexAt(firstMicros)
      const monthAt = monthIndexAt(account.cycleDay)
      return calendarOf(
        clock,
        (index) => cycleStart(first + index * months, account.cycleDay),
        (on) => Math.floor((monthAt(on) - first) / months),
      )
    }
    const days = unit === 'day' ? every : every * 7
    const first = clock.dayNumber(firstMicros)
    return calendarOf(
      clock,
      (index) => fromDayNumber(first + index * days),
      (on) => Math.floor((dayNumber(on) - first) / days),
    )
  }
}

function calendarOf(
  clock: ZoneClock,
  startOf: (index: number) => LocalDate,
  indexOn: (on: LocalDate) => number,
): Calendar {
  const periods = new Map<number, CalendarPeriod>()
  let last: CalendarPeriod | null = null
  let lastIndex = 0
  const period = (index: number): CalendarPeriod => {
    const known = periods.get(index)
    if (known) return known
    const [startOn, endOn] = [startOf(index), startOf(index + 1)]
    const startMicros = startOfDay(startOn, clock.timeZone)
    const made = { startOn, endOn, startMicros, untilMicros: startOfDay(endOn, clock.timeZone) }
    periods.set(index, made)
    return made
  }
  // Questions go back and forth between neighbours, and a date costs more to make than to look for.
  const indexBeside = (instantMicros: number): number | null => {
    for (const index of [lastIndex - 1, lastIndex + 1]) {
      const known = periods.get(index)
      if (known !== undefined && instantMicros >= known.startMicros && instantMicros < known.untilMicros) return index
    }
    return null
  }
  const indexAt = (instantMicros: number): number => {
    if (last === null || instantMicros < last.startMicros || instantMicros >= last.untilMicros) {
      lastIndex = indexBeside(instantMicros) ?? indexOn(clock.localDate(instantMicros))
      last = period(lastIndex)
    }
    return lastIndex
  }
  return { indexAt, period }
}

function monthIndexAt(cycleDay: number): (on: LocalDate) => number {
  return (on) => {
    const month = Number(on.slice(0, 4)) * 12 + Number(on.slice(5, 7)) - 1
    return on >= cycleStart(month, cycleDay) ? month : month - 1
  }
}

/** The cycle day of a month, or its last day where the month is shorter. */
function cycleStart(monthIndex: number, cycleDay: number): LocalDate {
  const firstOf = (index: number) =>
    `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}-01` as LocalDate
  const first = firstOf(monthIndex)
  const length = dayNumber(firstOf(monthIndex + 1)) - dayNumber(first)
  return addDays(first, Math.min(cycleDay, length) - 1)
}
