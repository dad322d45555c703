// Which charge a detail row is: an ordered table, first match wins, so that what a word means is read in one place.
// Nothing falls through: the last two rules keep every other row as a credit or as `other`.
import type { ChargeCategory, UsageType } from '@spillway/core'
import { usageTypeOfWords } from '../usage-words.ts'

/** What the rules look at, in the row's own words. */
export type ItemWords = {
  /** `Item Category`. */
  readonly category: string
  /** `Item Type` and `Item Description`. */
  readonly item: string
  readonly shareDescription: string
  /** The one usage type whose Share column is `Y`; data before voice before messaging where there are several. */
  readonly shared: UsageType | ''
  readonly isCredit: boolean
  /** No wireless number: the account's own row. */
  readonly isAccountLevel: boolean
  /** An allowance other than 0 stands in the row, so that a cost is for what went over it. */
  readonly hasAllowance: boolean
}

type ChargeRule = {
  readonly name: string
  readonly when: (words: ItemWords) => boolean
  readonly category: ChargeCategory
  /** 'words': as the row's words say. 'shared': the Share column's. */
  readonly usageType: UsageType | '' | 'words' | 'shared'
}

const FEATURE_WORDS =
  /protect|insurance|\bcloud\b|voice ?mail|caller|name id|ring ?back|ring ?tone|roadside|navigator|equipment coverage|\bmdm\b|mobile device management|security|static ip|number ?share|push to talk|\bptt\b|one talk|warranty|asurion|ultra ?wideband|uwb|block|detailed bill/i
const DOWNLOAD_WORDS =
  /download|\bapps?\b|\bgames?\b|\bmusic\b|\bvideo on demand\b|google play|itunes|app store|content|media/i
const INTERNATIONAL_WORDS = /international|\bintl?\b|travel ?pass|outside the us/i
const FEE_WORDS = /\bfee\b|\blate\b|activation|reconnect|restock|suspen|upgrade/i

const isMonthly = (words: ItemWords) => /monthly/i.test(words.category)
const isUsage = (words: ItemWords) => /voice|messag|data|usage|purchase|in the us/i.test(words.category)
/** A monthly share plan is one whatever its name says of the world. */
const isOutside = (words: ItemWords) => !words.isCredit && !(isMonthly(words) && words.shared !== '')
const says = (pattern: RegExp) => (words: ItemWords) => pattern.test(words.item)
const isIn = (pattern: RegExp) => (words: ItemWords) => pattern.test(words.category)

export const CHARGE_RULES: ReadonlyArray<ChargeRule> = [
  {
    name: 'payment or balance',
    when: (w) =>
      /^(payments?\b(?!.* of \d)|previous balance|balance forward|unpaid balance|past due)/i.test(w.item) &&
      !isIn(/equipment/i)(w),
    category: 'payment',
    usageType: '',
  },
  {
    name: 'payment category',
    when: isIn(/^(payments?|previous balance|balance forward)/i),
    category: 'payment',
    usageType: '',
  },
  {
    name: 'third-party subscription',
    when: (w) => isIn(/third.?party/i)(w) && says(/subscri/i)(w),
    category: 'subscription',
    usageType: '',
  },
  { name: 'third-party purchase', when: isIn(/third.?party/i), category: 'download', usageType: '' },
  { name: 'tax', when: isIn(/\btax/i), category: 'tax', usageType: '' },
  { name: 'surcharge', when: (w) => isIn(/surcharge/i)(w) && !w.isCredit, category: 'surcharge', usageType: '' },
  {
    name: 'surcharge credited',
    when: (w) => isIn(/surcharge/i)(w) && !says(/credit|adjust|promo|discount/i)(w),
    category: 'surcharge',
    usageType: '',
  },
  { name: 'other charges and credits, credit', when: isIn(/surcharge/i), category: 'credit', usageType: '' },
  { name: 'equipment category', when: isIn(/equipment/i), category: 'equipment', usageType: '' },
  {
    name: 'equipment instalment',
    when: says(/device payment|payment \d+ of \d+|installment/i),
    category: 'equipment',
    usageType: '',
  },
  {
    name: 'roaming',
    when: (w) => isOutside(w) && (isIn(/roam/i)(w) || says(/roam/i)(w)),
    category: 'roaming',
    usageType: 'words',
  },
  {
    name: 'international',
    when: (w) => isOutside(w) && (isIn(INTERNATIONAL_WORDS)(w) || says(INTERNATIONAL_WORDS)(w)),
    category: 'international',
    usageType: 'words',
  },
  {
    name: 'long distance',
    when: (w) => isOutside(w) && says(/long.?distance|\bld\b/i)(w),
    category: 'long-distance',
    usageType: 'voice',
  },
  {
    name: 'monthly credit',
    when: (w) => w.isCredit && (isMonthly(w) || isIn(/account|additional|other/i)(w)),
    category: 'credit',
    usageType: '',
  },
  {
    name: 'monthly fee',
    when: (w) => isMonthly(w) && says(FEE_WORDS)(w) && w.shared === '',
    category: 'other',
    usageType: '',
  },
  {
    name: 'monthly feature',
    when: (w) => isMonthly(w) && says(FEATURE_WORDS)(w) && w.shared === '',
    category: 'feature',
    usageType: '',
  },
  {
    name: 'monthly subscription',
    when: (w) => isMonthly(w) && says(/subscri|office 365|microsoft 365/i)(w),
    category: 'subscription',
    usageType: '',
  },
  {
    name: 'line access to a shared lump',
    when: (w) => isMonthly(w) && !w.isAccountLevel && says(/line access/i)(w),
    category: 'entry',
    usageType: 'data',
  },
  {
    name: 'account lump',
    when: (w) =>
      isMonthly(w) && w.isAccountLevel && (w.shared !== '' || usageTypeOfWords({ ...w, category: '' }) !== ''),
    category: 'bulk',
    usageType: 'shared',
  },
  { name: 'monthly share plan', when: (w) => isMonthly(w) && w.shared !== '', category: 'access', usageType: 'shared' },
  {
    name: 'monthly plan or add-on of minutes, messages or data',
    when: (w) => isMonthly(w) && usageTypeOfWords({ ...w, category: '' }) !== '',
    category: 'access',
    usageType: 'words',
  },
  {
    name: 'monthly item marked as feature',
    when: (w) => isMonthly(w) && /^feature$/i.test(w.shareDescription),
    category: 'feature',
    usageType: '',
  },
  { name: 'other monthly charge', when: isMonthly, category: 'access', usageType: '' },
  { name: 'directory assistance', when: says(/\b411\b|directory assist/i), category: 'usage', usageType: 'voice' },
  {
    name: 'over a shared or stated allowance',
    when: (w) => isUsage(w) && (w.hasAllowance || w.shared !== ''),
    category: 'overage',
    usageType: 'words',
  },
  {
    name: 'overage by name',
    when: says(/overage|additional (data|gb|minutes)|excess/i),
    category: 'overage',
    usageType: 'words',
  },
  { name: 'download', when: (w) => !w.isCredit && says(DOWNLOAD_WORDS)(w), category: 'download', usageType: '' },
  { name: 'subscription', when: (w) => !w.isCredit && says(/subscri/i)(w), category: 'subscription', usageType: '' },
  { name: 'use without allowance', when: isUsage, category: 'usage', usageType: 'words' },
  { name: 'credit', when: (w) => w.isCredit, category: 'credit', usageType: '' },
  {
    name: 'service feature',
    when: (w) => isIn(/additional/i)(w) && says(FEATURE_WORDS)(w),
    category: 'feature',
    usageType: '',
  },
  { name: 'other', when: () => true, category: 'other', usageType: '' },
]

export type ChargeClass = {
  readonly rule: string
  readonly category: ChargeCategory
  readonly usageType: UsageType | ''
}

/** The first rule of {@link CHARGE_RULES} that the row meets. */
export function classifyCharge(words: ItemWords): ChargeClass {
  const rule = CHARGE_RULES.find((candidate) => candidate.when(words)) as ChargeRule
  return { rule: rule.name, category: rule.category, usageType: resolveUsageType(rule, words) }
}

function resolveUsageType(rule: ChargeRule, words: ItemWords): UsageType | '' {
  if (rule.usageType === 'words') return usageTypeOfWords(words) || words.shared
  if (rule.usageType === 'shared') return words.shared || usageTypeOfWords(words)
  return rule.usageType
}
