// The alerts of buckets as rows of `bucket_alert`, and how holders and instants are written there.

import type { BucketAlert, BucketHolder } from '@spillway/core'
import type { Cell } from '../../warehouse/warehouse.ts'

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
export function holderName(holder: BucketHolder): string {
  return holder.on === 'service' ? holder.service : holder.on === 'share-plan' ? holder.plan : ''
}

/** ISO, to the second or as exact as it is; '' without beginning or end. */
export function instantText(micros: number): string {
  if (!Number.isFinite(micros)) return ''
  const whole = Math.floor(micros / 1_000_000)
  const text = new Date(whole * 1000).toISOString().slice(0, 19)
  const fraction = micros - whole * 1_000_000
  return `${text}${fraction === 0 ? '' : `.${String(fraction).padStart(6, '0')}`}Z`
}
