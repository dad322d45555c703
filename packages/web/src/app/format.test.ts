import { describe, expect, it } from 'vitest'
import { type FormatSettings, makeFormat } from './format.ts'

const VIEWER: FormatSettings = { locale: 'en-GB', timeZone: 'Europe/London', currencyDisplay: 'code' }
const formatOf = (change: Partial<FormatSettings> = {}) => makeFormat({ ...VIEWER, ...change })
/** Locales write other spaces than the space bar does. */
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f\u2009]/g, ' ').replaceAll('\u2019', "'")

describe('an amount', () => {
  it.each([
    ['en-US', 'code', '-1234567.89', 'USD', '-USD 1,234,567.89'],
    ['en-US', 'symbol', '-1234567.89', 'USD', '-$1,234,567.89'],
    ['de-DE', 'code', '-1234567.89', 'EUR', '-1.234.567,89 EUR'],
    ['de-DE', 'symbol', '12.00', 'EUR', '12,00 €'],
    ['de-CH', 'code', '1234.50', 'CHF', "CHF 1'234.50"],
    ['fr-FR', 'symbol', '1234.50', 'EUR', '1 234,50 €'],
    ['en-IN', 'code', '12345678.00', 'INR', 'INR 1,23,45,678.00'],
    ['ja-JP', 'code', '1250', 'JPY', 'JPY 1,250'],
    ['en-GB', 'code', '1.250', 'BHD', 'BHD 1.250'],
  ] as const)('in %s by %s: %s %s is %s', (locale, currencyDisplay, text, currency, shown) => {
    expect(plain(formatOf({ locale, currencyDisplay }).amount(text, currency))).toBe(shown)
  })

  it('keeps every digit of what no number holds', () => {
    expect(plain(formatOf().amount('9007199254740993.07', 'USD'))).toBe('USD 9,007,199,254,740,993.07')
    expect(formatOf().figure('123456789012345678901234567890.5')).toBe('123,456,789,012,345,678,901,234,567,890.5')
  })

  it.each(['', 'free', '1/3 minor units', '1e5'])('is left as it came where it is no decimal: %j', (text) => {
    expect(formatOf().amount(text, 'USD')).toBe(text)
  })
})

describe('a time', () => {
  it.each([
    ['Europe/London', '31 Oct 2026, 18:05'],
    ['America/New_York', '31 Oct 2026, 14:05'],
    ['Asia/Tokyo', '1 Nov 2026, 03:05'],
  ])('in %s is %s', (timeZone, shown) => {
    expect(formatOf({ timeZone }).instant('2026-10-31T18:05:00Z')).toBe(shown)
  })

  it('of no zone, a day and a month are the same wherever the viewer is', () => {
    for (const timeZone of ['Pacific/Honolulu', 'Pacific/Kiritimati']) {
      const format = formatOf({ timeZone })
      expect(format.wallTime('2026-10-31T23:59:30')).toBe('31 Oct 2026, 23:59:30')
      expect(format.date('2026-10-31')).toBe('31 Oct 2026')
      expect(format.period('2026-10')).toBe('October 2026')
    }
  })

  it.each(['yesterday', '2026-13-40', ''])('is left as it came where it is none: %j', (text) => {
    const format = formatOf()
    for (const shown of [format.instant(text), format.wallTime(text), format.date(text), format.period(text)])
      expect(shown).toBe(text)
  })
})

it('takes the locale and the zone of the browser where the viewer chose none', () => {
  const { locale, timeZone } = Intl.DateTimeFormat().resolvedOptions()
  const [browser, chosen] = [formatOf({ locale: undefined, timeZone: undefined }), formatOf({ locale, timeZone })]
  expect(browser.amount('-1234.50', 'USD')).toBe(chosen.amount('-1234.50', 'USD'))
  expect(browser.instant('2026-10-31T18:05:00Z')).toBe(chosen.instant('2026-10-31T18:05:00Z'))
})

it.each([
  ['en-GB', '0.790776384', '79.1%'],
  ['de-DE', '-0.5', '-50,0 %'],
  ['fr-FR', '1.0384', '103,8 %'],
])('in %s the share %s is %s', (locale, text, shown) => {
  expect(plain(formatOf({ locale }).share(text))).toBe(shown)
})

it.each([
  ['en-GB', '200000000000', 'data', '200.0 GB'],
  ['de-DE', '598049999999', 'data/domestic', '598,0 GB'],
  ['en-GB', '-90', 'voice', '-1.5 min'],
  ['fr-FR', '6750', 'messaging', '6 750'],
])('in %s usage of %s %s is %s', (locale, text, usageType, shown) => {
  expect(plain(formatOf({ locale }).usage(text, usageType))).toBe(shown)
})
