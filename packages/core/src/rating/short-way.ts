// The short way: where everything that is used fits what is included, no order of events can change a figure, and sums do.
// The proof is a test that compares it with the ordered way.

import type { BucketPeriod } from './bucket-period.ts'
import { CHUNK_BASE } from './bucket-period.ts'
import { Chain } from './chain.ts'
import type { BucketGroup, GroupRow } from './compile-group.ts'
import { DrawDown, type UsageColumns } from './draw-down.ts'

/** What one row used of one class in the whole run: one entry for each. */
export type Demand = {
  /** By position among the group's services and classes. */
  readonly service: number
  readonly usageClass: number
  readonly quantityBase: bigint
}

/**
 * Whether the order of events can matter: unless all demand on the first bucket of each service and class fits that
 * bucket's first tier with something to spare, the tier is neither rated nor flat-charged, the bucket limits nobody and
 * covers nothing by rate, and nothing begins or ends within the run. What no bucket covers needs no order where its rate
 * has neither minimum nor connection.
 */
export function needsOrder(group: BucketGroup, demands: ReadonlyArray<Demand>): boolean {
  const sums = new Map<BucketPeriod, bigint>()
  for (const { service, usageClass, quantityBase } of demands) {
    if (quantityBase === 0n) continue
    const chain = steadyChain(group, service, usageClass)
    if (chain === null) return true
    const [first] = chain.periods
    if (first === undefined) {
      if (chain.price !== null && (chain.price.minimum !== null || chain.price.connection !== null)) return true
    } else {
      if (!isPlain(first)) return true
      sums.set(first, (sums.get(first) ?? 0n) + quantityBase)
    }
  }
  return [...sums].some(([period, sum]) => !hasRoom(period, sum))
}

/** Draws sums instead of events; only where `needsOrder` says false of the same demands. */
export function drawShortWay(group: BucketGroup, demands: ReadonlyArray<Demand>): DrawDown {
  const run = new DrawDown(group)
  const used = demands
    .filter(({ quantityBase }) => quantityBase > 0n)
    .map((demand) => ({ ...demand, atMicros: startOf(group, demand.service) }))
    .sort((a, b) => a.atMicros - b.atMicros)
  const wide = new Map<number, bigint>()
  const quantities = used.map(({ quantityBase }, position) => {
    if (quantityBase <= BigInt(CHUNK_BASE)) return Number(quantityBase)
    wide.set(position, quantityBase)
    return Number.POSITIVE_INFINITY
  })
  const columns: UsageColumns = {
    count: used.length,
    startMicros: Float64Array.from(used, ({ atMicros }) => atMicros),
    quantityBase: Float64Array.from(quantities),
    service: Int32Array.from(used, ({ service }) => service),
    usageClass: Int32Array.from(used, ({ usageClass }) => usageClass),
  }
  run.take(wide.size === 0 ? columns : { ...columns, wide })
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
  return chain.validUntilMicros >= untilMicros ? chain : null
}

function isPlain({ line }: BucketPeriod): boolean {
  const [first] = line.shape.tiers
  const isFree = first !== undefined && first.flat === null && first.rate === null
  return isFree && line.limits === null && line.shape.order === 'time'
}

function hasRoom(period: BucketPeriod, sum: bigint): boolean {
  period.line.open(period)
  const size = period.sizes[0]
  return size === null || (size !== undefined && period.drawnOfTier(0) + sum < size)
}
