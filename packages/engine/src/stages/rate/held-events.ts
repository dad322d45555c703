// The events of a month in memory, in columns, where they are not too many: read once, in whatever order the database finds
// them, summed by row of a service and class, and of groups that need it put in order. The ids that decide between events of
// one instant are looked up for these alone. Where there is more than that, the database sums and sorts.

import { setImmediate } from 'node:timers/promises'
import { CHUNK_BASE, ColumnRoom, invariant, type UsageColumns } from '@spillway/core'
import { make, type PeriodScope, stopIfCancelled } from '../allocate/period-scope.ts'
import { GROUPS_AT_ONCE } from './group-demands.ts'
import { makeTable } from './make-table.ts'
import type { RatingGroup } from './rating-groups.ts'
import type { SoldUsage } from './sold-usage.ts'

/** 22 bytes each. */
export const EVENTS_MAX = 20_000_000
/** More are streamed, which takes longer, because one thread alone reads them then. */
const AT_ONCE_MAX = 12_000_000
/** Places for a row of a service and class, used or not. */
const PLACES_MAX = 2 ** 25
const CLASSES_MAX = 2 ** 16

type Count = { readonly rowCount: number; readonly classCount: number }

/** In no order. */
export type HeldEvents = {
  readonly count: number
  /** The row of a service in the list of all. */
  readonly key: Int32Array
  readonly usageClass: Uint16Array
  readonly startMicros: Float64Array
  /** At most CHUNK_BASE. */
  readonly billedBase: Float64Array
}

/** null where they are too many or too large. */
export async function holdEvents(
  { warehouse, tenant, signal }: PeriodScope,
  usage: SoldUsage,
  { rowCount, classCount, heldMax }: Count & { readonly heldMax: number },
): Promise<HeldEvents | null> {
  const { eventsMax } = usage
  if (eventsMax > heldMax || classCount > CLASSES_MAX || rowCount * classCount > PLACES_MAX) return null
  const held = {
    ...{ key: new Int32Array(eventsMax), usageClass: new Uint16Array(eventsMax) },
    ...{ startMicros: new Float64Array(eventsMax), billedBase: new Float64Array(eventsMax) },
  }
  let count = 0
  const sql = `SELECT row_key, class_no::USMALLINT, start_micros::DOUBLE, billed_base::DOUBLE FROM (${usage.events})`
  const isFew = eventsMax <= AT_ONCE_MAX
  const batches = isFew ? warehouse.readTyped(sql, { tenant }) : warehouse.streamTyped(sql, { tenant })
  for await (const { count: more, columns } of batches) {
    stopIfCancelled(signal)
    invariant(count + more <= eventsMax, 'an event is of one row of a service', { eventsMax })
    const [key, usageClass, startMicros, billedBase] = columns as [Int32Array, Uint16Array, Float64Array, Float64Array]
    // A number above CHUNK_BASE need not be exact.
    for (let at = 0; at < more; at += 1) if ((billedBase[at] as number) > CHUNK_BASE) return null
    held.key.set(key, count)
    held.usageClass.set(usageClass, count)
    held.startMicros.set(startMicros, count)
    held.billedBase.set(billedBase, count)
    count += more
  }
  return { ...held, count }
}

/** What each row used of each class, at `row * classCount + class`; null where a sum is no safe integer. */
export function sumHeld({ count, key, usageClass, billedBase }: HeldEvents, of: Count): Float64Array | null {
  const sums = new Float64Array(of.rowCount * of.classCount)
  let largest = 0
  for (let at = 0; at < count; at += 1) {
    const place = (key[at] as number) * of.classCount + (usageClass[at] as number)
    const sum = (sums[place] as number) + (billedBase[at] as number)
    sums[place] = sum
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

/** The events of some groups, group by group in the order of drawing: start, source, id. The columns are used again. */
export async function* eachInOrder(
  scope: PeriodScope,
  of: OrderOf,
): AsyncGenerator<{ readonly group: RatingGroup; readonly columns: UsageColumns }> {
  const sorted = new SortedEvents(of)
  const ties = await readTies(scope, of, sorted.ties())
  for (const [index, group] of of.groups.entries()) {
    stopIfCancelled(scope.signal)
    if (index % GROUPS_AT_ONCE === 0) await setImmediate()
    const columns = sorted.columnsOf(index)
    const tied = ties.get(group.number)
    if (tied !== undefined) putInOrder(columns, tied)
    yield { group, columns }
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
    this.#classCount = usage.classes.length
    this.#groups = groups
    const places = placesOf(groups, rowCount)
    this.#starts = startsOf(held, { places, groupCount: groups.length })
    this.#cells = new Float64Array((this.#starts[groups.length] as number) * CELLS)
    const next = this.#starts.slice()
    const { count, key, usageClass, startMicros, billedBase } = held
    for (let event = 0; event < count; event += 1) {
      const place = (key[event] as number) * 2
      const group = places[place] as number
      if (group === -1) continue
      const at = next[group] as number
      next[group] = at + 1
      this.#cells[at * CELLS] = startMicros[event] as number
      this.#cells[at * CELLS + 1] = billedBase[event] as number
      this.#cells[at * CELLS + 2] = (places[place + 1] as number) * this.#classCount + (usageClass[event] as number)
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

/** By row of a service two numbers: the place of its group, -1 for none of these, and its place in that. */
function placesOf(groups: ReadonlyArray<RatingGroup>, rowCount: number): Int32Array {
  const places = new Int32Array(rowCount * 2).fill(-1)
  for (const [index, { keys }] of groups.entries())
    for (let row = 0; row < keys.length; row += 1) {
      places[(keys[row] as number) * 2] = index
      places[(keys[row] as number) * 2 + 1] = row
    }
  return places
}

type Placed = { readonly places: Int32Array; readonly groupCount: number }

function startsOf({ count, key }: HeldEvents, { places, groupCount }: Placed): Int32Array {
  const starts = new Int32Array(groupCount + 1)
  for (let event = 0; event < count; event += 1) {
    const group = places[(key[event] as number) * 2] as number
    if (group !== -1) starts[group + 1] = (starts[group + 1] as number) + 1
  }
  for (let group = 0; group < groupCount; group += 1)
    starts[group + 1] = (starts[group + 1] as number) + (starts[group] as number)
  return starts
}

type TiedEvent = Readonly<Record<'service' | 'usageClass' | 'startMicros' | 'quantityBase', number>>

/** By number of the group, all events of its instants at which some differ, in the order of drawing. */
async function readTies(
  scope: PeriodScope,
  { usage }: OrderOf,
  ties: ReadonlyArray<Tie>,
): Promise<ReadonlyMap<number, ReadonlyArray<TiedEvent>>> {
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
