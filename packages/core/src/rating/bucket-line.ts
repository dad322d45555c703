// One bucket of one holder through time: its periods, when it is in force, and what is carried over from one period into
// the next (spec, share plans, "Words", "Share plan bucket"). Periods open in order, when they are first drawn from.

import { invariant } from '../invariant.ts'
import { compareBytes } from '../money/largest-remainder.ts'
import { BucketPeriod, type Layer } from './bucket-period.ts'
import type { BucketBalance, BucketLineShape, InForce, Series } from './bucket-shape.ts'
import type { CalendarPeriod } from './calendar.ts'

type KnownSeries = Series & { readonly periods: Map<number, BucketPeriod>; readonly firstIndex: number }

export class BucketLine {
  readonly shape: BucketLineShape
  readonly bucket: string
  readonly limits: Float64Array | null
  readonly numberOfService: ReadonlyMap<string, number>
  readonly serviceCount: number
  /** Whether anything is owed for it: it is then priced for a whole period at once. */
  readonly isRated: boolean
  readonly isSettledAtEnd: boolean
  readonly #series: ReadonlyArray<KnownSeries>

  constructor(shape: BucketLineShape) {
    this.shape = shape
    this.bucket = shape.bucket
    this.limits = shape.limits
    this.numberOfService = shape.numberOfService
    this.serviceCount = shape.numberOfService.size
    this.isRated = shape.tiers.some(({ flat, rate }) => flat !== null || rate !== null)
    this.isSettledAtEnd = this.isRated || shape.order === 'highest-rate'
    this.#series = shape.series.map((one) => ({ ...one, periods: new Map(), firstIndex: this.#firstIndexOf(one) }))
  }

  /** The period that can be drawn from at an instant, null for none, and the instant at which that answer changes. */
  periodAt(atMicros: number): { readonly period: BucketPeriod | null; readonly changesAtMicros: number } {
    for (const series of this.#series) {
      for (const range of series.ranges) {
        if (atMicros < range.fromMicros) return { period: null, changesAtMicros: range.fromMicros }
        if (atMicros >= range.untilMicros) continue
        const period = this.#periodOf(series, series.calendar.indexAt(atMicros))
        return { period, changesAtMicros: Math.min(range.untilMicros, period.span.untilMicros) }
      }
    }
    return { period: null, changesAtMicros: Number.POSITIVE_INFINITY }
  }

  /** Opens a period, and those before it, from which it takes what they left. */
  open(period: BucketPeriod): void {
    if (period.isOpen) return
    const series = this.#seriesOf(period)
    const balance = this.#balanceOf(series, period.index)
    const layers = balance === null ? this.#layersInto(series, period.index) : this.#layersOf(series, balance)
    period.open(this.shape.sizesIn(period.span), layers, balance)
  }

  /** Those that usage was drawn from, or that were asked for. */
  get madePeriods(): ReadonlyArray<BucketPeriod> {
    return this.#series.flatMap(({ periods }) => [...periods.values()])
  }

  /** When the period of another number of the same series begins. */
  startOf(period: BucketPeriod, index: number): number {
    return this.#seriesOf(period).calendar.period(index).startMicros
  }

  /** Whether the bucket is in force at some time in the next period of the same series. */
  isInForceAfter(period: BucketPeriod): boolean {
    const { calendar, ranges } = this.#seriesOf(period)
    return ranges.some((range) => isMeeting(range, calendar.period(period.index + 1)))
  }

  /** Every period that began before an instant, opened, in order. */
  periodsBefore(untilMicros: number): BucketPeriod[] {
    const found: BucketPeriod[] = []
    for (const series of this.#series) {
      const [first, last] = [series.ranges[0] as InForce, series.ranges.at(-1) as InForce]
      const endMicros = Math.min(untilMicros, last.untilMicros)
      if (first.fromMicros >= untilMicros || endMicros <= this.shape.windowFromMicros) continue
      for (let index = series.firstIndex; ; index += 1) {
        if (series.calendar.period(index).startMicros >= endMicros) break
        const period = this.#periodOf(series, index)
        this.open(period)
        found.push(period)
      }
    }
    return found
  }

  #seriesOf(period: BucketPeriod): KnownSeries {
    const series = this.#series.find((one) => one.periods.get(period.index) === period)
    invariant(series, 'a period belongs to a series of its bucket', { bucket: this.bucket })
    return series
  }

  #firstIndexOf({ calendar, ranges }: Series): number {
    const balance = this.shape.balance
    const from = Math.max(this.shape.windowFromMicros, (ranges[0] as InForce).fromMicros)
    const first = calendar.indexAt(from)
    if (balance === null) return first
    const before = calendar.indexAt(balance.startMicros)
    const { startMicros, untilMicros } = calendar.period(before)
    const isOfSeries = startMicros === balance.startMicros && untilMicros > (ranges[0] as InForce).fromMicros
    return isOfSeries && before < first ? before : first
  }

  #periodOf(series: KnownSeries, index: number): BucketPeriod {
    const known = series.periods.get(index)
    if (known) return known
    const span = series.calendar.period(index)
    const last = series.ranges.findLast((range) => range.fromMicros < span.untilMicros) as InForce
    const period = new BucketPeriod(this, index, span, Math.min(span.untilMicros, last.untilMicros))
    series.periods.set(index, period)
    return period
  }

  #balanceOf(series: KnownSeries, index: number): BucketBalance | null {
    const { balance } = this.shape
    if (balance === null) return null
    return series.calendar.period(index).startMicros === balance.startMicros ? balance : null
  }

  #layersOf(series: KnownSeries, { rolledIn }: BucketBalance): Layer[] {
    return rolledIn.map(({ startMicros, leftBase }) => ({
      originIndex: series.calendar.indexAt(startMicros),
      leftBase,
    }))
  }

  /** At most so many periods old and at most so much; what is dropped is the oldest. */
  #layersInto(series: KnownSeries, index: number): Layer[] {
    const { rollover } = this.shape
    if (rollover === null || index <= series.firstIndex) return []
    const before = this.#periodOf(series, index - 1)
    if (!series.ranges.some((range) => isMeeting(range, before.span))) return []
    this.open(before)
    const young = before.leftOfFirstTier().filter(({ originIndex }) => index - originIndex <= rollover.periods)
    if (rollover.atMostBase === null) return young
    let room = rollover.atMostBase
    const kept: Layer[] = []
    for (const layer of young.reverse()) {
      const leftBase = layer.leftBase < room ? layer.leftBase : room
      room -= leftBase
      if (leftBase > 0n) kept.push({ ...layer, leftBase })
    }
    return kept.reverse()
  }
}

function isMeeting({ fromMicros, untilMicros }: InForce, span: CalendarPeriod): boolean {
  return fromMicros < span.untilMicros && untilMicros > span.startMicros
}

/**
 * Which of two periods of buckets is drawn first: level, priority, earlier expiry, one-time before recurring before
 * rollover, id (spec, share plans, "Drawing down").
 */
export function compareDrawOrder(left: BucketPeriod, right: BucketPeriod): number {
  const [a, b] = [left.line.shape, right.line.shape]
  return (
    a.rank - b.rank ||
    a.priority - b.priority ||
    compareNumbers(left.untilMicros, right.untilMicros) ||
    a.lifeRank - b.lifeRank ||
    compareBytes(a.bucket, b.bucket) ||
    compareNumbers(left.span.startMicros, right.span.startMicros)
  )
}

/** Infinities included, of which a difference is no number. */
function compareNumbers(left: number, right: number): number {
  return left < right ? -1 : left > right ? 1 : 0
}
