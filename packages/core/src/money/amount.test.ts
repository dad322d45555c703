import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { divideHalfAwayFromZero, formatAmount, parseAmount } from './amount.ts'
import { CURRENCY_CODES, isCurrency, minorDigitsOf } from './currency.ts'

describe('parseAmount', () => {
  it.each([
    ['12.50', 'USD', 1250n],
    ['-12.5', 'USD', -1250n],
    ['+0.01', 'USD', 1n],
    ['7', 'USD', 700n],
    ['12.5000', 'USD', 1250n],
    ['-0', 'USD', 0n],
    ['1250', 'JPY', 1250n],
    ['1250.0', 'JPY', 1250n],
    ['1.234', 'KWD', 1234n],
    ['92233720368547758.07', 'USD', 2n ** 63n - 1n],
  ])('reads %s %s as %s minor units', (text, currency, minor) => {
    expect(parseAmount(text, currency)).toEqual({ ok: true, minor })
  })

  it.each([
    ['12.505', 'USD', 'too-precise'],
    ['0.001', 'USD', 'too-precise'],
    ['1.5', 'JPY', 'too-precise'],
    ['92233720368547758.08', 'USD', 'too-large'],
    ['', 'USD', 'unreadable'],
    ['1,250.00', 'USD', 'unreadable'],
    ['$5', 'USD', 'unreadable'],
    ['1e3', 'USD', 'unreadable'],
    ['.5', 'USD', 'unreadable'],
    ['5.', 'USD', 'unreadable'],
    ['(5.00)', 'USD', 'unreadable'],
    ['--5', 'USD', 'unreadable'],
    ['NaN', 'USD', 'unreadable'],
    ['١٢', 'USD', 'unreadable'],
  ])('refuses %j %s as %s', (text, currency, reason) => {
    expect(parseAmount(text, currency)).toEqual({ ok: false, reason })
  })

  it('reads back every amount that formatAmount writes', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }),
        fc.constantFrom('USD', 'JPY', 'KWD', 'CLF'),
        (minor, currency) => {
          expect(parseAmount(formatAmount(minor, currency), currency)).toEqual({ ok: true, minor })
        },
      ),
    )
  })
})

describe('divideHalfAwayFromZero', () => {
  it.each([
    [5n, 2n, 3n],
    [-5n, 2n, -3n],
    [4n, 3n, 1n],
    [-4n, 3n, -1n],
    [5n, 3n, 2n],
    [0n, 7n, 0n],
    [249n, 100n, 2n],
    [250n, 100n, 3n],
  ])('%s over %s is %s', (numerator, denominator, expected) => {
    expect(divideHalfAwayFromZero(numerator, denominator)).toBe(expected)
  })
})

describe('the currency table', () => {
  it('gives the minor digits that the platform has, but where CLDR drops decimals that ISO 4217 keeps', () => {
    const platformDigits = (currency: string) =>
      new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits
    const differing = CURRENCY_CODES.filter((code) => minorDigitsOf(code) !== platformDigits(code))
    expect(differing.join(' ')).toBe('AFN ALL COP HUF IDR IQD IRR KPW LAK LBP MGA MMK PKR SOS SYP YER')
  })

  it.each(['USD', 'XCG', 'SLE', 'BGN'])('knows %s', (code) => expect(isCurrency(code)).toBe(true))
  it.each(['usd', 'XXX', 'DEM', '', 'US$', 'toString'])('does not know %j', (code) =>
    expect(isCurrency(code)).toBe(false),
  )
})
