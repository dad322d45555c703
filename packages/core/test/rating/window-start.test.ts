import { type AccountSharePlan, Calendars, IndexedCatalogue, type SharePlan, windowStart } from '@spillway/core'
import { describe, expect, it } from 'vitest'
import { account, added, at, catalogue, micros, shareBucket, sharePlan, tier } from './small-provider.ts'

const free = shareBucket('free')
const rated = shareBucket('rated', { tiers: [tier(10), tier(null, at('0.02'))] })
const flat = shareBucket('flat', { tiers: [tier(10), tier(10, { flat: '5.00' })] })
const dearest = shareBucket('dearest', { order: 'highest-rate' })
const weekly = { every: 1, unit: 'week' } as const
const monthly = { every: 1, unit: 'month' } as const

type Start = { readonly plans: ReadonlyArray<SharePlan>; readonly added: ReadonlyArray<AccountSharePlan>; of?: string }

const startOf = ({ plans, added: list, of = 'U' }: Start, from = '2026-11-01') => {
  const accounts = [account('U'), account('V', { timeZone: 'Europe/Berlin', cycleDay: 15 })]
  const index = new IndexedCatalogue(catalogue({ accounts, plans, added: list }))
  const start = windowStart({ index, calendars: new Calendars(), accounts: [of] }, micros(from))
  return new Date(start / 1000).toISOString().slice(0, 16)
}
const weeks = (bucket = rated) => sharePlan('weeks', [bucket], { usageBilling: weekly })
const months = (bucket = rated) => sharePlan('months', [bucket], { usageBilling: monthly })
// A Monday, so that its weeks begin on Mondays.
const sinceMonday = [added('U', 'weeks', '2026-09-07')]

describe('the instant from which a run reads usage', () => {
  it.each<[string, Start, string]>([
    ['its own start without plans', { plans: [], added: [] }, '2026-11-01T00:00'],
    ['that of a rated week under way', { plans: [weeks()], added: sinceMonday }, '2026-10-26T00:00'],
    ['that of a week with a flat charge', { plans: [weeks(flat)], added: sinceMonday }, '2026-10-26T00:00'],
    ['that of a week settled at its end', { plans: [weeks(dearest)], added: sinceMonday }, '2026-10-26T00:00'],
    ['its own, for a week that is only counted', { plans: [weeks(free)], added: sinceMonday }, '2026-11-01T00:00'],
    ['its own, for months that begin there', { plans: [months()], added: [added('U', 'months')] }, '2026-11-01T00:00'],
    ['its own, for another account', { plans: [weeks()], added: sinceMonday, of: 'V' }, '2026-11-01T00:00'],
    [
      'when the plan was added, within its first period',
      { plans: [months()], added: [added('V', 'months', '2026-10-20T12:00:00Z')], of: 'V' },
      '2026-10-20T12:00',
    ],
    [
      'the start of a period in the zone of the account',
      { plans: [months()], added: [added('V', 'months')], of: 'V' },
      '2026-10-14T22:00',
    ],
    [
      'its own, where the plan ended before',
      { plans: [weeks()], added: [added('U', 'weeks', '2026-09-07', '2026-10-30')] },
      '2026-11-01T00:00',
    ],
    [
      'the first time in a period of a plan that was taken off and added again',
      {
        plans: [weeks()],
        added: [added('U', 'weeks', '2026-10-26', '2026-10-27'), added('U', 'weeks', '2026-10-31')],
      },
      '2026-10-26T00:00',
    ],
    [
      'that of a month in whose middle a week begins, and of the week before that, until a plan began',
      { plans: [weeks(), months()], added: [added('U', 'weeks', '2026-09-28'), added('U', 'months', '2026-09-29')] },
      '2026-09-28T00:00',
    ],
  ])('is %s', (_, start, expected) => {
    expect(startOf(start)).toBe(expected)
  })
})
