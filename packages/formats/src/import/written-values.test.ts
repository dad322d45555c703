import { describe, expect, it } from 'vitest'
import { periodEndingOn, readAmountText, readDate, readTimeOfDay, readWirelessNumber } from './written-values.ts'

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

describe('cycles', () => {
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

describe('numbers', () => {
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
})
