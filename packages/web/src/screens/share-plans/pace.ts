// How a bucket would be drawn at the pace so far: from what was drawn up to the last day that is known to its end, day by day.

export type Drawn = { readonly day: string; readonly soFar: number }
export type Pace = { readonly day: string; readonly pace: number }

const DAY_MS = 86_400_000
/** A bucket that lasts longer than this at its pace is drawn to here. */
const DAYS_MAX = 366

/** The last day itself and those up to `exhaustedOn`, where all of `capacity` is drawn; none where that is not after it. */
export function paceOf(
  last: Drawn | undefined,
  { exhaustedOn, capacity }: { exhaustedOn: string; capacity: number },
): ReadonlyArray<Pace> {
  if (!last) return []
  const from = Date.parse(`${last.day}T00:00:00Z`)
  const days = Math.min(DAYS_MAX, Math.round((Date.parse(`${exhaustedOn}T00:00:00Z`) - from) / DAY_MS))
  if (!(days > 0)) return []
  return Array.from({ length: days + 1 }, (_, at) => ({
    day: new Date(from + at * DAY_MS).toISOString().slice(0, 10),
    pace: last.soFar + ((capacity - last.soFar) * at) / days,
  }))
}
