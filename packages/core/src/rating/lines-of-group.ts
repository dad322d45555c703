// The buckets of a group: on its services, on its accounts and their ancestors, and in the share plans of its accounts,
// each with its periods and the rows that reach it (spec, share plans, "Drawing down").

import { invariant } from '../invariant.ts'
import type { Bucket, BucketLife } from './bucket.ts'
import { BucketLine } from './bucket-line.ts'
import type { BucketBalance, BucketHolder, InForce, Series } from './bucket-shape.ts'
import type { RatedService } from './catalogue.ts'
import { balanceKey, type GroupInput } from './group-input.ts'
import { daysInForce, mergeRanges, oneTimeSeries, planPeriods, planSeries } from './line-series.ts'
import { type Contributor, tierSizes } from './plan-capacity.ts'
import { LIMIT_BASE_MAX, type Participation, type SharePlan, type SharePlanBucket } from './share-plan.ts'
import { type ClassMatch, firstMatch } from './usage-class.ts'

type Participant = { readonly plan: SharePlan; readonly participation: Participation }

export type LineContext = {
  readonly input: GroupInput
  readonly numberOfService: ReadonlyMap<string, number>
  /** By row: when it is in force, and what it takes part in. */
  readonly spans: ReadonlyArray<InForce>
  readonly participants: ReadonlyArray<Participant | null>
  readonly balances: ReadonlyMap<string, BucketBalance>
  /** By list of matches: which classes of the group it takes. */
  readonly accepts: Map<ReadonlyArray<ClassMatch>, ReadonlyArray<boolean>>
}

type LinesByRow = {
  readonly lines: ReadonlyArray<BucketLine>
  readonly byRow: ReadonlyArray<ReadonlyArray<BucketLine>>
}

/** Ranks: own buckets are 0, accounts count up from 1 by how far they are above the leaves, plans come after all. */
const OWN_RANK = 0
const DEPTH_MAX = 10_000
const PLAN_RANK = DEPTH_MAX + 1
const PLAN_BUCKETS_MAX = 10_000

export function ownLines(context: LineContext): LinesByRow {
  const { services, index } = context.input
  const ranges = new Map<string, { bucket: Bucket; service: RatedService; inForce: InForce[]; rows: number[] }>()
  services.forEach((service, row) => {
    for (const id of index.catalogue.products.get(service.product)?.buckets ?? []) {
      const bucket = index.catalogue.buckets.get(id)
      if (!bucket) continue
      const key = JSON.stringify([service.service, service.account, id])
      const known = ranges.get(key) ?? { bucket, service, inForce: [], rows: [] }
      if (known.rows.length === 0) ranges.set(key, known)
      known.inForce.push(context.spans[row] as InForce)
      known.rows.push(row)
    }
  })
  const byRow: BucketLine[][] = services.map(() => [])
  const lines = [...ranges.values()].map(({ bucket, service, inForce, rows }) => {
    const holder = { on: 'service', account: service.account, service: service.service } as const
    const line = lineOfBucket(context, { bucket, holder, rank: OWN_RANK, inForce: mergeRanges(inForce) })
    for (const row of rows) byRow[row]?.push(line)
    return line
  })
  return { lines, byRow }
}

export function accountLines(context: LineContext) {
  const { services, index } = context.input
  const linesOn = new Map<string, BucketLine[]>()
  const byAccount = new Map<string, ReadonlyArray<BucketLine>>()
  const on = (account: string): ReadonlyArray<BucketLine> => {
    const known = linesOn.get(account)
    if (known) return known
    const rank = DEPTH_MAX - index.depth(account)
    const holder = { on: 'account', account } as const
    const inForce = [{ fromMicros: Number.NEGATIVE_INFINITY, untilMicros: Number.POSITIVE_INFINITY }]
    const made = index.bucketsOn(account).map((bucket) => lineOfBucket(context, { bucket, holder, rank, inForce }))
    linesOn.set(account, made)
    return made
  }
  const isShared = (line: BucketLine) => index.catalogue.buckets.get(line.bucket)?.on?.isSharedToChildren === true
  for (const account of new Set(services.map((service) => service.account))) {
    const above = index.ancestors(account).flatMap((ancestor) => on(ancestor).filter(isShared))
    byAccount.set(account, [...on(account), ...above])
  }
  return { lines: [...linesOn.values()].flat(), byAccount }
}

type PlanLines = LinesByRow & { readonly seriesByRow: ReadonlyArray<ReadonlyArray<Series>> }

export function planLines(context: LineContext): PlanLines {
  const { services, index } = context.input
  const seriesByRow: Series[][] = services.map(() => [])
  const byRow: BucketLine[][] = services.map(() => [])
  const held = new Map<string, { plan: SharePlan; account: string; rows: number[] }>()
  services.forEach((service, row) => {
    const plan = context.participants[row]?.plan
    if (!plan) return
    for (const account of index.planHolders(service.account, plan)) {
      if (index.addedPlans(account, plan.plan).length === 0) continue
      const key = JSON.stringify([account, plan.plan])
      const known = held.get(key) ?? { plan, account, rows: [] }
      if (known.rows.length === 0) held.set(key, known)
      known.rows.push(row)
    }
  })
  const lines: BucketLine[] = []
  for (const { plan, account, rows } of held.values()) {
    const made = plan.buckets.map((bucket, position) => lineOfPlan(context, { plan, bucket, position, account, rows }))
    lines.push(...made)
    const series = planPeriods({ input: context.input, plan, account: index.account(account) })
    for (const row of rows) {
      byRow[row]?.push(...made)
      seriesByRow[row]?.push(...series)
    }
  }
  return { lines, byRow, seriesByRow }
}

type BucketOn = {
  readonly bucket: Bucket
  readonly holder: BucketHolder
  readonly rank: number
  readonly inForce: ReadonlyArray<InForce>
}

function lineOfBucket(context: LineContext, { bucket, holder, rank, inForce }: BucketOn): BucketLine {
  const account = context.input.index.account(holder.account)
  return new BucketLine({
    holder,
    bucket: bucket.bucket,
    rank,
    priority: bucket.priority,
    accepts: acceptsOf(context, bucket.accepts),
    ...lifeOf(bucket.life),
    series:
      bucket.life.life === 'one-time'
        ? oneTimeSeries({ life: bucket.life, inForce, clock: context.input.calendars.clock(account.timeZone) })
        : [{ calendar: context.input.calendars.billing(account), ranges: inForce }],
    tiers: [{ flat: null, rate: null }],
    sizesIn: () => [bucket.amount.base],
    limits: null,
    numberOfService: context.numberOfService,
    pricing: 'progressive',
    order: 'time',
    windowFromMicros: context.input.fromMicros,
    balance: balanceFor(context, holder, bucket.bucket),
  })
}

type BucketOfPlan = {
  readonly plan: SharePlan
  readonly bucket: SharePlanBucket
  /** In the plan's list. */
  readonly position: number
  readonly account: string
  /** That reach it. */
  readonly rows: ReadonlyArray<number>
}

function lineOfPlan(context: LineContext, { plan, bucket, position, account, rows }: BucketOfPlan): BucketLine {
  const { services, index } = context.input
  const holder = { on: 'share-plan', account, plan: plan.plan } as const
  const contributors = rows.map((row): Contributor => {
    const { service, from, until } = services[row] as RatedService
    return { service, participation: (context.participants[row] as Participant).participation, from, until }
  })
  // Where both an account and its invoicer have the plan, the account's own is drawn first.
  const isInvoicer = rows.some((row) => services[row]?.account !== account)
  const series = planSeries({ input: context.input, plan, bucket, account: index.account(account) })
  const clock = context.input.calendars.clock(index.account(account).timeZone)
  return new BucketLine({
    holder,
    bucket: bucket.bucket,
    rank: PLAN_RANK + (isInvoicer ? PLAN_BUCKETS_MAX : 0) + position,
    priority: 0,
    accepts: acceptsOf(context, bucket.accepts),
    ...lifeOf(bucket.life),
    series,
    tiers: bucket.tiers.map(({ flat, rate }) => ({ flat, rate })),
    sizesIn: (period) =>
      tierSizes({
        bucket,
        isContributionProrated: plan.isContributionProrated,
        contributors,
        period,
        inForce: daysInForce({ series, period, clock }),
      }),
    limits: limitsOf(context, bucket, rows),
    numberOfService: context.numberOfService,
    pricing: bucket.pricing,
    order: bucket.order,
    windowFromMicros: context.input.fromMicros,
    balance: balanceFor(context, holder, bucket.bucket),
  })
}

function balanceFor({ balances }: LineContext, holder: BucketHolder, bucket: string): BucketBalance | null {
  return balances.size === 0 ? null : (balances.get(balanceKey({ holder, bucket })) ?? null)
}

function acceptsOf({ accepts, input }: LineContext, list: ReadonlyArray<ClassMatch>): ReadonlyArray<boolean> {
  const known = accepts.get(list)
  if (known) return known
  const made = input.classes.map((usageClass) => firstMatch(list, usageClass) !== -1)
  accepts.set(list, made)
  return made
}

const LIFE_RANKS = { 'one-time': 0, recurring: 1, 'recurring-rollover': 2 } as const

function lifeOf(life: BucketLife) {
  const rollover =
    life.life === 'recurring-rollover'
      ? { periods: life.periods, atMostBase: life.atMost === null ? null : life.atMost.base }
      : null
  return { lifeRank: LIFE_RANKS[life.life], rollover }
}

function limitsOf(
  { input, participants }: LineContext,
  { limits }: SharePlanBucket,
  rows: ReadonlyArray<number>,
): Float64Array | null {
  if (limits.size === 0) return null
  const found = new Float64Array(input.services.length).fill(Number.POSITIVE_INFINITY)
  for (const row of rows) {
    const limit = limits.get((participants[row] as Participant).participation.id)
    if (limit === undefined) continue
    invariant(limit.base <= LIMIT_BASE_MAX, 'a limit is a safe integer', { limit: limit.text })
    found[row] = Number(limit.base)
  }
  return found
}
