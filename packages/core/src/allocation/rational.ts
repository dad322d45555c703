// Exact fractions of bigints for weights and shares. No floating-point number enters or leaves.

/** In lowest terms; the denominator is positive. */
export type Rational = { readonly numerator: bigint; readonly denominator: bigint }

/** The fraction `numerator / denominator` in lowest terms; the denominator is not 0. */
export function rationalOf(numerator: bigint, denominator: bigint = 1n): Rational {
  if (denominator === 1n) return { numerator, denominator }
  const divisor = greatestCommonDivisor(numerator, denominator) * (denominator < 0n ? -1n : 1n)
  return { numerator: numerator / divisor, denominator: denominator / divisor }
}

/** Reads a plain decimal (`25`, `-0.125`; no exponent, no separators); null for anything else. */
export function parseDecimal(text: string): Rational | null {
  const match = /^([+-]?)(\d{1,40})(?:\.(\d{1,40}))?$/.exec(text)
  if (!match) return null
  const fraction = match[3] ?? ''
  const magnitude = BigInt(`${match[2]}${fraction}`)
  return rationalOf(match[1] === '-' ? -magnitude : magnitude, 10n ** BigInt(fraction.length))
}

/** `200`, or `1/3` where it is no integer. */
export function formatRational({ numerator, denominator }: Rational): string {
  return denominator === 1n ? numerator.toString() : `${numerator}/${denominator}`
}

/** Negative, 0 or positive, as for a sort. */
export function compareRationals(left: Rational, right: Rational): number {
  const difference = left.numerator * right.denominator - right.numerator * left.denominator
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

export function addRationals(left: Rational, right: Rational): Rational {
  if (left.denominator === right.denominator) {
    return rationalOf(left.numerator + right.numerator, left.denominator)
  }
  const numerator = left.numerator * right.denominator + right.numerator * left.denominator
  return rationalOf(numerator, left.denominator * right.denominator)
}

/** Not negative; of 0 and 0 it is 0. */
export function greatestCommonDivisor(left: bigint, right: bigint): bigint {
  let a = left < 0n ? -left : left
  let b = right < 0n ? -right : right
  while (b > 0n) [a, b] = [b, a % b]
  return a
}
