// Which charge each money column of a row is, by what kind of row it stands in. Says nothing of how a cell is written.
import type { ChargeCategory, UsageType } from '@spillway/core'
import { usageTypeOfWords } from '../usage-words.ts'

/** Whose money a row carries: a number's, a group's that shares an allowance, or the account's own. */
export type RowKind = 'number' | 'group' | 'account'

export const MONEY_COLUMNS = [
  'Total monthly charges',
  'Total activity since last bill',
  'Total taxes',
  'Total company fees and surcharges',
  'Total FAN level charges',
  'Total adjustments',
] as const
export type MoneyColumn = (typeof MONEY_COLUMNS)[number]

/** The last part of a charge's line. */
export const LINE_PART: Readonly<Record<MoneyColumn, string>> = {
  'Total monthly charges': 'monthly',
  'Total activity since last bill': 'activity',
  'Total taxes': 'taxes',
  'Total company fees and surcharges': 'fees',
  'Total FAN level charges': 'fan',
  'Total adjustments': 'adjustments',
}

export type RowWords = {
  readonly kind: RowKind
  /** Rate code and plan name; '' where the row has no plan. */
  readonly plan: string
  /** The group whose allowance the row shares, '' for none. */
  readonly group: string
}
export type ChargeKind = { readonly category: ChargeCategory; readonly usageType: UsageType | '' }

/**
 * The kind of use that the row's plan sells. A group shares data unless its plan's name says something else: the
 * pooled plans of this vendor are data plans.
 */
function usageTypeOfPlan({ plan, group, kind }: RowWords): UsageType | '' {
  const said = usageTypeOfWords({ item: plan, category: '' })
  if (said !== '') return said
  return group !== '' && (plan !== '' || kind === 'group') ? 'data' : ''
}

/** The charge of one money column that is not zero. */
export function classifyColumn(column: MoneyColumn, words: RowWords, amountMinor: bigint): ChargeKind {
  switch (column) {
    case 'Total monthly charges':
      return monthlyKind(words)
    case 'Total activity since last bill':
      return words.kind === 'group'
        ? { category: 'overage', usageType: usageTypeOfPlan(words) }
        : { category: 'usage', usageType: '' }
    case 'Total taxes':
      return { category: 'tax', usageType: '' }
    case 'Total company fees and surcharges':
      return { category: 'surcharge', usageType: '' }
    case 'Total FAN level charges':
    case 'Total adjustments':
      return { category: amountMinor < 0n ? 'credit' : 'other', usageType: '' }
  }
}

/** A monthly charge is for the plan; without a plan it is for something that the row does not name. */
function monthlyKind(words: RowWords): ChargeKind {
  if (words.kind === 'group') return { category: 'bulk', usageType: usageTypeOfPlan(words) }
  if (words.plan === '') return { category: 'other', usageType: '' }
  return { category: words.kind === 'account' ? 'other' : 'access', usageType: usageTypeOfPlan(words) }
}
