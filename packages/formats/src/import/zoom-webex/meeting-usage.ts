// What the reports of meeting services have in common: how their times are read, and what no report says of use.
import type { DocumentKey, Timestamp, Usage } from '@spillway/core'
import { type DayOrder, readMeetingTime } from '../meeting-times.ts'
import type { RowReading } from '../row-reading.ts'
import { isAbsent } from '../written-values.ts'

/** What these reports do not say of a use. */
export const UNSAID_OF_MEETINGS = {
  fact: 'usage',
  account: '',
  usageType: 'conference',
  unit: 'min',
  timeBand: '',
  accountCode: '',
  app: '',
  pool: '',
  view: 'itemised',
} as const satisfies Partial<Usage>

export const MINUTES = { unit: 'min', usageType: 'conference' } as const

/** Use is known by its meeting and time: the same in a later file is the same use. */
export const MEETING_DOCUMENT: DocumentKey = { part: 'itemised-usage', vendor: '', account: '', invoice: '' }

export type MeetingSpan = { readonly start: Timestamp; readonly end: Timestamp }

/** A time, which must not be blank; null where it cannot be read, which is then reported. */
export function readTime<C extends string>(
  reading: RowReading<C>,
  column: C,
  { order, value = reading.text(column) }: { readonly order: DayOrder; readonly value?: string },
): Timestamp | null {
  if (isAbsent(reading.required(column))) return null
  const expected = 'a time like 03/02/2026 09:00:00 AM or 2026-03-02 09:00:00, whose day and month cannot be confused,'
  const facts = { column: reading.nameOf(column), value, expected }
  return readMeetingTime(value, order) ?? reading.report('date-unreadable', facts, { column })
}

/** null where one of the times cannot be read or they run backwards, which is then reported. */
export function spanOf<C extends string>(
  reading: RowReading<C>,
  column: C,
  { start, end }: { readonly start: Timestamp | null; readonly end: Timestamp | null },
): MeetingSpan | null {
  if (!start || !end) return null
  if (start.isWallTime === end.isWallTime && start.micros <= end.micros) return { start, end }
  return reading.report('date-order', { from: shown(start), to: shown(end) }, { column })
}

/** `2026-03-02T09:00:00`, with a Z where it is an instant. */
export function shown({ micros, isWallTime }: Timestamp): string {
  return `${new Date(micros / 1000).toISOString().slice(0, 19)}${isWallTime ? '' : 'Z'}`
}

/** The minutes that a span would be given: a report may count a minute that was begun, or leave it out. */
export function hasMinutes({ start, end }: MeetingSpan, seconds: bigint): boolean {
  const difference = seconds - BigInt(Math.round((end.micros - start.micros) / 1_000_000))
  return difference <= 60n && difference >= -60n
}

/** The minutes of a cell that must not be blank and must not be negative. */
export function requiredMinutes<C extends string>(reading: RowReading<C>, column: C) {
  reading.required(column)
  const minutes = reading.quantity(column, MINUTES)
  if (minutes === null || minutes.base >= 0) return minutes
  return reading.report(
    'number-unreadable',
    { column: reading.nameOf(column), value: reading.text(column) },
    { column },
  )
}

/** A whole number of people; null where the cell is blank, or is no such number, which is then a warning. */
export function readCount<C extends string>(reading: RowReading<C>, column: C): number | null {
  const value = reading.text(column)
  if (isAbsent(value)) return null
  if (/^\d{1,9}$/.test(value)) return Number(value)
  const facts = { column: reading.nameOf(column), value }
  return reading.report('number-unreadable', facts, { column, severity: 'warning' })
}

/** `812 3456 7890` and `812-3456-7890` are `81234567890`. */
export function readMeetingId(text: string): string {
  const id = text.replace(/[\s-]/g, '')
  return /^\d+$/.test(id) ? id : text
}
