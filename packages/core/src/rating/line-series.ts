// When a bucket is in force, and the periods in which it is replenished (spec, share plans, "Share plan"): the first period
// of a plan is the one that contains its first instant, and has the whole capacity.

import { addDays, type LocalDate } from '../time/local-date.ts'
import type { DateRange } from '../time/period.ts'
import type { OneTime } from './bucket.ts'
import type { InForce, Series } from './bucket-shape.ts'
import type { Calendar, CalendarPeriod } from './calendar.ts'
import type { CustomerAccount } from './catalogue.ts'
import type { GroupInput } from './group-input.ts'
import { instantOfMoment } from './moment.ts'
import type { SharePlan, SharePlanBucket } from './share-plan.ts'
import type { ZoneClock } from './zone-clock.ts'

const LAST_DAY = '9999-12-31' as LocalDate

/** Ranges in order, joined where they meet. */
export function mergeRanges(ranges: ReadonlyArray<InForce>): InForce[] {
  if (ranges.length === 1) return [...ranges]
  const merged: InForce[] = []
  for (const range of [...ranges].sort((a, b) => (a.fromMicros < b.fromMicros ? -1 : 1))) {
    const last = merged.at(-1)
    if (last === undefined || range.fromMicros > last.untilMicros) merged.push(range)
    else if (range.untilMicros > last.untilMicros) merged.splice(-1, 1, { ...last, untilMicros: range.untilMicros })
  }
  return merged
}

type OneTimeOn = { readonly life: OneTime; readonly inForce: ReadonlyArray<InForce>; readonly clock: ZoneClock }

/** One period from `from` to `until`, clipped to the times that its holder is in force; none where they do not meet. */
export function oneTimeSeries({ life, inForce, clock }: OneTimeOn): Series[] {
  const startMicros = life.from === null ? 0 : instantOfMoment(life.from, clock.timeZone)
  const untilMicros = life.until === null ? Number.POSITIVE_INFINITY : instantOfMoment(life.until, clock.timeZone)
  const ranges = inForce.flatMap((range) => {
    const fromMicros = Math.max(range.fromMicros, startMicros)
    const clipped = { fromMicros, untilMicros: Math.min(range.untilMicros, untilMicros) }
    return clipped.fromMicros < clipped.untilMicros ? [clipped] : []
  })
  if (ranges.length === 0) return []
  const span: CalendarPeriod = {
    startOn: clock.localDate(startMicros),
    endOn: untilMicros === Number.POSITIVE_INFINITY ? LAST_DAY : addDays(clock.localDate(untilMicros - 1), 1),
    startMicros,
    untilMicros,
  }
  const after = { ...span, startMicros: untilMicros }
  return [{ calendar: { indexAt: () => 0, period: (index) => (index === 0 ? span : after) }, ranges }]
}

export type PlanOn = {
  readonly input: Pick<GroupInput, 'index' | 'calendars'>
  readonly plan: SharePlan
  readonly account: CustomerAccount
}

/**
 * The series of a plan's own periods on an account. A plan that is added again within a period of its earlier time goes
 * on with that period: taking it off and adding it again replenishes nothing.
 */
export function planPeriods({ input, plan, account }: PlanOn): Series[] {
  const added = input.index.addedPlans(account.account, plan.plan).map(({ from, until }) => ({
    fromMicros: instantOfMoment(from, account.timeZone),
    untilMicros: until === null ? Number.POSITIVE_INFINITY : instantOfMoment(until, account.timeZone),
  }))
  const series: Array<{ calendar: Calendar; ranges: InForce[] }> = []
  for (const range of mergeRanges(added.filter((one) => one.fromMicros < one.untilMicros))) {
    const last = series.at(-1)
    if (last !== undefined && isWithinLastPeriod(last, range.fromMicros)) last.ranges.push(range)
    else series.push({ calendar: input.calendars.plan(account, plan.usageBilling, range.fromMicros), ranges: [range] })
  }
  return series
}

function isWithinLastPeriod({ calendar, ranges }: Series, atMicros: number): boolean {
  const lastMicros = (ranges.at(-1) as InForce).untilMicros - 1
  return atMicros < calendar.period(calendar.indexAt(lastMicros)).untilMicros
}

export function planSeries({ bucket, ...on }: PlanOn & { readonly bucket: SharePlanBucket }): Series[] {
  const series = planPeriods(on)
  if (bucket.life.life !== 'one-time') return series
  const clock = on.input.calendars.clock(on.account.timeZone)
  return oneTimeSeries({ life: bucket.life, inForce: series.flatMap(({ ranges }) => ranges), clock })
}

type PlanPeriod = {
  readonly series: ReadonlyArray<Series>
  readonly period: CalendarPeriod
  readonly clock: ZoneClock
}

/** The local days of a period from the first to the last on which the plan is in force. */
export function daysInForce({ series, period, clock }: PlanPeriod): DateRange {
  const ranges = series
    .flatMap((one) => one.ranges)
    .filter((range) => range.fromMicros < period.untilMicros && range.untilMicros > period.startMicros)
  const fromMicros = Math.min(...ranges.map((range) => range.fromMicros))
  const untilMicros = Math.max(...ranges.map((range) => range.untilMicros))
  return {
    startOn: fromMicros <= period.startMicros ? period.startOn : clock.localDate(fromMicros),
    endOn: untilMicros >= period.untilMicros ? period.endOn : addDays(clock.localDate(untilMicros - 1), 1),
  }
}
