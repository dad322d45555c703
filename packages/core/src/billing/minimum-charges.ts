// What a minimum adds to a bill (spec, share plans, "Billing": minimums): the difference to what is due at least, by the days
// in force in the period of the bill, as recurring charges are; rounded once. Reads no rows and knows no other bill.

import { addRationals, type Rational, rationalOf } from '../allocation/rational.ts'
import { divideHalfAwayFromZero } from '../money/amount.ts'
import type { Product, RatedService } from '../rating/catalogue.ts'
import { exactMinor } from '../rating/exact-price.ts'
import type { LocalDate } from '../time/local-date.ts'
import { type DateRange, daysIn, overlapDays } from '../time/period.ts'

type InForce = Pick<RatedService, 'from' | 'until'>

const FIRST_DAY = '0000-01-01' as LocalDate
const LAST_DAY = '9999-12-31' as LocalDate

function rangeOf({ from, until }: InForce): DateRange {
  return { startOn: from ?? FIRST_DAY, endOn: until ?? LAST_DAY }
}

export type UsageMinimum = {
  /** Rows of one service on one account, each with its product. */
  readonly rows: ReadonlyArray<InForce & { readonly product: string }>
  readonly products: ReadonlyMap<string, Product>
  readonly currency: string
  /** Of the bill that the usage is on. */
  readonly period: DateRange
  /** What the usage of the service comes to on it. */
  readonly usageMinor: bigint
}

/** What one row of a service owes to the minimum of its product: `minimum` × days / periodDays. */
export type MinimumTerm = {
  readonly product: string
  /** Decimal text. */
  readonly minimum: string
  readonly days: number
  readonly periodDays: number
}

/** In the order of the rows; of those that are in force in the period and whose product asks for a minimum. */
export function minimumTerms({
  rows,
  products,
  period,
}: Pick<UsageMinimum, 'rows' | 'products' | 'period'>): MinimumTerm[] {
  return rows.flatMap((row) => {
    const minimum = products.get(row.product)?.minimum
    const days = overlapDays(rangeOf(row), period)
    return minimum === undefined || days === 0
      ? []
      : [{ product: row.product, minimum, days, periodDays: daysIn(period) }]
  })
}

/**
 * What the usage of a service is short of the minimum of its products, and the last product that asks for one; null where it is
 * not. 31.00 from 22 October is 10.00 for ten days; with usage of 4.00 it is 6.00 short.
 */
export function usageShortfall({
  currency,
  usageMinor,
  ...of
}: UsageMinimum): { readonly product: string; readonly amountMinor: bigint } | null {
  const terms = minimumTerms(of)
  const due = terms.reduce(
    (sum, { minimum, days }) => addRationals(sum, shareOf(minimum, { currency, days, period: of.period })),
    rationalOf(0n),
  )
  const amountMinor = divideHalfAwayFromZero(due.numerator, due.denominator) - usageMinor
  const product = terms.at(-1)?.product
  return product !== undefined && amountMinor > 0n ? { product, amountMinor } : null
}

export type BillMinimum = {
  /** Decimal text. */
  readonly minimum: string
  readonly currency: string
  readonly period: DateRange
  /** When anything on the bill was in force: services of the account, and of those whose usage it is billed. */
  readonly inForce: ReadonlyArray<InForce>
  /** Recurring charges and usage of the bill, adjustments to earlier bills left out. */
  readonly billedMinor: bigint
}

/** What a bill is short of its minimum, by the days on which the account had any service; 0n where it is not. */
export function billShortfall({ minimum, currency, period, inForce, billedMinor }: BillMinimum): bigint {
  const days = daysCovered(inForce.map(rangeOf), period)
  const { numerator, denominator } = shareOf(minimum, { currency, days, period })
  const amountMinor = divideHalfAwayFromZero(numerator, denominator) - billedMinor
  return amountMinor > 0n ? amountMinor : 0n
}

type Share = { readonly currency: string; readonly days: number; readonly period: DateRange }

function shareOf(amount: string, { currency, days, period }: Share): Rational {
  const whole = exactMinor(amount, currency)
  return rationalOf(whole.numerator * BigInt(days), whole.denominator * BigInt(daysIn(period)))
}

/** Days of the period that any range covers. */
function daysCovered(ranges: ReadonlyArray<DateRange>, period: DateRange): number {
  let days = 0
  let covered = period.startOn
  for (const { startOn, endOn } of [...ranges].sort((a, b) => (a.startOn < b.startOn ? -1 : 1))) {
    const from = startOn > covered ? startOn : covered
    if (endOn <= from) continue
    days += overlapDays({ startOn: from, endOn }, period)
    covered = endOn
  }
  return days
}
