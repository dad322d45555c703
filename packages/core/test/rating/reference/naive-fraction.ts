// Fractions as pairs of bigints, never in lowest terms; the denominator is positive. Imports nothing.

export type Fraction = readonly [bigint, bigint]
export const plus = (a: Fraction, b: Fraction): Fraction => [a[0] * b[1] + b[0] * a[1], a[1] * b[1]]
export const isLess = (a: Fraction, b: Fraction): boolean => a[0] * b[1] < b[0] * a[1]
/** Cents of a text in dollars. */
export const cents = (text: string): Fraction => {
  const [whole = '0', fraction = ''] = text.split('.')
  return [BigInt(whole + fraction) * 100n, 10n ** BigInt(fraction.length)]
}
export const round = ([top, bottom]: Fraction): bigint => (2n * top + bottom) / (2n * bottom)
