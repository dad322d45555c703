// Every amount on the paper is written by this.
import { formatAmount, groupDigits } from '@spillway/core'

/** Thousands apart, the currency's own decimals: -123456n USD is `-1,234.56`. */
export function amountText(minor: bigint, currency: string): string {
  return groupDigits(formatAmount(minor, currency))
}
