// To which month a report belongs, and which file replaces it: a report looks back over days that are no calendar month.
import { addDays, type DateRange, dayNumber, type LocalDate, monthOfBill } from '@spillway/core'

/** Reports over more days tell of no single month. */
export const PERIODS_READ = ['7', '30'] as const

export type ReportDays = {
  /** The days of the report, its refresh date the last. */
  readonly days: DateRange
  readonly length: number
  /** The first day of the month that has most of the days. */
  readonly monthOn: LocalDate
  /** The days of that month alone, so that the use counts in one month. */
  readonly counted: DateRange
  /** A month's report counts before the weekly ones, which are then there to look into. */
  readonly view: 'class-summary' | 'line-summary'
  /** What a later report of the same month, or of the same week, replaces: `2026-10`, `week-of-2026-10-26`. */
  readonly document: string
}

export function reportDays(refreshedOn: LocalDate, length: (typeof PERIODS_READ)[number]): ReportDays {
  const days = { startOn: addDays(refreshedOn, 1 - Number(length)), endOn: addDays(refreshedOn, 1) }
  const month = monthOfBill(days)
  const counted = {
    startOn: days.startOn > month.startOn ? days.startOn : month.startOn,
    endOn: days.endOn < month.endOn ? days.endOn : month.endOn,
  }
  const common = { days, length: Number(length), monthOn: month.startOn, counted }
  if (length === '30') return { ...common, view: 'class-summary', document: month.name }
  return { ...common, view: 'line-summary', document: `week-of-${mondayOf(refreshedOn)}` }
}

/** Day 0 is a Thursday. */
function mondayOf(day: LocalDate): LocalDate {
  return addDays(day, -((((dayNumber(day) + 3) % 7) + 7) % 7))
}
