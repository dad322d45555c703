// Instants and wall-clock times as microseconds. A time without an offset is not taken for UTC: it stays a wall-clock
// time until an account's zone is known.
import { dayNumberOf, daysInMonth, digitsAt } from '../time/local-date.ts'

/** Microseconds since 1970-01-01: of UTC, or of the wall clock where `isWallTime`. Always a safe integer. */
export type Timestamp = { readonly micros: number; readonly isWallTime: boolean }

const PATTERN =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?: ?([Zz]|[+-]\d{2}(?::?\d{2})?))?)?$/

/** Offsets in use run from -12:00 to +14:00. */
const OFFSET_MINUTES_MAX = 14 * 60

/** Microseconds are safe integers from 1684 to 2255. */
const YEAR_MIN = 1700

/**
 * Reads ISO 8601: `2026-10-31T08:15:00.25Z`, `2026-10-31 08:15+02:00`, `2026-10-31 08:15:00` and `2026-10-31` (both wall
 * time, the latter midnight). What is finer than a microsecond is cut off. null where it is none, or cannot be.
 */
export function parseTimestamp(text: string): Timestamp | null {
  const plain = parsePlainTimestamp(text)
  if (plain) return plain
  const match = PATTERN.exec(text)
  if (!match) return null
  const [, year, month, day, hours, minutes, seconds = '00', fraction = '', offset] = match
  const [y, mo, d] = [Number(year), Number(month), Number(day)]
  if (y < YEAR_MIN || d < 1 || !(d <= daysInMonth(y, mo))) return null
  const midnightMs = Date.UTC(y, mo - 1, d)
  if (hours === undefined) return checked(midnightMs * 1000, true)
  const [h, m, s] = [Number(hours), Number(minutes), Number(seconds)]
  if (h > 23 || m > 59 || s > 59) return null
  const offsetMinutes = offset === undefined ? 0 : parseOffset(offset)
  if (offsetMinutes === null) return null
  const ms = midnightMs + ((h * 60 + m - offsetMinutes) * 60 + s) * 1000
  return checked(ms * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0')), offset === undefined)
}

/** The two forms that files of millions of rows have: `2026-10-31T08:15:00Z`, and without the Z, or with a blank for the T. */
export function parsePlainTimestamp(text: string): Timestamp | null {
  const { length } = text
  if (length !== 19 && (length !== 20 || text.charCodeAt(19) !== 0x5a)) return null
  const between = text.charCodeAt(10)
  if ((between !== 0x54 && between !== 0x20) || text.charCodeAt(13) !== 0x3a || text.charCodeAt(16) !== 0x3a)
    return null
  if (text.charCodeAt(4) !== 0x2d || text.charCodeAt(7) !== 0x2d) return null
  const [year, month, day] = [digitsAt(text, 0, 4), digitsAt(text, 5, 2), digitsAt(text, 8, 2)]
  if (!(year >= YEAR_MIN && day >= 1 && day <= daysInMonth(year, month))) return null
  const [hours, minutes, seconds] = [digitsAt(text, 11, 2), digitsAt(text, 14, 2), digitsAt(text, 17, 2)]
  if (!(hours <= 23 && minutes <= 59 && seconds <= 59)) return null
  const secondOfDay = (hours * 60 + minutes) * 60 + seconds
  return checked((dayNumberOf(year, month, day) * 86_400 + secondOfDay) * 1_000_000, length === 19)
}

function checked(micros: number, isWallTime: boolean): Timestamp | null {
  return Number.isSafeInteger(micros) ? { micros, isWallTime } : null
}

function parseOffset(text: string): number | null {
  if (text === 'Z' || text === 'z') return 0
  const hours = Number(text.slice(1, 3))
  const minutes = Number(text.slice(3).replace(':', '') || '0')
  const total = hours * 60 + minutes
  if (minutes > 59 || total > OFFSET_MINUTES_MAX) return null
  return text.startsWith('-') ? -total : total
}
