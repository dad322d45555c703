import { describe, expect, it } from 'vitest'
import { kindOfBuiltIn, kindOfFormat, plainDecimal, showNumber } from './number-format.ts'

describe('a number format', () => {
  it.each([
    ['General', 'plain'],
    ['#,##0.00 "days"', 'plain'],
    ['[Red]-0.00', 'plain'],
    ['[$-409]d-mmm-yy;@', 'date'],
    ['yyyy\\-mm\\-dd', 'date'],
    ['mmm', 'date'],
    ['dd/mm/yyyy hh:mm', 'date'],
    ['h:mm AM/PM', 'time'],
    ['[h]:mm:ss', 'time'],
    ['mm:ss.0', 'time'],
    ['0.0%', 'percent'],
    ['_-* #,##0.00_-;-* #,##0.00_-', 'plain'],
  ])('%s is %s', (code, kind) => {
    expect(kindOfFormat(code)).toBe(kind)
  })

  it.each([
    [0, 'plain'],
    [9, 'percent'],
    [14, 'date'],
    [20, 'time'],
    [22, 'date'],
    [46, 'time'],
    [49, 'plain'],
  ])('number %d is %s', (id, kind) => {
    expect(kindOfBuiltIn(id)).toBe(kind)
  })
})

describe('a number', () => {
  it.each([
    [0.1 + 0.2, '0.3'],
    [-12.5, '-12.5'],
    [1e21, '1000000000000000000000'],
    [1.5e-7, '0.00000015'],
    [-2e-9, '-0.000000002'],
    [1.2345e25, '12345000000000000000000000'],
    [5551234567, '5551234567'],
  ])('%d is written %s', (number, text) => {
    expect(plainDecimal(number)).toBe(text)
  })

  it.each([
    ['46326', 'date', false, '2026-10-31'],
    ['46326.5', 'date', false, '2026-10-31T12:00:00'],
    ['46326.34375', 'time', false, '2026-10-31T08:15:00'],
    ['1', 'date', false, '1900-01-01'],
    ['61', 'date', false, '1900-03-01'],
    ['44864', 'date', true, '2026-10-31'],
    ['-1', 'date', false, '-1'],
    ['99999999', 'date', false, '99999999'],
    ['1.104166666666667', 'time', false, '26:30:00'],
    ['0.333333', 'percent', false, '33.3333%'],
    ['8901260123456789012', 'plain', false, '8901260123456789012'],
    ['30.000000000000004', 'plain', false, '30'],
    ['', 'plain', false, ''],
    ['abc', 'date', false, 'abc'],
  ] as const)('%s as a %s (1904: %s) shows as %s', (text, kind, is1904, shown) => {
    expect(showNumber(text, kind, { is1904 })).toBe(shown)
  })
})
