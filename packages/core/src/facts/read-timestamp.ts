// Instants and wall-clock times as microseconds. A time without an offset is not taken for UTC: it stays a wall-clock
// time until an account's zone is known.
import { daysInMonth } from '../time/local-date.ts'

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
  const match = PATTERN.exec(text)
  if (!match) return null
  const [, year, month, day, hours, minutes, seconds, fraction = '', offset] = match
  const [y, mo, d] = [Number(year), Number(month), Number(day)]
  if (y < YEAR_MIN || d < 1 || !(d <= daysInMonth(y, mo))) return null
  const midnightMs = Date.UTC(y, mo - 1, d)
  if (hours === undefined) return checked(midnightMs * 1000, true)
  const [h, m, s] = [Number(hours), Number(minutes), Number(seconds ?? 0)]
  if (h > 23 || m > 59 || s > 59) return null
  const offsetMinutes = offset === undefined ? 0 : parseOffset(offset)
  if (offsetMinutes === null) return null
  const ms = midnightMs + ((h * 60 + m - offsetMinutes) * 60 + s) * 1000
  return checked(ms * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0')), offset === undefined)
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
