// What the services of a group used of each class in the whole run, in columns as they come from the warehouse; as objects
// where a group needs them.

import { setImmediate } from 'node:timers/promises'
import type { ColumnRoom, Demand, DemandColumns } from '@spillway/core'
import { safeNumbers } from '../../warehouse/column-buffer.ts'
import { type PeriodScope, stopIfCancelled } from '../allocate/period-scope.ts'
import type { RatingGroup } from './rating-groups.ts'
import type { SoldUsage } from './sold-usage.ts'

export type GroupDemands = {
  /** Of quantities that are no safe integers there is Infinity in their place. The arrays may be longer than they count. */
  readonly columns: DemandColumns
  /** By position: quantities that are no safe integers; null where there are none. */
  readonly wide: ReadonlyMap<number, bigint> | null
}

export function demandsOf({ columns, wide }: GroupDemands): Demand[] {
  const { count, service, usageClass, quantityBase } = columns
  return Array.from({ length: count }, (_, at) => ({
    service: service[at] as number,
    usageClass: usageClass[at] as number,
    quantityBase: wide?.get(at) ?? (quantityBase[at] as number),
  }))
}

/** Made in the room, until that is used again. */
export type DemandsIn = (room: ColumnRoom) => GroupDemands

type DemandsOf = {
  readonly groups: ReadonlyArray<RatingGroup>
  readonly usage: Pick<SoldUsage, 'classes'>
  /** Rows of `demand`. */
  readonly count: number
}

/** Of every group, those without usage too, in their order. Needs `demand`. */
export async function eachGroupDemands(
  scope: PeriodScope,
  { groups, usage, count }: DemandsOf,
  onGroup: (group: RatingGroup, demands: DemandsIn) => void,
): Promise<void> {
  const all = await readDemands(scope, { groups, usage, count })
  for (const group of groups) {
    stopIfCancelled(scope.signal)
    onGroup(group, (room) => all.of(group, room))
  }
}

/** After so many, what else is to be done gets its turn: statements that store what was rated. */
const GROUPS_AT_ONCE = 100

type SumsOf = Omit<DemandsOf, 'count'> & {
  /** A place for every row and class. */
  readonly sums: Float64Array
}

/** The same, of sums that are in memory. */
export async function eachGroupOfSums(
  { signal }: PeriodScope,
  { groups, usage, sums }: SumsOf,
  onGroup: (group: RatingGroup, demands: DemandsIn) => void,
): Promise<void> {
  const all = new DenseDemands(sums, usage.classes.length)
  for (const [index, group] of groups.entries()) {
    stopIfCancelled(signal)
    if (index % GROUPS_AT_ONCE === 0) await setImmediate()
    onGroup(group, (room) => all.of(group, room))
  }
}

/** The database need not sort what has few and small numbers to be put in order by. */
async function readDemands(
  { warehouse, scratch }: PeriodScope,
  { groups, usage, count }: DemandsOf,
): Promise<DemandsByRow> {
  const rowCount = groups.reduce((rows, { keys }) => rows + keys.length, 0)
  const { length: classCount } = usage.classes
  const isDense = rowCount * classCount <= count * PLACES_PER_ENTRY
  const read = isDense
    ? new DenseDemands(new Float64Array(rowCount * classCount), classCount)
    : new SparseDemands(rowCount, count)
  const batches = warehouse.streamNumbers(`SELECT group_no, row_no, class_no, billed_base FROM ${scratch}.demand`)
  for await (const batch of batches) {
    const [group, row, usageClass] = batch.columns as unknown as ReadonlyArray<Int32Array>
    const exact = batch.columns[3] as BigInt64Array
    const billed = safeNumbers(exact, batch.count)
    for (let at = 0; at < batch.count; at += 1) {
      const key = groups[group?.[at] as number]?.keys[row?.[at] as number] as number
      if (billed !== null) read.add(key, usageClass?.[at] as number, billed[at] as number)
      else read.addExact(key, usageClass?.[at] as number, exact[at] as bigint)
    }
  }
  return read
}

/** Places for a row and class, used or not, for each that is: more would take more memory than a list of those that are. */
const PLACES_PER_ENTRY = 3

interface DemandsByRow {
  add(key: number, usageClass: number, quantity: number): void
  addExact(key: number, usageClass: number, quantity: bigint): void
  /** Nothing is added once it was asked for. */
  of(group: RatingGroup, room: ColumnRoom): GroupDemands
}

function columnsIn(room: ColumnRoom, count: number): Omit<DemandColumns, 'count'> {
  return {
    service: room.integers('demand service', count),
    usageClass: room.integers('demand class', count),
    quantityBase: room.numbers('demand quantity', count),
  }
}

/** A place for every row and class: what comes in any order is at once where it is looked for. */
class DenseDemands implements DemandsByRow {
  readonly #classCount: number
  readonly #quantityBase: Float64Array
  /** By place. */
  readonly #wide = new Map<number, bigint>()

  constructor(quantityBase: Float64Array, classCount: number) {
    this.#classCount = classCount
    this.#quantityBase = quantityBase
  }

  add(key: number, usageClass: number, quantity: number): void {
    this.#quantityBase[key * this.#classCount + usageClass] = quantity
  }

  addExact(key: number, usageClass: number, quantity: bigint): void {
    const number = Number(quantity)
    const isSafe = Number.isSafeInteger(number)
    if (!isSafe) this.#wide.set(key * this.#classCount + usageClass, quantity)
    this.add(key, usageClass, isSafe ? number : Number.POSITIVE_INFINITY)
  }

  of({ keys }: RatingGroup, room: ColumnRoom): GroupDemands {
    const classCount = this.#classCount
    const all = this.#quantityBase
    const places = keys.length * classCount
    const { service, usageClass, quantityBase } = columnsIn(room, places)
    let wide: Map<number, bigint> | null = null
    let count = 0
    for (let row = 0; row < keys.length; row += 1) {
      const first = (keys[row] as number) * classCount
      for (let number = 0; number < classCount; number += 1) {
        const quantity = all[first + number] as number
        if (quantity === 0) continue
        service[count] = row
        usageClass[count] = number
        quantityBase[count] = quantity
        if (quantity === Number.POSITIVE_INFINITY) {
          wide ??= new Map()
          wide.set(count, this.#wide.get(first + number) as bigint)
        }
        count += 1
      }
    }
    return { columns: { count, service, usageClass, quantityBase }, wide }
  }
}

/** One entry for each row of a service and class, as they come, then by row and class. */
class SparseDemands implements DemandsByRow {
  readonly #key: Int32Array
  readonly #usageClass: Int32Array
  readonly #quantityBase: Float64Array
  /** By row: where its entries begin; those of the row after are behind them. */
  readonly #starts: Int32Array
  /** The entries in order. */
  readonly #order: Int32Array
  /** By entry. */
  readonly #wide = new Map<number, bigint>()
  #count = 0
  #isSorted = false

  constructor(rowCount: number, count: number) {
    this.#key = new Int32Array(count)
    this.#usageClass = new Int32Array(count)
    this.#quantityBase = new Float64Array(count)
    this.#order = new Int32Array(count)
    this.#starts = new Int32Array(rowCount + 1)
  }

  add(key: number, usageClass: number, quantity: number): void {
    this.#key[this.#count] = key
    this.#usageClass[this.#count] = usageClass
    this.#quantityBase[this.#count] = quantity
    this.#starts[key + 1] = (this.#starts[key + 1] as number) + 1
    this.#count += 1
  }

  addExact(key: number, usageClass: number, quantity: bigint): void {
    const number = Number(quantity)
    const isSafe = Number.isSafeInteger(number)
    if (!isSafe) this.#wide.set(this.#count, quantity)
    this.add(key, usageClass, isSafe ? number : Number.POSITIVE_INFINITY)
  }

  #sort(): void {
    this.#isSorted = true
    const [starts, order] = [this.#starts, this.#order]
    for (let key = 1; key < starts.length; key += 1) starts[key] = (starts[key] as number) + (starts[key - 1] as number)
    const next = starts.slice()
    for (let entry = 0; entry < this.#count; entry += 1) {
      const key = this.#key[entry] as number
      const first = starts[key] as number
      // A row has few classes: each is put in its place among those before it.
      let place = next[key] as number
      next[key] = place + 1
      for (; place > first && this.#isBefore(entry, order[place - 1] as number); place -= 1)
        order[place] = order[place - 1] as number
      order[place] = entry
    }
  }

  #isBefore(entry: number, other: number): boolean {
    return (this.#usageClass[entry] as number) < (this.#usageClass[other] as number)
  }

  of({ keys }: RatingGroup, room: ColumnRoom): GroupDemands {
    if (!this.#isSorted) this.#sort()
    const starts = this.#starts
    let count = 0
    for (const key of keys) count += (starts[key + 1] as number) - (starts[key] as number)
    const columns = { count, ...columnsIn(room, count) }
    let wide: Map<number, bigint> | null = null
    let at = 0
    for (let row = 0; row < keys.length; row += 1) {
      const key = keys[row] as number
      for (let place = starts[key] as number; place < (starts[key + 1] as number); place += 1, at += 1) {
        const entry = this.#order[place] as number
        columns.service[at] = row
        columns.usageClass[at] = this.#usageClass[entry] as number
        columns.quantityBase[at] = this.#quantityBase[entry] as number
        if (!Number.isFinite(columns.quantityBase[at] as number)) {
          wide ??= new Map()
          wide.set(at, this.#wide.get(entry) as bigint)
        }
      }
    }
    return { columns, wide }
  }
}
