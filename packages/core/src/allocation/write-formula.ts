// Writes the arithmetic behind one row, in major units, so that it evaluates exactly to the row's adjusted amount.

import { formatAmount } from '../money/amount.ts'
import { formatRational, rationalOf } from './rational.ts'
import type { Settlement } from './settle.ts'

/** One minor unit in major units: `0.01` for USD, `1` for JPY. */
export function unitOf(currency: string): string {
  return formatAmount(1n, currency)
}

/**
 * A function from a participant's index (or, one past them, that of the *unused* row) to its formula:
 *
 * - `3000.00 * 200 / 299` · `floor(25.00 + (3000.00 - 2500.00) * 200 / 299, 0.01) + 0.01`
 * - held at the cap: `50.00` · a credit: `-(floor(10.00 * 1 / 3, 0.01))`
 */
export function formulaWriter({
  settlement,
  chargeMinor,
  capMinor,
  isCredit,
  currency,
}: {
  readonly settlement: Settlement
  readonly chargeMinor: bigint
  readonly capMinor: bigint | null
  readonly isCredit: boolean
  readonly currency: string
}): (index: number) => string {
  const { base, final, finalUnused, deductions, isHeld, hasUnit, hasFraction } = settlement
  const charge = formatAmount(chargeMinor, currency)
  const taken = deductions.map((deduction) => ` - ${formatAmount(deduction, currency)}`).join('')
  const rest = taken === '' ? charge : `(${charge}${taken})`
  const total = writeWeight(final.total + finalUnused, final.denominator)
  const unit = unitOf(currency)
  const cap = capMinor === null ? '' : formatAmount(capMinor, currency)
  const signed = (text: string) => (isCredit ? `-(${text})` : text)
  // All rows of one kind differ in their weight alone, so what stands around it is written once: a million formulas are
  // then two joins each. Ends by whether the share has a fraction, and whether it takes a leftover unit.
  const close = isCredit ? ')' : ''
  const exactEnd = ` / ${total}${close}`
  const flooredEnd = ` / ${total}, ${unit})${close}`
  const liftedEnd = ` / ${total}, ${unit}) + ${unit}${close}`
  const beginning = (before: bigint, hasFloor: boolean) =>
    `${isCredit ? '-(' : ''}${hasFloor ? 'floor(' : ''}${before === 0n ? '' : `${formatAmount(before, currency)} + `}${rest} * `
  let begun = { before: -1n, exact: '', floored: '' }
  return (index) => {
    if (isHeld[index] === 1) return signed(cap)
    const weight = writeWeight(
      index < base.length ? (final.numerators[index] as bigint) : finalUnused,
      final.denominator,
    )
    const before = index < base.length ? (base[index] as bigint) : 0n
    if (begun.before !== before) begun = { before, exact: beginning(before, false), floored: beginning(before, true) }
    if (hasFraction[index] !== 1) return begun.exact + weight + exactEnd
    return begun.floored + weight + (hasUnit[index] === 1 ? liftedEnd : flooredEnd)
  }
}

function writeWeight(numerator: bigint, denominator: bigint): string {
  if (denominator === 1n) return numerator.toString()
  const weight = formatRational(rationalOf(numerator, denominator))
  return weight.includes('/') ? `(${weight})` : weight
}
