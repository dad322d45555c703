import { describe, expect, it } from 'vitest'
import { compileDateFormat, readByFormat, shiftDate } from './written-date.ts'
import { type NegativeForm, numberReader, secondsOf } from './written-number.ts'

const US = { decimal: '.', thousands: ',', negative: ['minus', 'parentheses'], currencySigns: ['$'] } as const
const DE = {
  decimal: ',',
  thousands: '.',
  negative: ['minus', 'trailing-minus', 'cr-suffix'],
  currencySigns: ['€'],
} as const
const FR = { decimal: ',', thousands: ' ', negative: ['minus'], currencySigns: ['EUR'] } as const
const CH = { decimal: '.', thousands: "'", negative: ['minus'], currencySigns: [] } as const
const PLAIN = { decimal: '.', thousands: '', negative: ['minus'] as NegativeForm[], currencySigns: [] } as const

describe('numbers', () => {
  it.each([
    [US, '$1,234.50', '1234.50'],
    [US, '($7.23)', '-7.23'],
    [US, '(-7.23)', '-7.23'],
    [US, '-$7.23', '-7.23'],
    [US, '.5', '0.5'],
    [DE, '1.234,50 €', '1234.50'],
    [DE, '10,00-', '-10.00'],
    [DE, '10,00 CR', '-10.00'],
    [DE, '1234,5', '1234.5'],
    [FR, '1\u00a0234,50 EUR', '1234.50'],
    [CH, "1'234.50", '1234.50'],
    [PLAIN, '-12', '-12'],
    [PLAIN, '+12', '12'],
  ])('%j: %s is %s', (writing, text, number) => expect(numberReader(writing)(text)).toBe(number))

  it.each([
    [US, '1.234,50'],
    [US, '12,34'],
    [US, '10.00 CR'],
    [DE, '1,234.50'],
    [DE, '(10,00)'],
    [DE, '1.23.456'],
    [PLAIN, '1,000'],
    [PLAIN, ''],
    [PLAIN, '1e5'],
    [PLAIN, '-'],
  ])('%j refuses %s', (writing, text) => expect(numberReader(writing)(text)).toBeNull())

  it.each([
    ['1:02:03', 'h:mm:ss', '3723'],
    ['02:03', 'h:mm:ss', '123'],
    ['000119', 'hhmmss', '79'],
    ['1:99:00', 'h:mm:ss', null],
    ['119', 'hhmmss', null],
  ] as const)('the duration %s as %s is %s', (text, form, seconds) => expect(secondsOf(text, form)).toBe(seconds))
})

describe('dates', () => {
  it.each([
    ['DD.MM.YYYY', '31.01.2026', '2026-01-31'],
    ['M/D/YY', '1/5/26', '2026-01-05'],
    ['MMM D, YYYY', 'Jan 31, 2026', '2026-01-31'],
    ['D MMM YYYY', '5 September 2026', '2026-09-05'],
    ['YYYYMMDD', '20260131', '2026-01-31'],
    ['YYYY-MM-DDTHH:mm:ss', '2026-01-31T22:26:05', '2026-01-31T22:26:05'],
    ['MM/DD/YYYY h:mm A', '01/31/2026 10:26 PM', '2026-01-31T22:26:00'],
    ['MM/DD/YYYY h:mm A', '01/31/2026 12:26 AM', '2026-01-31T00:26:00'],
  ])('%s reads %s', (format, text, iso) => {
    const compiled = compileDateFormat(format)
    expect(compiled && readByFormat(text, compiled)).toBe(iso)
  })

  it.each([
    ['DD.MM.YYYY', '31.02.2026'],
    ['DD.MM.YYYY', '1.2.2026'],
    ['DD.MM.YYYY', '31.01.2026 extra'],
    ['MMM D, YYYY', 'Foo 1, 2026'],
    ['MM/DD/YYYY h:mm A', '01/31/2026 13:26 PM'],
    ['YYYY-MM-DD HH:mm', '2026-01-31 24:00'],
  ])('%s refuses %s', (format, text) => {
    const compiled = compileDateFormat(format)
    expect(compiled).not.toBeNull()
    expect(compiled && readByFormat(text, compiled)).toBeNull()
  })

  it.each(['', 'YYYY-MM', 'DD.MM.YYYY DD', 'foo', 'YYYY-MM-DD Q'])('"%s" is no format', (format) =>
    expect(compileDateFormat(format)).toBeNull(),
  )

  it('moves by days, then by months', () => {
    expect(shiftDate('2026-01-15', { days: 1, months: -1 })).toBe('2025-12-16')
    expect(shiftDate('2026-03-31T10:00:00', { months: -1 })).toBe('2026-02-28T10:00:00')
  })
})
