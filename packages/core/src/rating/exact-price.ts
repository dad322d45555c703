// Prices as exact fractions of minor units for each base unit; nothing is divided before a row is posted.

import { compareRationals, parseDecimal, type Rational, rationalOf } from '../allocation/rational.ts'
import { invariant } from '../invariant.ts'
import { minorDigitsOf } from '../money/currency.ts'
import type { Rate } from './rate-plan.ts'

/** Minor units of a decimal text in major units, exact: `0.005` USD is 1/2. */
export function exactMinor(text: string, currency: string): Rational {
  const amount = parseDecimal(text)
  invariant(amount, 'a price that was read is a decimal', { text })
  return rationalOf(amount.numerator * 10n ** BigInt(minorDigitsOf(currency)), amount.denominator)
}

/** A fraction that is multiplied by quantities many times: its terms as numbers too, NaN where one is no safe integer. */
export type ExactPrice = Rational & { readonly safeNumerator: number; readonly safeDenominator: number }

export function exactPrice({ numerator, denominator }: Rational): ExactPrice {
  return { numerator, denominator, safeNumerator: safeNumber(numerator), safeDenominator: safeNumber(denominator) }
}

function safeNumber(integer: bigint): number {
  const number = Number(integer)
  return Number.isSafeInteger(number) ? number : Number.NaN
}

/** Minor units for one base unit: `0.10` USD per 1 MB is 1/100000 cents a byte. */
export function pricePerBase(said: { price: string; perBase: bigint; currency: string }): ExactPrice {
  const minor = exactMinor(said.price, said.currency)
  return exactPrice(rationalOf(minor.numerator, minor.denominator * said.perBase))
}

/** What an event pays out of bucket; exact minor units. */
export type OutPrice = {
  readonly rate: Rate
  readonly perBase: ExactPrice
  readonly minimum: ExactPrice | null
  readonly connection: ExactPrice | null
  /** Less than so many base units cost less than the minimum; 0 without one. */
  readonly minimumBelowBase: number
}

export function outPriceOf(rate: Rate, currency: string): OutPrice {
  const perBase = pricePerBase({ price: rate.price, perBase: rate.per.base, currency })
  const minimum = rate.minimum === null ? null : exactPrice(exactMinor(rate.minimum, currency))
  return {
    rate,
    perBase,
    minimum,
    connection: rate.connection === null ? null : exactPrice(exactMinor(rate.connection, currency)),
    minimumBelowBase: minimum === null ? 0 : minimumBelow(minimum, perBase),
  }
}

/** Whether an event with so much out of bucket costs less than the minimum, and so costs the minimum; exact for any size. */
export function isBelowMinimum({ minimum, perBase }: OutPrice, quantityBase: bigint): boolean {
  if (minimum === null) return false
  const costs = { numerator: perBase.numerator * quantityBase, denominator: perBase.denominator }
  return compareRationals(costs, minimum) < 0
}

/** The smallest whole quantity that costs at least the minimum; Infinity where no quantity of safe size does. */
function minimumBelow(minimum: Rational, perBase: Rational): number {
  if (minimum.numerator <= 0n) return 0
  if (perBase.numerator <= 0n) return Number.POSITIVE_INFINITY
  const top = minimum.numerator * perBase.denominator
  const bottom = minimum.denominator * perBase.numerator
  const quantity = (top + bottom - 1n) / bottom
  return quantity > BigInt(Number.MAX_SAFE_INTEGER) ? Number.POSITIVE_INFINITY : Number(quantity)
}
