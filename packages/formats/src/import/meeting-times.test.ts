import { describe, expect, it } from 'vitest'
import { dayOrderOf, readMeetingTime } from './meeting-times.ts'

describe('the time of a meeting', () => {
  it.each([
    '2026-03-02 09:05:00',
    '2026/3/2 9:05',
    '02.03.2026, 09:05',
    'Mar 2, 2026, 9:05:00 AM',
    'March 2, 2026 09:05:00 AM',
    '2. März 2026, 09:05:00',
    '2 mars 2026, 09:05:00',
    '2 mrt 2026, 09:05:00',
    '2 de mar. de 2026, 9:05:00',
    '2 mar 2026, 9:05:00 a. m.',
  ])('%s is read whatever the order of the day', (text) => {
    expect(readMeetingTime(text, null)).toEqual({ micros: Date.parse('2026-03-02T09:05:00Z') * 1000, isWallTime: true })
  })

  it.each([
    ['03/02/2026 09:05:00 AM', 'month-first', '2026-03-02T09:05:00Z'],
    ['03/02/2026 12:05:00 AM', 'month-first', '2026-03-02T00:05:00Z'],
    ['03/02/2026 12:05:00 PM', 'month-first', '2026-03-02T12:05:00Z'],
    ['02/03/26 09:05', 'day-first', '2026-03-02T09:05:00Z'],
    ['25/03/2026 09:05', 'month-first', '2026-03-25T09:05:00Z'],
    ['03/03/2026 09:05', null, '2026-03-03T09:05:00Z'],
  ] as const)('%s where days stand %s is %s', (text, order, expected) => {
    expect(readMeetingTime(text, order)?.micros).toBe(Date.parse(expected) * 1000)
  })

  it.each([
    '03/02/2026 09:05',
    '2026-03-02',
    '31/04/2026 09:05',
    '2 jui 2026, 09:05',
    '13:05:00 PM',
    '2026-03-02 25:00:00',
    'soon',
    '',
  ])('%s is not guessed', (text) => {
    expect(readMeetingTime(text, null)).toBeNull()
  })

  it('with an offset is an instant', () => {
    const expected = { micros: Date.parse('2026-03-02T08:05:00Z') * 1000, isWallTime: false }
    expect(readMeetingTime('2026-03-02T09:05:00+01:00', null)).toEqual(expected)
  })
})

describe('the order of day and month', () => {
  it.each([
    [['03/02/2026 09:00', '03/25/2026 09:00'], 'month-first'],
    [['03/02/2026 09:00 AM', '25/03/2026 09:00 AM'], 'day-first'],
    [['03/02/2026 09:00 AM'], 'month-first'],
    [['03/02/2026 09:00', '02.03.2026 09:00', 'Ann', ''], null],
    [['25/03/2026 09:00', '03/25/2026 09:00'], null],
  ])('of %j is %s', (texts, order) => {
    expect(dayOrderOf(texts)).toBe(order)
  })
})
