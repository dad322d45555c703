// Follows single events through the buckets: which bucket, tier or rate took each part, and what the part costs before it is
// summed and rounded with others. Draws the whole group again, since what an event finds depends on all before it.

import { addRationals, type Rational, rationalOf } from '../allocation/rational.ts'
import type { BucketPeriod } from './bucket-period.ts'
import type { BucketHolder, LineTier } from './bucket-shape.ts'
import { compileGroup } from './compile-group.ts'
import { DrawDown, type DrawnPart, type UsageColumns } from './draw-down.ts'
import { isBelowMinimum } from './exact-price.ts'
import type { GroupInput } from './group-input.ts'
import type { Rate } from './rate-plan.ts'
import type { GroupRow } from './row-kind.ts'
import { tierPriceOf } from './tier-price.ts'

/** A part of one event. Out of bucket `bucket` is '', `tier` 0 and `holder` null; tiers count from 1. */
export type TracedPart = {
  /** By position in the order of drawing, from 0 over all batches. */
  readonly event: number
  readonly bucket: string
  readonly tier: number
  readonly holder: BucketHolder | null
  /** Of the bucket's period; null out of bucket. */
  readonly periodStartMicros: number | null
  readonly quantityBase: bigint
  /** Out of bucket, the line that prices it. */
  readonly rate: Rate | null
  /** Exact minor units, flat charges apart; null where nothing prices it. */
  readonly costMinor: Rational | null
}

const FREE = rationalOf(0n)

/** The parts of the wanted events, in the order in which they were drawn. */
export function traceUsage(
  input: GroupInput,
  batches: Iterable<UsageColumns>,
  isWanted: (event: number) => boolean,
): TracedPart[] {
  const group = compileGroup(input)
  const drawn: DrawnPart[] = []
  const onPart = (part: DrawnPart): void => {
    if (isWanted(part.event)) drawn.push(part)
  }
  const run = new DrawDown(group, { onPart })
  for (const columns of batches) run.take(columns)
  run.finish()
  return joinParts(drawn).map((part) =>
    part.place === part.chain.out ? outPart(part) : bucketPart(part, group.rows[part.chain.row] as GroupRow),
  )
}

/**
 * Parts of one event in the same place are one: a large event is drawn in several, and a bracket puts all tiers of a
 * bucket into the one that its total reaches.
 */
function joinParts(parts: ReadonlyArray<DrawnPart>): DrawnPart[] {
  const joined = new Map<string, DrawnPart>()
  for (const part of parts) {
    const place = postedPlace(part)
    const key = `${part.event} ${place}`
    const known = joined.get(key)
    joined.set(key, { ...part, place, quantity: part.quantity + (known === undefined ? 0n : known.quantity) })
  }
  return [...joined.values()]
}

function postedPlace({ chain, place }: DrawnPart): number {
  if (place === chain.out) return place
  const link = chain.linkOf(place)
  const period = chain.periods[link] as BucketPeriod
  return period.line.shape.pricing === 'bracket' ? (chain.bases[link] as number) + period.tier : place
}

function bucketPart({ event, chain, place, quantity }: DrawnPart, row: GroupRow): TracedPart {
  const link = chain.linkOf(place)
  const period = chain.periods[link] as BucketPeriod
  const { shape, holder } = period.line
  const tier = place - (chain.bases[link] as number)
  const { rate } = shape.tiers[tier] as LineTier
  const price = rate === null ? FREE : tierPriceOf(rate, row.kind)
  return {
    event,
    bucket: shape.bucket,
    tier: tier + 1,
    holder,
    periodStartMicros: period.span.startMicros,
    quantityBase: quantity,
    rate: null,
    costMinor: price === null ? null : times(price, quantity),
  }
}

function outPart({ event, chain, quantity }: DrawnPart): TracedPart {
  const { price } = chain
  const place = { event, bucket: '', tier: 0, holder: null, periodStartMicros: null, quantityBase: quantity }
  if (price === null) return { ...place, rate: null, costMinor: null }
  const isMinimum = isBelowMinimum(price, quantity)
  const usage = isMinimum ? (price.minimum ?? FREE) : times(price.perBase, quantity)
  const costMinor = price.connection === null ? usage : addRationals(usage, price.connection)
  return { ...place, rate: price.rate, costMinor }
}

function times({ numerator, denominator }: Rational, quantity: bigint): Rational {
  return rationalOf(numerator * quantity, denominator)
}
