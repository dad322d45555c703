// What became of each bucket of a group, and what the next run takes over from this one.

import type { BucketPeriod } from './bucket-period.ts'
import type { BucketBalance } from './bucket-shape.ts'
import type { Chain } from './chain.ts'
import type { BucketGroup, GroupRow } from './compile-group.ts'
import type { BucketHistory, TierHistory } from './rated-result.ts'

/** One entry per bucket of a holder and period that began before the end of the run, those that nobody drew from too. */
export function bucketHistories(group: BucketGroup, chains: ReadonlyArray<Chain>): BucketHistory[] {
  const endless = drawnWithoutEnd(chains)
  return periodsOf(group).map((period) => historyOf(period, endless.get(period) ?? 0n))
}

/** For the next run, which begins where this one ended: of each bucket the last period that has begun. */
export function bucketBalances(group: BucketGroup, chains: ReadonlyArray<Chain>): BucketBalance[] {
  const { untilMicros } = group.input
  const endless = drawnWithoutEnd(chains)
  const byService = drawnByService(group, chains)
  return group.lines.flatMap((line) => {
    const period = line.periodsBefore(untilMicros).at(-1)
    return period && isTakenOver(period, untilMicros)
      ? [balanceOf(period, { endless: endless.get(period) ?? 0n, byService: byService.get(period) })]
      : []
  })
}

/** A period that is under way, or one that leaves something to the next; none of a bucket that is in force no more. */
function isTakenOver(period: BucketPeriod, endMicros: number): boolean {
  const { span, untilMicros, line } = period
  if (span.untilMicros > endMicros) return untilMicros > endMicros
  return line.shape.rollover !== null && line.isInForceAfter(period)
}

function periodsOf(group: BucketGroup): BucketPeriod[] {
  return group.lines.flatMap((line) => line.periodsBefore(group.input.untilMicros))
}

function historyOf(period: BucketPeriod, endless: bigint): BucketHistory {
  const { shape } = period.line
  const tiers = period.sizes.map((sizeBase, tier): TierHistory => {
    const drawnBase = sizeBase === null ? endless : period.drawnOfTier(tier)
    return { sizeBase, drawnBase, ranOutAt: period.ranOutAt[tier] ?? null }
  })
  return {
    holder: shape.holder,
    bucket: shape.bucket,
    startMicros: period.span.startMicros,
    untilMicros: period.untilMicros,
    rolledInBase: period.layers.reduce((sum, { leftBase }) => sum + leftBase, 0n),
    capacityBase: period.sizes[0] ?? null,
    drawnBase: tiers.reduce((sum, { drawnBase }) => sum + drawnBase, 0n),
    tiers,
  }
}

type Drawn = { readonly endless: bigint; readonly byService: Map<string, bigint> | undefined }

function balanceOf(period: BucketPeriod, { endless, byService }: Drawn): BucketBalance {
  const { holder, bucket, drawnBase } = historyOf(period, endless)
  const before = period.resumed?.drawnByService ?? new Map<string, bigint>()
  const drawnByService = new Map(period.limitDrawn === null ? [] : before)
  if (period.limitDrawn !== null) {
    for (const [service, base] of byService ?? []) {
      drawnByService.set(service, (before.get(service) ?? 0n) + base)
    }
  }
  return {
    holder,
    bucket,
    startMicros: period.span.startMicros,
    rolledIn: period.layers.map(({ originIndex, leftBase }) => ({
      startMicros: period.line.startOf(period, originIndex),
      leftBase,
    })),
    drawnBase,
    drawnByService,
    ranOutAt: period.ranOutAt,
  }
}

function drawnWithoutEnd(chains: ReadonlyArray<Chain>): Map<BucketPeriod, bigint> {
  const sums = new Map<BucketPeriod, bigint>()
  for (const chain of chains) {
    chain.periods.forEach((period, link) => {
      const last = period.sizes.length - 1
      if (period.sizes[last] !== null) return
      const before = sums.get(period) ?? 0n
      sums.set(period, before + chain.drawnAt((chain.bases[link] as number) + last))
    })
  }
  return sums
}

/** Of the buckets that limit what one service draws. */
function drawnByService(group: BucketGroup, chains: ReadonlyArray<Chain>): Map<BucketPeriod, Map<string, bigint>> {
  const found = new Map<BucketPeriod, Map<string, bigint>>()
  for (const chain of chains) {
    const { service } = (group.rows[chain.row] as GroupRow).service
    chain.periods.forEach((period, link) => {
      if (period.limitDrawn === null) return
      const sums = found.get(period) ?? new Map<string, bigint>()
      found.set(period, sums)
      period.sizes.forEach((_, tier) => {
        const drawn = chain.drawnAt((chain.bases[link] as number) + tier)
        if (drawn > 0n) sums.set(service, (sums.get(service) ?? 0n) + drawn)
      })
    })
  }
  return found
}
