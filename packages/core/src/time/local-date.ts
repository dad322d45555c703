// Calendar dates without a zone, as ISO text (2026-10-31) and as whole days since 1970-01-01.
declare const localDate: unique symbol

/** `YYYY-MM-DD`, a day that exists. Text order is date order. */
export type LocalDate = string & { readonly [localDate]: true }

const MS_PER_DAY = 86_400_000

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Reads `YYYY-MM-DD`; null where it is not that form, or no such day exists (2026-02-30). */
export function parseLocalDate(text: string): LocalDate | null {
  if (text.length !== 10 || text.charCodeAt(4) !== HYPHEN || text.charCodeAt(7) !== HYPHEN) return null
  const [year, month, day] = [digitsAt(text, 0, 4), digitsAt(text, 5, 2), digitsAt(text, 8, 2)]
  return isDay(year, month, day) ? (text as LocalDate) : null
}

const HYPHEN = 0x2d

/** The number that so many ASCII digits at a place write; NaN where one of them is none. */
export function digitsAt(text: string, start: number, count: number): number {
  let number = 0
  for (let at = start; at < start + count; at += 1) {
    const digit = text.charCodeAt(at) - 0x30
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    number = number * 10 + digit
  }
  return number
}

/** The date of a year, a month from 1 to 12 and a day from 1; null where no such day exists. */
export function localDateOf(year: number, month: number, day: number): LocalDate | null {
  if (!isDay(year, month, day)) return null
  const digits = (value: number, length: number) => String(value).padStart(length, '0')
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}` as LocalDate
}

/** Days of a month of 1 to 12 in the calendar of today, which is taken to have always been. */
export function daysInMonth(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return month === 2 && isLeap ? 29 : (DAYS_IN_MONTH[month - 1] ?? Number.NaN)
}

function isDay(year: number, month: number, day: number): boolean {
  if (!Number.isInteger(year) || !Number.isInteger(day) || year < 0 || year > 9999) return false
  return day >= 1 && day <= daysInMonth(year, month)
}

/** Whole days since 1970-01-01. */
export function dayNumber(date: LocalDate): number {
  return dayNumberOf(digitsAt(date, 0, 4), digitsAt(date, 5, 2), digitsAt(date, 8, 2))
}

/** Whole days since 1970-01-01 of a day that exists: by years that begin in March, so that a leap day ends its year. */
export function dayNumberOf(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year
  const century = Math.floor(marchYear / 100)
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  return 365 * marchYear + Math.floor(marchYear / 4) - century + Math.floor(century / 4) + dayOfYear - DAYS_TO_1970
}

/** From 0000-03-01. */
const DAYS_TO_1970 = 719_468

/** The day of a number; before year 0 and after 9999, of which there is no LocalDate, the first and the last one. */
export function fromDayNumber(day: number): LocalDate {
  const held = Math.min(LAST_DAY, Math.max(FIRST_DAY, day))
  const text = new Date(held * MS_PER_DAY).toISOString()
  return text.slice(0, 10) as LocalDate
}

/** 0000-01-01 and 9999-12-31. */
const FIRST_DAY = -719_528
const LAST_DAY = 2_932_896

/** Of the days that there are: 9999-12-31 and a day is 9999-12-31, as which systems write "without end". */
export function addDays(date: LocalDate, days: number): LocalDate {
  return fromDayNumber(dayNumber(date) + days)
}

/**
 * Adds whole months to a first-of-month date, or clamps to the last day of a shorter month (31 January + 1 is 28 February).
 * Held within years 0 to 9999 as {@link addDays} is.
 */
export function addMonths(date: LocalDate, months: number): LocalDate {
  const count = digitsAt(date, 0, 4) * 12 + digitsAt(date, 5, 2) - 1 + months
  const [year, month] = [Math.floor(count / 12), (((count % 12) + 12) % 12) + 1]
  if (year < 0 || year > 9999) return fromDayNumber(year < 0 ? FIRST_DAY : LAST_DAY)
  const day = Math.min(digitsAt(date, 8, 2), daysInMonth(year, month))
  return fromDayNumber(dayNumberOf(year, month, day))
}

/** Of a time on this day microseconds since 1970 are safe integers, as a use's must be: years 1700 to 2254. */
export function canHoldUse(date: LocalDate): boolean {
  return date >= '1700-01-01' && date < '2255-01-01'
}
