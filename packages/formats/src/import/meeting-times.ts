// How conference services write times: ISO, American 12-hour, day first, or with the month's name in several languages.
// Where nothing in a file says which number is the day, a time is not read rather than guessed.
import { daysInMonth, type LocalDate, parseTimestamp, type Timestamp } from '@spillway/core'
import { normaliseName } from '../intake/column-lookup.ts'
import { readTimeOfDay } from './written-values.ts'

/** null where the file does not say. */
export type DayOrder = 'day-first' | 'month-first' | null

const NUMERIC = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2}),?\s+(\S.*)$/
const YEAR_FIRST = /^(\d{4})[/.](\d{1,2})[/.](\d{1,2}),?\s+(\S.*)$/
const MONTH_NAMED_FIRST = /^(\p{L}{3,})\.?\s+(\d{1,2}),?\s+(\d{4}),?\s+(\S.*)$/u
const DAY_BEFORE_NAME = /^(\d{1,2})\.?\s+(?:de\s+)?(\p{L}{3,})\.?\s+(?:de\s+)?(\d{4}),?\s+(\S.*)$/u

/** English, German, French, Spanish, Italian, Dutch, Portuguese; without accents, in the order of the year. */
const MONTH_NAMES = [
  'january januar janvier enero gennaio januari janeiro',
  'february februar fevrier febrero febbraio februari fevereiro',
  'march marz mars marzo maart mrt marco',
  'april avril abril aprile',
  'may mai mayo maggio mei maio',
  'june juni juin junio giugno junho',
  'july juli juillet julio luglio julho',
  'august aout agosto augustus',
  'september septembre septiembre settembre setembro',
  'october oktober octobre octubre ottobre outubro',
  'november novembre noviembre novembro',
  'december dezember decembre diciembre dicembre dezembro',
].map((names) => names.split(' '))

/**
 * Which of two numbers the times of a file call the day: what a number above 12 shows; else month first where the clock
 * has 12 hours, as in America. null where nothing shows it, or the times contradict each other.
 */
export function dayOrderOf(texts: Iterable<string>): DayOrder {
  const shown = new Set<DayOrder>()
  let hasHalves = false
  for (const text of texts) {
    const match = NUMERIC.exec(plain(text))
    if (!match || match[2] === '.') continue
    if (Number(match[1]) > 12) shown.add('day-first')
    else if (Number(match[3]) > 12) shown.add('month-first')
    if (/[ap]m$/i.test(match[5] as string)) hasHalves = true
  }
  const [only] = shown
  if (shown.size > 0) return shown.size === 1 ? (only as DayOrder) : null
  return hasHalves ? 'month-first' : null
}

/**
 * `03/02/2026 09:00:00 AM`, `02.03.2026 09:00`, `2. März 2026, 09:00:00`, `2026-03-02 09:00:00` as wall time; with an
 * offset, as an instant. null for what is none of them, or could be two days.
 */
export function readMeetingTime(written: string, order: DayOrder): Timestamp | null {
  const text = plain(written)
  const iso = /\d:\d/.test(text) ? parseTimestamp(text) : null
  if (iso) return iso
  const named = MONTH_NAMED_FIRST.exec(text)
  if (named) return stamp({ year: named[3], month: monthOf(named[1] as string), day: named[2], time: named[4] })
  const dayNamed = DAY_BEFORE_NAME.exec(text)
  if (dayNamed)
    return stamp({ year: dayNamed[3], month: monthOf(dayNamed[2] as string), day: dayNamed[1], time: dayNamed[4] })
  const yearFirst = YEAR_FIRST.exec(text)
  if (yearFirst)
    return stamp({ year: yearFirst[1], month: Number(yearFirst[2]), day: yearFirst[3], time: yearFirst[4] })
  const numeric = NUMERIC.exec(text)
  return numeric ? readNumeric(numeric, order) : null
}

function readNumeric(match: RegExpExecArray, order: DayOrder): Timestamp | null {
  const [, first, mark, second, writtenYear, time] = match
  const year = writtenYear?.length === 2 ? `20${writtenYear}` : writtenYear
  const own = Number(first) > 12 || first === second ? 'day-first' : Number(second) > 12 ? 'month-first' : order
  const isDayFirst = mark === '.' || own === 'day-first'
  if (!isDayFirst && own === null) return null
  const [day, month] = isDayFirst ? [first, second] : [second, first]
  return stamp({ year, month: Number(month), day, time })
}

type Parts = {
  readonly year: string | undefined
  readonly month: number
  readonly day: string | undefined
  readonly time: string | undefined
}

/** Wall time; null where there is no such day or time. */
function stamp({ year, month, day, time = '' }: Parts): Timestamp | null {
  const read = readTimeOfDay(time)
  const isDay = month >= 1 && month <= 12 && Number(day) >= 1 && Number(day) <= daysInMonth(Number(year), month)
  if (read === null || !isDay) return null
  const two = (value: string | number | undefined) => String(value).padStart(2, '0')
  return parseTimestamp(`${year}-${two(month)}-${two(day)} ${read}`)
}

/** 0 for a word that is the beginning of no month's name, or of several. */
function monthOf(word: string): number {
  const name = normaliseName(word)
  const months = MONTH_NAMES.flatMap((names, at) => (names.some((full) => full.startsWith(name)) ? [at + 1] : []))
  return months.length === 1 ? (months[0] as number) : 0
}

/** Without the narrow blanks and the points that some languages put into AM and PM. */
function plain(text: string): string {
  return text
    .trim()
    .replace(/[\u00a0\u202f]/g, ' ')
    .replace(/([ap])\.?\s?m\.?$/i, '$1m')
}

/** The first day of the month in which a wall time or instant lies. */
export function monthStartOf({ micros }: Timestamp): LocalDate {
  return `${new Date(micros / 1000).toISOString().slice(0, 7)}-01` as LocalDate
}
