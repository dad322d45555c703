// What became of each bucket, as rows of `bucket_history`: one per bucket of a holder, period and tier; and the alerts of it,
// as rows of `bucket_alert`.

import type { BucketAlert, BucketHistory, BucketHolder } from '@spillway/core'
import type { Cell } from '../../warehouse/warehouse.ts'
import type { RatingGroup } from './rating-groups.ts'

/** Periods that ended before the run are in the run before; those of buckets that nobody drew from are here too. */
export function* historyRows(group: RatingGroup, histories: ReadonlyArray<BucketHistory>): Generator<Cell[]> {
  for (const { holder, bucket, startMicros, untilMicros, rolledInBase, tiers } of histories) {
    if (untilMicros <= group.fromMicros) continue
    for (const [at, { sizeBase, drawnBase, ranOutAt }] of tiers.entries())
      yield [
        ...[holder.on, holder.account, holderName(holder), bucket, instantText(startMicros), instantText(untilMicros)],
        ...[at + 1, sizeBase === null ? '' : String(sizeBase), at === 0 ? rolledInBase : 0n, drawnBase],
        ranOutAt === null ? '' : instantText(ranOutAt),
      ]
  }
}

/** What an alert is known by, so that it fires once per period of its bucket. */
export function alertName({ holder, bucket, startMicros, sharePercent }: BucketAlert): string {
  return JSON.stringify([holder.on, holder.account, holderName(holder), bucket, startMicros, sharePercent])
}

export function alertRow({ holder, bucket, startMicros, ...alert }: BucketAlert): Cell[] {
  const { exhaustedAtMicros } = alert
  return [
    ...[holder.on, holder.account, holderName(holder), bucket, instantText(startMicros), alert.sharePercent],
    ...[String(alert.capacityBase), String(alert.drawnBase)],
    ...[exhaustedAtMicros === null ? '' : instantText(exhaustedAtMicros), alert.isProjected],
  ]
}

/** '' for an account, which stands in a column of its own. */
function holderName(holder: BucketHolder): string {
  return holder.on === 'service' ? holder.service : holder.on === 'share-plan' ? holder.plan : ''
}

/** ISO, to the second or as exact as it is; '' without beginning or end. */
function instantText(micros: number): string {
  if (!Number.isFinite(micros)) return ''
  const whole = Math.floor(micros / 1_000_000)
  const text = new Date(whole * 1000).toISOString().slice(0, 19)
  const fraction = micros - whole * 1_000_000
  return `${text}${fraction === 0 ? '' : `.${String(fraction).padStart(6, '0')}`}Z`
}
