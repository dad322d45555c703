// Alerts at shares of a bucket's capacity, with the day on which it will be used up if usage goes on as it has (spec, share
// plans, "Billing"). Which of them fired before is for the caller to know: each fires once a period.

import type { BucketHolder } from './bucket-shape.ts'
import type { BucketHistory } from './rated-result.ts'

/** Per cent of the capacity of the first tier, with what rolled in. */
export const ALERT_SHARES_PERCENT: ReadonlyArray<number> = [80, 90, 100]

export type BucketAlert = {
  readonly holder: BucketHolder
  readonly bucket: string
  readonly startMicros: number
  readonly sharePercent: number
  readonly capacityBase: bigint
  readonly drawnBase: bigint
  /** When the capacity ran out, or will at the pace so far; null: not within the period. */
  readonly exhaustedAtMicros: number | null
  readonly isProjected: boolean
}

export type AlertTimes = {
  /** Usage up to this instant is known. */
  readonly knownUntilMicros: number
  readonly sharesPercent?: ReadonlyArray<number>
}

/** Every share that is reached, the smallest first; none for a bucket without capacity or without end. */
export function alertsOf(history: BucketHistory, { knownUntilMicros, sharesPercent }: AlertTimes): BucketAlert[] {
  const { holder, bucket, startMicros, capacityBase } = history
  const [first] = history.tiers
  if (capacityBase === null || capacityBase === 0n || first === undefined) return []
  const drawnBase = first.drawnBase
  const reached = (sharesPercent ?? ALERT_SHARES_PERCENT).filter(
    (percent) => drawnBase * 100n >= capacityBase * BigInt(percent),
  )
  // Of a million buckets few have an alert: what it would say is not worked out for the others.
  if (reached.length === 0) return []
  const exhausted = exhaustionOf(history, knownUntilMicros)
  return reached
    .sort((a, b) => a - b)
    .map((sharePercent) => ({
      holder,
      bucket,
      startMicros,
      sharePercent,
      capacityBase,
      drawnBase,
      ...exhausted,
    }))
}

/** When the first tier ran out, or will at the pace so far; null: not within the period, or it has no end. */
export function exhaustionOf(
  history: Pick<BucketHistory, 'startMicros' | 'untilMicros' | 'capacityBase' | 'tiers'>,
  knownUntilMicros: number,
): Pick<BucketAlert, 'exhaustedAtMicros' | 'isProjected'> {
  const [first] = history.tiers
  if (first === undefined) return { exhaustedAtMicros: null, isProjected: false }
  if (first.ranOutAt !== null) return { exhaustedAtMicros: first.ranOutAt, isProjected: false }
  const exhaustedAtMicros = projectedAt(history, first.drawnBase, knownUntilMicros)
  return { exhaustedAtMicros, isProjected: exhaustedAtMicros !== null }
}

function projectedAt(
  { startMicros, untilMicros, capacityBase }: Pick<BucketHistory, 'startMicros' | 'untilMicros' | 'capacityBase'>,
  drawnBase: bigint,
  knownUntilMicros: number,
): number | null {
  const elapsed = BigInt(Math.floor(Math.min(knownUntilMicros, untilMicros) - startMicros))
  if (drawnBase === 0n || elapsed <= 0n || capacityBase === null) return null
  const at = startMicros + Number((elapsed * capacityBase) / drawnBase)
  return at < untilMicros ? at : null
}
