import { describe, expect, it } from 'vitest'
import {
  periodEndingOn,
  productOf,
  readAmountText,
  readBillPeriod,
  readDate,
  readDateWithin,
  readShareGroup,
  readTimeOfDay,
  readWirelessNumber,
} from './written-values.ts'

const day = (text: string) => text as Parameters<typeof periodEndingOn>[0]

describe('amounts', () => {
  it.each([
    ['45.00', '45.00'],
    ['$45.00', '45.00'],
    ['$1,234,567.89', '1234567.89'],
    ['($10.00)', '-10.00'],
    ['(10.00)', '-10.00'],
    ['-10.00', '-10.00'],
    ['-$10.00', '-10.00'],
    ['$-10.00', '-10.00'],
    ['(-10.00)', '-10.00'],
    ['.50', '0.50'],
    ['0', '0'],
  ])('reads %s as %s', (written, text) => expect(readAmountText(written)).toBe(text))

  it.each(['', 'free', '1,23', '1.2.3', '12,34.00', '(10.00', '--1', '$', '1e3', '10.00 CR'])(
    'refuses "%s"',
    (written) => expect(readAmountText(written)).toBeNull(),
  )
})

describe('bill periods', () => {
  it.each([
    ['Jan 1 - Jan 31, 2026', '2026-01-01', '2026-02-01'],
    ['Dec 15 - Jan 14, 2026', '2025-12-15', '2026-01-15'],
    ['Dec 15, 2025 - Jan 14, 2026', '2025-12-15', '2026-01-15'],
    ['February 1 - February 29, 2028', '2028-02-01', '2028-03-01'],
    ['01/16/2026 - 02/15/2026', '2026-01-16', '2026-02-16'],
    ['Jan 1, 2026 to Jan 31, 2026', '2026-01-01', '2026-02-01'],
  ])('reads %s half-open', (written, startOn, endOn) => expect(readBillPeriod(written)).toEqual({ startOn, endOn }))

  it.each([
    '',
    'January 2026',
    'Jan 1 - Jan 31',
    'Feb 1 - Feb 30, 2026',
    'Jan 31, 2026 - Jan 1, 2026',
    'Foo 1 - Foo 2, 2026',
  ])('refuses "%s"', (written) => expect(readBillPeriod(written)).toBeNull())

  it('takes the month that ends with the cycle date where no period is given', () => {
    expect(periodEndingOn(day('2026-01-31'))).toEqual({ startOn: '2026-01-01', endOn: '2026-02-01' })
    expect(periodEndingOn(day('2026-01-14'))).toEqual({ startOn: '2025-12-15', endOn: '2026-01-15' })
  })
})

describe('dates and times', () => {
  it.each([
    ['Jan 31, 2026', '2026-01-31'],
    ['Sept 5, 2026', '2026-09-05'],
    ['1/5/2026', '2026-01-05'],
    ['2026-01-31', '2026-01-31'],
  ])('reads %s', (written, date) => expect(readDate(written)).toBe(date))

  it.each(['Feb 30, 2026', 'Jan 31', '31.01.2026', '13/01/2026', 'today', ''])('refuses "%s"', (written) =>
    expect(readDate(written)).toBeNull(),
  )

  it('gives a date without a year the year of its bill', () => {
    const period = { startOn: day('2025-12-15'), endOn: day('2026-01-15') }
    expect(readDateWithin('Dec 20', period)).toBe('2025-12-20')
    expect(readDateWithin('01/03', period)).toBe('2026-01-03')
    expect(readDateWithin('Jan 15', period)).toBeNull()
  })

  it.each([
    ['10:26 PM', '22:26:00'],
    ['12:05A', '00:05:00'],
    ['12:00 p.m.', '12:00:00'],
    ['22:26:05', '22:26:05'],
  ])('reads %s', (written, time) => expect(readTimeOfDay(written)).toBe(time))

  it.each(['25:00', '13:00 PM', '0:10 AM', '10:61', 'noon'])('refuses "%s"', (written) =>
    expect(readTimeOfDay(written)).toBeNull(),
  )
})

describe('numbers, groups and products', () => {
  it.each([
    ['555-123-4567', '5551234567'],
    ['(555) 123-4567', '5551234567'],
    ['1-555-123-4567', '5551234567'],
    ['5551234567', '5551234567'],
    ['N/A', ''],
    ['', ''],
    ['NA', ''],
    ['HOME PHONE 7', 'HOME PHONE 7'],
    ['+44 20 7946 0000', '+44 20 7946 0000'],
  ])('takes the wireless number %s as "%s"', (written, service) => expect(readWirelessNumber(written)).toBe(service))

  it('names a share group without regard to case and blanks', () => {
    expect(readShareGroup(' Group   7 ')).toBe('GROUP 7')
    expect(readShareGroup('N/A')).toBe('')
  })

  it('names a product without what changes every month', () => {
    expect(productOf('Device payment agreement 1234567 - Payment 12 of 36')).toBe('Device payment agreement')
    expect(productOf('BUSINESS UNL PLUS 5G SHARE')).toBe('BUSINESS UNL PLUS 5G SHARE')
  })
})
