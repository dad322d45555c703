// What the events of one row and class draw from, in order, until the chain changes; and what they drew. One chain serves
// many events: it is the only place where quantities are added up.

import { compareDrawOrder } from './bucket-line.ts'
import type { BucketPeriod } from './bucket-period.ts'
import { CHUNK_BASE } from './bucket-shape.ts'
import { isBelowMinimum, type OutPrice } from './exact-price.ts'
import { type GroupRow, placesOf, type RowKind } from './row-kind.ts'

export class Chain {
  readonly row: number
  readonly usageClass: number
  readonly kind: RowKind
  readonly periods: ReadonlyArray<BucketPeriod>
  /** For each period the place of its first tier in `drawn`. */
  readonly bases: ReadonlyArray<number>
  /** Base units by period and tier; what does not fit a safe integer is in `#wide`. */
  readonly drawn: number[]
  #wide: Map<number, bigint> | null = null
  readonly price: OutPrice | null
  readonly validUntilMicros: number
  /** The billing period in which its usage falls, and that in which usage out of bucket is due, by index. */
  readonly usedIn: number
  readonly dueIn: number
  /** Out of bucket: events, those of them that pay the minimum, and base units of the others. */
  outEvents = 0
  minimumEvents = 0
  /** The place of usage out of bucket in `drawn` (all of it), and behind it of that which pays by the unit. */
  readonly out: number

  constructor({ rows }: GroupRows, { row, usageClass, atMicros }: ChainAt) {
    const { own, kind } = rows[row] as GroupRow
    const links = kind.linksAt(usageClass, atMicros)
    let periods = links.periods
    let untilMicros = links.untilMicros
    let ownCount = 0
    for (const line of own) {
      if (!line.shape.accepts[usageClass]) continue
      const { period, changesAtMicros } = line.periodAt(atMicros)
      if (changesAtMicros < untilMicros) untilMicros = changesAtMicros
      if (period === null) continue
      // Own buckets come before all others, whatever else is said of them.
      periods = periods.length === 0 ? [period] : [period, ...periods]
      ownCount += 1
    }
    this.row = row
    this.usageClass = usageClass
    this.kind = kind
    this.periods = ownCount > 1 ? [...periods].sort(compareDrawOrder) : periods
    this.price = kind.outPrice(usageClass)
    this.usedIn = links.usedIn
    this.dueIn = links.dueIn
    this.validUntilMicros = untilMicros
    const { bases, out } = placesOf(links, ownCount)
    this.bases = bases
    this.out = out
    this.drawn = nothingDrawn(out + 2)
  }

  count(place: number, quantity: number): void {
    const sum = (this.drawn[place] as number) + quantity
    if (sum <= CHUNK_BASE) this.drawn[place] = sum
    else this.#countWide(place, sum)
  }

  #countWide(place: number, sum: number): void {
    this.drawn[place] = 0
    this.#wide ??= new Map()
    this.#wide.set(place, (this.#wide.get(place) ?? 0n) + BigInt(sum))
  }

  /** What one event, whole, has left out of bucket. */
  countOut(quantity: number): void {
    this.count(this.out, quantity)
    this.outEvents += 1
    if (this.price !== null && quantity < this.price.minimumBelowBase) this.minimumEvents += 1
    else this.count(this.out + 1, quantity)
  }

  /** The same for an event that is too large for a safe integer, in parts. */
  countOutParts(parts: ReadonlyArray<number>): void {
    const quantity = parts.reduce((sum, part) => sum + BigInt(part), 0n)
    const isMinimum = this.price !== null && isBelowMinimum(this.price, quantity)
    for (const part of parts) {
      this.count(this.out, part)
      if (!isMinimum) this.count(this.out + 1, part)
    }
    this.outEvents += 1
    if (isMinimum) this.minimumEvents += 1
  }

  /** Which of `periods` a place is of. */
  linkOf(place: number): number {
    return this.bases.findLastIndex((base) => base <= place)
  }

  drawnAt(place: number): bigint {
    const counted = BigInt(this.drawn[place] as number)
    return this.#wide === null ? counted : counted + (this.#wide.get(place) ?? 0n)
  }

  /** The same, as a number where it is at most CHUNK_BASE. */
  quantityAt(place: number): number | bigint {
    return this.#wide?.has(place) ? this.drawnAt(place) : (this.drawn[place] as number)
  }
}

type GroupRows = { readonly rows: ReadonlyArray<GroupRow> }
type ChainAt = { readonly row: number; readonly usageClass: number; readonly atMicros: number }

const EMPTY: number[][] = []

/** So many zeros, of which the machine knows from the beginning that they become large. */
function nothingDrawn(places: number): number[] {
  const known = EMPTY[places]
  if (known !== undefined) return known.slice()
  const made = Array.from({ length: places }, () => 0.5).fill(0)
  EMPTY[places] = made
  return made.slice()
}
