// The buckets of a group: on its services, on its accounts and their ancestors, and in the share plans of its accounts,
// each with its periods and the rows that reach it (spec, share plans, "Drawing down").

import { invariant } from '../invariant.ts'
import type { Bucket } from './bucket.ts'
import { BucketLine } from './bucket-line.ts'
import {
  ALWAYS,
  type BucketHolder,
  type BucketLineShape,
  type InForce,
  type LineRun,
  makeShape,
  type Series,
  type TierSizes,
  tierSizesOf,
} from './bucket-shape.ts'
import type { CalendarPeriod } from './calendar.ts'
import type { RatedService } from './catalogue.ts'
import { type CompiledClasses, lifeOf, OWN_RANK } from './compiled-classes.ts'
import { type GroupInput, type KindOfService, type OpeningBalances, rowCountOf, serviceAt } from './group-input.ts'
import { daysInForce, mergeRanges, oneTimeSeries, planPeriods, planSeries } from './line-series.ts'
import { type Contributor, fixedSizes, isVariable, tierSizes } from './plan-capacity.ts'
import { LIMIT_BASE_MAX, type Participation, type SharePlan, type SharePlanBucket } from './share-plan.ts'

/** Rows of one account, product and service type. */
export type KindRows = {
  readonly service: KindOfService
  readonly participant: { readonly plan: SharePlan; readonly participation: Participation } | null
  readonly rows: ReadonlyArray<number>
}

export type LineContext = {
  readonly input: GroupInput
  readonly compiled: CompiledClasses
  readonly run: LineRun
  /** By row: the number of its service, when it is in force, and its kind. */
  readonly numbers: Int32Array
  readonly spans: ReadonlyArray<InForce>
  readonly kindOfRow: Int32Array
  readonly kinds: ReadonlyArray<KindRows>
  readonly balances: OpeningBalances
}

type OwnLines = {
  readonly lines: ReadonlyArray<BucketLine>
  readonly byRow: ReadonlyArray<ReadonlyArray<BucketLine>>
}

const DEPTH_MAX = 10_000
const PLAN_RANK = DEPTH_MAX + 1
const PLAN_BUCKETS_MAX = 10_000
const NO_LINES: ReadonlyArray<BucketLine> = []
const ALL_TIME: ReadonlyArray<InForce> = [ALWAYS]

export function ownLines(context: LineContext): OwnLines {
  const { services, index, calendars } = context.input
  const several = rowsOfSeveral(context)
  const byRow = services.map((): ReadonlyArray<BucketLine> => NO_LINES)
  const lines: BucketLine[] = []
  const made: BucketLine[][] = []
  const billing = context.kinds.map(({ service }) => calendars.billing(index.account(service.account)))
  const always = billing.map((calendar): ReadonlyArray<Series> => [{ calendar, ranges: ALL_TIME }])
  const seriesFor = (bucket: Bucket, ranges: ReadonlyArray<InForce>, kind: number): ReadonlyArray<Series> => {
    if (bucket.life.life === 'one-time') return seriesOf(context, { bucket, ranges, account: accountOf(kind) })
    if (ranges[0] === ALWAYS) return always[kind] as ReadonlyArray<Series>
    return [{ calendar: billing[kind] as Series['calendar'], ranges }]
  }
  const accountOf = (kind: number) => (context.kinds[kind] as KindRows).service.account
  services.forEach(({ service, account, product }, row) => {
    const buckets = context.compiled.ownBuckets(product)
    if (buckets.length === 0) return
    const rows = several?.get(context.numbers[row] as number) ?? null
    const holder = { on: 'service', account, service } as const
    const kind = context.kindOfRow[row] as number
    byRow[row] = buckets.map((bucket) => {
      const known = rows && lineOfEarlierRow(made, { rows, row, account, bucket })
      if (known) return known
      const ranges = rows === null ? [context.spans[row] as InForce] : rangesOf(context, { rows, account, bucket })
      const line = new BucketLine({
        shape: context.compiled.shapeOf(bucket, OWN_RANK),
        run: context.run,
        holder,
        series: seriesFor(bucket, ranges, kind),
        balance: context.balances.of(holder, bucket.bucket),
      })
      lines.push(line)
      return line
    })
    made[row] = byRow[row] as BucketLine[]
  })
  return { lines, byRow }
}

/** The rows of each service that has several, by its number; null where none has. */
function rowsOfSeveral({ numbers, run }: LineContext): ReadonlyMap<number, ReadonlyArray<number>> | null {
  if (run.serviceCount === numbers.length) return null
  const rowsOf = new Map<number, number[]>()
  numbers.forEach((number, row) => {
    const rows = rowsOf.get(number)
    if (rows) rows.push(row)
    else rowsOf.set(number, [row])
  })
  return rowsOf
}

type BucketOfRows = { readonly rows: ReadonlyArray<number>; readonly account: string; readonly bucket: Bucket }

/** A bucket that a service keeps through several rows on one account is one bucket. */
function lineOfEarlierRow(
  made: ReadonlyArray<ReadonlyArray<BucketLine> | undefined>,
  { rows, row, account, bucket }: BucketOfRows & { readonly row: number },
): BucketLine | null {
  for (const earlier of rows) {
    if (earlier >= row) return null
    const line = made[earlier]?.find((one) => one.bucket === bucket.bucket && one.holder.account === account)
    if (line) return line
  }
  return null
}

function rangesOf(context: LineContext, { rows, account, bucket }: BucketOfRows): ReadonlyArray<InForce> {
  const { services } = context.input
  const held = rows.filter((row) => {
    const { account: on, product } = services[row] as RatedService
    return on === account && context.compiled.ownBuckets(product).includes(bucket)
  })
  return mergeRanges(held.map((row) => context.spans[row] as InForce))
}

export function accountLines(context: LineContext) {
  const { index } = context.input
  const linesOn = new Map<string, BucketLine[]>()
  const byAccount = new Map<string, ReadonlyArray<BucketLine>>()
  const on = (account: string): ReadonlyArray<BucketLine> => {
    const known = linesOn.get(account)
    if (known) return known
    const rank = DEPTH_MAX - index.depth(account)
    const holder = { on: 'account', account } as const
    const made = index.bucketsOn(account).map((bucket) => {
      const series = seriesOf(context, { bucket, ranges: ALL_TIME, account })
      const shape = context.compiled.shapeOf(bucket, rank)
      return new BucketLine({ shape, run: context.run, holder, series, balance: balanceOf(context, holder, bucket) })
    })
    linesOn.set(account, made)
    return made
  }
  const isShared = (line: BucketLine) => index.catalogue.buckets.get(line.bucket)?.on?.isSharedToChildren === true
  for (const { service } of context.kinds) {
    const { account } = service
    if (byAccount.has(account)) continue
    const above = index.ancestors(account).flatMap((ancestor) => on(ancestor).filter(isShared))
    byAccount.set(account, [...on(account), ...above])
  }
  return { lines: [...linesOn.values()].flat(), byAccount }
}

type SeriesAsked = { readonly bucket: Bucket; readonly ranges: ReadonlyArray<InForce>; readonly account: string }

function seriesOf({ input }: LineContext, { bucket, ranges, account: id }: SeriesAsked): ReadonlyArray<Series> {
  const account = input.index.account(id)
  return bucket.life.life === 'one-time'
    ? oneTimeSeries({ life: bucket.life, inForce: ranges, clock: input.calendars.clock(account.timeZone) })
    : [{ calendar: input.calendars.billing(account), ranges }]
}

function balanceOf({ balances }: LineContext, holder: BucketHolder, { bucket }: { readonly bucket: string }) {
  return balances.of(holder, bucket)
}

type PlanLines = {
  readonly lines: ReadonlyArray<BucketLine>
  /** By kind of row. */
  readonly byKind: ReadonlyArray<ReadonlyArray<BucketLine>>
  readonly seriesByKind: ReadonlyArray<ReadonlyArray<Series>>
}

export function planLines(context: LineContext): PlanLines {
  const { index } = context.input
  const seriesByKind: Series[][] = context.kinds.map(() => [])
  const byKind: BucketLine[][] = context.kinds.map(() => [])
  const held = new Map<string, { plan: SharePlan; account: string; kinds: number[] }>()
  context.kinds.forEach(({ service, participant }, kind) => {
    const plan = participant?.plan
    if (!plan) return
    for (const account of index.planHolders(service.account, plan)) {
      if (index.addedPlans(account, plan.plan).length === 0) continue
      const key = JSON.stringify([account, plan.plan])
      const known = held.get(key) ?? { plan, account, kinds: [] }
      if (known.kinds.length === 0) held.set(key, known)
      known.kinds.push(kind)
    }
  })
  const lines: BucketLine[] = []
  for (const { plan, account, kinds } of held.values()) {
    const made = plan.buckets.map((bucket, position) => lineOfPlan(context, { plan, bucket, position, account, kinds }))
    lines.push(...made)
    const series = planPeriods({ input: context.input, plan, account: index.account(account) })
    for (const kind of kinds) {
      byKind[kind]?.push(...made)
      // As of buckets, that of the account's own comes before its invoicer's, whichever was met first.
      if (context.kinds[kind]?.service.account === account) seriesByKind[kind]?.unshift(...series)
      else seriesByKind[kind]?.push(...series)
    }
  }
  return { lines, byKind, seriesByKind }
}

type BucketOfPlan = {
  readonly plan: SharePlan
  readonly bucket: SharePlanBucket
  /** In the plan's list. */
  readonly position: number
  readonly account: string
  /** Of the rows that reach it. */
  readonly kinds: ReadonlyArray<number>
}

function lineOfPlan(context: LineContext, of: BucketOfPlan): BucketLine {
  const { plan, bucket, position, account } = of
  const { index } = context.input
  const holder = { on: 'share-plan', account, plan: plan.plan } as const
  // Where both an account and its invoicer have the plan, the account's own is drawn first.
  const isInvoicer = of.kinds.some((kind) => context.kinds[kind]?.service.account !== account)
  const series = planSeries({ input: context.input, plan, bucket, account: index.account(account) })
  const rank = PLAN_RANK + (isInvoicer ? PLAN_BUCKETS_MAX : 0) + position
  const make = () => shapeOfPlan(context, of, { rank, series })
  const isOfGroup = bucket.limits.size > 0 || isVariable(bucket)
  const shape = isOfGroup ? make() : context.compiled.planShape(bucket, rank, make)
  return new BucketLine({ shape, run: context.run, holder, series, balance: balanceOf(context, holder, bucket) })
}

type ShapeIn = { readonly rank: number; readonly series: ReadonlyArray<Series> }

function shapeOfPlan(context: LineContext, of: BucketOfPlan, { rank, series }: ShapeIn): BucketLineShape {
  const { bucket } = of
  const { lifeRank, rollover } = lifeOf(bucket.life)
  return makeShape({
    bucket: bucket.bucket,
    rank,
    priority: 0,
    accepts: context.compiled.accepts(bucket.accepts),
    lifeRank,
    rollover,
    tiers: bucket.tiers.map(({ flat, rate }) => ({ flat, rate })),
    sizesIn: sizesOfPlan(context, of, series),
    limits: limitsOf(context, of),
    pricing: bucket.pricing,
    order: bucket.order,
  })
}

function sizesOfPlan(
  { input, kinds: all, run }: LineContext,
  { plan, bucket, account, kinds }: BucketOfPlan,
  series: ReadonlyArray<Series>,
): (period: CalendarPeriod) => TierSizes {
  const fixed = fixedSizes(bucket)
  if (fixed !== null) {
    const sizes = tierSizesOf(fixed)
    return () => sizes
  }
  const clock = input.calendars.clock(input.index.account(account).timeZone)
  const areDistinct = run.serviceCount === rowCountOf(input)
  let contributors: ReadonlyArray<Contributor> | null = null
  return (period) => {
    contributors ??= kinds.flatMap((kind) => contributorsOf(input, all[kind] as KindRows))
    const inForce = daysInForce({ series, period, clock })
    const { isContributionProrated } = plan
    return tierSizesOf(tierSizes({ bucket, isContributionProrated, contributors, period, inForce, areDistinct }))
  }
}

function contributorsOf(input: GroupInput, { participant, rows }: KindRows): ReadonlyArray<Contributor> {
  if (participant === null) return []
  const { participation } = participant
  return rows.map((row) => {
    const { service, from, until } = serviceAt(input, row)
    return { service, participation, from, until }
  })
}

function limitsOf({ input, kinds: all }: LineContext, { bucket, kinds }: BucketOfPlan): Float64Array | null {
  if (bucket.limits.size === 0) return null
  const found = new Float64Array(rowCountOf(input)).fill(Number.POSITIVE_INFINITY)
  for (const kind of kinds) {
    const { participant, rows } = all[kind] as KindRows
    const limit = participant === null ? undefined : bucket.limits.get(participant.participation.id)
    if (limit === undefined) continue
    invariant(limit.base <= LIMIT_BASE_MAX, 'a limit is a safe integer', { limit: limit.text })
    for (const row of rows) found[row] = Number(limit.base)
  }
  return found
}
