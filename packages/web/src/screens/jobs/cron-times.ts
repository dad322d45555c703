// When five fields of cron are due next, and what they say in words: shown while somebody types. The server's own reading counts;
// what is not read here is left to it.

type Field = { readonly values: ReadonlySet<number>; readonly isAny: boolean }
type Times = {
  readonly minutes: Field
  readonly hours: Field
  readonly days: Field
  readonly months: Field
  readonly weekdays: Field
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']
const WEEKDAY_NAMES = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** undefined for what is not read here. */
export function parseCron(text: string): Times | undefined {
  const parts = text.trim().split(/\s+/)
  if (parts.length !== 5) return undefined
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = parts
  const minutes = fieldOf(minute, { from: 0, to: 59 })
  const hours = fieldOf(hour, { from: 0, to: 23 })
  const days = fieldOf(day, { from: 1, to: 31 })
  const months = fieldOf(named(month, MONTHS, 1), { from: 1, to: 12 })
  // Sunday is 0 and 7.
  const week = fieldOf(named(weekday, WEEKDAYS, 0), { from: 0, to: 7 })
  if (!minutes || !hours || !days || !months || !week) return undefined
  const weekdays = { isAny: week.isAny, values: new Set([...week.values].map((value) => value % 7)) }
  return { minutes, hours, days, months, weekdays }
}

function named(text: string, names: ReadonlyArray<string>, first: number): string {
  return text.toUpperCase().replaceAll(/[A-Z]+/g, (name) => {
    const at = names.indexOf(name)
    return at === -1 ? name : String(at + first)
  })
}

function fieldOf(text: string, { from, to }: { readonly from: number; readonly to: number }): Field | undefined {
  const values = new Set<number>()
  for (const part of text.split(',')) {
    const [, range = '', step] = /^(\*|\d{1,2}(?:-\d{1,2})?)(?:\/(\d{1,2}))?$/.exec(part) ?? []
    if (range === '') return undefined
    const [first, last] = range === '*' ? [from, to] : range.split('-').map(Number)
    if (first === undefined) return undefined
    const end = last ?? (step === undefined ? first : to)
    const by = step === undefined ? 1 : Number(step)
    if (by < 1 || first < from || end > to || first > end) return undefined
    for (let value = first; value <= end; value += by) values.add(value)
  }
  return { values, isAny: text === '*' }
}

export type NextTimes = { readonly timeZone: string; readonly after: Date; readonly count: number }

const DAYS_MAX = 366 * 5
const DAY_MS = 86_400_000

/** Empty where it is never due, or where the zone is none. */
export function nextTimes(cron: string, { timeZone, after, count }: NextTimes): ReadonlyArray<Date> {
  const times = parseCron(cron)
  const zone = zoneOf(timeZone)
  if (!times || !zone) return []
  const found: Date[] = []
  // A day of the zone's calendar, as midnight of UTC.
  const today = Math.floor((after.valueOf() + offsetAt(zone, after.valueOf())) / DAY_MS) * DAY_MS
  for (let ahead = 0; ahead < DAYS_MAX && found.length < count; ahead++) {
    const day = today + ahead * DAY_MS
    if (!isDayOf(times, new Date(day))) continue
    for (const hour of ascending(times.hours))
      for (const minute of ascending(times.minutes)) {
        const instant = instantOf(zone, day + (hour * 60 + minute) * 60_000)
        if (instant > after.valueOf() && found.length < count) found.push(new Date(instant))
      }
  }
  return found
}

const ascending = ({ values }: Field) => [...values].sort((a, b) => a - b)

/** As cron has it: where both days are named, either will do. */
function isDayOf({ days, months, weekdays }: Times, day: Date): boolean {
  if (!months.values.has(day.getUTCMonth() + 1)) return false
  const isDay = days.values.has(day.getUTCDate())
  const isWeekday = weekdays.values.has(day.getUTCDay())
  return days.isAny || weekdays.isAny ? isDay && isWeekday : isDay || isWeekday
}

function zoneOf(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    })
  } catch {
    return undefined
  }
}

/** How far the zone's clock is ahead of UTC, in milliseconds. */
function offsetAt(zone: Intl.DateTimeFormat, instant: number): number {
  const parts = Object.fromEntries(zone.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000
}

/** Of what the zone's clock shows, given as if it were UTC. */
function instantOf(zone: Intl.DateTimeFormat, local: number): number {
  const guess = local - offsetAt(zone, local)
  return local - offsetAt(zone, guess)
}

const two = (value: number) => String(value).padStart(2, '0')

/** `0 6 * * 1` as "Every Monday at 06:00". */
export function describeCron(text: string): string {
  const times = parseCron(text)
  if (!times) return 'Times that only the server reads'
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = text.trim().split(/\s+/)
  const step = /^\*\/(\d+)$/.exec(minute)?.[1]
  if (hour === '*' && day === '*' && month === '*' && weekday === '*') {
    if (minute === '*') return 'Every minute'
    if (step !== undefined) return `Every ${step} minutes`
    return `Every hour, at minute ${listed(ascending(times.minutes).map(String))}`
  }
  const clock =
    hour === '*'
      ? `every hour at minute ${listed(ascending(times.minutes).map(String))}`
      : `at ${listed(ascending(times.hours).flatMap((h) => ascending(times.minutes).map((m) => `${two(h)}:${two(m)}`)))}`
  return `${daysInWords(times)} ${clock}`
}

function daysInWords({ days, months, weekdays }: Times): string {
  const ofWeek = `every ${listed(ascending(weekdays).map((one) => WEEKDAY_NAMES[one] ?? ''))}`
  const ofMonth = `on day ${listed(ascending(days).map(String))} of ${months.isAny ? 'every month' : 'the month'}`
  const words =
    days.isAny && weekdays.isAny
      ? 'every day'
      : days.isAny
        ? ofWeek
        : weekdays.isAny
          ? ofMonth
          : `${ofMonth}, and ${ofWeek},`
  const only = months.isAny ? '' : ` in ${listed(ascending(months).map((one) => MONTHS[one - 1] ?? ''))}`
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${only}`
}

const LISTED_MAX = 6

function listed(words: ReadonlyArray<string>): string {
  if (words.length > LISTED_MAX) return `${words.slice(0, LISTED_MAX).join(', ')} and ${words.length - LISTED_MAX} more`
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
