// Dates of the example as ISO texts, and the ways in which its vendors write them. All ranges are half-open.
import { at } from './random.ts'

export type Range = { readonly startOn: string; readonly endOn: string }
export type Month = Range & {
  /** `2026-10`. */
  readonly name: string
  /** `202610`. */
  readonly compact: string
  readonly index: number
  /** Freight is busy before Christmas and slow after it: per cent of an ordinary month. */
  readonly season: number
}

const DAY_MS = 86_400_000
const SEASON = [104, 118, 132, 92, 88, 100, 98, 101, 110, 96, 94, 106, 125]

export const MONTHS: ReadonlyArray<Month> = SEASON.map((season, index) => {
  const startOn = firstOfMonth(index)
  const name = startOn.slice(0, 7)
  return { name, compact: name.replace('-', ''), index, season, startOn, endOn: firstOfMonth(index + 1) }
})

/** The first day of the month that many months after October 2025. */
function firstOfMonth(index: number): string {
  return new Date(Date.UTC(2025, 9 + index, 1)).toISOString().slice(0, 10)
}

/** The same month's 15th to the next month's: the cycle of the data carrier. */
export function cycleOf(month: Month): Range {
  return { startOn: addDays(month.startOn, 14), endOn: addDays(month.endOn, 14) }
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** Whether something in force from `from` ('' for ever) until `to` meets the range. */
export function isActive(stint: { readonly from: string; readonly to: string }, range: Range): boolean {
  return stint.from < range.endOn && (stint.to === '' || stint.to > range.startOn)
}

const ENGLISH = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `2026-01-31` is `Jan 31`. */
function americanDay(date: string): string {
  return `${at(ENGLISH, Number(date.slice(5, 7)) - 1)} ${Number(date.slice(8, 10))}`
}

/** `2026-01-31` is `Jan 31, 2026`. */
export function americanDate(date: string): string {
  return `${americanDay(date)}, ${date.slice(0, 4)}`
}

/** `Jan 1 - Jan 31, 2026`: the last day is named, as on the bill. */
export function americanPeriod(range: Range): string {
  return `${americanDay(range.startOn)} - ${americanDate(addDays(range.endOn, -1))}`
}

/** `2026-01-31` is `31.01.2026`. */
export function germanDate(date: string): string {
  return `${date.slice(8, 10)}.${date.slice(5, 7)}.${date.slice(0, 4)}`
}

/** The instant of local midnight in New York: daylight saving ends 2025-11-02, runs 2026-03-08 to 2026-11-01. */
export function newYorkMidnight(date: string): string {
  const isSummer = date < '2025-11-03' || (date > '2026-03-08' && date < '2026-11-02')
  return `${date}T0${isSummer ? 4 : 5}:00:00Z`
}
