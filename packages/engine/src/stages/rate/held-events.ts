// The events of a month in memory, in columns, where they are not too many: read once, in whatever order the database finds
// them, summed by row of a service and class, and of groups that need it put in order. The ids that decide between events of
// one instant are looked up for these alone. Where there is more than that, the database sums and sorts.

import { setImmediate } from 'node:timers/promises'
import { CHUNK_BASE, ColumnRoom, invariant, type UsageColumns } from '@spillway/core'
import { make, type PeriodScope, stopIfCancelled } from '../allocate/period-scope.ts'
import { makeTable } from './make-table.ts'
import type { RatingGroup } from './rating-groups.ts'
import type { SoldList } from './sold-list.ts'
import type { SoldUsage } from './sold-usage.ts'

/** 20 bytes each. */
export const EVENTS_MAX = 20_000_000
/** More are streamed, which takes longer, because one thread alone reads them then. */
const AT_ONCE_MAX = 12_000_000
/** Places for a row of a service and class, used or not. */
const PLACES_MAX = 2 ** 25

type Count = { readonly rowCount: number; readonly classCount: number }

/** In no order. */
export type HeldEvents = {
  readonly count: number
  /** The row of a service in the list of all and the class: `row * classCount + class`. */
  readonly place: Int32Array
  readonly startMicros: Float64Array
  /** At most CHUNK_BASE. */
  readonly billedBase: Float64Array
}

/** null where they are too many or too large. */
export async function holdEvents(
  { warehouse, tenant, signal }: PeriodScope,
  usage: SoldUsage,
  { list, heldMax }: { readonly list: SoldList; readonly heldMax: number },
): Promise<HeldEvents | null> {
  const { eventsMax } = usage
  const [rowCount, classCount] = [list.count, usage.classes.length]
  if (eventsMax > heldMax || rowCount * classCount > PLACES_MAX) return null
  const place = new Int32Array(eventsMax)
  const startMicros = new Float64Array(eventsMax)
  const billedBase = new Float64Array(eventsMax)
  let count = 0
  const sql = `SELECT (row_key * ${classCount} + class_no)::INTEGER, start_micros::DOUBLE, billed_base::DOUBLE FROM (${usage.keyed})`
  const isFew = eventsMax <= AT_ONCE_MAX
  const batches = isFew ? warehouse.readTyped(sql, { tenant }) : warehouse.streamTyped(sql, { tenant })
  for await (const { count: more, columns } of batches) {
    stopIfCancelled(signal)
    invariant(count + more <= eventsMax, 'an event is of one row of a service', { eventsMax })
    const [places, starts, billed] = columns as [Int32Array, Float64Array, Float64Array]
    // A number above CHUNK_BASE need not be exact.
    for (let at = 0; at < more; at += 1) if ((billed[at] as number) > CHUNK_BASE) return null
    place.set(places, count)
    startMicros.set(starts, count)
    billedBase.set(billed, count)
    count += more
  }
  return { place, startMicros, billedBase, count }
}

/** What each row used of each class, at `row * classCount + class`; null where a sum is no safe integer. */
export function sumHeld({ count, place, billedBase }: HeldEvents, of: Count): Float64Array | null {
  const sums = new Float64Array(of.rowCount * of.classCount)
  let largest = 0
  for (let at = 0; at < count; at += 1) {
    const into = place[at] as number
    const sum = (sums[into] as number) + (billedBase[at] as number)
    sums[into] = sum
    if (sum > largest) largest = sum
  }
  return Number.isSafeInteger(largest) ? sums : null
}

export function lastMicrosOf({ count, startMicros }: HeldEvents): number {
  let last = 0
  for (let at = 0; at < count; at += 1) if ((startMicros[at] as number) > last) last = startMicros[at] as number
  return last
}

type OrderOf = {
  readonly held: HeldEvents
  readonly usage: SoldUsage
  readonly groups: ReadonlyArray<RatingGroup>
  readonly rowCount: number
}

/** What becomes of a group: its events are drawn, and some time later it is finished. */
export type InOrder<T> = {
  readonly draw: (group: RatingGroup, columns: UsageColumns) => T
  readonly finish: (drawn: T) => void
}

/** So many groups are drawn and not finished at once, while the database looks for ids. */
const DRAWN_MAX = 1000
/** After so many the answer of the database gets its turn. */
const DRAWN_AT_ONCE = 50

/**
 * Draws the events of some groups, each in the order of start, source and id, and finishes the groups in their order. Takes the
 * events: they are not there any more afterwards. Columns are used again.
 */
export async function drawInOrder<T>(scope: PeriodScope, of: OrderOf, { draw, finish }: InOrder<T>): Promise<void> {
  const sorted = new SortedEvents(of)
  const ties = sorted.ties()
  const tiedGroups = new Set(ties.map(({ group }) => group))
  let found: TiedEvents | null = null
  const looking = readTies(scope, of, ties).then((answer) => {
    found = answer
  })
  looking.catch(() => {
    // Whoever waits for it hears of it.
  })
  const drawn = (index: number): T => {
    const group = of.groups[index] as RatingGroup
    const columns = sorted.columnsOf(index)
    const tied = found?.get(group.number)
    if (tied !== undefined) putInOrder(columns, tied)
    return draw(group, columns)
  }
  let waiting: Array<() => T> = []
  const finishWaiting = () => {
    for (const one of waiting) finish(one())
    waiting = []
  }
  try {
    for (const [index, group] of of.groups.entries()) {
      stopIfCancelled(scope.signal)
      if (waiting.length === DRAWN_MAX) await looking
      if (index % DRAWN_AT_ONCE === 0) await setImmediate()
      if (found !== null) finishWaiting()
      // Of groups that need no ids nothing is left to be found.
      if (found === null && tiedGroups.has(group)) waiting.push(() => drawn(index))
      else if (waiting.length === 0) finish(drawn(index))
      else {
        const one = drawn(index)
        waiting.push(() => one)
      }
    }
    await looking
    finishWaiting()
  } finally {
    await Promise.allSettled([looking])
  }
}

/** An instant of a group at which events differ. */
type Tie = { readonly group: RatingGroup; readonly atMicros: number }

/** Instant, quantity, and row and class in one number: what is near each other in memory is read at once. */
const CELLS = 3

class SortedEvents {
  readonly #classCount: number
  readonly #groups: ReadonlyArray<RatingGroup>
  /** By group: where its events begin; those of the group after are behind them. */
  readonly #starts: Int32Array
  /** CELLS for each event. */
  readonly #cells: Float64Array
  readonly #room = new ColumnRoom()

  constructor({ held, groups, usage, rowCount }: OrderOf) {
    const classCount = usage.classes.length
    this.#classCount = classCount
    this.#groups = groups
    const { groupOf, rowOf } = placesOf(groups, rowCount)
    const { place, startMicros, billedBase } = held
    const starts = new Int32Array(groups.length + 1)
    // Those of these groups move to the front.
    let count = 0
    for (let event = 0; event < held.count; event += 1) {
      const at = place[event] as number
      const group = groupOf[Math.floor(at / classCount)] as number
      if (group === -1) continue
      starts[group + 1] = (starts[group + 1] as number) + 1
      place[count] = at
      startMicros[count] = startMicros[event] as number
      billedBase[count] = billedBase[event] as number
      count += 1
    }
    for (let group = 0; group < groups.length; group += 1)
      starts[group + 1] = (starts[group + 1] as number) + (starts[group] as number)
    this.#starts = starts
    const cells = new Float64Array(count * CELLS)
    this.#cells = cells
    const next = starts.slice()
    for (let event = 0; event < count; event += 1) {
      const key = Math.floor((place[event] as number) / classCount)
      const usageClass = (place[event] as number) - key * classCount
      const group = groupOf[key] as number
      const cell = (next[group] as number) * CELLS
      next[group] = (next[group] as number) + 1
      cells[cell] = startMicros[event] as number
      cells[cell + 1] = billedBase[event] as number
      cells[cell + 2] = (rowOf[key] as number) * classCount + usageClass
    }
    for (let group = 0; group < groups.length; group += 1) this.#sort(group)
  }

  #sort(group: number): void {
    const from = this.#starts[group] as number
    const length = (this.#starts[group + 1] as number) - from
    const cells = this.#cells.subarray(from * CELLS, (from + length) * CELLS)
    const as = this.#room.numbers('as they came', length * CELLS)
    as.set(cells)
    const order = this.#orderOf(as, length)
    for (let at = 0; at < length; at += 1) {
      const event = (order[at] as number) * CELLS
      cells[at * CELLS] = as[event] as number
      cells[at * CELLS + 1] = as[event + 1] as number
      cells[at * CELLS + 2] = as[event + 2] as number
    }
  }

  /** Of `length` events by their cells: by instant, and then as they came. */
  #orderOf(cells: Float64Array, length: number): Int32Array {
    const order = this.#room.integers('order', length)
    let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (let at = 0; at < length; at += 1) {
      const micros = cells[at * CELLS] as number
      order[at] = at
      if (micros < first) first = micros
      if (micros > last) last = micros
    }
    if (!Number.isSafeInteger((last - first + 1) * length)) {
      order.subarray(0, length).sort((a, b) => (cells[a * CELLS] as number) - (cells[b * CELLS] as number) || a - b)
      return order
    }
    // Instant and place in one number, because numbers are sorted without a call for each pair of them.
    const packed = this.#room.numbers('packed', length).subarray(0, length)
    for (let at = 0; at < length; at += 1) packed[at] = ((cells[at * CELLS] as number) - first) * length + at
    packed.sort()
    for (let at = 0; at < length; at += 1) order[at] = (packed[at] as number) % length
    return order
  }

  /** Events that are the same but for their ids may change places. */
  ties(): Tie[] {
    const cells = this.#cells
    const found: Tie[] = []
    for (const [index, group] of this.#groups.entries()) {
      const until = (this.#starts[index + 1] as number) * CELLS
      for (let at = ((this.#starts[index] as number) + 1) * CELLS; at < until; at += CELLS) {
        const atMicros = cells[at] as number
        if (cells[at - CELLS] !== atMicros) continue
        if (cells[at - 2] === cells[at + 1] && cells[at - 1] === cells[at + 2]) continue
        const last = found.at(-1)
        if (last?.group !== group || last.atMicros !== atMicros) found.push({ group, atMicros })
      }
    }
    return found
  }

  columnsOf(group: number): UsageColumns {
    const from = this.#starts[group] as number
    const count = (this.#starts[group + 1] as number) - from
    const [cells, classCount] = [this.#cells, this.#classCount]
    const columns = {
      count,
      service: this.#room.integers('service', count).subarray(0, count),
      usageClass: this.#room.integers('class', count).subarray(0, count),
      startMicros: this.#room.numbers('start', count).subarray(0, count),
      quantityBase: this.#room.numbers('quantity', count).subarray(0, count),
    }
    for (let at = 0; at < count; at += 1) {
      const cell = (from + at) * CELLS
      const place = cells[cell + 2] as number
      const row = Math.floor(place / classCount)
      columns.service[at] = row
      columns.usageClass[at] = place - row * classCount
      columns.startMicros[at] = cells[cell] as number
      columns.quantityBase[at] = cells[cell + 1] as number
    }
    return columns
  }
}

/** By row of a service the place of its group, -1 for none of these, and its place in that. */
function placesOf(groups: ReadonlyArray<RatingGroup>, rowCount: number) {
  const groupOf = new Int32Array(rowCount).fill(-1)
  const rowOf = new Int32Array(rowCount)
  for (const [index, { keys }] of groups.entries())
    for (let row = 0; row < keys.length; row += 1) {
      groupOf[keys[row] as number] = index
      rowOf[keys[row] as number] = row
    }
  return { groupOf, rowOf }
}

type TiedEvent = Readonly<Record<'service' | 'usageClass' | 'startMicros' | 'quantityBase', number>>

type TiedEvents = ReadonlyMap<number, ReadonlyArray<TiedEvent>>

/** By number of the group, all events of its instants at which some differ, in the order of drawing. */
async function readTies(scope: PeriodScope, { usage }: OrderOf, ties: ReadonlyArray<Tie>): Promise<TiedEvents> {
  const found = new Map<number, TiedEvent[]>()
  if (ties.length === 0) return found
  const { warehouse, scratch, tenant } = scope
  const columns = await makeTable(scope, 'tied_instant', { group_no: 'INTEGER', start_micros: 'BIGINT' })
  const writer = await warehouse.writer('tied_instant', columns, scratch)
  for (const { group, atMicros } of ties) writer.append([group.number, BigInt(atMicros)])
  writer.close()
  await make(
    scope,
    'tied_row',
    `FROM ${scratch}.sold_row WHERE group_no IN (SELECT group_no FROM ${scratch}.tied_instant)`,
  )
  const instants = [...new Set(ties.map(({ atMicros }) => atMicros))]
  const isFew = !usage.hasWalls && instants.length <= INSTANTS_MAX
  const then = isFew ? `u.started_at IN (${instants.map((at) => `make_timestamp(${at})`).join(', ')})` : 'true'
  const batches = warehouse.streamNumbers(
    `SELECT group_no, row_no, class_no, start_micros, billed_base FROM (${usage.eventsWhere(then, 'tied_row')}) AS t
     SEMI JOIN ${scratch}.tied_instant AS i USING (group_no, start_micros) ORDER BY group_no, start_micros, source, id`,
    { tenant },
  )
  for await (const { count, columns: read } of batches) {
    const [group, row, usageClass] = read as unknown as [Int32Array, Int32Array, Int32Array]
    const [, , , start, billed] = read as unknown as [never, never, never, BigInt64Array, BigInt64Array]
    for (let at = 0; at < count; at += 1) {
      const number = group[at] as number
      const list = found.get(number) ?? []
      if (list.length === 0) found.set(number, list)
      list.push({
        ...{ service: row[at] as number, usageClass: usageClass[at] as number },
        ...{ startMicros: Number(start[at]), quantityBase: Number(billed[at]) },
      })
    }
  }
  return found
}

/** More instants are not compared with one after the other. */
const INSTANTS_MAX = 1000

/** Writes the events of instants at which some differ in their order over those that stand there. */
function putInOrder({ count, ...columns }: UsageColumns, tied: ReadonlyArray<TiedEvent>): void {
  const { service, usageClass, quantityBase } = columns as Record<'service' | 'usageClass', Int32Array> &
    Record<'quantityBase', Float64Array>
  let at = 0
  for (const event of tied) {
    while (at < count && columns.startMicros[at] !== event.startMicros) at += 1
    invariant(at < count, 'an event is found again', { startMicros: event.startMicros })
    service[at] = event.service
    usageClass[at] = event.usageClass
    quantityBase[at] = event.quantityBase
    at += 1
  }
}
