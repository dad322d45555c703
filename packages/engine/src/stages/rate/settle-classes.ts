// Settles class and billed quantity for the warehouse: core decides once for each product, class as written and time band,
// and the warehouse applies it row by row. Clock changes and peak hours go over as the instants at which they change.

import {
  type Calendars,
  formatUsageClass,
  type IndexedCatalogue,
  type Product,
  type RatePlan,
  rateFor,
  settleUsage,
  type UsageClass,
} from '@spillway/core'

const BANDS = ['peak', 'off-peak', 'weekend'] as const
const MICROS_PER_MINUTE = 60_000_000

/** A class as rows write it. */
export type RawClass = { readonly rawNo: number; readonly usageClass: UsageClass }

/** `band` is '' where the clock settles none. Blocks are 0 where the quantity is billed as it is. */
export type Settled = {
  readonly productNo: number
  readonly rawNo: number
  readonly band: string
  readonly classNo: number
  readonly firstBase: bigint
  readonly followingBase: bigint
}

export type SettledClasses = {
  /** By number. */
  readonly classes: ReadonlyArray<UsageClass>
  readonly settled: ReadonlyArray<Settled>
  readonly numberOfProduct: ReadonlyMap<string, number>
}

export function settleClasses(index: IndexedCatalogue, raw: ReadonlyArray<RawClass>): SettledClasses {
  const numbers = new Map<string, number>()
  const classes: UsageClass[] = []
  const numberOf = (usageClass: UsageClass): number => {
    const name = formatUsageClass(usageClass)
    const known = numbers.get(name)
    if (known !== undefined) return known
    numbers.set(name, classes.length)
    classes.push(usageClass)
    return classes.length - 1
  }
  const numberOfProduct = new Map<string, number>()
  const settled: Settled[] = []
  for (const product of index.catalogue.products.values()) {
    const productNo = numberOfProduct.size
    numberOfProduct.set(product.product, productNo)
    const ratePlan = ratePlanOf(index, product)
    for (const { rawNo, usageClass } of raw) {
      for (const band of ratePlan?.peak ? BANDS : ([''] as const)) {
        const own = usageClass.timeBand === '' ? { ...usageClass, timeBand: band } : usageClass
        const increment = ratePlan && rateFor(ratePlan, product.product, own)?.increment
        const { firstBase, followingBase } = increment ?? { firstBase: 0n, followingBase: 0n }
        settled.push({ productNo, rawNo, band, classNo: numberOf(own), firstBase, followingBase })
      }
    }
  }
  return { classes, settled, numberOfProduct }
}

export function ratePlanOf({ catalogue }: IndexedCatalogue, { ratePlan }: Product): RatePlan | null {
  return catalogue.ratePlans.get(ratePlan) ?? null
}

export type Change<T> = { readonly fromMicros: number; readonly value: T }
type Window = { readonly fromMicros: number; readonly untilMicros: number }

/** When the time band of a rate plan with peak hours changes in a zone. Bands change at whole minutes alone. */
export function bandChanges(
  ratePlan: RatePlan,
  { calendars, timeZone, window }: { calendars: Calendars; timeZone: string; window: Window },
): Change<string>[] {
  const clock = calendars.clock(timeZone)
  const event = { ratePlan, product: '', clock, quantityBase: 0n }
  const usageClass = { usageType: 'voice', zone: '', timeBand: '', network: '' } as const
  const changes: Change<string>[] = []
  const first = Math.floor(window.fromMicros / MICROS_PER_MINUTE) * MICROS_PER_MINUTE
  for (let startMicros = first; startMicros < window.untilMicros; startMicros += MICROS_PER_MINUTE) {
    const { timeBand } = settleUsage({ ...event, usageClass, startMicros }).usageClass
    if (changes.at(-1)?.value !== timeBand) changes.push({ fromMicros: startMicros, value: timeBand })
  }
  return changes
}

const MICROS_PER_DAY = 86_400_000_000
const MICROS_PER_QUARTER = 900_000_000

/**
 * What to take from a wall time to have the instant, by the wall time from which it counts. A wall time that a clock change
 * skips is taken an hour later, one that it repeats the first time: the larger offset counts on both sides of a change.
 */
export function wallChanges(
  calendars: Calendars,
  { timeZone, window }: { timeZone: string; window: Window },
): Change<number>[] {
  const clock = calendars.clock(timeZone)
  const offsetAt = (micros: number) => clock.wallMicros(micros) - micros
  const first = Math.floor(window.fromMicros / MICROS_PER_DAY - 2) * MICROS_PER_DAY
  let offset = offsetAt(first)
  const changes: Change<number>[] = [{ fromMicros: first - 2 * MICROS_PER_DAY, value: offset }]
  for (let at = first; at < window.untilMicros + 2 * MICROS_PER_DAY; at += MICROS_PER_QUARTER) {
    const next = offsetAt(at)
    if (next === offset) continue
    changes.push({ fromMicros: at + Math.max(offset, next), value: next })
    offset = next
  }
  return changes
}
