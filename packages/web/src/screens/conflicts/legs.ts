// Legs of a day as bars: where each begins and ends on an axis of the account's own time, and which part of it was a conflict.
import type { ReportRow } from '../../api/use-report.ts'

export type Leg = {
  readonly id: string
  readonly who: string
  readonly conference: string
  /** As the report writes it, in the account's time: `2026-10-20T10:00:00-04:00`. */
  readonly start: string
  readonly end: string
  /** Its number in the report; '' where nothing else was on. */
  readonly conflict: string
  readonly atOnce: string
  readonly conflictFrom: string
  readonly conflictUntil: string
}

export type Axis = {
  readonly from: number
  readonly until: number
  readonly ticks: ReadonlyArray<{ readonly at: number; readonly label: string }>
}

export function legsOf(rows: ReadonlyArray<ReportRow>): ReadonlyArray<Leg> {
  return rows.map((row, at) => ({
    id: `${at} ${row.start} ${row.who}`,
    ...{ who: row.who || 'somebody', conference: row.conference ?? '', start: row.start ?? '', end: row.end ?? '' },
    ...{ conflict: row.conflict ?? '', atOnce: row.at_once ?? '' },
    ...{ conflictFrom: row.conflict_from ?? '', conflictUntil: row.conflict_until ?? '' },
  }))
}

const STEPS_MINUTES = [5, 10, 15, 30, 60, 120, 240]
const TICKS_MOST = 12

/** From the tick before the first leg to the one after the last, in steps that leave room for their labels. */
export function axisOf(legs: ReadonlyArray<Leg>): Axis | null {
  const starts = legs.map(({ start }) => Date.parse(start))
  const ends = legs.map(({ end }) => Date.parse(end))
  const [first, last] = [Math.min(...starts), Math.max(...ends)]
  if (!Number.isFinite(first) || !Number.isFinite(last)) return null
  const offset = offsetMsOf(legs[0]?.start ?? '')
  const step = (STEPS_MINUTES.find((minutes) => (last - first) / (minutes * 60_000) <= TICKS_MOST) ?? 360) * 60_000
  const from = Math.floor((first + offset) / step) * step - offset
  const until = Math.max(Math.ceil((last + offset) / step) * step - offset, from + step)
  const ticks: { at: number; label: string }[] = []
  for (let at = from; at <= until; at += step)
    ticks.push({ at, label: new Date(at + offset).toISOString().slice(11, 16) })
  return { from, until, ticks }
}

/** How far the account's clock is ahead of UTC. */
function offsetMsOf(instant: string): number {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(instant) ?? []
  if (hours === undefined || minutes === undefined) return 0
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}

/** A part of the axis in percent. */
export function spanOf(axis: Axis, from: string | number, until: string | number) {
  const place = (at: string | number) => {
    const instant = typeof at === 'number' ? at : Date.parse(at)
    return Math.min(100, Math.max(0, ((instant - axis.from) / (axis.until - axis.from)) * 100))
  }
  const left = place(from)
  return { left: `${left}%`, width: `${Math.max(0.3, place(until) - left)}%` }
}

export const clockOf = (instant: string) => instant.slice(11, 16)

/** The part of a leg that lies within its conflict; null where it had none. */
export function conflictOf(leg: Leg): { readonly from: string; readonly until: string } | null {
  if (leg.conflict === '') return null
  const from = Date.parse(leg.conflictFrom) > Date.parse(leg.start) ? leg.conflictFrom : leg.start
  const until = Date.parse(leg.conflictUntil) < Date.parse(leg.end) ? leg.conflictUntil : leg.end
  return Date.parse(from) < Date.parse(until) ? { from, until } : null
}
