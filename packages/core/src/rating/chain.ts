// What the events of one row and class draw from, in order, until the chain changes; and what they drew. One chain serves
// many events: it is the only place where quantities are added up.

import { compareDrawOrder } from './bucket-line.ts'
import { type BucketPeriod, CHUNK_BASE } from './bucket-period.ts'
import type { BucketGroup, GroupRow } from './compile-group.ts'
import { isBelowMinimum, type OutPrice } from './exact-price.ts'

export class Chain {
  readonly row: number
  readonly usageClass: number
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

  constructor(group: BucketGroup, { row, usageClass, atMicros }: ChainAt) {
    const groupRow = group.rows[row] as GroupRow
    const found = periodsFor(groupRow, usageClass, atMicros)
    const due = dueAt(groupRow, atMicros)
    this.row = row
    this.usageClass = usageClass
    this.periods = found.periods
    this.price = group.outPrice(row, usageClass)
    this.usedIn = groupRow.billing.indexAt(atMicros)
    this.dueIn = groupRow.billing.indexAt(due.atMicros)
    this.validUntilMicros = Math.min(
      found.changesAtMicros,
      due.changesAtMicros,
      groupRow.billing.period(this.usedIn).untilMicros,
    )
    let place = 0
    this.bases = found.periods.map((period) => {
      place += period.line.shape.tiers.length
      return place - period.line.shape.tiers.length
    })
    this.out = place
    this.drawn = new Array(place + 2).fill(0)
  }

  count(place: number, quantity: number): void {
    const sum = (this.drawn[place] as number) + quantity
    if (sum <= CHUNK_BASE) {
      this.drawn[place] = sum
      return
    }
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
}

type ChainAt = { readonly row: number; readonly usageClass: number; readonly atMicros: number }

function periodsFor({ lines }: GroupRow, usageClass: number, atMicros: number) {
  const periods: BucketPeriod[] = []
  let changesAtMicros = Number.POSITIVE_INFINITY
  for (const line of lines) {
    if (!line.shape.accepts[usageClass]) continue
    const at = line.periodAt(atMicros)
    if (at.changesAtMicros < changesAtMicros) changesAtMicros = at.changesAtMicros
    if (at.period !== null) periods.push(at.period)
  }
  return { periods: periods.length > 1 ? periods.sort(compareDrawOrder) : periods, changesAtMicros }
}

/** Usage of a participant is due at the end of its plan's period, other usage when it happens. */
function dueAt({ planPeriods }: GroupRow, atMicros: number): { atMicros: number; changesAtMicros: number } {
  let changesAtMicros = Number.POSITIVE_INFINITY
  for (const { calendar, ranges } of planPeriods) {
    for (const range of ranges) {
      if (atMicros < range.fromMicros) changesAtMicros = Math.min(changesAtMicros, range.fromMicros)
      if (atMicros < range.fromMicros || atMicros >= range.untilMicros) continue
      const endMicros = Math.min(calendar.period(calendar.indexAt(atMicros)).untilMicros, range.untilMicros)
      return { atMicros: endMicros - 1, changesAtMicros: endMicros }
    }
  }
  return { atMicros, changesAtMicros }
}
