import { describe, expect, it } from 'vitest'
import { axisOf, conflictOf, legsOf, spanOf } from './legs.ts'

const leg = (start: string, end: string, rest: Readonly<Record<string, string>> = {}) => ({
  ...{ who: 'Ada', conference: 'T1', start, end, conflict: '', at_once: '', conflict_from: '', conflict_until: '' },
  ...rest,
})

describe('the axis of a day', () => {
  it('begins and ends on a tick of the account’s own clock', () => {
    const axis = axisOf(legsOf([leg('2026-10-20T10:07:00-04:00', '2026-10-20T11:20:00-04:00')]))
    expect(axis?.ticks.map(({ label }) => label)).toEqual(
      '10:00 10:10 10:20 10:30 10:40 10:50 11:00 11:10 11:20'.split(' '),
    )
    expect(axis && spanOf(axis, '2026-10-20T10:20:00-04:00', '2026-10-20T10:40:00-04:00')).toEqual({
      left: '25%',
      width: '25%',
    })
  })

  it('has whole hours where the zone is half an hour off, and one step for a call of no length', () => {
    const long = axisOf(legsOf([leg('2026-10-20T09:10:00+05:30', '2026-10-20T19:00:00+05:30')]))
    expect(long?.ticks.slice(0, 2).map(({ label }) => label)).toEqual(['09:00', '10:00'])
    const none = axisOf(legsOf([leg('2026-10-20T09:00:00Z', '2026-10-20T09:00:00Z')]))
    expect(none?.ticks.map(({ label }) => label)).toEqual(['09:00', '09:05'])
    expect(axisOf([])).toBeNull()
  })
})

describe('the conflict of a leg', () => {
  const day = '2026-10-20T'
  it.each([
    ['10:00', '11:00', '10:30', '11:30', ['10:30', '11:00']],
    ['10:00', '11:00', '09:30', '10:10', ['10:00', '10:10']],
    ['10:00', '11:00', '11:00', '11:10', null],
  ])('of %s to %s within %s to %s is what they share', (start, end, from, until, shared) => {
    const at = (time: string) => `${day}${time}:00Z`
    const [made] = legsOf([
      leg(at(start), at(end), { conflict: '1', conflict_from: at(from), conflict_until: at(until) }),
    ])
    const found = made && conflictOf(made)
    expect(found && [found.from.slice(11, 16), found.until.slice(11, 16)]).toEqual(shared)
  })
})
