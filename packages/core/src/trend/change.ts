// What an amount changed by: exact, and as a share of what was there before. Never divides by nothing.
import { divideHalfAwayFromZero } from '../money/amount.ts'

/** The decimals of a share in reports and files. */
const SHARE_SCALE = 10n ** 9n

/**
 * `now - before` as a fraction of |before| with nine decimals, half away from zero: 100n to 125n is `0.250000000`. Over
 * the magnitude, so that the sign is that of the change where a credit stood before too. '' where before is 0.
 */
export function shareOfChange({ before, now }: { readonly before: bigint; readonly now: bigint }): string {
  if (before === 0n) return ''
  const share = divideHalfAwayFromZero((now - before) * SHARE_SCALE, before < 0n ? -before : before)
  const magnitude = share < 0n ? -share : share
  return `${share < 0n ? '-' : ''}${magnitude / SHARE_SCALE}.${(magnitude % SHARE_SCALE).toString().padStart(9, '0')}`
}
