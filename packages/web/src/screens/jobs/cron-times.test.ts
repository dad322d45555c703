import { describe, expect, it } from 'vitest'
import { describeCron, nextTimes, parseCron } from './cron-times.ts'

const due = (cron: string, timeZone = 'UTC', after = '2026-11-22T13:30:00Z') =>
  nextTimes(cron, { timeZone, after: new Date(after), count: 3 }).map((at) => at.toISOString().slice(0, 16))

describe('when a schedule is due', () => {
  it.each([
    ['*/15 * * * *', 'UTC', ['2026-11-22T13:45', '2026-11-22T14:00', '2026-11-22T14:15']],
    ['0 6 * * *', 'Europe/Berlin', ['2026-11-23T05:00', '2026-11-24T05:00', '2026-11-25T05:00']],
    ['30 7 3 * *', 'America/New_York', ['2026-12-03T12:30', '2027-01-03T12:30', '2027-02-03T12:30']],
    ['0 9 * * MON-TUE', 'UTC', ['2026-11-23T09:00', '2026-11-24T09:00', '2026-11-30T09:00']],
    ['0 9 * * 7', 'UTC', ['2026-11-29T09:00', '2026-12-06T09:00', '2026-12-13T09:00']],
    ['0 0 29 2 *', 'UTC', ['2028-02-29T00:00']],
    ['0 0 1 * 1', 'UTC', ['2026-11-23T00:00', '2026-11-30T00:00', '2026-12-01T00:00']],
    ['0 0 31 2 *', 'UTC', []],
  ])('says of %s in %s when', (cron, timeZone, expected) => {
    expect(due(cron, timeZone)).toEqual(expected)
  })

  it('follows the clock of the zone over its change', () => {
    expect(due('0 12 * * *', 'Europe/Berlin', '2026-10-24T00:00:00Z')).toEqual([
      '2026-10-24T10:00',
      '2026-10-25T11:00',
      '2026-10-26T11:00',
    ])
  })

  it.each(['', '* * * *', '60 * * * *', '5-2 * * * *', '*/0 * * * *', '0 0 L * *', '0 0 * XYZ *', 'a b c d e'])(
    'leaves "%s" to the server',
    (cron) => {
      expect(parseCron(cron)).toBeUndefined()
      expect(due(cron)).toEqual([])
    },
  )

  it('is never due in a zone that there is not', () => {
    expect(due('0 6 * * *', 'Europe/Atlantis')).toEqual([])
  })
})

describe('a schedule in words', () => {
  it.each([
    ['*/5 * * * *', 'Every 5 minutes'],
    ['10 * * * *', 'Every hour, at minute 10'],
    ['0 6 * * *', 'Every day at 06:00'],
    ['0 6,18 * * 1', 'Every Monday at 06:00 and 18:00'],
    ['30 7 3 * *', 'On day 3 of every month at 07:30'],
    ['0 0 1 * 1', 'On day 1 of every month, and every Monday, at 00:00'],
    ['0 0 L * *', 'Times that only the server reads'],
  ])('says %s as "%s"', (cron, words) => {
    expect(describeCron(cron)).toBe(words)
  })
})
