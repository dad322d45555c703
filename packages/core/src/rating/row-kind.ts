// What all rows of a group with one account, product and service type have in common: the buckets that they share with
// others, the bills that their usage is on, and their prices. What holds between two instants is looked up once for all.

import type { BucketLine } from './bucket-line.ts'
import { compareDrawOrder } from './bucket-line.ts'
import type { BucketPeriod } from './bucket-period.ts'
import type { InForce, Series } from './bucket-shape.ts'
import type { Calendar } from './calendar.ts'
import type { CustomerAccount, RatedService } from './catalogue.ts'
import type { CompiledClasses } from './compiled-classes.ts'
import type { OutPrice } from './exact-price.ts'
import type { Participation } from './share-plan.ts'

/** Places of the tiers of periods behind one another, and behind them that of usage out of bucket. */
export type Places = { readonly bases: ReadonlyArray<number>; readonly out: number }

/** What a class draws from beside its own buckets, and where it is billed, from one instant until another. */
export type SharedLinks = {
  /** In the order of drawing, after own buckets. */
  readonly periods: ReadonlyArray<BucketPeriod>
  readonly sinceMicros: number
  readonly untilMicros: number
  /** The billing period in which usage falls, and that in which usage out of bucket is due, by index. */
  readonly usedIn: number
  readonly dueIn: number
  /** By count of own buckets, each of one tier: the places of all, own ones first. */
  readonly places: Array<Places | undefined>
}

export type RowKindOf = {
  readonly compiled: CompiledClasses
  readonly product: string
  /** null where they take part in no plan. */
  readonly participation: Participation | null
  /** On their account, above it and in their plan. */
  readonly lines: ReadonlyArray<BucketLine>
  /** The account whose bill their usage is on, and its billing periods. */
  readonly billedTo: CustomerAccount
  readonly billing: Calendar
  /** The periods of their share plan, at whose end usage out of bucket is due; [] without one. */
  readonly planPeriods: ReadonlyArray<Series>
}

/** One row of a service, with everything that its events need. */
export type GroupRow = {
  readonly service: RatedService
  readonly serviceNumber: number
  readonly inForce: InForce
  /** The buckets that come with it, whenever. */
  readonly own: ReadonlyArray<BucketLine>
  readonly kind: RowKind
}

type Due = { readonly atMicros: number; readonly sinceMicros: number; readonly untilMicros: number }

export class RowKind {
  readonly participation: Participation | null
  readonly billedTo: CustomerAccount
  readonly billing: Calendar
  readonly #of: RowKindOf
  readonly #links: Array<SharedLinks | undefined>
  readonly #prices: Array<OutPrice | null | undefined>

  constructor(of: RowKindOf) {
    this.participation = of.participation
    this.billedTo = of.billedTo
    this.billing = of.billing
    this.#of = of
    this.#links = new Array(of.compiled.classes.length)
    this.#prices = of.compiled.outPrices(of.product, of.billedTo.currency)
  }

  /** What a class costs out of bucket; null: no line of the rate plan prices it. */
  outPrice(usageClass: number): OutPrice | null {
    const known = this.#prices[usageClass]
    if (known !== undefined) return known
    const { compiled, product, billedTo } = this.#of
    return compiled.outPrice(this.#prices, { product, currency: billedTo.currency, usageClass })
  }

  linksAt(usageClass: number, atMicros: number): SharedLinks {
    const known = this.#links[usageClass]
    if (known !== undefined && atMicros >= known.sinceMicros && atMicros < known.untilMicros) return known
    const made = this.#makeLinks(usageClass, atMicros)
    this.#links[usageClass] = made
    return made
  }

  #makeLinks(usageClass: number, atMicros: number): SharedLinks {
    const periods: BucketPeriod[] = []
    const due = dueAt(this.#of.planPeriods, atMicros)
    const usedIn = this.billing.indexAt(atMicros)
    const billed = this.billing.period(usedIn)
    let sinceMicros = Math.max(due.sinceMicros, billed.startMicros)
    let untilMicros = Math.min(due.untilMicros, billed.untilMicros)
    for (const line of this.#of.lines) {
      if (!line.shape.accepts[usageClass]) continue
      const found = line.periodAt(atMicros)
      sinceMicros = Math.max(sinceMicros, found.sinceMicros)
      untilMicros = Math.min(untilMicros, found.changesAtMicros)
      if (found.period !== null) periods.push(found.period)
    }
    if (periods.length > 1) periods.sort(compareDrawOrder)
    return { periods, sinceMicros, untilMicros, usedIn, dueIn: this.billing.indexAt(due.atMicros), places: [] }
  }
}

/** The places where so many own buckets, of one tier each, come before the shared ones. */
export function placesOf({ periods, places }: SharedLinks, ownCount: number): Places {
  const known = places[ownCount]
  if (known !== undefined) return known
  const bases: number[] = []
  for (let place = 0; place < ownCount; place += 1) bases.push(place)
  let out = ownCount
  for (const { line } of periods) {
    bases.push(out)
    out += line.shape.tiers.length
  }
  const made = { bases, out }
  places[ownCount] = made
  return made
}

/** Usage of a participant is due at the end of its plan's period, other usage when it happens. */
function dueAt(planPeriods: ReadonlyArray<Series>, atMicros: number): Due {
  let sinceMicros = Number.NEGATIVE_INFINITY
  let untilMicros = Number.POSITIVE_INFINITY
  for (const { calendar, ranges } of planPeriods) {
    for (const range of ranges) {
      if (atMicros < range.fromMicros) untilMicros = Math.min(untilMicros, range.fromMicros)
      else if (atMicros >= range.untilMicros) sinceMicros = Math.max(sinceMicros, range.untilMicros)
      else {
        const period = calendar.period(calendar.indexAt(atMicros))
        const endMicros = Math.min(period.untilMicros, range.untilMicros)
        const startMicros = Math.max(period.startMicros, range.fromMicros)
        return { atMicros: endMicros - 1, sinceMicros: startMicros, untilMicros: endMicros }
      }
    }
  }
  return { atMicros, sinceMicros, untilMicros }
}
