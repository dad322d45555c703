import { describe, expect, it } from 'vitest'
import { productOf, readBillPeriod, readDateWithin, readShareGroup } from './written-values.ts'

const day = (text: string) => text as Parameters<typeof readDateWithin>[1]['startOn']

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
})

describe('dates', () => {
  it('gives a date without a year the year of its bill', () => {
    const period = { startOn: day('2025-12-15'), endOn: day('2026-01-15') }
    expect(readDateWithin('Dec 20', period)).toBe('2025-12-20')
    expect(readDateWithin('01/03', period)).toBe('2026-01-03')
    expect(readDateWithin('Jan 15', period)).toBeNull()
  })
})

describe('groups and products', () => {
  it('names a share group without regard to case and blanks', () => {
    expect(readShareGroup(' Group   7 ')).toBe('GROUP 7')
    expect(readShareGroup('N/A')).toBe('')
  })

  it('names a product without what changes every month', () => {
    expect(productOf('Device payment agreement 1234567 - Payment 12 of 36')).toBe('Device payment agreement')
    expect(productOf('BUSINESS UNL PLUS 5G SHARE')).toBe('BUSINESS UNL PLUS 5G SHARE')
  })
})
