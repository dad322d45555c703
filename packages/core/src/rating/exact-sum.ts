// A sum of prices times quantities, exact, that is rounded once (spec, money and units, "Money"). Counts in numbers while
// every product and sum is a safe integer over one denominator, and goes on in fractions of bigints where one is not.

import { addRationals, type Rational, rationalOf } from '../allocation/rational.ts'
import { divideHalfAwayFromZero } from '../money/amount.ts'
import type { ExactPrice } from './exact-price.ts'

export class ExactSum {
  #numerator = 0
  #denominator = 1
  #wide: Rational | null = null

  /** Adds a price times a whole quantity; a quantity above the safe integers is a bigint. */
  add(price: ExactPrice, quantity: number | bigint): void {
    if (this.#wide === null && typeof quantity === 'number') {
      const product = price.safeNumerator * quantity
      const sum = this.#numerator + product
      const isOfOne = price.safeDenominator === this.#denominator || this.#numerator === 0
      // A price that is no safe integer is NaN, and no NaN is safe.
      if (isOfOne && Number.isSafeInteger(product) && Number.isSafeInteger(sum) && price.safeDenominator > 0) {
        this.#numerator = sum
        this.#denominator = price.safeDenominator
        return
      }
    }
    const before = this.#wide ?? rationalOf(BigInt(this.#numerator), BigInt(this.#denominator))
    this.#wide = addRationals(before, rationalOf(price.numerator * BigInt(quantity), price.denominator))
  }

  /** Minor units, half away from zero. */
  rounded(): bigint {
    const number = this.#roundedNumber()
    if (number !== null) return BigInt(number)
    if (this.#wide !== null) return divideHalfAwayFromZero(this.#wide.numerator, this.#wide.denominator)
    return divideHalfAwayFromZero(BigInt(this.#numerator), BigInt(this.#denominator))
  }

  /** The same, as a number where that is a safe integer. */
  roundedSafely(): number | bigint {
    const number = this.#roundedNumber()
    if (number !== null) return number
    const exact = this.rounded()
    return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact
  }

  /** null where it is not found in safe integers. */
  #roundedNumber(): number | null {
    if (this.#wide !== null) return null
    const top = 2 * Math.abs(this.#numerator) + this.#denominator
    const bottom = 2 * this.#denominator
    if (!Number.isSafeInteger(top) || !Number.isSafeInteger(bottom)) return null
    // The remainder is exact where a quotient would be rounded.
    const rounded = (top - (top % bottom)) / bottom
    // Nothing is no negative zero.
    return this.#numerator < 0 && rounded > 0 ? -rounded : rounded
  }
}
