// What became of each bucket of a group, and what the next run takes over from this one.

import type { BucketPeriod } from './bucket-period.ts'
import type { BucketBalance } from './bucket-shape.ts'
import type { Chain } from './chain.ts'
import type { BucketGroup } from './compile-group.ts'
import type { BucketHistory, TierHistory } from './rated-result.ts'
import type { GroupRow } from './row-kind.ts'

/** What of a group is looked at; its buckets may be some of it. */
type GroupOfLines = Pick<BucketGroup, 'lines' | 'input' | 'rows'>

const NO_MAP: ReadonlyMap<string, bigint> = new Map()

/** One entry per bucket of a holder and period that began before the end of the run, those that nobody drew from too. */
export function bucketHistories(group: GroupOfLines, chains: ReadonlyArray<Chain>): BucketHistory[] {
  const endless = drawnWithoutEnd(group, chains)
  const periods: BucketPeriod[] = []
  for (const line of group.lines) line.addPeriodsBefore(group.input.untilMicros, periods)
  return periods.map((period) => historyOf(period, endless?.get(period) ?? 0n))
}

/** For the next run, which begins where this one ended: of each bucket the last period that has begun. */
export function bucketBalances(group: GroupOfLines, chains: ReadonlyArray<Chain>): BucketBalance[] {
  const { untilMicros } = group.input
  const endless = drawnWithoutEnd(group, chains)
  const byService = drawnByService(group, chains)
  const balances: BucketBalance[] = []
  const periods: BucketPeriod[] = []
  for (const line of group.lines) {
    line.addPeriodsBefore(untilMicros, periods)
    const period = periods.at(-1)
    periods.length = 0
    if (period === undefined || !isTakenOver(period, untilMicros)) continue
    balances.push(balanceOf(period, { endless: endless?.get(period) ?? 0n, byService: byService?.get(period) }))
  }
  return balances
}

/** A period that is under way, or one that leaves something to the next; none of a bucket that is in force no more. */
function isTakenOver(period: BucketPeriod, endMicros: number): boolean {
  const { span, untilMicros, line, series, index } = period
  if (span.untilMicros > endMicros) return untilMicros > endMicros
  if (line.shape.rollover === null) return false
  const next = series.calendar.period(index + 1)
  return series.ranges.some((range) => range.fromMicros < next.untilMicros && range.untilMicros > next.startMicros)
}

/** `endless` is what this run drew from the last tier where that is without end. */
export function historyOf(period: BucketPeriod, endless: bigint): BucketHistory {
  const { shape, holder } = period.line
  let drawnBase = 0n
  const tiers = period.sizes.map((sizeBase, tier): TierHistory => {
    const drawn = sizeBase === null ? endless + period.endlessBefore : period.drawnOfTier(tier)
    drawnBase += drawn
    return { sizeBase, drawnBase: drawn, ranOutAt: period.ranOutAt[tier] ?? null }
  })
  let rolledInBase = 0n
  for (const { leftBase } of period.layers) rolledInBase += leftBase
  return {
    holder,
    bucket: shape.bucket,
    startMicros: period.span.startMicros,
    untilMicros: period.untilMicros,
    rolledInBase,
    capacityBase: period.sizes[0] ?? null,
    drawnBase,
    tiers,
  }
}

type Drawn = { readonly endless: bigint; readonly byService: Map<string, bigint> | undefined }

function balanceOf(period: BucketPeriod, { endless, byService }: Drawn): BucketBalance {
  const { calendar } = period.series
  let drawnBase = 0n
  for (let tier = 0; tier < period.sizes.length; tier += 1)
    drawnBase += period.sizes[tier] === null ? endless + period.endlessBefore : period.drawnOfTier(tier)
  return {
    holder: period.line.holder,
    bucket: period.line.shape.bucket,
    startMicros: period.span.startMicros,
    rolledIn: period.layers.map(({ originIndex, leftBase }) => ({
      startMicros: calendar.period(originIndex).startMicros,
      leftBase,
    })),
    drawnBase,
    drawnByService: period.limitDrawn === null ? NO_MAP : withBefore(period, byService),
    ranOutAt: period.ranOutAt,
  }
}

function withBefore({ resumed }: BucketPeriod, byService: Drawn['byService']): ReadonlyMap<string, bigint> {
  const sums = new Map(resumed?.drawnByService ?? NO_MAP)
  for (const [service, base] of byService ?? NO_MAP) sums.set(service, (sums.get(service) ?? 0n) + base)
  return sums
}

/** null where no bucket of the group is without end. */
export function drawnWithoutEnd(group: GroupOfLines, chains: ReadonlyArray<Chain>): Map<BucketPeriod, bigint> | null {
  if (!group.lines.some(({ madePeriods }) => madePeriods.some(({ sizes }) => sizes.at(-1) === null))) return null
  const sums = new Map<BucketPeriod, bigint>()
  for (const chain of chains) {
    const { periods, bases } = chain
    for (let link = 0; link < periods.length; link += 1) {
      const period = periods[link] as BucketPeriod
      const last = period.sizes.length - 1
      if (period.sizes[last] !== null) continue
      const drawn = chain.quantityAt((bases[link] as number) + last)
      if (drawn !== 0) sums.set(period, (sums.get(period) ?? 0n) + BigInt(drawn))
    }
  }
  return sums
}

/** Of the buckets that limit what one service draws; null where none does. */
function drawnByService(
  group: GroupOfLines,
  chains: ReadonlyArray<Chain>,
): Map<BucketPeriod, Map<string, bigint>> | null {
  if (!group.lines.some(({ shape }) => shape.limits !== null)) return null
  const found = new Map<BucketPeriod, Map<string, bigint>>()
  for (const chain of chains) {
    const { service } = (group.rows[chain.row] as GroupRow).service
    const { periods, bases } = chain
    for (let link = 0; link < periods.length; link += 1) {
      const period = periods[link] as BucketPeriod
      if (period.limitDrawn === null) continue
      const sums = found.get(period) ?? new Map<string, bigint>()
      if (sums.size === 0) found.set(period, sums)
      for (let tier = 0; tier < period.sizes.length; tier += 1) {
        const drawn = chain.quantityAt((bases[link] as number) + tier)
        if (drawn > 0) sums.set(service, (sums.get(service) ?? 0n) + BigInt(drawn))
      }
    }
  }
  return found
}
