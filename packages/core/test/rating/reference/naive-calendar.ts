// Periods by the plainest means, for UTC alone: months are counted out one by one. Imports nothing.

export type NaiveSpan = { readonly start: number; readonly end: number }

const DAY = 86_400_000_000

export const dayOf = (micros: number): number => Math.floor(micros / DAY)

export const isoDay = (micros: number): string => new Date(micros / 1000).toISOString().slice(0, 10)

/** The first instant of a cycle in a month; the last day where the month is too short. */
function cycleStart(year: number, month: number, cycleDay: number): number {
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return Date.UTC(year, month, Math.min(cycleDay, lastDay)) * 1000
}

export function billingSpan(cycleDay: number, micros: number): NaiveSpan {
  const date = new Date(micros / 1000)
  for (const shift of [-1, 0]) {
    const start = cycleStart(date.getUTCFullYear(), date.getUTCMonth() + shift, cycleDay)
    const end = cycleStart(date.getUTCFullYear(), date.getUTCMonth() + shift + 1, cycleDay)
    if (start <= micros && micros < end) return { start, end }
  }
  throw new Error('every instant is in a billing period')
}

/** Counted on from the period of the first instant, one step after another. */
export function planSpan(
  { every, unit }: { readonly every: number; readonly unit: string },
  { cycleDay, first, micros }: { readonly cycleDay: number; readonly first: number; readonly micros: number },
): NaiveSpan {
  const next = (start: number): number => {
    if (unit === 'day') return start + every * DAY
    if (unit === 'week') return start + every * 7 * DAY
    let end = start
    for (let month = 0; month < every * (unit === 'year' ? 12 : 1); month += 1) end = billingSpan(cycleDay, end).end
    return end
  }
  const isMonths = unit === 'month' || unit === 'year'
  let start = isMonths ? billingSpan(cycleDay, first).start : dayOf(first) * DAY
  while (next(start) <= micros) start = next(start)
  return { start, end: next(start) }
}
