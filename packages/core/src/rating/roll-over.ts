// What a bucket that comes with services takes over from the period before, in numbers: for many services what BucketLine and
// BucketPeriod say of one.

import type { BucketLineShape, LineRollover } from './bucket-shape.ts'
import type { Calendar } from './calendar.ts'
import type { ColumnRoom } from './column-room.ts'
import type { OwnBalances } from './group-input.ts'

/** What rolled in from one period, by place. */
export type RolledIn = { readonly startMicros: number; readonly leftBase: Float64Array }

/** Where it is written; a new column of layers has a number for each of `count` places. */
export type OpenedColumns = {
  readonly count: number
  readonly sizeBase: Float64Array
  readonly rolledInBase: Float64Array
  readonly rolledIn: RolledIn[]
}

type RollOverOf = {
  readonly shape: BucketLineShape
  readonly rollover: LineRollover
  readonly calendar: Calendar
  /** The period that is opened. */
  readonly index: number
  readonly column: OwnBalances
  readonly opened: OpenedColumns
  readonly room: ColumnRoom
}

/** A layer of the period before: how many periods ago it began, what was there, and where what is left of it goes. */
type From = {
  readonly isYoung: boolean
  readonly startMicros: number
  /** null for the period's own size. */
  readonly before: ArrayLike<number> | null
  into: Float64Array | null
  left: number
}

export class RollOver {
  readonly #column: OwnBalances
  readonly #opened: OpenedColumns
  readonly #room: ColumnRoom
  readonly #size: number
  readonly #sizeBefore: number
  readonly #atMost: number
  readonly #from: ReadonlyArray<From>
  #next = 0
  #places: ReadonlyMap<string, number> | null = null

  private constructor({ shape, rollover, calendar, index, column, opened, room }: RollOverOf, sizeBefore: number) {
    this.#column = column
    this.#opened = opened
    this.#room = room
    this.#size = shape.sizesIn(calendar.period(index)).safe[0] as number
    this.#sizeBefore = sizeBefore
    // More than the safe integers there is never left.
    this.#atMost = rollover.atMostBase === null ? Number.POSITIVE_INFINITY : Number(rollover.atMostBase)
    const layers = column.rolledIn.map(({ startMicros, leftBase }) => ({
      originIndex: calendar.indexAt(startMicros),
      before: leftBase,
    }))
    this.#from = [...layers, { originIndex: index - 1, before: null }].map(({ originIndex, before }) => ({
      isYoung: index - originIndex <= rollover.periods,
      startMicros: calendar.period(originIndex).startMicros,
      before,
      into: null,
      left: 0,
    }))
  }

  /** null where the column is not about the period before, or a size is larger than is counted down at once. */
  static of(of: RollOverOf): RollOver | null {
    const { shape, calendar, index, column } = of
    const before = calendar.period(index - 1)
    const [sizeBefore] = shape.sizesIn(before).safe
    const isBefore = before.startMicros === column.startMicros
    return isBefore && sizeBefore !== undefined && Number.isFinite(sizeBefore) ? new RollOver(of, sizeBefore) : null
  }

  /** Where a service stands in the column, -1 for nowhere: most are asked for in the order in which they stand. */
  placeOf(service: string): number {
    const { services } = this.#column
    if (services[this.#next] === service) {
      this.#next += 1
      return this.#next - 1
    }
    this.#places ??= new Map(services.map((name, place) => [name, place]))
    const place = this.#places.get(service) ?? -1
    if (place !== -1) this.#next = place + 1
    return place
  }

  /** Opens the bucket at a place with what the one at a place of the column left; false where that is no safe integer. */
  open(from: number, place: number): boolean {
    const layers = this.#from
    let drawn = this.#column.drawnBase[from] as number
    for (let at = 0; at < layers.length; at += 1) {
      const layer = layers[at] as From
      const base = layer.before === null ? this.#sizeBefore : (layer.before[from] as number)
      const part = drawn < base ? drawn : base
      drawn -= part
      layer.left = layer.isYoung ? base - part : 0
    }
    // What is dropped is the oldest.
    let room = this.#atMost
    let rolledIn = 0
    for (let at = layers.length - 1; at >= 0; at -= 1) {
      const layer = layers[at] as From
      if (layer.left > room) layer.left = room
      room -= layer.left
      rolledIn += layer.left
    }
    const size = this.#size + rolledIn
    if (!Number.isSafeInteger(size)) return false
    this.#opened.sizeBase[place] = size
    this.#opened.rolledInBase[place] = rolledIn
    for (let at = 0; at < layers.length; at += 1) {
      const layer = layers[at] as From
      if (layer.left === 0) continue
      layer.into ??= columnOf(this.#opened, layer.startMicros, this.#room)
      layer.into[place] = layer.left
    }
    return true
  }
}

/** By where it comes from; of nothing but zeros where nothing was written yet. */
export function columnOf({ rolledIn, count }: OpenedColumns, startMicros: number, room: ColumnRoom): Float64Array {
  const known = rolledIn.find((one) => one.startMicros === startMicros)
  if (known !== undefined) return known.leftBase
  const leftBase = room.numbers(`rolledIn${rolledIn.length}`, count)
  leftBase.fill(0, 0, count)
  rolledIn.push({ startMicros, leftBase })
  return leftBase
}
