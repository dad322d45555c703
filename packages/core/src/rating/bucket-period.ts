// One bucket in one of its periods while usage is drawn from it: tiers, what is left, who drew. Quantities are safe
// integers; a tier of more than `CHUNK_BASE` is opened in chunks. Knows nothing of money.

import { invariant } from '../invariant.ts'
import type { BucketLineShape, DrawnBefore } from './bucket-shape.ts'
import type { CalendarPeriod } from './calendar.ts'

/** The most base units that are counted down at once; twice as many are still a safe integer. */
export const CHUNK_BASE = 2 ** 52

/** What an earlier period left: the number of that period, and how much of it there was when this one opened. */
export type Layer = { readonly originIndex: number; readonly leftBase: bigint }

/** Who used the first unit of a tier. `row` is the number of the service in the group. */
export type Reached = { readonly row: number; readonly usageClass: number; readonly atMicros: number }

/** What a period asks of the bucket that it is a period of. */
export type LineOfPeriod = {
  readonly shape: BucketLineShape
  readonly bucket: string
  readonly limits: Float64Array | null
  readonly numberOfService: ReadonlyMap<string, number>
  readonly serviceCount: number
  readonly isSettledAtEnd: boolean
  readonly isRated: boolean
  readonly open: (period: BucketPeriod) => void
  readonly startOf: (period: BucketPeriod, index: number) => number
  readonly isInForceAfter: (period: BucketPeriod) => boolean
}

/** Where parts that are drawn are counted. */
export type DrawnParts = { count: (place: number, quantity: number) => void }

export class BucketPeriod {
  readonly line: LineOfPeriod
  readonly index: number
  readonly span: CalendarPeriod
  /** When the last range in which the bucket is in force within this period ends. */
  readonly untilMicros: number
  /** Of each tier, the first with what rolled in; null is without end. */
  sizes: ReadonlyArray<bigint | null> = []
  layers: ReadonlyArray<Layer> = []
  /** What the first tier has without what rolled in; null is without end. */
  ownSize: bigint | null = 0n
  isOpen = false
  /** Nothing can be drawn any more. */
  isSpent = false
  /** -1 before the first unit. */
  tier = -1
  /** Of the chunk that is counted down. */
  tierLeft = 0
  /** Of the tier, beyond that chunk. */
  reserve = 0n
  readonly ranOutAt: Array<number | null> = []
  readonly reached: Array<Reached | null> = []
  /** By service of the group; null where the bucket limits nobody. */
  limitDrawn: Float64Array | null = null
  resumed: DrawnBefore | null = null

  constructor(line: LineOfPeriod, index: number, span: CalendarPeriod, untilMicros: number) {
    this.line = line
    this.index = index
    this.span = span
    this.untilMicros = untilMicros
  }

  open(ownSizes: ReadonlyArray<bigint | null>, layers: ReadonlyArray<Layer>, resumed: DrawnBefore | null): void {
    const rolledIn = layers.reduce((sum, { leftBase }) => sum + leftBase, 0n)
    const [first, ...further] = ownSizes
    invariant(first !== undefined, 'a bucket has a tier', { bucket: this.line.bucket })
    this.ownSize = first
    this.sizes = [first === null ? null : first + rolledIn, ...further]
    this.layers = layers
    this.isOpen = true
    for (const _ of this.sizes) {
      this.ranOutAt.push(null)
      this.reached.push(null)
    }
    if (this.line.limits !== null) this.limitDrawn = new Float64Array(this.line.serviceCount)
    if (resumed !== null && resumed.drawnBase > 0n) this.#resume(resumed)
  }

  /**
   * Draws up to `want`, not above CHUNK_BASE, tier by tier and within the participant's limit, and counts each part in the
   * chain from its place `base` on. Returns what it could not give.
   */
  drawUpTo(want: number, taker: Taker, chain: DrawnParts, base: number): number {
    const allowed = this.#allowed(want, taker)
    let open = allowed
    while (open > 0 && (this.tierLeft > 0 || this.#openNext(taker))) {
      const part = open < this.tierLeft ? open : this.tierLeft
      this.tierLeft -= part
      open -= part
      chain.count(base + this.tier, part)
      if (this.tierLeft === 0 && this.reserve === 0n) this.ranOutAt[this.tier] = taker.atMicros
    }
    const taken = allowed - open
    if (this.limitDrawn !== null) {
      this.limitDrawn[taker.service] = (this.limitDrawn[taker.service] as number) + taken
    }
    return want - taken
  }

  #allowed(want: number, { row, service }: Taker): number {
    if (this.isSpent) return 0
    if (this.limitDrawn === null || this.line.limits === null) return want
    const left = (this.line.limits[row] as number) - (this.limitDrawn[service] as number)
    return left <= 0 ? 0 : want < left ? want : left
  }

  #openNext(taker: Taker): boolean {
    if (this.reserve > 0n) {
      this.#fill(this.reserve)
      return true
    }
    for (let tier = this.tier + 1; tier < this.sizes.length; tier += 1) {
      const size = this.sizes[tier] as bigint | null
      if (size === 0n) continue
      this.tier = tier
      this.reached[tier] = { row: taker.row, usageClass: taker.usageClass, atMicros: taker.atMicros }
      if (size === null) this.tierLeft = Number.POSITIVE_INFINITY
      else this.#fill(size)
      return true
    }
    this.isSpent = true
    return false
  }

  #fill(size: bigint): void {
    const chunk = size > BigInt(CHUNK_BASE) ? CHUNK_BASE : Number(size)
    this.tierLeft = chunk
    this.reserve = size - BigInt(chunk)
  }

  #resume(before: DrawnBefore): void {
    invariant(!this.line.isSettledAtEnd, 'what is priced at the end of a period is rated from its beginning', {
      bucket: this.line.bucket,
      startMicros: this.span.startMicros,
    })
    this.resumed = before
    let drawn = before.drawnBase
    for (let tier = 0; tier < this.sizes.length && drawn > 0n; tier += 1) {
      const size = this.sizes[tier] as bigint | null
      if (size === 0n) continue
      this.tier = tier
      this.ranOutAt[tier] = before.ranOutAt[tier] ?? null
      if (size === null) {
        this.tierLeft = Number.POSITIVE_INFINITY
        drawn = 0n
      } else {
        const part = drawn < size ? drawn : size
        this.#fill(size - part)
        drawn -= part
      }
    }
    invariant(drawn === 0n, 'no more was drawn before than the bucket has', { bucket: this.line.bucket })
    if (this.limitDrawn === null) return
    for (const [service, base] of before.drawnByService) {
      const number = this.line.numberOfService.get(service)
      if (number !== undefined) this.limitDrawn[number] = Number(base)
    }
  }

  /** Of a tier that ends; the drawn part of one without end is what its rows sum to. */
  drawnOfTier(tier: number): bigint {
    const size = this.sizes[tier]
    if (tier > this.tier || size === undefined || size === null) return 0n
    return tier < this.tier ? size : size - this.reserve - BigInt(this.tierLeft)
  }

  /** What each layer and the period itself leave of the first tier: the oldest was drawn first. */
  leftOfFirstTier(): Layer[] {
    if (this.ownSize === null) return []
    let drawn = this.drawnOfTier(0)
    const left: Layer[] = []
    for (const layer of [...this.layers, { originIndex: this.index, leftBase: this.ownSize }]) {
      const part = drawn < layer.leftBase ? drawn : layer.leftBase
      drawn -= part
      if (layer.leftBase > part) left.push({ originIndex: layer.originIndex, leftBase: layer.leftBase - part })
    }
    return left
  }
}

/** Who draws: the row and its service by number, and the event's class and start. One object serves a whole run. */
export type Taker = { row: number; service: number; usageClass: number; atMicros: number }
