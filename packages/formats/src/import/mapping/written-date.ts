// Dates and times by a format of tokens, turned into ISO text. A format that is not understood is refused when the
// source is saved; a date that does not exist is refused where it stands.
import { addDays, addMonths, type LocalDate, localDateOf, parseLocalDate } from '@spillway/core'

type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'half'
type Token = { readonly part: Part; readonly group: string }

const TOKENS: Readonly<Record<string, Token>> = {
  YYYY: { part: 'year', group: '(?<year>\\d{4})' },
  YY: { part: 'year', group: '(?<shortYear>\\d{2})' },
  MMM: { part: 'month', group: '(?<monthName>\\p{L}{3,9})\\.?' },
  MM: { part: 'month', group: '(?<month>\\d{2})' },
  M: { part: 'month', group: '(?<month>\\d{1,2})' },
  DD: { part: 'day', group: '(?<day>\\d{2})' },
  D: { part: 'day', group: '(?<day>\\d{1,2})' },
  HH: { part: 'hour', group: '(?<hour>\\d{2})' },
  H: { part: 'hour', group: '(?<hour>\\d{1,2})' },
  hh: { part: 'hour', group: '(?<hour12>\\d{2})' },
  h: { part: 'hour', group: '(?<hour12>\\d{1,2})' },
  mm: { part: 'minute', group: '(?<minute>\\d{2})' },
  ss: { part: 'second', group: '(?<second>\\d{2})' },
  A: { part: 'half', group: '(?<half>[AaPp])\\.?[Mm]?\\.?' },
}
const TOKEN = /YYYY|YY|MMM|MM|M|DD|D|HH|H|hh|h|mm|ss|A/g
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

export type DateFormat = { readonly pattern: RegExp; readonly text: string }

/** null where the format lacks a day, month or year, names one of them twice, or has letters that are no token. */
export function compileDateFormat(text: string): DateFormat | null {
  const parts: Part[] = []
  const source = text.replace(/[^A-Za-z]+|[A-Za-z]+/g, (run) => {
    if (run === 'T') return run
    if (!/[A-Za-z]/.test(run)) return run.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/\s+/g, '\\s+')
    return run.replace(TOKEN, (name) => {
      const token = TOKENS[name] as Token
      parts.push(token.part)
      return token.group
    })
  })
  const letters = text.replace(TOKEN, '').replace('T', '')
  if (/[A-Za-z]/.test(letters) || new Set(parts).size !== parts.length) return null
  const hasDay = (['year', 'month', 'day'] as const).every((part) => parts.includes(part))
  return hasDay ? { pattern: new RegExp(`^${source}$`, 'u'), text } : null
}

/** `2026-01-31`, or `2026-01-31T22:26:05` where the format has a time; null for what the format does not fit. */
export function readByFormat(text: string, format: DateFormat): string | null {
  const parts = format.pattern.exec(text.trim())?.groups
  if (!parts) return null
  const month = parts.monthName ? MONTHS.indexOf(parts.monthName.slice(0, 3).toLowerCase()) + 1 : Number(parts.month)
  const year = parts.year ? Number(parts.year) : 2000 + Number(parts.shortYear)
  const date = localDateOf(year, month, Number(parts.day))
  if (!date) return null
  const time = timeOf(parts)
  return time === undefined ? date : time && `${date}T${time}`
}

/** undefined: the format has no time; null: a time that does not exist. */
function timeOf(parts: Readonly<Record<string, string | undefined>>): string | null | undefined {
  const written = parts.hour ?? parts.hour12
  if (written === undefined) return undefined
  const isLate = parts.half?.toLowerCase() === 'p'
  const hour = parts.hour12 === undefined ? Number(written) : (Number(written) % 12) + (isLate ? 12 : 0)
  if (parts.hour12 !== undefined && (Number(written) < 1 || Number(written) > 12)) return null
  const [minute, second] = [parts.minute ?? '00', parts.second ?? '00']
  if (hour > 23 || Number(minute) > 59 || Number(second) > 59) return null
  return `${String(hour).padStart(2, '0')}:${minute}:${second}`
}

/** A workbook's dates arrive as ISO text whatever the file's format says. */
export function readIsoDate(text: string): string | null {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?))?$/.exec(text.trim())
  const date = match?.[1] ? parseLocalDate(match[1]) : null
  return date && (match?.[2] ? `${date}T${match[2]}` : date)
}

export type DateShift = { readonly days?: number | undefined; readonly months?: number | undefined }

/** Days first, then months: Jan 15 + 1 day - 1 month is Dec 16. A time of day stays as it is. */
export function shiftDate(iso: string, { days = 0, months = 0 }: DateShift): string {
  const date = addMonths(addDays(iso.slice(0, 10) as LocalDate, days), months)
  return `${date}${iso.slice(10)}`
}
