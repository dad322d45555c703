// One bucket in one of its periods while usage is drawn from it: tiers, what is left, who drew. Quantities are safe
// integers; a tier of more than `CHUNK_BASE` is opened in chunks. Knows nothing of money.

import { invariant } from '../invariant.ts'
import {
  type BucketHolder,
  type BucketLineShape,
  CHUNK_BASE,
  type DrawnBefore,
  type LineRun,
  type LineTier,
  type Series,
  safeSize,
  type TierSizes,
} from './bucket-shape.ts'
import type { CalendarPeriod } from './calendar.ts'

/** What an earlier period left: the number of that period, and how much of it there was when this one opened. */
export type Layer = { readonly originIndex: number; readonly leftBase: bigint }

/** Who used the first unit of a tier. `row` is the number of the service in the group. */
export type Reached = { readonly row: number; readonly usageClass: number; readonly atMicros: number }

/** What a period asks of the bucket that it is a period of. */
export type LineOfPeriod = {
  readonly shape: BucketLineShape
  readonly holder: BucketHolder
  readonly run: LineRun
  readonly open: (period: BucketPeriod) => void
}

/** Where parts that are drawn are counted. */
export type DrawnParts = { count: (place: number, quantity: number) => void }

/** When the period of a bucket is, and until when the bucket is in force in it. */
export type PeriodAt = {
  readonly series: Series
  readonly index: number
  readonly span: CalendarPeriod
  readonly untilMicros: number
}

const NO_LAYERS: ReadonlyArray<Layer> = []
const NO_SIZES: TierSizes = { base: [], safe: [] }
/** Nothing has run out, by count of tiers; a period has its own list once a tier has. */
const NONE_RAN_OUT: Array<ReadonlyArray<null>> = []

export class BucketPeriod {
  readonly line: LineOfPeriod
  readonly series: Series
  readonly index: number
  readonly span: CalendarPeriod
  /** When the last range in which the bucket is in force within this period ends. */
  readonly untilMicros: number
  /** Of each tier, the first with what rolled in. */
  #sizes: TierSizes = NO_SIZES
  layers: ReadonlyArray<Layer> = NO_LAYERS
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
  ranOutAt: ReadonlyArray<number | null> = []
  /** Of the tiers with a flat charge; null before the first of them is reached. */
  reached: Array<Reached | null> | null = null
  /** By service of the group; null where the bucket limits nobody. */
  limitDrawn: Float64Array | null = null
  resumed: DrawnBefore | null = null
  /** Before this run, from a tier without end. */
  endlessBefore = 0n
  /** What a run wants of it, while it is asked whether it has room; 0 again afterwards. */
  asked = 0

  constructor(line: LineOfPeriod, { series, index, span, untilMicros }: PeriodAt) {
    this.line = line
    this.series = series
    this.index = index
    this.span = span
    this.untilMicros = untilMicros
  }

  /** Of each tier, the first with what rolled in; null is without end. */
  get sizes(): ReadonlyArray<bigint | null> {
    return this.#sizes.base
  }

  open(own: TierSizes, layers: ReadonlyArray<Layer>, resumed: DrawnBefore | null): void {
    const [first] = own.base
    invariant(first !== undefined, 'a bucket has a tier', { bucket: this.line.shape.bucket })
    this.ownSize = first
    this.#sizes = layers.length === 0 || first === null ? own : withRolledIn(own, first, layers)
    this.layers = layers
    this.isOpen = true
    this.ranOutAt = noneRanOut(own.base.length)
    if (this.line.shape.limits !== null) this.limitDrawn = new Float64Array(this.line.run.serviceCount)
    if (resumed !== null && resumed.drawnBase > 0n) this.#resume(resumed)
  }

  /** Whether so much more fits the first tier with something to spare; nothing may have been drawn in this run. */
  hasRoom(quantity: number): boolean {
    if (this.tier > 0) return false
    const size = this.#sizes.safe[0] as number
    if (this.tier === 0) return this.tierLeft + Number(this.reserve) > quantity
    return Number.isNaN(size) ? (this.sizes[0] as bigint) > BigInt(quantity) : size > quantity
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
      if (this.tierLeft === 0 && this.reserve === 0n) this.#runOut(taker.atMicros)
    }
    const taken = allowed - open
    if (this.limitDrawn !== null) {
      this.limitDrawn[taker.service] = (this.limitDrawn[taker.service] as number) + taken
    }
    return want - taken
  }

  #allowed(want: number, { row, service }: Taker): number {
    if (this.isSpent) return 0
    const { limits } = this.line.shape
    if (this.limitDrawn === null || limits === null) return want
    const left = (limits[row] as number) - (this.limitDrawn[service] as number)
    return left <= 0 ? 0 : want < left ? want : left
  }

  #runOut(atMicros: number): void {
    const { tier } = this
    this.ranOutAt = this.ranOutAt.map((at, other) => (other === tier ? atMicros : at))
  }

  #openNext(taker: Taker): boolean {
    if (this.reserve > 0n) {
      this.#fill(this.reserve, Number.NaN)
      return true
    }
    const { base, safe } = this.#sizes
    for (let tier = this.tier + 1; tier < base.length; tier += 1) {
      if (safe[tier] === 0) continue
      this.tier = tier
      if ((this.line.shape.tiers[tier] as LineTier).flat !== null) this.#reach(taker)
      this.#fill(base[tier] as bigint | null, safe[tier] as number)
      return true
    }
    this.isSpent = true
    return false
  }

  #reach({ row, usageClass, atMicros }: Taker): void {
    this.reached ??= this.sizes.map(() => null)
    this.reached[this.tier] = { row, usageClass, atMicros }
  }

  /** `safe` is the size as a number, or NaN for one that is to be cut into chunks. */
  #fill(size: bigint | null, safe: number): void {
    if (size === null || !Number.isNaN(safe)) {
      this.tierLeft = safe
      this.reserve = 0n
      return
    }
    const chunk = size > BigInt(CHUNK_BASE) ? CHUNK_BASE : Number(size)
    this.tierLeft = chunk
    this.reserve = size - BigInt(chunk)
  }

  #resume(before: DrawnBefore): void {
    const { shape, run } = this.line
    // One that ended before the run only says what it left to the next.
    const isOver = this.span.untilMicros <= run.windowFromMicros
    invariant(isOver || !shape.isSettledAtEnd, 'what is priced at the end of a period is rated from its beginning', {
      bucket: shape.bucket,
      startMicros: this.span.startMicros,
    })
    this.resumed = before
    let drawn = before.drawnBase
    const ranOutAt: Array<number | null> = [...this.ranOutAt]
    for (let tier = 0; tier < this.sizes.length && drawn > 0n; tier += 1) {
      const size = this.sizes[tier] as bigint | null
      if (size === 0n) continue
      this.tier = tier
      ranOutAt[tier] = before.ranOutAt[tier] ?? null
      if (size === null) {
        this.tierLeft = Number.POSITIVE_INFINITY
        this.endlessBefore = drawn
        drawn = 0n
      } else {
        const part = drawn < size ? drawn : size
        this.#fill(size - part, safeSize(size - part))
        drawn -= part
      }
    }
    this.ranOutAt = ranOutAt
    invariant(drawn === 0n, 'no more was drawn before than the bucket has', { bucket: shape.bucket })
    if (this.limitDrawn === null) return
    for (const [service, base] of before.drawnByService) {
      const number = run.numberOfService(service)
      if (number !== undefined) this.limitDrawn[number] = Number(base)
    }
  }

  /** Of a tier that ends; the drawn part of one without end is what its rows sum to. */
  drawnOfTier(tier: number): bigint {
    if (tier > this.tier) return 0n
    const size = this.sizes[tier]
    if (size === undefined || size === null) return 0n
    if (tier < this.tier) return size
    const safe = this.#sizes.safe[tier] as number
    return Number.isNaN(safe) ? size - this.reserve - BigInt(this.tierLeft) : BigInt(safe - this.tierLeft)
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

function withRolledIn(own: TierSizes, first: bigint, layers: ReadonlyArray<Layer>): TierSizes {
  let size = first
  for (const { leftBase } of layers) size += leftBase
  return { base: [size, ...own.base.slice(1)], safe: [safeSize(size), ...own.safe.slice(1)] }
}

function noneRanOut(tiers: number): ReadonlyArray<null> {
  const known = NONE_RAN_OUT[tiers]
  if (known !== undefined) return known
  const made = new Array<null>(tiers).fill(null)
  NONE_RAN_OUT[tiers] = made
  return made
}
