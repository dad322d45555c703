// How the raw data download writes bill periods, days within one, share groups and items, turned into canonical values.
// Each reader answers null for what it cannot read and never guesses; the caller says which column it was.
import { type DateRange, fromInclusive, type LocalDate, localDateOf } from '@spillway/core'
import { isAbsent, readWrittenDay } from '../written-values.ts'

/** A date that may lack its year (`Jan 3`), which is then the one that lies in the bill period. */
export function readDateWithin(text: string, period: DateRange): LocalDate | null {
  const day = readWrittenDay(text)
  if (!day) return null
  if (day.year) return localDateOf(day.year, day.month, day.day)
  const years = [Number(period.startOn.slice(0, 4)), Number(period.endOn.slice(0, 4))]
  const candidates = years.map((year) => localDateOf(year, day.month, day.day))
  return candidates.find((date) => date !== null && date >= period.startOn && date < period.endOn) ?? null
}

/**
 * `Jan 1 - Jan 31, 2026` is [2026-01-01, 2026-02-01). A start without a year lies before the end:
 * `Dec 15 - Jan 14, 2026` is [2025-12-15, 2026-01-15).
 */
export function readBillPeriod(text: string): DateRange | null {
  const match = /^(.+?)\s*(?:\s[-–]\s|–|\bto\b|\bthrough\b)\s*(.+)$/i.exec(text.trim())
  const start = match?.[1] ? readWrittenDay(match[1]) : null
  const last = match?.[2] ? readWrittenDay(match[2]) : null
  if (!start || !last?.year) return null
  const crossesYear = start.month > last.month || (start.month === last.month && start.day > last.day)
  const startOn = localDateOf(start.year ?? (crossesYear ? last.year - 1 : last.year), start.month, start.day)
  const lastOn = localDateOf(last.year, last.month, last.day)
  if (!startOn || !lastOn || startOn > lastOn) return null
  return fromInclusive(startOn, lastOn)
}

/** Share groups are compared without regard to case and inner blanks: `Group  7` is `GROUP 7`. */
export function readShareGroup(text: string): string {
  return isAbsent(text) ? '' : text.trim().replace(/\s+/g, ' ').toUpperCase()
}

/**
 * An item's name without what changes from month to month: `Device payment agreement 1234567 - Payment 12 of 36` is
 * `Device payment agreement`.
 */
export function productOf(description: string): string {
  return description
    .replace(/[\s,-]*payment \d+ of \d+.*$/i, '')
    .replace(/\b\d{6,}\b/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}
