// Draws the usage of one bucket group down, event by event (spec, share plans, "Drawing down"). Usage comes as typed columns
// in the order (start, source, id), in as many batches as the caller likes. There is no object and no bigint per event.

import { invariant } from '../invariant.ts'
import type { Taker } from './bucket-period.ts'
import { CHUNK_BASE } from './bucket-shape.ts'
import { Chain } from './chain.ts'
import type { BucketGroup } from './compile-group.ts'
import type { GroupRow } from './row-kind.ts'
import { type DrawnFrom, type HeldEvent, settleAtClose } from './settle-at-close.ts'

/** Columns of equal length: one event at each position, sorted by start, source and id. */
export type UsageColumns = {
  readonly count: number
  /** UTC microseconds. */
  readonly startMicros: Float64Array
  /** Billed base units, whole and not negative; Infinity where the quantity is in `wide`. */
  readonly quantityBase: Float64Array
  /** By position among the group's services. */
  readonly service: Int32Array
  /** By position among the group's classes. */
  readonly usageClass: Int32Array
  /** By position: quantities above CHUNK_BASE. */
  readonly wide?: ReadonlyMap<number, bigint>
}

/** A part of an event that a bucket covered, or that is out of bucket (`place` is the chain's `out`). */
export type DrawnPart = {
  readonly event: number
  readonly chain: Chain
  readonly place: number
  readonly quantity: bigint
}

export class DrawDown {
  readonly group: BucketGroup
  readonly #byKey: Array<Chain | undefined>
  readonly #all: Chain[] = []
  readonly #onPart: ((part: DrawnPart) => void) | null
  /** Events that wait for the end of the period, where a bucket of the group is settled only then. */
  readonly #held: HeldEvent[] | null
  readonly #taker: Taker = { row: 0, service: 0, usageClass: 0, atMicros: 0 }
  #lastMicros: number
  #taken = 0

  /** `onPart` sees every part of every event and makes drawing slow; for explaining single events. */
  constructor(group: BucketGroup, { onPart = null }: { onPart?: ((part: DrawnPart) => void) | null } = {}) {
    this.group = group
    this.#byKey = new Array(group.rows.length * group.classCount)
    this.#onPart = onPart
    this.#held = group.lines.some((line) => line.shape.order === 'highest-rate') ? [] : null
    this.#lastMicros = group.input.fromMicros
  }

  /** Every chain that usage was drawn through, and what it drew. */
  get chains(): ReadonlyArray<Chain> {
    return this.#all
  }

  /** @throws Bug where events are out of order, outside the group's time, or of a quantity that is no whole number. */
  take(columns: UsageColumns): void {
    if (this.#held !== null || this.#onPart !== null || columns.wide !== undefined) this.#takeWatched(columns)
    else this.#takeFast(columns)
  }

  #takeFast({ count, startMicros, quantityBase, service, usageClass }: UsageColumns): void {
    const { classCount } = this.group
    const untilMicros = this.group.input.untilMicros
    const byKey = this.#byKey
    let last = this.#lastMicros
    for (let event = 0; event < count; event += 1) {
      const at = startMicros[event] as number
      const quantity = quantityBase[event] as number
      if (!(at >= last && at < untilMicros && quantity >= 0 && quantity <= CHUNK_BASE)) refuseEvent(event, at, quantity)
      last = at
      if (quantity === 0) continue
      const row = service[event] as number
      const key = row * classCount + (usageClass[event] as number)
      let chain = byKey[key]
      if (chain === undefined || at >= chain.validUntilMicros) chain = this.#link(row, usageClass[event] as number, at)
      const { periods, bases } = chain
      let left = quantity
      for (let link = 0; link < periods.length && left > 0; link += 1) {
        const period = periods[link] as Chain['periods'][number]
        if (period.isSpent) continue
        if (left < period.tierLeft && period.limitDrawn === null) {
          period.tierLeft -= left
          chain.count((bases[link] as number) + period.tier, left)
          left = 0
        } else left = period.drawUpTo(left, this.#takerOf(chain, at), chain, bases[link] as number)
      }
      if (left > 0) chain.countOut(left)
    }
    this.#lastMicros = last
    this.#taken += count
  }

  /** The same, for events that are held, watched or wide. */
  #takeWatched({ count, startMicros, quantityBase, service, usageClass, wide }: UsageColumns): void {
    for (let event = 0; event < count; event += 1) {
      const at = startMicros[event] as number
      const quantity = wide?.get(event) ?? BigInt(quantityBase[event] as number)
      if (!(at >= this.#lastMicros && at < this.group.input.untilMicros && quantity >= 0n))
        refuseEvent(event, at, quantity)
      this.#lastMicros = at
      const number = this.#taken
      this.#taken += 1
      if (quantity === 0n) continue
      const row = service[event] as number
      const key = row * this.group.classCount + (usageClass[event] as number)
      const known = this.#byKey[key]
      const chain =
        known === undefined || at >= known.validUntilMicros ? this.#link(row, usageClass[event] as number, at) : known
      const held: HeldEvent = { event: number, chain, atMicros: at, parts: chunksOf(quantity) }
      if (this.#held !== null) this.#held.push(held)
      else this.#drawThrough(held)
    }
  }

  /**
   * Draws the sum of what a row used of a class in the whole run, at most CHUNK_BASE; only where no order matters, and
   * nothing was drawn of it before.
   */
  takeSum({ row, usageClass, atMicros }: Omit<Taker, 'service'>, quantity: number): void {
    const chain = this.#link(row, usageClass, atMicros)
    const taker = this.#takerOf(chain, atMicros)
    let left = quantity
    for (let link = 0; link < chain.periods.length && left > 0; link += 1) {
      const period = chain.periods[link] as Chain['periods'][number]
      period.line.open(period)
      left = period.drawUpTo(left, taker, chain, chain.bases[link] as number)
    }
    if (left > 0) chain.countOut(left)
  }

  #drawThrough({ event, chain, atMicros, parts }: HeldEvent): void {
    chain.periods.forEach((_, link) => {
      parts.forEach((part, index) => {
        parts[index] = this.#drawWatched({ event, chain, link, atMicros, want: part })
      })
    })
    this.#countOut({ event, chain, atMicros, parts })
  }

  #drawWatched({ event, chain, link, atMicros, want }: DrawnFrom): number {
    const period = chain.periods[link] as Chain['periods'][number]
    period.line.open(period)
    const base = chain.bases[link] as number
    const tiers = period.line.shape.tiers.length
    const before = chain.drawn.slice(base, base + tiers).map((_, tier) => chain.drawnAt(base + tier))
    const left = period.drawUpTo(want, this.#takerOf(chain, atMicros), chain, base)
    before.forEach((was, tier) => {
      const quantity = chain.drawnAt(base + tier) - was
      if (quantity > 0n) this.#onPart?.({ event, chain, place: base + tier, quantity })
    })
    return left
  }

  #countOut({ event, chain, parts }: HeldEvent): void {
    const left = parts.filter((part) => part > 0)
    const quantity = left.reduce((sum, part) => sum + BigInt(part), 0n)
    if (quantity > 0n) this.#onPart?.({ event, chain, place: chain.out, quantity })
    if (left.length === 1) chain.countOut(left[0] as number)
    else if (left.length > 1) chain.countOutParts(left)
  }

  /** Settles what waited for the end of the period. To be called once, after the last event. */
  finish(): void {
    if (this.#held === null) return
    settleAtClose(this.#held, (from) => this.#drawWatched(from))
    for (const held of this.#held) this.#countOut(held)
    this.#held.length = 0
  }

  #link(row: number, usageClass: number, atMicros: number): Chain {
    const key = row * this.group.classCount + usageClass
    const steady = this.group.steady[key]
    const chain = steady ?? new Chain(this.group, { row, usageClass, atMicros })
    // A chain counts what one run draws: another one has its own.
    if (steady !== undefined) this.group.steady[key] = undefined
    // Held events open a period only when those before it are settled.
    if (this.#held === null) for (const period of chain.periods) period.line.open(period)
    this.#byKey[key] = chain
    this.#all.push(chain)
    return chain
  }

  #takerOf(chain: Chain, atMicros: number): Taker {
    const taker = this.#taker
    taker.row = chain.row
    taker.service = (this.group.rows[chain.row] as GroupRow).serviceNumber
    taker.usageClass = chain.usageClass
    taker.atMicros = atMicros
    return taker
  }
}

function refuseEvent(event: number, atMicros: number, quantity: number | bigint): never {
  invariant(false, 'events come in order, within the time of the run, with whole quantities', {
    event,
    atMicros,
    quantity,
  })
}

/** Parts of at most CHUNK_BASE; drawn one after another they are one event. */
function chunksOf(quantity: bigint): number[] {
  const chunk = BigInt(CHUNK_BASE)
  const parts: number[] = []
  for (let left = quantity; left > 0n; left -= chunk) parts.push(left > chunk ? CHUNK_BASE : Number(left))
  return parts
}
