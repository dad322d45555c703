// What the services of a group used of each class in the whole run, in columns as they come from the warehouse; as objects
// where a group needs them.

import type { Demand, DemandColumns } from '@spillway/core'
import { safeNumbers } from '../../warehouse/column-buffer.ts'
import { type PeriodScope, stopIfCancelled } from '../allocate/period-scope.ts'
import type { RatingGroup } from './rating-groups.ts'

export type GroupDemands = {
  /** Of quantities that are no safe integers there is Infinity in their place. */
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

/** Of every group, those without usage too, in their order. Needs `demand`. */
export async function eachGroupDemands(
  { warehouse, scratch, signal }: PeriodScope,
  groups: ReadonlyArray<RatingGroup>,
  onGroup: (group: RatingGroup, demands: GroupDemands) => void,
): Promise<void> {
  let next = 0
  const under = new GrowingDemands()
  const finishBefore = (number: number) => {
    for (; next < number; next += 1) {
      stopIfCancelled(signal)
      onGroup(groups[next] as RatingGroup, under.taken())
    }
  }
  const batches = warehouse.streamNumbers(
    `SELECT group_no, row_no, class_no, billed_base FROM ${scratch}.demand ORDER BY group_no, row_no, class_no`,
  )
  for await (const { count, columns } of batches) {
    const [group, row, usageClass] = columns as unknown as ReadonlyArray<Int32Array>
    const exact = columns[3] as BigInt64Array
    const billed = safeNumbers(exact, count)
    for (let at = 0; at < count; at += 1) {
      finishBefore(group?.[at] as number)
      const quantity = billed === null ? (exact[at] as bigint) : (billed[at] as number)
      under.add(row?.[at] as number, usageClass?.[at] as number, quantity)
    }
  }
  finishBefore(groups.length)
}

class GrowingDemands {
  #count = 0
  #service = new Int32Array(256)
  #usageClass = new Int32Array(256)
  #quantityBase = new Float64Array(256)
  #wide: Map<number, bigint> | null = null

  add(service: number, usageClass: number, quantity: number | bigint): void {
    if (this.#count === this.#service.length) this.#grow()
    const number = Number(quantity)
    const isSafe = Number.isSafeInteger(number)
    if (!isSafe) {
      this.#wide ??= new Map()
      this.#wide.set(this.#count, BigInt(quantity))
    }
    this.#service[this.#count] = service
    this.#usageClass[this.#count] = usageClass
    this.#quantityBase[this.#count] = isSafe ? number : Number.POSITIVE_INFINITY
    this.#count += 1
  }

  #grow(): void {
    const [service, usageClass, quantityBase] = [this.#service, this.#usageClass, this.#quantityBase]
    this.#service = new Int32Array(service.length * 2)
    this.#usageClass = new Int32Array(service.length * 2)
    this.#quantityBase = new Float64Array(service.length * 2)
    this.#service.set(service)
    this.#usageClass.set(usageClass)
    this.#quantityBase.set(quantityBase)
  }

  /** What was added since; a copy, because groups that wait for their events keep it. */
  taken(): GroupDemands {
    const count = this.#count
    const columns = {
      count,
      service: this.#service.slice(0, count),
      usageClass: this.#usageClass.slice(0, count),
      quantityBase: this.#quantityBase.slice(0, count),
    }
    const wide = this.#wide
    this.#count = 0
    this.#wide = null
    return { columns, wide }
  }
}
