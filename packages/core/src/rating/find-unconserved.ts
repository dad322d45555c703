// The check that drawn and rated is what was used: per service and class, no unit twice and none left out (spec, share plans,
// "Drawing down"). Looks at the rows themselves, after posting.

import { compareBytes } from '../money/largest-remainder.ts'
import type { BucketGroup } from './compile-group.ts'
import type { RatedRow } from './rated-result.ts'
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
  { rows: services, compiled, classCount }: BucketGroup,
  demands: ReadonlyArray<Demand>,
  rows: ReadonlyArray<Pick<RatedRow, 'account' | 'service' | 'usageClass' | 'quantityBase'>>,
): Unconserved | null {
  const order = services.map((_, row) => row)
  const compare = (a: number, b: number) => compareServices(services[a] as GroupRow, services[b] as GroupRow)
  if (order.some((row) => row > 0 && compare(row - 1, row) > 0)) order.sort(compare)
  // Rows of one service share the place of the first of them.
  const first = new Int32Array(services.length)
  for (let at = 0; at < order.length; at += 1) {
    const row = order[at] as number
    const before = order[at - 1]
    first[row] = before !== undefined && compare(before, row) === 0 ? (first[before] as number) : row
  }
  const left = new Array<bigint>(services.length * classCount).fill(0n)
  const add = (row: number, usageClass: number, base: bigint) => {
    const place = (first[row] as number) * classCount + usageClass
    left[place] = (left[place] as bigint) + base
  }
  for (const { service, usageClass, quantityBase } of demands) add(service, usageClass, quantityBase)
  let at = 0
  for (const { account, service, usageClass, quantityBase } of rows) {
    while (at < order.length && !isOf(services[order[at] as number] as GroupRow, account, service)) at += 1
    const number = compiled.numberOfName.get(usageClass)
    if (at === order.length || number === undefined) return { account, service, usageClass, leftBase: -quantityBase }
    add(order[at] as number, number, -quantityBase)
  }
  const place = left.findIndex((base) => base !== 0n)
  if (place === -1) return null
  const { account, service } = (services[Math.floor(place / classCount)] as GroupRow).service
  const usageClass = compiled.names[place % classCount] as string
  return { account, service, usageClass, leftBase: left[place] as bigint }
}

function isOf({ service: one }: GroupRow, account: string, service: string): boolean {
  return one.service === service && one.account === account
}

function compareServices({ service: left }: GroupRow, { service: right }: GroupRow): number {
  return compareBytes(left.account, right.account) || compareBytes(left.service, right.service)
}
