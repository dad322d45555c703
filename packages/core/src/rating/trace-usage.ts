// Follows single events through the buckets: which bucket, tier or rate took each part, and what the part costs before it is
// summed and rounded with others. Draws the whole group again, since what an event finds depends on all before it.

import { addRationals, type Rational, rationalOf } from '../allocation/rational.ts'
import type { LocalDate } from '../time/local-date.ts'
import type { BucketPeriod } from './bucket-period.ts'
import type { BucketHolder, LineTier } from './bucket-shape.ts'
import type { Chain } from './chain.ts'
import { type BucketGroup, compileGroup } from './compile-group.ts'
import { DrawDown, type DrawnPart, type UsageColumns } from './draw-down.ts'
import { isBelowMinimum } from './exact-price.ts'
import type { GroupInput } from './group-input.ts'
import type { Quantity } from './quantity-said.ts'
import type { Rate } from './rate-plan.ts'
import { billedAtEnd, isDueAtEnd, rateRows } from './rate-rows.ts'
import type { FlatCharge } from './rated-result.ts'
import type { GroupRow, RowKind } from './row-kind.ts'
import type { TierRate } from './share-plan.ts'
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
  /** The account whose bill it is on, and its billing period. */
  readonly billedTo: string
  readonly billedOn: LocalDate
  readonly quantityBase: bigint
  /** Out of bucket, the line that prices it. */
  readonly rate: Rate | null
  /** What the units of it cost, decimal text in major units; null where they are free, or nothing prices them. */
  readonly price: { readonly amount: string; readonly per: Quantity } | null
  /** Whether it costs the minimum of its rate instead. */
  readonly isMinimum: boolean
  /** Exact minor units, flat charges apart; null where nothing prices it. */
  readonly costMinor: Rational | null
}

export type TracedUsage = {
  /** Of the wanted events, in the order in which they were drawn. */
  readonly parts: ReadonlyArray<TracedPart>
  /** Of the whole group. */
  readonly flats: ReadonlyArray<FlatCharge>
}

const FREE = rationalOf(0n)

/** Takes the usage of one group, batch by batch, as a DrawDown does. `isWanted` chooses rows of services or single events. */
export class UsageTrace {
  readonly #group: BucketGroup
  readonly #run: DrawDown
  readonly #drawn: DrawnPart[] = []

  constructor(input: GroupInput, isWanted: (part: { readonly event: number; readonly row: number }) => boolean) {
    this.#group = compileGroup(input)
    const onPart = (part: DrawnPart): void => {
      if (isWanted({ event: part.event, row: part.chain.row })) this.#drawn.push(part)
    }
    this.#run = new DrawDown(this.#group, { onPart })
  }

  take(columns: UsageColumns): void {
    this.#run.take(columns)
  }

  finish(): TracedUsage {
    this.#run.finish()
    const parts = joinParts(this.#drawn).map((part) =>
      part.place === part.chain.out
        ? outPart(part)
        : bucketPart(part, { row: this.#group.rows[part.chain.row] as GroupRow, run: this.#group.input }),
    )
    return { parts, flats: rateRows(this.#group, this.#run.chains).flats }
  }
}

/** The parts of the wanted events, in the order in which they were drawn. */
export function traceUsage(
  input: GroupInput,
  batches: Iterable<UsageColumns>,
  isWanted: (event: number) => boolean,
): ReadonlyArray<TracedPart> {
  const trace = new UsageTrace(input, ({ event }) => isWanted(event))
  for (const columns of batches) trace.take(columns)
  return trace.finish().parts
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

type TracedRow = { readonly row: GroupRow; readonly run: { readonly untilMicros: number } }

function bucketPart({ event, chain, place, quantity }: DrawnPart, { row, run }: TracedRow): TracedPart {
  const link = chain.linkOf(place)
  const period = chain.periods[link] as BucketPeriod
  const { shape, holder } = period.line
  const tier = place - (chain.bases[link] as number)
  const { rate } = shape.tiers[tier] as LineTier
  const exact = rate === null ? FREE : tierPriceOf(rate, row.kind)
  const billedIn = isDueAtEnd(shape, tier) ? billedAtEnd(row.kind, period, run) : chain.usedIn
  return {
    event,
    bucket: shape.bucket,
    tier: tier + 1,
    holder,
    periodStartMicros: period.span.startMicros,
    ...billOf(chain, billedIn),
    quantityBase: quantity,
    rate: null,
    price: rate === null ? null : tierPriceSaid(rate, row.kind),
    isMinimum: false,
    costMinor: exact === null ? null : times(exact, quantity),
  }
}

function tierPriceSaid({ price, per }: TierRate, { participation }: RowKind): TracedPart['price'] {
  const amount = typeof price === 'string' ? price : price.get(participation?.id ?? '')
  return amount === undefined ? null : { amount, per }
}

function billOf({ kind }: Chain, billedIn: number): Pick<TracedPart, 'billedTo' | 'billedOn'> {
  return { billedTo: kind.billedTo.account, billedOn: kind.billing.period(billedIn).startOn }
}

function outPart({ event, chain, quantity }: DrawnPart): TracedPart {
  const { price } = chain
  const bill = billOf(chain, chain.dueIn)
  const place = { event, bucket: '', tier: 0, holder: null, periodStartMicros: null, quantityBase: quantity, ...bill }
  if (price === null) return { ...place, rate: null, price: null, isMinimum: false, costMinor: null }
  const isMinimum = isBelowMinimum(price, quantity)
  const usage = isMinimum ? (price.minimum ?? FREE) : times(price.perBase, quantity)
  const costMinor = price.connection === null ? usage : addRationals(usage, price.connection)
  const { rate } = price
  return { ...place, rate, price: { amount: rate.price, per: rate.per }, isMinimum, costMinor }
}

function times({ numerator, denominator }: Rational, quantity: bigint): Rational {
  return rationalOf(numerator * quantity, denominator)
}
