// Settles the usage of one rate plan, product, class and clock in columns: the same as `settleUsage` of every event, without
// an object for any. What holds for all of them (bands by minute of the week, holidays, increments) is looked up once.

import { dayNumber } from '../time/local-date.ts'
import { CHUNK_BASE } from './bucket-shape.ts'
import type { Increment, PeakHours, RatePlan } from './rate-plan.ts'
import { rateFor, roundUp } from './settle-usage.ts'
import type { UsageClass } from './usage-class.ts'
import type { ZoneClock } from './zone-clock.ts'

export type SettlerOf = {
  /** null where the product has none. */
  readonly ratePlan: RatePlan | null
  readonly product: string
  /** As rows say it; '' for a band that they do not say. */
  readonly usageClass: UsageClass
  /** The clock of the services' account. */
  readonly clock: ZoneClock
  /** The number by which the caller knows a settled class; asked once for each that can come. */
  readonly numberOf: (usageClass: UsageClass) => number
}

/** One event at each position. */
export type RawUsageColumns = {
  readonly count: number
  /** UTC microseconds. */
  readonly startMicros: Float64Array
  /** Whole base units, negative ones too; infinite where the quantity is in `wide`. */
  readonly quantityBase: Float64Array
  /** By position: quantities of a magnitude above CHUNK_BASE. */
  readonly wide?: ReadonlyMap<number, bigint>
}

/** Written by position; at least `count` long. */
export type SettledUsageColumns = {
  /** Infinity where the quantity is in `wide`, -Infinity for one that is negative. */
  readonly billedBase: Float64Array
  readonly usageClass: Int32Array
  readonly wide: Map<number, bigint>
}

type Settled = { readonly number: number; readonly blocks: Blocks | null }
type Blocks = { readonly increment: Increment; readonly first: number; readonly following: number }

const BANDS = ['peak', 'off-peak', 'weekend'] as const
const MICROS_PER_MINUTE = 60_000_000
const MINUTES_PER_DAY = 1440
const MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY
/** 1970-01-01 was a Thursday; weeks begin on Monday. */
const MINUTES_TO_THURSDAY = 3 * MINUTES_PER_DAY

export class UsageSettler {
  readonly #clock: ZoneClock
  /** One, or one for each band where the clock settles it. */
  readonly #settled: ReadonlyArray<Settled>
  readonly #week: BandsOfWeek | null

  constructor({ ratePlan, product, usageClass, clock, numberOf }: SettlerOf) {
    const peak = usageClass.timeBand === '' && ratePlan !== null ? ratePlan.peak : null
    const classes = peak === null ? [usageClass] : BANDS.map((timeBand) => ({ ...usageClass, timeBand }))
    this.#clock = clock
    this.#settled = classes.map((one) => {
      const increment = ratePlan === null ? null : (rateFor(ratePlan, product, one)?.increment ?? null)
      return { number: numberOf(one), blocks: increment === null ? null : blocksOf(increment) }
    })
    this.#week = peak === null ? null : new BandsOfWeek(peak)
  }

  settle({ count, startMicros, quantityBase, wide }: RawUsageColumns, into: SettledUsageColumns): void {
    for (let event = 0; event < count; event += 1) {
      const band = this.#week === null ? 0 : this.#week.bandAt(this.#clock.wallMicros(startMicros[event] as number))
      const { number, blocks } = this.#settled[band] as Settled
      into.usageClass[event] = number
      const quantity = quantityBase[event] as number
      const billed = blocks === null ? quantity : roundUpSafe(quantity, blocks)
      into.billedBase[event] = billed
      if (!(billed <= CHUNK_BASE && billed >= -CHUNK_BASE)) {
        const exact = wide?.get(event) ?? BigInt(quantity)
        const rounded = blocks === null ? exact : roundUp(exact, blocks.increment)
        into.wide.set(event, rounded)
        into.billedBase[event] = rounded < 0n ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
      }
    }
  }
}

/** The band of every minute of a week, and the days that have no peak hours. */
class BandsOfWeek {
  readonly #bands = new Uint8Array(MINUTES_PER_WEEK)
  readonly #holidays: ReadonlySet<number>

  constructor({ spans, holidays }: PeakHours) {
    for (let minute = 0; minute < MINUTES_PER_WEEK; minute += 1) this.#bands[minute] = withoutPeak(minute)
    for (const { weekday, fromMinute, untilMinute } of spans) {
      const day = (weekday - 1) * MINUTES_PER_DAY
      this.#bands.fill(BANDS.indexOf('peak'), day + fromMinute, day + untilMinute)
    }
    this.#holidays = new Set(holidays.map((on) => dayNumber(on)))
  }

  /** By position in BANDS. */
  bandAt(wallMicros: number): number {
    const minutes = Math.floor(wallMicros / MICROS_PER_MINUTE)
    const shifted = (minutes + MINUTES_TO_THURSDAY) % MINUTES_PER_WEEK
    const minute = shifted < 0 ? shifted + MINUTES_PER_WEEK : shifted
    const isHoliday = this.#holidays.size > 0 && this.#holidays.has(Math.floor(minutes / MINUTES_PER_DAY))
    return isHoliday ? withoutPeak(minute) : (this.#bands[minute] as number)
  }
}

function withoutPeak(minuteOfWeek: number): number {
  return BANDS.indexOf(minuteOfWeek >= 5 * MINUTES_PER_DAY ? 'weekend' : 'off-peak')
}

function blocksOf(increment: Increment): Blocks {
  return { increment, first: Number(increment.firstBase), following: Number(increment.followingBase) }
}

/** As `roundUp`; above CHUNK_BASE, where numbers are not exact, no more than that it is above. */
function roundUpSafe(quantity: number, blocks: Blocks): number {
  const { first, following } = blocks
  if (quantity < 0) return -roundUpSafe(-quantity, blocks)
  if (quantity <= first) return quantity === 0 ? 0 : first
  const rest = (quantity - first) % following
  return rest === 0 ? quantity : quantity + (following - rest)
}
