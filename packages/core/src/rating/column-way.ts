// The short way in columns, where no service needs an object of its own: every service is there for the whole run, has one
// row, and finds room for all that it used in the first bucket of each class, or pays by the unit. What is not so simple is
// left to `drawShortWay` and `DrawDown`; the proof is a test that compares all three.

import { invariant } from '../invariant.ts'
import { compareBytes } from '../money/largest-remainder.ts'
import { bucketBalances, bucketHistories } from './bucket-histories.ts'
import type { BucketPeriod, DrawnParts, Taker } from './bucket-period.ts'
import { type BucketBalance, CHUNK_BASE, type InForce } from './bucket-shape.ts'
import type { RatedService } from './catalogue.ts'
import { ColumnRoom } from './column-room.ts'
import type { SharedGroup } from './compile-group.ts'
import type { ExactPrice } from './exact-price.ts'
import { ExactSum } from './exact-sum.ts'
import { type OwnBalances, rowCountOf } from './group-input.ts'
import { type OwnHistories, openOwn, ownBalances, ownReached } from './own-columns.ts'
import { billedAtEnd, isDueAtEnd } from './rate-rows.ts'
import type { BucketHistory, RowSlot } from './rated-result.ts'
import type { RowKind } from './row-kind.ts'
import { isPlain } from './short-way.ts'

/** What rows used of classes in the whole run: one entry for each row and class, in the order of both; columns may be longer. */
export type DemandColumns = {
  readonly count: number
  /** By position among the group's services and classes. */
  readonly service: Int32Array
  readonly usageClass: Int32Array
  /** Safe integers, not negative. */
  readonly quantityBase: Float64Array
}

/** What `finishRun` says of the same group, with the rows and the buckets of services in columns, which may be longer. */
export type RatedColumns = {
  readonly count: number
  /** By position among the group's services, in the order of `RatedRows`. */
  readonly row: Int32Array
  readonly slot: Int32Array
  readonly quantityBase: Float64Array
  readonly amountMinor: Float64Array
  readonly slots: ReadonlyArray<RowSlot>
  readonly own: OwnHistories
  /** Of buckets that are shared. */
  readonly histories: ReadonlyArray<BucketHistory>
  /** Of buckets of services that may have reached a share of which an alert tells. */
  readonly nearlyDrawn: ReadonlyArray<BucketHistory>
  /** Of buckets that are shared. */
  readonly balances: ReadonlyArray<BucketBalance>
  readonly ownBalances: ReadonlyArray<OwnBalances>
}

/** Where all that a kind of row uses of a class goes: a bucket of its own, one that is shared, or the bill. */
type Link = {
  readonly slot: number
  /** By position among the own buckets of the kind, -1 for none. */
  readonly own: number
  readonly period: BucketPeriod | null
  readonly perBase: ExactPrice | null
}

/**
 * `in-order`: events are to be drawn in their order, as `needsOrder` would say. null: the group is not so simple, and that
 * is not known. In both cases nothing was drawn from it. Columns stand in the room, until it is used for the next group.
 */
export function rateColumns(
  shared: SharedGroup,
  demands: DemandColumns,
  room: ColumnRoom = new ColumnRoom(),
): RatedColumns | 'in-order' | null {
  if (!isSteady(shared)) return null
  const run = new ColumnRun(shared, room)
  const rows = run.take(demands)
  run.forget()
  return rows === null || rows === 'in-order' ? rows : run.finish(rows)
}

/** Whether no row begins or ends within the run, and rows stand in the order of results, one for a service. */
function isSteady({ context }: SharedGroup): boolean {
  const { input, spans, run } = context
  const { serviceRows, fromMicros, untilMicros } = input
  const count = rowCountOf(input)
  if (run.serviceCount !== count) return false
  for (let row = 0; row < count; row += 1) {
    const span = spans[row] as InForce
    if (span.fromMicros > fromMicros || span.untilMicros < untilMicros) return false
  }
  if (serviceRows?.areInOrder === true) return true
  const { services } = input
  return services.every((service, row) => row === 0 || isBefore(services[row - 1] as RatedService, service))
}

function isBefore(left: RatedService, right: RatedService): boolean {
  if (left.account === right.account) return compareBytes(left.service, right.service) < 0
  return compareBytes(left.account, right.account) < 0
}

type Rows = Pick<RatedColumns, 'count' | 'row' | 'slot' | 'quantityBase' | 'amountMinor'>

const NOWHERE: DrawnParts = { count: () => undefined }

class ColumnRun {
  readonly #shared: SharedGroup
  readonly #own: OwnHistories | null
  readonly #room: ColumnRoom
  readonly #slots: RowSlot[] = []
  /** By kind and class; null where it is not simple. */
  readonly #links: Array<Link | 'in-order' | null | undefined> = []
  /** Shared periods that usage is wanted of, how much of each, and of how much there is no bucket. */
  readonly #asked: BucketPeriod[] = []
  #wanted: ReadonlyArray<number> = []
  #out = 0
  #used = 0

  constructor(shared: SharedGroup, room: ColumnRoom) {
    this.#shared = shared
    this.#room = room
    this.#own = openOwn(shared, room)
  }

  /** Rows for all that is wanted. */
  take(demands: DemandColumns): Rows | 'in-order' | null {
    const own = this.#own
    if (own === null) return null
    const { input, compiled, kindOfRow } = this.#shared.context
    const { count: length } = demands
    const room = this.#room
    const rows = {
      row: room.integers('row', length),
      slot: room.integers('slot', length),
      quantityBase: room.numbers('quantityBase', length),
      amountMinor: room.numbers('amountMinor', length),
    }
    const order = orderOf(demands, compiled.order)
    let count = 0
    for (let at = 0; at < length; at += 1) {
      const from = order === null ? at : (order[at] as number)
      const quantity = demands.quantityBase[from] as number
      if (quantity === 0) continue
      const row = demands.service[from] as number
      const usageClass = demands.usageClass[from] as number
      const link = this.#linkOf(kindOfRow[row] as number, usageClass, input.classes.length)
      this.#used += quantity
      if (link === null || link === 'in-order') return link
      const amount = this.#used > CHUNK_BASE ? null : this.#ask(link, row, quantity)
      if (amount === null) return null
      rows.row[count] = row
      rows.slot[count] = link.slot
      rows.quantityBase[count] = quantity
      rows.amountMinor[count] = amount
      count += 1
    }
    if (!this.#hasRoom(own)) return 'in-order'
    return { count, row: rows.row, slot: rows.slot, quantityBase: rows.quantityBase, amountMinor: rows.amountMinor }
  }

  /** Minor units that are owed for it; null where they are no safe integer. */
  #ask({ own, period, perBase }: Link, row: number, quantity: number): number | null {
    if (own !== -1) {
      const { drawnBase, placeOfRow } = this.#own as OwnHistories
      const place = (placeOfRow[row] as number) + own
      drawnBase[place] = (drawnBase[place] as number) + quantity
      return 0
    }
    if (period !== null) {
      if (period.asked === 0) this.#asked.push(period)
      period.asked += quantity
      return 0
    }
    this.#out += quantity
    const sum = new ExactSum()
    sum.add(perBase as ExactPrice, quantity)
    const amount = sum.roundedSafely()
    return typeof amount === 'number' ? amount : null
  }

  #hasRoom({ count, sizeBase, drawnBase }: OwnHistories): boolean {
    for (let place = 0; place < count; place += 1) {
      const drawn = drawnBase[place] as number
      if (drawn > 0 && !(drawn < (sizeBase[place] as number))) return false
    }
    for (const period of this.#asked) {
      period.line.open(period)
      // What is drawn from a tier without end is known by the chains of those who draw.
      if (period.sizes[0] === null || !period.hasRoom(period.asked)) return false
    }
    return true
  }

  /** Leaves no trace of what was asked. */
  forget(): void {
    this.#wanted = this.#asked.map(({ asked }) => asked)
    for (const period of this.#asked) period.asked = 0
  }

  #linkOf(kind: number, usageClass: number, classCount: number): Link | 'in-order' | null {
    const key = kind * classCount + usageClass
    const known = this.#links[key]
    if (known !== undefined) return known
    const made = this.#makeLink(kind, usageClass)
    this.#links[key] = made
    return made
  }

  #makeLink(kind: number, usageClass: number): Link | 'in-order' | null {
    const { context, kinds } = this.#shared
    const rowKind = kinds[kind] as RowKind
    const links = rowKind.linksAt(usageClass, context.input.fromMicros)
    if (links.untilMicros < context.input.untilMicros) return null
    const shapes = (this.#own as OwnHistories).shapesOfKind[kind] ?? []
    const own = shapes.findIndex(({ accepts }) => accepts[usageClass])
    if (own !== -1) {
      if (shapes.findLastIndex(({ accepts }) => accepts[usageClass]) !== own) return null
      const bucket = shapes[own]?.bucket as string
      const slot = this.#addSlot(rowKind, { usageClass, bucket, tier: 1, billedIn: links.usedIn })
      return { slot, own, period: null, perBase: null }
    }
    const [period] = links.periods
    if (period !== undefined) {
      if (!isPlain(period)) return 'in-order'
      const { shape } = period.line
      const billedIn = isDueAtEnd(shape, 0) ? billedAtEnd(rowKind, period, context.input) : links.usedIn
      const slot = this.#addSlot(rowKind, { usageClass, bucket: shape.bucket, tier: 1, billedIn })
      return { slot, own: -1, period, perBase: null }
    }
    const price = rowKind.outPrice(usageClass)
    if (price === null) return null
    if (price.minimum !== null || price.connection !== null) return 'in-order'
    const slot = this.#addSlot(rowKind, { usageClass, bucket: '', tier: 0, billedIn: links.dueIn })
    return { slot, own: -1, period: null, perBase: price.perBase }
  }

  #addSlot({ billedTo, billing }: RowKind, { usageClass, bucket, tier, billedIn }: SlotOf): number {
    const { account, currency } = billedTo
    const periodStartOn = billing.period(billedIn).startOn
    return this.#slots.push({ usageClass, bucket, tier, billedTo: account, periodStartOn, currency }) - 1
  }

  finish(rows: Rows): RatedColumns {
    const { lines, context } = this.#shared
    const { input } = context
    const own = this.#own as OwnHistories
    for (const [index, period] of this.#asked.entries()) drawAll(period, this.#wanted[index] as number)
    this.#conserve(own, rows)
    // Nothing was drawn from tiers without end, nor where a service is limited: no chain says how much.
    const group = { lines, input, rows: [] }
    const { count, row, slot, quantityBase, amountMinor } = rows
    return {
      count,
      row,
      slot,
      quantityBase,
      amountMinor,
      slots: this.#slots,
      own,
      histories: bucketHistories(group, []),
      nearlyDrawn: ownReached(this.#shared, own),
      balances: bucketBalances(group, []),
      ownBalances: ownBalances(this.#shared, own),
    }
  }

  /** What buckets gave and what is on bills by the unit is what was used, and so is what stands in rows. */
  #conserve({ count: places, drawnBase }: OwnHistories, { count, quantityBase }: Rows): void {
    let drawn = this.#out
    for (let place = 0; place < places; place += 1) drawn += drawnBase[place] as number
    for (const quantity of this.#wanted) drawn += quantity
    let inRows = 0
    for (let at = 0; at < count; at += 1) inRows += quantityBase[at] as number
    invariant(drawn === this.#used && inRows === this.#used, 'drawn and rated is used', { drawn, inRows })
  }
}

type SlotOf = Pick<RowSlot, 'usageClass' | 'bucket' | 'tier'> & { readonly billedIn: number }

function drawAll(period: BucketPeriod, quantity: number): void {
  const taker: Taker = { row: 0, service: 0, usageClass: 0, atMicros: period.span.startMicros }
  const left = period.drawUpTo(quantity, taker, NOWHERE, 0)
  invariant(left === 0, 'a bucket that has room gives what is wanted', { bucket: period.line.shape.bucket, left })
}

/** By row, and then by the names of classes; null where they stand so. */
function orderOf({ count, service, usageClass }: DemandColumns, ranks: ReadonlyArray<number>): number[] | null {
  if (ranks.every((rank, number) => rank === number)) return null
  const rankOf = (at: number) => ranks[usageClass[at] as number] as number
  const order = Array.from({ length: count }, (_, at) => at)
  return order.sort((a, b) => (service[a] as number) - (service[b] as number) || rankOf(a) - rankOf(b))
}
