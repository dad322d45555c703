// Evaluates the formulas that allocation and rating print, with exact fractions, so that a printed formula can be proved
// against the stored amount. Reads + - * / parentheses, plain decimals, floor(x, unit) and round(x, unit), which rounds half
// away from zero; refuses everything else.

import { divideHalfAwayFromZero } from '../money/amount.ts'
import { minorDigitsOf } from '../money/currency.ts'
import { addRationals, parseDecimal, type Rational, rationalOf } from './rational.ts'

/** Deeper texts are none of ours, and would exhaust the stack. */
const DEPTH_MAX = 50

/**
 * The value in minor units of the currency; null where the text is no formula, or its value is no whole number of them.
 *
 * `floor(25.00 + (3000.00 - 2500.00) * 1 / 299, 0.01) + 0.01`, USD is 2668n.
 */
export function evaluateFormula(text: string, currency: string): bigint | null {
  const value = evaluateExactly(text)
  if (value === null) return null
  const minor = rationalOf(value.numerator * 10n ** BigInt(minorDigitsOf(currency)), value.denominator)
  return minor.denominator === 1n ? minor.numerator : null
}

/** The exact value; null where the text is no formula, or divides by zero. */
export function evaluateExactly(text: string): Rational | null {
  const tokens = tokensOf(text)
  if (tokens === null) return null
  const cursor: Cursor = { tokens, next: 0, depth: 0 }
  const value = readSum(cursor)
  return cursor.next === tokens.length ? value : null
}

type Cursor = { readonly tokens: ReadonlyArray<string>; next: number; depth: number }

function tokensOf(text: string): ReadonlyArray<string> | null {
  const tokens = text.match(/\d+(?:\.\d+)?|floor|round|[-+*/(),]|\S/g) ?? []
  return tokens.every((token) => /^(?:\d+(?:\.\d+)?|floor|round|[-+*/(),])$/.test(token)) ? tokens : null
}

function take(cursor: Cursor, ...wanted: ReadonlyArray<string>): string | null {
  const token = cursor.tokens[cursor.next]
  if (token === undefined || !wanted.includes(token)) return null
  cursor.next += 1
  return token
}

function readSum(cursor: Cursor): Rational | null {
  let left = readProduct(cursor)
  for (let sign = take(cursor, '+', '-'); sign !== null; sign = take(cursor, '+', '-')) {
    const right = readProduct(cursor)
    if (left === null || right === null) return null
    left = addRationals(left, sign === '-' ? negate(right) : right)
  }
  return left
}

function readProduct(cursor: Cursor): Rational | null {
  let left = readFactor(cursor)
  for (let sign = take(cursor, '*', '/'); sign !== null; sign = take(cursor, '*', '/')) {
    const right = readFactor(cursor)
    if (left === null || right === null) return null
    if (sign === '/' && right.numerator === 0n) return null
    left =
      sign === '*'
        ? rationalOf(left.numerator * right.numerator, left.denominator * right.denominator)
        : rationalOf(left.numerator * right.denominator, left.denominator * right.numerator)
  }
  return left
}

function readFactor(cursor: Cursor): Rational | null {
  if (cursor.depth >= DEPTH_MAX) return null
  cursor.depth += 1
  const value = readNested(cursor)
  cursor.depth -= 1
  return value
}

function readNested(cursor: Cursor): Rational | null {
  if (take(cursor, '-') !== null) {
    const value = readFactor(cursor)
    return value && negate(value)
  }
  const rounding = take(cursor, 'floor', 'round')
  if (rounding !== null) return readRounded(cursor, rounding === 'floor' ? divideDown : divideHalfAwayFromZero)
  if (take(cursor, '(') !== null) {
    const value = readSum(cursor)
    return take(cursor, ')') === null ? null : value
  }
  const value = parseDecimal(cursor.tokens[cursor.next] ?? '')
  if (value !== null) cursor.next += 1
  return value
}

type Divide = (numerator: bigint, denominator: bigint) => bigint

function readRounded(cursor: Cursor, divide: Divide): Rational | null {
  if (take(cursor, '(') === null) return null
  const value = readSum(cursor)
  if (take(cursor, ',') === null) return null
  const unit = readSum(cursor)
  if (take(cursor, ')') === null || value === null || unit === null || unit.numerator <= 0n) return null
  const whole = divide(value.numerator * unit.denominator, value.denominator * unit.numerator)
  return rationalOf(whole * unit.numerator, unit.denominator)
}

function divideDown(numerator: bigint, denominator: bigint): bigint {
  const isInexact = numerator % denominator !== 0n
  return numerator / denominator - (numerator < 0n && isInexact ? 1n : 0n)
}

function negate({ numerator, denominator }: Rational): Rational {
  return { numerator: -numerator, denominator }
}
