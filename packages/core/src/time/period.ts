// A close period: half-open local dates. Named by its first day, and where it is a calendar month by 2026-10.
import { addDays, addMonths, dayNumber, type LocalDate, localDateOf } from './local-date.ts'

/** Half-open: `endOn` is the first day after it. */
export type DateRange = { readonly startOn: LocalDate; readonly endOn: LocalDate }
export type Period = DateRange & { readonly name: string }

/** Reads `2026-10` or `2026-10-01` as a calendar month; null for anything else. */
export function parsePeriod(text: string): Period | null {
  const match = /^(\d{4})-(\d{2})(-01)?$/.exec(text)
  if (!match) return null
  const startOn = localDateOf(Number(match[1]), Number(match[2]), 1)
  return startOn && monthStarting(startOn)
}

/** The calendar month that contains a date. */
export function monthOf(date: LocalDate): Period {
  return monthStarting(`${date.slice(0, 7)}-01` as LocalDate)
}

/** The calendar month `months` later (or earlier, where negative). */
export function shiftPeriod(period: Period, months: number): Period {
  return monthStarting(addMonths(period.startOn, months))
}

/** The calendar months from that of the first day on that begin before the end; December 9999, the last that there is, ends them. */
export function* monthsIn({ startOn, endOn }: DateRange): Generator<Period> {
  for (let month = monthOf(startOn); month.startOn < endOn; month = shiftPeriod(month, 1)) yield month
}

function monthStarting(startOn: LocalDate): Period {
  return { name: startOn.slice(0, 7), startOn, endOn: addMonths(startOn, 1) }
}

export function daysIn(range: DateRange): number {
  return dayNumber(range.endOn) - dayNumber(range.startOn)
}

/** Days that both ranges cover; 0 where they do not meet. */
export function overlapDays(left: DateRange, right: DateRange): number {
  const start = Math.max(dayNumber(left.startOn), dayNumber(right.startOn))
  const end = Math.min(dayNumber(left.endOn), dayNumber(right.endOn))
  return Math.max(0, end - start)
}

/** The calendar month that has most of a bill's days; a tie goes to the earlier (spec, allocation, "Which period"). */
export function monthOfBill(range: DateRange): Period {
  let best = monthOf(range.startOn)
  let bestDays = overlapDays(best, range)
  let month = shiftPeriod(best, 1)
  // No later month has more days than the longest: a bill that ends in 9999 is read as fast as any.
  for (; month.startOn < range.endOn && bestDays < DAYS_OF_MONTH_MAX; month = shiftPeriod(month, 1)) {
    const days = overlapDays(month, range)
    if (days > bestDays) [best, bestDays] = [month, days]
  }
  return best
}

const DAYS_OF_MONTH_MAX = 31

/** Turns a vendor's inclusive "Oct 1 - Oct 31" into a half-open range. */
export function fromInclusive(startOn: LocalDate, lastOn: LocalDate): DateRange {
  return { startOn, endOn: addDays(lastOn, 1) }
}
