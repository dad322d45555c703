// The policies that pools have which no saved one is for, in the words of this screen, and as a document to begin from.
import { defaultPolicyFor, toPolicyDocument, type UsageType } from '@spillway/core'
import type { Body } from '../catalogue/document/body.ts'

export type DefaultKind = {
  readonly usageType: UsageType
  readonly title: string
  readonly basis: string
}

/** The same for every model; other kinds of usage are shared like messages, by all of it. */
export const DEFAULTS: ReadonlyArray<DefaultKind> = [
  {
    usageType: 'voice',
    title: 'Voice',
    basis:
      'peak minutes without those from mobile to mobile, where every row of usage says its time and network; else all minutes',
  },
  { usageType: 'data', title: 'Data', basis: 'domestic usage' },
  { usageType: 'messaging', title: 'Messages, and all other usage', basis: 'all of that usage' },
]

/** For pools of a usage type, under a name that is still to be chosen. */
export function documentOfDefault(usageType: UsageType): Body {
  const none = { zone: '', timeBand: '', network: '' } as const
  const policy = defaultPolicyFor({ model: 'aggregate', usageType, hasClasses: true, ...none })
  const { description: _, ...document } = toPolicyDocument(policy)
  return { ...document, name: '', 'applies-to': { 'usage-type': usageType } } as Body
}
