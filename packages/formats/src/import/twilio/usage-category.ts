// Which of Twilio's categories are use, and of what. They are a tree whose parents count what their children count, so the
// level of a category is its view: of an account and month the highest level that is there counts.
import type { UsageType, UsageView } from '@spillway/core'

export type CountedCategory = { readonly usageType: UsageType; readonly view: UsageView }

const LEVELS: ReadonlyArray<readonly [names: RegExp, category: CountedCategory]> = [
  [/^calls$/, { usageType: 'voice', view: 'class-summary' }],
  [/^calls-(inbound|outbound|client|sip)$/, { usageType: 'voice', view: 'line-summary' }],
  [/^calls-((in|out)bound-(local|mobile|tollfree)|sip-(in|out)bound)$/, { usageType: 'voice', view: 'itemised' }],
  [/^(sms|mms)$/, { usageType: 'messaging', view: 'class-summary' }],
  [/^(sms|mms)-(in|out)bound$/, { usageType: 'messaging', view: 'line-summary' }],
  [/^(sms|mms)-(in|out)bound-(longcode|shortcode|tollfree)$/, { usageType: 'messaging', view: 'itemised' }],
]

/** The price of all other categories together. */
export const TOTAL_CATEGORY = 'totalprice'

/** null for one that is no use of lines: numbers rented, recordings, lookups and whatever else has a price. */
export function countedCategory(category: string): CountedCategory | null {
  return LEVELS.find(([names]) => names.test(category))?.[1] ?? null
}

const UNITS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  voice: { minutes: 'min', minute: 'min', seconds: 's', second: 's' },
  messaging: { messages: 'count', message: 'count', segments: 'count', segment: 'count' },
}

/** '' for a unit in which use of the type is not counted. */
export function unitOf(word: string, usageType: UsageType): string {
  const units = UNITS[usageType] ?? {}
  return (Object.hasOwn(units, word) ? units[word] : undefined) ?? ''
}

/** The units of the type, as Twilio writes them. */
export function unitWordsOf(usageType: UsageType): ReadonlyArray<string> {
  return Object.keys(UNITS[usageType] ?? {})
}
