// Which class of use a row counts: an ordered table for the unit and the type, one for the class of minutes, one for the
// zone. Says nothing of money.
import type { Network, TimeBand, UsageType, Zone } from '@spillway/core'

export type UsageClass = {
  readonly usageType: UsageType
  /** '' where the words do not say it and guessing would be wrong by a factor of 1024. */
  readonly unit: string
  readonly zone: Zone
  readonly timeBand: TimeBand | ''
  readonly network: Network | ''
}

type UnitRule = {
  readonly name: string
  readonly matches: (words: { readonly item: string; readonly category: string }) => boolean
  readonly usageType: UsageType
  readonly unit: string
}

const inItem = (pattern: RegExp) => (words: { readonly item: string }) => pattern.test(words.item)
const MESSAGE_WORDS = /messag|\bmsgs?\b|\btxt\b|\btexts?\b|\bsms\b|\bmms\b|picture|\bpix\b/i

/** Data comes in steps of 1024: the vendor's KILOBYTE is a KiB. */
export const UNIT_RULES: ReadonlyArray<UnitRule> = [
  {
    name: 'directory assistance counts calls',
    matches: inItem(/\b411\b|directory assist/i),
    usageType: 'event',
    unit: 'count',
  },
  { name: 'gigabytes', matches: inItem(/gigabyte|\bgbs?\b/i), usageType: 'data', unit: 'GiB' },
  { name: 'megabytes', matches: inItem(/megabyte|\bmbs?\b/i), usageType: 'data', unit: 'MiB' },
  { name: 'kilobytes', matches: inItem(/kilobyte|\bkbs?\b/i), usageType: 'data', unit: 'KiB' },
  { name: 'messages by item', matches: inItem(MESSAGE_WORDS), usageType: 'messaging', unit: 'count' },
  {
    name: 'minutes by item',
    matches: inItem(/minute|\bmins?\b|\bvoice\b|calling|\bcalls?\b|night|weekend|anytime/i),
    usageType: 'voice',
    unit: 'min',
  },
  {
    name: 'data without a unit',
    matches: (words) => /\bdata\b/i.test(`${words.item} ${words.category}`),
    usageType: 'data',
    unit: '',
  },
  {
    name: 'messages by category',
    matches: (words) => MESSAGE_WORDS.test(words.category),
    usageType: 'messaging',
    unit: 'count',
  },
  {
    name: 'minutes by category',
    matches: (words) => /voice|minute|airtime|call/i.test(words.category),
    usageType: 'voice',
    unit: 'min',
  },
]

type BandRule = {
  readonly name: string
  readonly pattern: RegExp
  readonly timeBand: TimeBand
  readonly network: Network
}

/**
 * The vendor puts every minute into one class. Mobile-to-mobile minutes come without a time of day; they are given as
 * peak, so that peak minus mobile-to-mobile leaves exactly the vendor's peak class.
 */
const BAND_RULES: ReadonlyArray<BandRule> = [
  {
    name: 'mobile to mobile',
    pattern: /mobile.?to.?mobile|\bm2m|in.?network|\bin calling|friends (&|and) family|\bf2f/i,
    timeBand: 'peak',
    network: 'on-net',
  },
  { name: 'night and weekend', pattern: /night|weekend|off.?peak|\bn&w/i, timeBand: 'off-peak', network: 'off-net' },
  { name: 'peak', pattern: /(?:)/, timeBand: 'peak', network: 'off-net' },
]

/** Roaming before international: roaming abroad is roaming. */
function zoneOf(words: string): Zone {
  if (/roam/i.test(words)) return 'roaming'
  if (/international|\bintl?\b|outside the us|travel ?pass/i.test(words)) return 'international'
  return /long.?distance|\bld\b/i.test(words) ? 'long-distance' : 'domestic'
}

/** null where the words name no class of use. */
export function classifyUsage(words: { readonly item: string; readonly category: string }): UsageClass | null {
  const rule = UNIT_RULES.find((candidate) => candidate.matches(words))
  if (!rule) return null
  const all = `${words.category} ${words.item}`
  const kind = { usageType: rule.usageType, unit: rule.unit, zone: zoneOf(all) }
  if (rule.usageType === 'voice') {
    const band = BAND_RULES.find((candidate) => candidate.pattern.test(all)) as BandRule
    return { ...kind, timeBand: band.timeBand, network: band.network }
  }
  const isOnNet = rule.usageType === 'messaging' && /mobile.?to.?mobile|in.?network/i.test(all)
  return { ...kind, timeBand: '', network: isOnNet ? 'on-net' : '' }
}
