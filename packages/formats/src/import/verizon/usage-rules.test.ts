import { describe, expect, it } from 'vitest'
import { classifyUsage, UNIT_RULES } from './usage-rules.ts'

type Case = [rule: string, category: string, item: string, is: string]

const CASES: ReadonlyArray<Case> = [
  ['directory assistance counts calls', 'Voice', '411 SEARCH', 'event count domestic'],
  ['gigabytes', 'Data', 'GIGABYTE USAGE', 'data GiB domestic'],
  ['megabytes', 'Data', 'INTERNATIONAL MEGABYTE USAGE', 'data MiB international'],
  ['kilobytes', 'Data', 'KILOBYTE USAGE', 'data KiB domestic'],
  ['kilobytes', 'Roaming', 'KILOBYTE USAGE', 'data KiB roaming'],
  ['messages by item', 'Messaging', 'TEXT, PICTURE & VIDEO', 'messaging count domestic'],
  ['messages by item', 'Messaging', 'MOBILE TO MOBILE TEXT', 'messaging count domestic  on-net'],
  ['minutes by item', 'Voice', 'PEAK MINUTES', 'voice min domestic peak off-net'],
  ['minutes by item', 'Voice', 'NIGHT/WEEKEND', 'voice min domestic off-peak off-net'],
  ['minutes by item', 'Voice', 'LONG DISTANCE MINUTES', 'voice min long-distance peak off-net'],
  ['minutes by item', 'International', 'INTERNATIONAL ROAMING MINUTES', 'voice min roaming peak off-net'],
  ['data without a unit', 'Data', 'USAGE', 'data  domestic'],
  ['messages by category', 'Messaging', 'UNLIMITED', 'messaging count domestic'],
  ['minutes by category', 'Voice', 'MOBILE TO MOBILE', 'voice min domestic peak on-net'],
]

describe('the class of use of a row', () => {
  it.each(CASES)('%s: %s / %s is %s', (rule, category, item, is) => {
    const found = classifyUsage({ category, item })
    const words = [found?.usageType, found?.unit, found?.zone, found?.timeBand, found?.network]
    expect(words.join(' ').trim()).toBe(is)
    expect(UNIT_RULES.find((candidate) => candidate.matches({ category, item }))?.name).toBe(rule)
  })

  it('has a case for every rule of the unit', () => {
    expect(UNIT_RULES.map(({ name }) => name).filter((name) => !CASES.some(([rule]) => rule === name))).toEqual([])
  })

  it('knows no class for words that name none', () =>
    expect(classifyUsage({ category: 'Roaming', item: 'ZONE 3' })).toBeNull())
})
