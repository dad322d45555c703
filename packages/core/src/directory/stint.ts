// Effective-dated rows: half-open from a day to a day, null for without beginning or without end.
// Compares days as texts, so that "without beginning" and "without end" are ordinary bounds below and above every day.
import type { LocalDate } from '../time/local-date.ts'

/** In force from `from` until the day before `to`. */
export type Stint = { readonly from: LocalDate | null; readonly to: LocalDate | null }

/** A day, or one of the two ends of time; text order is time order. */
export type Bound = string
export const BEGINNING: Bound = '0000-00-00'
export const FOREVER: Bound = '9999-99-99'

export function startOf(stint: Stint): Bound {
  return stint.from ?? BEGINNING
}

export function endOf(stint: Stint): Bound {
  return stint.to ?? FOREVER
}

/** The day of a bound; null for either end of time. */
export function dayOfBound(bound: Bound): LocalDate | null {
  return bound === BEGINNING || bound === FOREVER ? null : (bound as LocalDate)
}

export function isInForceOn(stint: Stint, on: Bound): boolean {
  return startOf(stint) <= on && on < endOf(stint)
}

/** The rows that began before `on`, none of them lasting beyond it. */
export function endedBy<Row extends Stint>(
  rows: ReadonlyArray<Row>,
  on: LocalDate,
  withRange: (row: Row, range: Stint) => Row,
): Row[] {
  return rows
    .filter((row) => startOf(row) < on)
    .map((row) => (endOf(row) > on ? withRange(row, { from: row.from, to: on }) : row))
}

export type Run = { readonly start: Bound; readonly end: Bound }

/** The unbroken stretches of time that the rows cover, in order. */
export function runsOf(rows: ReadonlyArray<Stint>): Run[] {
  const runs: Array<{ start: Bound; end: Bound }> = []
  const sorted = [...rows].sort((a, b) => compareBounds(startOf(a), startOf(b)))
  for (const row of sorted) {
    const last = runs.at(-1)
    if (last && startOf(row) <= last.end) last.end = endOf(row) > last.end ? endOf(row) : last.end
    else runs.push({ start: startOf(row), end: endOf(row) })
  }
  return runs
}

export function compareBounds(left: Bound, right: Bound): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}

/** The first two rows that are in force at once, as the range that both cover; null where no two are. */
export function firstOverlap(rows: ReadonlyArray<Stint>): Stint | null {
  const sorted = [...rows].sort((a, b) => compareBounds(startOf(a), startOf(b)))
  let end = BEGINNING
  for (const row of sorted) {
    if (startOf(row) < end) return { from: row.from, to: dayOfBound(end < endOf(row) ? end : endOf(row)) }
    if (endOf(row) > end) end = endOf(row)
  }
  return null
}

/** A bound in a sentence: the day, or which end of time it is. */
export function boundText(bound: Bound): string {
  if (bound === BEGINNING) return 'the beginning'
  return bound === FOREVER ? 'no end' : bound
}
