import { describe, expect, it } from 'vitest'
import { isUsedUp, limitAlerts, limitStates, minutesText, type SubAccountUse } from './limits.ts'
import type { SubAccountLimits } from './sub-account.ts'

const NONE: SubAccountLimits = { spend: null, minutes: null, participants: null, callMinutes: null, atLimit: 'alert' }
const USE: SubAccountUse = { usedSeconds: 5400n, spentMinor: 1234n, participantsMost: 4, longestCallSeconds: 3600n }
const statesOf = (limits: Partial<SubAccountLimits>, use: Partial<SubAccountUse> = {}) =>
  limitStates({ ...NONE, ...limits }, { ...USE, ...use }, { currency: 'USD' })

describe('limits of a sub-account', () => {
  it.each<[limits: Partial<SubAccountLimits>, state: object]>([
    [{ spend: '12.35' }, { limit: 'spend', most: '12.35', used: '12.34', left: '0.01', isReached: false }],
    [{ spend: '12.34' }, { limit: 'spend', most: '12.34', used: '12.34', left: '0.00', isReached: true }],
    [{ minutes: 91 }, { limit: 'minutes', most: '91', used: '90', left: '1', isReached: false }],
    [{ minutes: 90 }, { limit: 'minutes', most: '90', used: '90', left: '0', isReached: true }],
    [{ participants: 4 }, { limit: 'participants', most: '4', used: '4', left: '0', isReached: false }],
    [{ participants: 3 }, { limit: 'participants', most: '3', used: '4', left: '0', isReached: true }],
    [{ callMinutes: 60 }, { limit: 'call-minutes', most: '60', used: '60', left: '0', isReached: false }],
    [{ callMinutes: 59 }, { limit: 'call-minutes', most: '59', used: '60', left: '0', isReached: true }],
  ])('%j say how far its use is', (limits, state) => expect(statesOf(limits)).toEqual([state]))

  it('that are not set say nothing', () => expect(statesOf({})).toEqual([]))

  it('of money that the currency cannot write are not said to be kept', () => {
    expect(limitStates({ ...NONE, spend: '1.5', atLimit: 'refuse' }, USE, { currency: 'JPY' })).toEqual([
      { limit: 'spend', most: '1.5', used: '1234', left: '', isReached: false },
    ])
    expect(limitAlerts({ ...NONE, spend: '1.5' }, USE, { currency: 'JPY' })).toEqual([])
  })

  it.each<[limits: Partial<SubAccountLimits>, alerts: ReadonlyArray<string>]>([
    // 12.34 of 15.43 is 79.97 per cent, of 15.42 it is 80.03.
    [{ spend: '15.43' }, []],
    [{ spend: '15.42' }, ['spend 80']],
    [{ spend: '12.34' }, ['spend 80', 'spend 90', 'spend 100']],
    [{ minutes: 100, callMinutes: 61 }, ['minutes 80', 'minutes 90', 'call-minutes 80', 'call-minutes 90']],
    // As many as may be are not too many.
    [{ participants: 4 }, ['participants 80', 'participants 90']],
    [{ participants: 3 }, ['participants 80', 'participants 90', 'participants 100']],
  ])('%j are told of at %j', (limits, alerts) => {
    const found = limitAlerts({ ...NONE, ...limits }, USE, { currency: 'USD' })
    expect(found.map(({ limit, sharePercent }) => `${limit} ${sharePercent}`)).toEqual(alerts)
  })

  it.each<[limits: Partial<SubAccountLimits>, isRefused: boolean]>([
    [{ minutes: 90, atLimit: 'refuse' }, true],
    [{ minutes: 90, atLimit: 'alert' }, false],
    [{ minutes: 91, atLimit: 'refuse' }, false],
    // Of one call: the bridge ends it, and the next may come.
    [{ participants: 1, callMinutes: 1, atLimit: 'refuse' }, false],
  ])('%j refuse the next call: %s', (limits, isRefused) =>
    expect(isUsedUp({ ...NONE, ...limits }, statesOf(limits))).toBe(isRefused),
  )

  it.each<[seconds: bigint, text: string]>([
    [0n, '0'],
    [60n, '1'],
    [90n, '1.5'],
    [61n, '1.01'],
    [119n, '1.98'],
  ])('%s seconds are %s minutes', (seconds, text) => expect(minutesText(seconds)).toBe(text))
})
