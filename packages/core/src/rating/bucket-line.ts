// One bucket of one holder through time: its periods, when it is in force, and what is carried over from one period into
// the next (spec, share plans, "Words", "Share plan bucket"). Periods open in order, when they are first drawn from.

import { compareBytes } from '../money/largest-remainder.ts'
import { BucketPeriod, type Layer } from './bucket-period.ts'
import type { BucketBalance, BucketHolder, BucketLineShape, InForce, LineRun, Series } from './bucket-shape.ts'
import type { CalendarPeriod } from './calendar.ts'

/** A bucket on its holder. */
export type LineOn = {
  readonly shape: BucketLineShape
  readonly run: LineRun
  readonly holder: BucketHolder
  readonly series: ReadonlyArray<Series>
  readonly balance: BucketBalance | null
}

/** The period that can be drawn from, null for none, and the instants between which that is the answer. */
type PeriodFound = {
  readonly period: BucketPeriod | null
  readonly sinceMicros: number
  readonly changesAtMicros: number
}

const NO_LAYERS: ReadonlyArray<Layer> = []

export class BucketLine {
  readonly shape: BucketLineShape
  readonly run: LineRun
  readonly holder: BucketHolder
  readonly series: ReadonlyArray<Series>
  readonly balance: BucketBalance | null
  /** Those that usage was drawn from, or that were asked for. */
  readonly madePeriods: BucketPeriod[] = []

  constructor({ shape, run, holder, series, balance }: LineOn) {
    this.shape = shape
    this.run = run
    this.holder = holder
    this.series = series
    this.balance = balance
  }

  get bucket(): string {
    return this.shape.bucket
  }

  get isRated(): boolean {
    return this.shape.isRated
  }

  get isSettledAtEnd(): boolean {
    return this.shape.isSettledAtEnd
  }

  periodAt(atMicros: number): PeriodFound {
    let sinceMicros = Number.NEGATIVE_INFINITY
    for (const series of this.series) {
      for (const range of series.ranges) {
        if (atMicros < range.fromMicros) return { period: null, sinceMicros, changesAtMicros: range.fromMicros }
        if (atMicros >= range.untilMicros) {
          sinceMicros = range.untilMicros
          continue
        }
        const period = this.#periodOf(series, series.calendar.indexAt(atMicros))
        const { startMicros, untilMicros } = period.span
        return {
          period,
          sinceMicros: startMicros > range.fromMicros ? startMicros : range.fromMicros,
          changesAtMicros: untilMicros < range.untilMicros ? untilMicros : range.untilMicros,
        }
      }
    }
    return { period: null, sinceMicros, changesAtMicros: Number.POSITIVE_INFINITY }
  }

  /** Opens a period, and those before it, from which it takes what they left. */
  open(period: BucketPeriod): void {
    if (period.isOpen) return
    const balance = this.#balanceOf(period)
    const layers = balance === null ? this.#layersInto(period) : layersOf(period.series, balance)
    period.open(this.shape.sizesIn(period.span), layers, balance)
  }

  /** Every period that began before an instant, opened, in order, is added to a list. */
  addPeriodsBefore(untilMicros: number, found: BucketPeriod[]): void {
    for (const series of this.series) {
      const { ranges, calendar } = series
      const lastMicros = (ranges[ranges.length - 1] as InForce).untilMicros
      const endMicros = untilMicros < lastMicros ? untilMicros : lastMicros
      if ((ranges[0] as InForce).fromMicros >= untilMicros || endMicros <= this.run.windowFromMicros) continue
      for (let index = this.#firstIndexOf(series); ; index += 1) {
        if (calendar.period(index).startMicros >= endMicros) break
        const period = this.#periodOf(series, index)
        this.open(period)
        found.push(period)
      }
    }
  }

  #firstIndexOf({ calendar, ranges }: Series): number {
    const { balance } = this
    const [{ fromMicros }] = ranges as [InForce]
    const first = calendar.indexAt(Math.max(this.run.windowFromMicros, fromMicros))
    if (balance === null) return first
    const before = calendar.indexAt(balance.startMicros)
    const { startMicros, untilMicros } = calendar.period(before)
    const isOfSeries = startMicros === balance.startMicros && untilMicros > fromMicros
    return isOfSeries && before < first ? before : first
  }

  /** A run has few periods of a bucket, so that looking through them is quicker than any index. */
  #periodOf(series: Series, index: number): BucketPeriod {
    for (const made of this.madePeriods) if (made.index === index && made.series === series) return made
    const span = series.calendar.period(index)
    const { ranges } = series
    let last = ranges.length - 1
    while (last > 0 && (ranges[last] as InForce).fromMicros >= span.untilMicros) last -= 1
    const untilMicros = Math.min(span.untilMicros, (ranges[last] as InForce).untilMicros)
    const period = new BucketPeriod(this, { series, index, span, untilMicros })
    this.madePeriods.push(period)
    return period
  }

  #balanceOf({ span }: BucketPeriod): BucketBalance | null {
    return this.balance !== null && span.startMicros === this.balance.startMicros ? this.balance : null
  }

  /** At most so many periods old and at most so much; what is dropped is the oldest. */
  #layersInto({ series, index }: BucketPeriod): ReadonlyArray<Layer> {
    const { rollover } = this.shape
    if (rollover === null || index <= this.#firstIndexOf(series)) return NO_LAYERS
    const before = this.#periodOf(series, index - 1)
    if (!series.ranges.some((range) => isMeeting(range, before.span))) return NO_LAYERS
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

function layersOf({ calendar }: Series, { rolledIn }: BucketBalance): ReadonlyArray<Layer> {
  if (rolledIn.length === 0) return NO_LAYERS
  return rolledIn.map(({ startMicros, leftBase }) => ({ originIndex: calendar.indexAt(startMicros), leftBase }))
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
