// What is left of a budget, and how much of it was spent. A budget is a decimal text in whatever currency its cost centre has.
import { parseAmount } from '../money/amount.ts'
import { minorDigitsOf } from '../money/currency.ts'
import { shareOfChange } from '../trend/change.ts'

export type BudgetUse = {
  /** null where there is no budget, or one with more decimals than the currency has. */
  readonly leftMinor: bigint | null
  /** Spent as a fraction of the budget with nine decimals, half away from zero; '' without a budget, or of one of nothing. */
  readonly share: string
}

/** Of a budget of `1000.50` in USD 250n minor units are the share `0.002498751`, and 99800n are left. */
export function useOfBudget(
  budget: string,
  { currency, spentMinor }: { readonly currency: string; readonly spentMinor: bigint },
): BudgetUse {
  const [whole = '', fraction = ''] = budget.split('.')
  if (!/^\d+$/.test(whole) || !/^\d*$/.test(fraction)) return { leftMinor: null, share: '' }
  const reading = parseAmount(budget, currency)
  const digits = Math.max(minorDigitsOf(currency), fraction.length)
  const fine = BigInt(whole + fraction.padEnd(digits, '0'))
  const spent = spentMinor * 10n ** BigInt(digits - minorDigitsOf(currency))
  return {
    leftMinor: reading.ok ? reading.minor - spentMinor : null,
    // What a budget would grow by if what was spent were added to it.
    share: shareOfChange({ before: fine, now: fine + spent }),
  }
}
