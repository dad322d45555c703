// The short way: where everything that is used fits what is included, no order of events can change a figure, and sums do.
// The proof is a test that compares it with the ordered way.

import type { BucketPeriod } from './bucket-period.ts'
import { CHUNK_BASE } from './bucket-shape.ts'
import { Chain } from './chain.ts'
import type { BucketGroup } from './compile-group.ts'
import { DrawDown } from './draw-down.ts'
import type { GroupRow } from './row-kind.ts'

/** What one row used of one class in the whole run: one entry for each. */
export type Demand = {
  /** By position among the group's services and classes. */
  readonly service: number
  readonly usageClass: number
  /** Whole and not negative; a bigint where it is no safe integer. */
  readonly quantityBase: bigint | number
}

/**
 * Whether the order of events can matter: unless all demand on the first bucket of each service and class fits that
 * bucket's first tier with something to spare, the tier is neither rated nor flat-charged, the bucket limits nobody and
 * covers nothing by rate, and nothing begins or ends within the run. What no bucket covers needs no order where its rate
 * has neither minimum nor connection. Sums above CHUNK_BASE are drawn event by event, whatever their order.
 */
export function needsOrder(group: BucketGroup, demands: ReadonlyArray<Demand>): boolean {
  const asked: BucketPeriod[] = []
  const isOrdered = demands.some((demand) => canOrderMatter(group, demand, asked))
  let isFull = false
  for (const period of asked) {
    if (!isOrdered && !isFull) {
      period.line.open(period)
      isFull = !period.hasRoom(period.asked)
    }
  }
  for (const period of asked) period.asked = 0
  return isOrdered || isFull
}

/** Adds what is wanted to the bucket that it is wanted of, and each such bucket once to `asked`. */
function canOrderMatter(
  group: BucketGroup,
  { service, usageClass, quantityBase }: Demand,
  asked: BucketPeriod[],
): boolean {
  const quantity = Number(quantityBase)
  if (quantity === 0) return false
  const chain = steadyChain(group, service, usageClass)
  if (chain === null || quantity > CHUNK_BASE) return true
  const [first] = chain.periods
  if (first === undefined) return chain.price !== null && (chain.price.minimum ?? chain.price.connection) !== null
  if (!isPlain(first)) return true
  if (first.asked === 0) asked.push(first)
  first.asked += quantity
  return first.asked > CHUNK_BASE
}

/** Draws sums instead of events; only where `needsOrder` says false of the same demands. */
export function drawShortWay(group: BucketGroup, demands: ReadonlyArray<Demand>): DrawDown {
  const run = new DrawDown(group)
  for (const { service: row, usageClass, quantityBase } of demands) {
    const quantity = Number(quantityBase)
    if (quantity > 0) run.takeSum({ row, usageClass, atMicros: startOf(group, row) }, quantity)
  }
  return run
}

/** The first instant of the run at which a row is in force. */
function startOf(group: BucketGroup, row: number): number {
  return Math.max(group.input.fromMicros, (group.rows[row] as GroupRow).inForce.fromMicros)
}

/** The chain of a row and class, where it is one for the whole run; null where it changes. */
function steadyChain(group: BucketGroup, row: number, usageClass: number): Chain | null {
  const untilMicros = Math.min(group.input.untilMicros, (group.rows[row] as GroupRow).inForce.untilMicros)
  const chain = new Chain(group, { row, usageClass, atMicros: startOf(group, row) })
  if (chain.validUntilMicros < untilMicros) return null
  group.steady[row * group.classCount + usageClass] = chain
  return chain
}

/** Whether what it includes first is drawn without any charge or limit, as events come. */
export function isPlain({ line }: BucketPeriod): boolean {
  const { tiers, limits, order } = line.shape
  const [first] = tiers
  const isFree = first !== undefined && first.flat === null && first.rate === null
  return isFree && limits === null && order === 'time'
}
