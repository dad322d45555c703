// The check that drawn and rated is what was used: per service and class, no unit twice and none left out (spec, share plans,
// "Drawing down"). Looks at the rows themselves, after posting.

import { compareBytes } from '../money/largest-remainder.ts'
import type { DemandColumns } from './column-way.ts'
import type { BucketGroup } from './compile-group.ts'
import type { RatedRow, RowColumns, RowSlot } from './rated-result.ts'
import type { GroupRow } from './row-kind.ts'
import type { Demand } from './short-way.ts'

export type Unconserved = {
  readonly account: string
  readonly service: string
  readonly usageClass: string
  /** Used less drawn and rated; never 0. */
  readonly leftBase: bigint
}

/**
 * The first service and class whose rows do not sum to what it used, or null. `rows` are those of a whole run of the group,
 * as `finishRun` gives them; a row that stands out of their order is found too.
 */
export function findUnconserved(
  { rows: services, compiled, classCount, input }: BucketGroup,
  demands: ReadonlyArray<Demand> | DemandColumns,
  rows: ReadonlyArray<Pick<RatedRow, 'account' | 'service' | 'usageClass' | 'quantityBase'>>,
): Unconserved | null {
  const { order, first } = placesOf(services, input.serviceRows?.areInOrder === true)
  const left = new Balances(services.length * classCount)
  if ('count' in demands) {
    const { count, service, usageClass, quantityBase } = demands
    for (let at = 0; at < count; at += 1)
      left.add(
        (first[service[at] as number] as number) * classCount + (usageClass[at] as number),
        quantityBase[at] as number,
        1,
      )
  } else
    for (const { service, usageClass, quantityBase } of demands)
      left.add((first[service] as number) * classCount + usageClass, quantityBase, 1)
  let at = 0
  for (const { account, service, usageClass, quantityBase } of rows) {
    while (at < order.length && !isOf(services[order[at] as number] as GroupRow, account, service)) at += 1
    const number = compiled.numberOfName.get(usageClass)
    if (at === order.length || number === undefined) return { account, service, usageClass, leftBase: -quantityBase }
    left.add((first[order[at] as number] as number) * classCount + number, quantityBase, -1)
  }
  const place = left.findOff()
  if (place === -1) return null
  const { account, service } = (services[Math.floor(place / classCount)] as GroupRow).service
  const usageClass = compiled.names[place % classCount] as string
  return { account, service, usageClass, leftBase: left.at(place) }
}

/** The same of rows in columns; null is only said of sums that are safe integers. */
export function findUnconservedColumns(
  group: BucketGroup,
  { count: entries, service, usageClass, quantityBase: used }: DemandColumns,
  { count, row, slot, quantityBase, slots }: RowColumns,
): Unconserved | null {
  const { rows: services, compiled, classCount } = group
  const left = new Float64Array(services.length * classCount)
  for (let at = 0; at < entries; at += 1) {
    const place = (service[at] as number) * classCount + (usageClass[at] as number)
    left[place] = (left[place] as number) + (used[at] as number)
  }
  let [last, off] = [-1, -1]
  for (let at = 0; at < count && off === -1; at += 1) {
    const number = row[at] as number
    const place = number * classCount + (slots[slot[at] as number] as RowSlot).usageClass
    const sum = (left[place] as number) - (quantityBase[at] as number)
    left[place] = sum
    if (number < last || !Number.isSafeInteger(sum)) off = place
    last = number
  }
  const place = off === -1 ? left.findIndex((sum) => sum !== 0) : off
  if (place === -1) return null
  const { account, service: name } = (services[Math.floor(place / classCount)] as GroupRow).service
  const className = compiled.names[place % classCount] as string
  return { account, service: name, usageClass: className, leftBase: BigInt(left[place] as number) }
}

/** Rows in the order of results, and for each row the first of its service, whose place the others share. */
function placesOf(services: ReadonlyArray<GroupRow>, areInOrder: boolean) {
  const order = services.map((_, row) => row)
  if (areInOrder) return { order, first: order }
  const compare = (a: number, b: number) => compareServices(services[a] as GroupRow, services[b] as GroupRow)
  if (order.some((row) => row > 0 && compare(row - 1, row) > 0)) order.sort(compare)
  const first = order.slice()
  for (let at = 0; at < order.length; at += 1) {
    const row = order[at] as number
    const before = order[at - 1]
    first[row] = before !== undefined && compare(before, row) === 0 ? (first[before] as number) : row
  }
  return { order, first }
}

/** Sums by place, as numbers while they are safe integers. */
class Balances {
  readonly #numbers: Float64Array
  readonly #wide = new Map<number, bigint>()

  constructor(places: number) {
    this.#numbers = new Float64Array(places)
  }

  add(place: number, quantity: number | bigint, sign: 1 | -1): void {
    const number = Number(quantity)
    const sum = (this.#numbers[place] as number) + sign * number
    if (Number.isSafeInteger(sum) && Number.isSafeInteger(number)) this.#numbers[place] = sum
    else this.#wide.set(place, (this.#wide.get(place) ?? 0n) + BigInt(sign) * BigInt(quantity))
  }

  at(place: number): bigint {
    return BigInt(this.#numbers[place] as number) + (this.#wide.get(place) ?? 0n)
  }

  /** The first place that is not 0, or -1. */
  findOff(): number {
    if (this.#wide.size === 0) return this.#numbers.findIndex((sum) => sum !== 0)
    return this.#numbers.findIndex((_, place) => this.at(place) !== 0n)
  }
}

function isOf({ service: one }: GroupRow, account: string, service: string): boolean {
  return one.service === service && one.account === account
}

function compareServices({ service: left }: GroupRow, { service: right }: GroupRow): number {
  return compareBytes(left.account, right.account) || compareBytes(left.service, right.service)
}
