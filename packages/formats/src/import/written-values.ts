// How American carriers write amounts, quantities, dates and numbers, turned into canonical values. Each reader answers
// null for what it cannot read and never guesses; the caller says which column it was.
import { addDays, addMonths, type DateRange, dayNumber, type LocalDate, localDateOf } from '@spillway/core'

/** True for a blank cell and for cells that say "not applicable" in so many words: `NA`, `N/A`, `-`. */
export function isAbsent(text: string): boolean {
  return /^(n\/?a|-*)$/i.test(text.trim())
}

/**
 * `$1,234.50` is `1234.50`; `($10.00)`, `-$10.00` and `(-10.00)` are `-10.00`: a sign inside parentheses is not turned
 * around twice. Thousands separators must stand before groups of three.
 */
export function readAmountText(text: string): string | null {
  const trimmed = text.trim()
  const inside = /^\((.*)\)$/.exec(trimmed)
  const match = /^(-?)\s*(?:\$\s*(-?)\s*)?(\d+|\d{1,3}(?:,\d{3})+)?(\.\d+)?$/.exec(inside?.[1] ?? trimmed)
  if (!match || (match[3] === undefined && match[4] === undefined) || (match[1] && match[2])) return null
  const isNegative = inside !== null || match[1] === '-' || match[2] === '-'
  return `${isNegative ? '-' : ''}${match[3]?.replaceAll(',', '') ?? '0'}${match[4] ?? ''}`
}

/** `2,097,152` is `2097152`; `3.500` stays; null for anything that is not a plain number. */
export function readNumberText(text: string): string | null {
  return /[$]/.test(text) ? null : readAmountText(text)
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

export type WrittenDay = { readonly month: number; readonly day: number; readonly year: number | null }

/** `Jan 31, 2026`, `Jan 31`, `01/31/2026`, `1/31` and `2026-01-31` as they stand: whether there is such a day is not asked. */
export function readWrittenDay(text: string): WrittenDay | null {
  const named = /^([a-z]{3})[a-z]*\.?\s+(\d{1,2})(?:\s*,?\s+(\d{4}))?$/i.exec(text.trim())
  if (named) {
    const month = MONTHS.indexOf((named[1] as string).toLowerCase()) + 1
    return month === 0 ? null : { month, day: Number(named[2]), year: named[3] ? Number(named[3]) : null }
  }
  const slashed = /^(\d{1,2})\/(\d{1,2})(?:\/(\d{4}|\d{2}))?$/.exec(text.trim())
  if (slashed) {
    const year = slashed[3] ? Number(slashed[3].length === 2 ? `20${slashed[3]}` : slashed[3]) : null
    return { month: Number(slashed[1]), day: Number(slashed[2]), year }
  }
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text.trim())
  return iso ? { month: Number(iso[2]), day: Number(iso[3]), year: Number(iso[1]) } : null
}

/** `Jan 31, 2026`, `01/31/2026` and `2026-01-31`; null where the year is missing or no such day exists. */
export function readDate(text: string): LocalDate | null {
  const day = readWrittenDay(text)
  return day?.year ? localDateOf(day.year, day.month, day.day) : null
}

/** The month that ends with the bill cycle date: Jan 31, 2026 is [2026-01-01, 2026-02-01), Jan 14 is [Dec 15, Jan 15). */
export function periodEndingOn(cycleDate: LocalDate): DateRange {
  const endOn = addDays(cycleDate, 1)
  return { startOn: addMonths(endOn, -1), endOn }
}

/**
 * `555-123-4567`, `(555) 123-4567` and `1 555 123 4567` are `5551234567`; `N/A` and blank are '' (the account's own
 * money); anything else is kept as it stands.
 */
export function readWirelessNumber(text: string): string {
  if (isAbsent(text)) return ''
  const trimmed = text.trim()
  if (!/^[+\d\s().-]+$/.test(trimmed)) return trimmed
  const digits = trimmed.replace(/\D/g, '')
  if (digits.length === 11 && digits.startsWith('1')) return digits.slice(1)
  return digits.length === 10 ? digits : trimmed
}

/** `10:26 PM`, `10:26P`, `22:26` and `22:26:05` as `HH:MM:SS`. */
export function readTimeOfDay(text: string): string | null {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(?:([ap])\.?(?:m\.?)?)?$/i.exec(text.trim())
  if (!match) return null
  const half = match[4]?.toLowerCase()
  const written = Number(match[1])
  if (half ? written < 1 || written > 12 : written > 23) return null
  const hour = half ? (written % 12) + (half === 'p' ? 12 : 0) : written
  if (Number(match[2]) > 59 || Number(match[3] ?? '00') > 59) return null
  return `${String(hour).padStart(2, '0')}:${match[2]}:${match[3] ?? '00'}`
}

const MICROSECONDS_PER_DAY = 86_400_000_000

/** Midnight at the start of a day, as wall-clock microseconds. */
export function wallMidnight(date: LocalDate): number {
  return dayNumber(date) * MICROSECONDS_PER_DAY
}
