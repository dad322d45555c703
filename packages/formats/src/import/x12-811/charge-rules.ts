// Which charge a segment is, by its words: an ordered table, first match wins. Nothing falls through: what no rule knows
// is access where it is a line item of a service, and `other` elsewhere.
import type { ChargeCategory, UsageType } from '@spillway/core'
import { usageTypeOfWords } from '../usage-words.ts'

export type ItemWords = {
  readonly segment: 'IT1' | 'SLN' | 'SAC' | 'ITA' | 'TXI' | 'TCD' | 'USD'
  /** Product and descriptions. */
  readonly text: string
  readonly isCredit: boolean
  readonly hasService: boolean
}
export type ChargeKind = { readonly category: ChargeCategory; readonly usageType: UsageType | '' }

type ChargeRule = {
  readonly name: string
  readonly when: (words: ItemWords) => boolean
  readonly category: ChargeCategory
  /** True where the words say what kind of use is paid for. */
  readonly isOfUse?: true
}

const says = (pattern: RegExp) => (words: ItemWords) => pattern.test(words.text)
const isItem = ({ segment }: ItemWords) => segment === 'IT1' || segment === 'SLN'
const hasUse = ({ text }: ItemWords) => usageTypeOfWords({ item: text, category: '' }) !== ''

export const CHARGE_RULES: ReadonlyArray<ChargeRule> = [
  { name: 'tax segment', when: ({ segment }) => segment === 'TXI', category: 'tax' },
  { name: 'payment', when: says(/payments? received|previous balance|balance forward/i), category: 'payment' },
  { name: 'tax by name', when: (w) => !isItem(w) && says(/\btax(es)?\b/i)(w), category: 'tax' },
  {
    name: 'equipment',
    when: says(/device payment|install?ment|equipment|handset|payment \d+ of \d+/i),
    category: 'equipment',
  },
  { name: 'credit', when: ({ isCredit }) => isCredit, category: 'credit' },
  {
    name: 'surcharge',
    when: says(/surcharge|regulatory|universal service|\bfusf\b|\busf\b|recovery|administrative|\be?911\b/i),
    category: 'surcharge',
  },
  { name: 'roaming', when: says(/roam/i), category: 'roaming', isOfUse: true },
  {
    name: 'international',
    when: says(/international|\bintl\b|travel ?pass/i),
    category: 'international',
    isOfUse: true,
  },
  { name: 'long distance', when: says(/long.?distance/i), category: 'long-distance', isOfUse: true },
  { name: 'overage', when: says(/overage|over allowance|excess/i), category: 'overage', isOfUse: true },
  {
    name: 'call or usage segment',
    when: ({ segment }) => segment === 'TCD' || segment === 'USD',
    category: 'usage',
    isOfUse: true,
  },
  {
    name: 'feature',
    when: says(/protect|insurance|\bcloud\b|voice ?mail|caller|ring ?tone|roadside|feature|warranty|security/i),
    category: 'feature',
  },
  {
    name: 'line item of the account',
    when: (w) => isItem(w) && !w.hasService && hasUse(w),
    category: 'bulk',
    isOfUse: true,
  },
  { name: 'line item of a service', when: (w) => isItem(w) && w.hasService, category: 'access', isOfUse: true },
  { name: 'other', when: () => true, category: 'other' },
]

export function classifyItem(words: ItemWords): ChargeKind & { readonly rule: string } {
  const rule = CHARGE_RULES.find(({ when }) => when(words)) as ChargeRule
  const said = usageTypeOfWords({ item: words.text, category: '' })
  const usageType = rule.isOfUse ? said || (words.segment === 'TCD' ? 'voice' : '') : ''
  return { rule: rule.name, category: rule.category, usageType }
}
