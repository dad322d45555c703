// From which instant a run must read usage. What is priced at the end of a period is drawn from the period's beginning, so
// that a period that is under way where a window starts draws the window back (a weekly plan across the end of a month).

import type { Calendars } from './calendar.ts'
import type { IndexedCatalogue } from './indexed-catalogue.ts'
import { planSeries } from './line-series.ts'
import type { SharePlanBucket } from './share-plan.ts'

export type WindowOf = {
  readonly index: IndexedCatalogue
  readonly calendars: Calendars
  /** Of one bucket group: plans of other groups move nothing. */
  readonly accounts: Iterable<string>
}

/**
 * The latest instant, not after `fromMicros`, at which no rated bucket of the accounts' share plans is in the middle of a
 * period: a run of the group that begins there, with the balances of that instant, rates each of them whole. Going back for
 * one period can begin within that of another plan, so that the answer can lie several periods back; it is never before
 * the plans were added. UTC microseconds.
 */
export function windowStart({ index, calendars, accounts }: WindowOf, fromMicros: number): number {
  const rated = [...accounts].flatMap((id) => ratedSeries({ index, calendars }, id))
  let startMicros = fromMicros
  for (;;) {
    const earlierMicros = Math.min(startMicros, ...rated.map((series) => periodStart(series, startMicros)))
    if (earlierMicros === startMicros) return startMicros
    startMicros = earlierMicros
  }
}

type RatedSeries = ReturnType<typeof planSeries>[number]

function ratedSeries({ index, calendars }: Pick<WindowOf, 'index' | 'calendars'>, id: string): RatedSeries[] {
  const account = index.account(id)
  const plans = new Set(index.plansOn(id).map(({ plan }) => plan))
  return [...plans].flatMap((planId) => {
    const plan = index.catalogue.sharePlans.get(planId)
    if (plan === undefined) return []
    const buckets = plan.buckets.filter(isSettledAtEnd)
    return buckets.flatMap((bucket) => planSeries({ input: { index, calendars }, plan, bucket, account }))
  })
}

function isSettledAtEnd({ tiers, order }: SharePlanBucket): boolean {
  return order === 'highest-rate' || tiers.some(({ flat, rate }) => flat !== null || rate !== null)
}

/** When the bucket is first in force in the period that is under way at an instant; the instant where none is. */
function periodStart({ calendar, ranges }: RatedSeries, atMicros: number): number {
  const { startMicros, untilMicros } = calendar.period(calendar.indexAt(atMicros))
  const within = ranges.filter((range) => range.fromMicros < untilMicros && range.untilMicros > startMicros)
  const isAfter = within.some((range) => range.untilMicros > atMicros)
  if (!isAfter) return atMicros
  return Math.min(atMicros, ...within.map((range) => Math.max(range.fromMicros, startMicros)))
}
