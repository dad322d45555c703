// What is in each bucket at an instant: a run that was given the usage up to then, asked before its period ends.

import type { BucketLife } from './bucket.ts'
import { drawnWithoutEnd, historyOf } from './bucket-histories.ts'
import type { BucketPeriod } from './bucket-period.ts'
import type { DrawDown } from './draw-down.ts'
import type { BucketHistory } from './rated-result.ts'

/** A bucket in the period that is under way at the instant. */
export type BucketStanding = BucketHistory & {
  readonly life: BucketLife['life']
  /** From 1: the tier of the last unit that was drawn; the first with anything in it where nothing was. */
  readonly tierInUse: number
  /**
   * Whether who draws what is settled only when the period closes: it covers what is dearest first, or something that
   * does comes before it. What is said is then as if the period closed at the instant.
   */
  readonly isSettledAtClose: boolean
}

const LIVES = ['one-time', 'recurring', 'recurring-rollover'] as const

/**
 * Of every bucket that is in force at the instant, those that nobody drew from too. `run` was given the events that began
 * before it and goes on beyond it; it is finished here.
 */
export function bucketStandings(run: DrawDown, atMicros: number): BucketStanding[] {
  run.finish()
  const endless = drawnWithoutEnd(run.group, run.chains)
  const unsettled = unsettledPeriods(run)
  return run.group.lines.flatMap((line) => {
    const { period } = line.periodAt(atMicros)
    if (period === null) return []
    line.open(period)
    const history = historyOf(period, endless?.get(period) ?? 0n)
    const { shape } = line
    return [
      {
        ...history,
        life: LIVES[shape.lifeRank] as BucketLife['life'],
        tierInUse: tierInUse(history) + 1,
        isSettledAtClose: shape.order === 'highest-rate' || unsettled.has(period),
      },
    ]
  })
}

function tierInUse({ tiers }: BucketHistory): number {
  const drawn = tiers.findLastIndex(({ drawnBase }) => drawnBase > 0n)
  if (drawn !== -1) return drawn
  return Math.max(
    0,
    tiers.findIndex(({ sizeBase }) => sizeBase !== 0n),
  )
}

/** Those that take what a bucket that is settled at close leaves. */
function unsettledPeriods({ chains }: DrawDown): ReadonlySet<BucketPeriod> {
  const found = new Set<BucketPeriod>()
  for (const { periods } of chains) {
    const first = periods.findIndex(({ line }) => line.shape.order === 'highest-rate')
    if (first !== -1) for (const period of periods.slice(first)) found.add(period)
  }
  return found
}
