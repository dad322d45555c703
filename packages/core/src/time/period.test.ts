import { describe, expect, it } from 'vitest'
import { addMonths, dayNumber, fromDayNumber, type LocalDate, parseLocalDate } from './local-date.ts'
import { daysIn, fromInclusive, monthOfBill, monthsIn, overlapDays, parsePeriod, shiftPeriod } from './period.ts'

const date = (text: string) => parseLocalDate(text) as LocalDate
const range = (startOn: string, endOn: string) => ({ startOn: date(startOn), endOn: date(endOn) })

describe('a local date', () => {
  it.each(['2026-02-30', '2026-13-01', '2025-02-29', '2026-1-1', '2026-10-31T00:00', '', '26-01-01'])(
    'is not %j',
    (text) => expect(parseLocalDate(text)).toBeNull(),
  )
  it.each(['2024-02-29', '0001-01-01', '9999-12-31'])('is %s', (text) => expect(parseLocalDate(text)).toBe(text))
  it('counts days both ways', () => {
    expect(dayNumber(date('1970-01-02'))).toBe(1)
    expect(fromDayNumber(dayNumber(date('2024-02-29')) + 1)).toBe('2024-03-01')
  })
  it.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2024-01-31', 1, '2024-02-29'],
    ['2026-01-15', -1, '2025-12-15'],
    ['2026-10-01', 3, '2027-01-01'],
  ])('%s and %i months is %s', (from, months, to) => expect(addMonths(date(from), months)).toBe(to))
})

describe('a period', () => {
  it.each(['2026-10', '2026-10-01'])('is named %s', (text) =>
    expect(parsePeriod(text)).toEqual({ name: '2026-10', ...range('2026-10-01', '2026-11-01') }),
  )
  it.each(['2026-10-02', '2026', '2026-13', 'October', ''])('is not named %j', (text) =>
    expect(parsePeriod(text)).toBeNull(),
  )
  it('has its days, a leap day too', () => expect(daysIn(range('2024-02-01', '2024-03-01'))).toBe(29))
  it('moves by months over a year', () =>
    expect(shiftPeriod(parsePeriod('2026-01') as NonNullable<ReturnType<typeof parsePeriod>>, -1).name).toBe('2025-12'))
  it('turns an inclusive end into an exclusive one', () =>
    expect(fromInclusive(date('2026-10-01'), date('2026-10-31'))).toEqual(range('2026-10-01', '2026-11-01')))
  it.each([
    ['within', '2026-10-05', '2026-10-10', 5],
    ['across', '2026-09-25', '2026-10-03', 2],
    ['apart', '2026-11-01', '2026-12-01', 0],
  ])('overlaps a range %s', (_, from, to, days) =>
    expect(overlapDays(range('2026-10-01', '2026-11-01'), range(from, to))).toBe(days),
  )
})

describe('the months of a range', () => {
  it.each([
    ['2026-10-15', '2027-01-01', ['2026-10', '2026-11', '2026-12']],
    ['2026-10-15', '2027-01-02', ['2026-10', '2026-11', '2026-12', '2027-01']],
    ['2026-10-01', '2026-10-01', []],
    ['9999-11-20', '9999-12-31', ['9999-11', '9999-12']],
    ['9999-12-30', '9999-12-31', ['9999-12']],
  ])('from %s until %s are %j', (from, until, names) => {
    const found: string[] = []
    for (const { name } of monthsIn(range(from, until))) {
      found.push(name)
      if (found.length > names.length) break
    }
    expect(found).toEqual(names)
  })
})

describe('the month of a bill', () => {
  it.each([
    ['a calendar month', '2026-10-01', '2026-11-01', '2026-10'],
    ['most days in the later', '2026-10-20', '2026-11-20', '2026-11'],
    ['15 September to 15 October has 16 days in September', '2026-09-15', '2026-10-15', '2026-09'],
    ['a tie goes to the earlier', '2026-10-22', '2026-11-11', '2026-10'],
    ['a quarter goes to the first of its longest months', '2026-10-01', '2027-01-01', '2026-10'],
    ['a year from mid-January', '2026-01-15', '2027-01-15', '2026-03'],
    ['one day', '2026-10-31', '2026-11-01', '2026-10'],
  ])('%s', (_, from, to, month) => expect(monthOfBill(range(from, to)).name).toBe(month))
})

describe('a bill without end', () => {
  it('belongs to its first long month, found without going through the years', () => {
    expect(monthOfBill(range('2026-02-01', '9999-12-31')).name).toBe('2026-03')
    expect(monthOfBill(range('9999-12-01', '9999-12-31')).name).toBe('9999-12')
    const startedAt = performance.now()
    for (let bill = 0; bill < 200; bill += 1) monthOfBill(range('0000-01-01', '9999-12-31'))
    expect(performance.now() - startedAt).toBeLessThan(1000)
  })
})
