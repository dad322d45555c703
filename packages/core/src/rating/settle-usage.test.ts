import { describe, expect, it } from 'vitest'
import type { LocalDate } from '../time/local-date.ts'
import { timeBandAt } from './peak-hours.ts'
import type { Rate, RatePlan } from './rate-plan.ts'
import { rateFor, roundUp, settleUsage } from './settle-usage.ts'
import { type ClassMatch, firstMatch, formatUsageClass, type UsageClass } from './usage-class.ts'
import { ZoneClock } from './zone-clock.ts'

const VOICE: UsageClass = { usageType: 'voice', zone: '', timeBand: '', network: '' }
const match = (rest: Partial<ClassMatch> = {}): ClassMatch => ({
  usageType: 'voice',
  zone: null,
  timeBand: null,
  network: null,
  ...rest,
})
const block = (first: bigint, following: bigint) => ({ text: '', firstBase: first, followingBase: following })
const rate = (rest: Partial<Rate>): Rate => ({
  match: match(),
  product: '',
  price: '0.05',
  per: { text: '1 min', base: 60n },
  increment: null,
  minimum: null,
  connection: null,
  ...rest,
})
const weekdays = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, fromMinute: 7 * 60, untilMinute: 19 * 60 }))
const peak = { spans: weekdays, holidays: ['2026-12-25' as LocalDate] }
const plan = (rates: ReadonlyArray<Rate>): RatePlan => ({ ratePlan: 'r', name: '', rates, peak })
const micros = (iso: string) => Date.parse(iso) * 1000
const newYork = () => new ZoneClock('America/New_York')

describe('the billed quantity', () => {
  it.each([
    ['60/60', 61n, block(60n, 60n), 120n],
    ['60/60', 60n, block(60n, 60n), 60n],
    ['30/6', 31n, block(30n, 6n), 36n],
    ['30/6', 3n, block(30n, 6n), 30n],
    ['1/1', 61n, block(1n, 1n), 61n],
    ['1 kB', 1001n, block(1000n, 1000n), 2000n],
    ['60/60 of nothing', 0n, block(60n, 60n), 0n],
    ['60/60 of a correction', -61n, block(60n, 60n), -120n],
  ])('of %s: %i', (_, used, increment, billed) => {
    expect(roundUp(used, increment)).toBe(billed)
  })

  it('is the raw one where no line prices the class, or the product has no plan', () => {
    const usage = { product: 'p', usageClass: VOICE, startMicros: 0, clock: newYork(), quantityBase: 61n }
    const other = plan([rate({ match: match({ usageType: 'data' }), increment: block(60n, 60n) })])
    expect(settleUsage({ ...usage, ratePlan: other }).billedBase).toBe(61n)
    expect(settleUsage({ ...usage, ratePlan: null })).toEqual({ usageClass: VOICE, billedBase: 61n })
    expect(settleUsage({ ...usage, ratePlan: plan([rate({ increment: block(60n, 60n) })]) }).billedBase).toBe(120n)
  })
})

describe('the time band', () => {
  it.each([
    ['a weekday morning', '2026-10-05T11:00:00Z', 'peak'],
    ['a minute before', '2026-10-05T10:59:59.999Z', 'off-peak'],
    ['its last minute', '2026-10-05T22:59:59Z', 'peak'],
    ['its end', '2026-10-05T23:00:00Z', 'off-peak'],
    ['a Saturday', '2026-10-10T15:00:00Z', 'weekend'],
    ['a holiday', '2026-12-25T15:00:00Z', 'off-peak'],
    ['Friday evening there, Saturday in UTC', '2026-10-10T01:00:00Z', 'off-peak'],
    ['the same hour after clocks went back', '2026-11-02T11:00:00Z', 'off-peak'],
    ['an hour later by UTC', '2026-11-02T12:00:00Z', 'peak'],
    ['after clocks went forward', '2026-03-09T11:00:00Z', 'peak'],
  ])('of %s', (_, at, band) => {
    expect(timeBandAt(peak, micros(at), newYork())).toBe(band)
  })

  it('is that of the row where it says one', () => {
    const usage = { ratePlan: plan([rate({})]), product: 'p', startMicros: micros('2026-10-05T15:00:00Z') }
    const rest = { clock: newYork(), quantityBase: 1n }
    const own = settleUsage({ ...usage, ...rest, usageClass: { ...VOICE, timeBand: 'weekend' } })
    expect(own.usageClass.timeBand).toBe('weekend')
    expect(settleUsage({ ...usage, ...rest, usageClass: VOICE }).usageClass.timeBand).toBe('peak')
  })
})

describe('the line that prices a class', () => {
  it('is the first that matches class and product', () => {
    const rates = [
      rate({ match: match({ zone: 'roaming' }), price: '1' }),
      rate({ product: 'q', price: '2' }),
      rate({ price: '3' }),
    ]
    expect(rateFor(plan(rates), 'p', { ...VOICE, zone: 'roaming' })?.price).toBe('1')
    expect(rateFor(plan(rates), 'q', VOICE)?.price).toBe('2')
    expect(rateFor(plan(rates), 'p', VOICE)?.price).toBe('3')
    expect(rateFor(plan(rates), 'p', { ...VOICE, usageType: 'data' })).toBeNull()
  })

  it.each<[string, ReadonlyArray<ClassMatch>, Partial<UsageClass>, number]>([
    ['no zone is domestic', [match({ zone: 'domestic' })], {}, 0],
    ['no network is off-net', [match({ network: 'on-net' }), match({ network: 'off-net' })], {}, 1],
    ['no band is none of the bands', [match({ timeBand: 'peak' }), match({ timeBand: 'off-peak' })], {}, -1],
    ['off-peak takes the weekend', [match({ timeBand: 'off-peak' })], { timeBand: 'weekend' }, 0],
    [
      'unless the weekend is named',
      [match({ timeBand: 'off-peak' }), match({ timeBand: 'weekend' })],
      { timeBand: 'weekend' },
      1,
    ],
    [
      'for such usage',
      [match({ timeBand: 'off-peak' }), match({ timeBand: 'weekend', zone: 'roaming' })],
      { timeBand: 'weekend' },
      0,
    ],
    ['peak does not', [match({ timeBand: 'peak' })], { timeBand: 'weekend' }, -1],
  ])('%s', (_, list, usage, expected) => {
    expect(firstMatch(list, { ...VOICE, ...usage })).toBe(expected)
  })

  it('shows a class as its words', () => {
    const usageClass = { ...VOICE, zone: 'domestic', timeBand: 'peak', network: 'on-net' } as const
    expect(formatUsageClass(usageClass)).toBe('voice domestic peak on-net')
    expect(formatUsageClass(VOICE)).toBe('voice')
  })
})
