// Recurring charges of products for one bill (spec, share plans, "Billing"): prorated by day, start inclusive, end exclusive,
// by the day count of each period; summed exactly and rounded once. Knows no bill but this one and what was billed ahead.

import { addRationals, type Rational, rationalOf } from '../allocation/rational.ts'
import { divideHalfAwayFromZero } from '../money/amount.ts'
import type { Product, RatedService } from '../rating/catalogue.ts'
import { exactMinor } from '../rating/exact-price.ts'
import type { LocalDate } from '../time/local-date.ts'
import { type DateRange, daysIn, overlapDays } from '../time/period.ts'

/** Days of a period that a bill before this one charged in advance, at the price of then for the whole period. */
export type BilledAhead = {
  readonly account: string
  readonly service: string
  readonly product: string
  /** Of the period that the days are in. */
  readonly periodStartOn: LocalDate
  readonly startOn: LocalDate
  readonly endOn: LocalDate
  /** Decimal text. */
  readonly price: string
}

/** So many days of a period, at a price for the whole of it. */
export type RecurringTerm = {
  /** Decimal text. */
  readonly price: string
  readonly days: number
  readonly periodDays: number
  readonly periodStartOn: LocalDate
  /** What a bill before charged ahead, taken back. */
  readonly isTakenBack: boolean
}

export type RecurringLine = {
  readonly service: string
  readonly product: string
  /** What the terms come to, rounded once. */
  readonly amountMinor: bigint
  readonly terms: ReadonlyArray<RecurringTerm>
}

export type RecurringCharges = {
  /** Never 0; one per service and product, in their order. */
  readonly lines: ReadonlyArray<RecurringLine>
  /** Of the next period, for the bill after this one. */
  readonly ahead: ReadonlyArray<BilledAhead>
}

export type RecurringInput = {
  readonly account: string
  readonly currency: string
  /** Of the account; a row of a service that changed its product or came back is a row of its own. */
  readonly services: ReadonlyArray<RatedService>
  readonly products: ReadonlyMap<string, Product>
  /** The billing period of the bill, and the one after it. */
  readonly period: DateRange
  readonly next: DateRange
  /** What the bill before charged of `period`. */
  readonly ahead: ReadonlyArray<BilledAhead>
}

/**
 * In arrears the days of this period; in advance the days of the next, and those of this one that were not billed ahead.
 * What was billed ahead and is not due after all is taken back. 31.00 a month in advance, from 21 October, none billed
 * before: 11 days of October 11.00, and 31.00 for November, 42.00 in one line. Ended on 16 November after that: 15.50 back.
 */
export function recurringCharges(input: RecurringInput): RecurringCharges {
  const owed = new Map<string, { service: string; product: string; terms: RecurringTerm[] }>()
  const ahead: BilledAhead[] = []
  const add = (service: string, product: string, term: RecurringTerm): void => {
    if (term.days === 0) return
    const key = JSON.stringify([service, product])
    const known = owed.get(key)
    if (known) known.terms.push(term)
    else owed.set(key, { service, product, terms: [term] })
  }
  for (const { service, product, from, until } of input.services) {
    const recurring = input.products.get(product)?.recurring
    if (!recurring) continue
    const inForce = { startOn: from ?? FIRST_DAY, endOn: until ?? LAST_DAY }
    const due = (period: DateRange) => termOf({ price: recurring.amount, inForce, period })
    add(service, product, due(input.period))
    if (recurring.in === 'arrears') continue
    const days = clip(inForce, input.next)
    if (days === null) continue
    add(service, product, due(input.next))
    const { startOn: periodStartOn } = input.next
    ahead.push({ account: input.account, service, product, periodStartOn, ...days, price: recurring.amount })
  }
  for (const { service, product, periodStartOn, startOn, endOn, price } of input.ahead) {
    if (periodStartOn !== input.period.startOn) continue
    const term = termOf({ price, inForce: { startOn, endOn }, period: input.period })
    add(service, product, { ...term, isTakenBack: true })
  }
  const lines = [...owed.values()].map((line) => ({ ...line, amountMinor: amountOf(line.terms, input) }))
  return { lines: lines.filter(({ amountMinor }) => amountMinor !== 0n), ahead }
}

const FIRST_DAY = '0000-01-01' as LocalDate
const LAST_DAY = '9999-12-31' as LocalDate

type Due = { readonly price: string; readonly inForce: DateRange; readonly period: DateRange }

function termOf({ price, inForce, period }: Due): RecurringTerm {
  const [days, periodDays] = [overlapDays(inForce, period), daysIn(period)]
  return { price, days, periodDays, periodStartOn: period.startOn, isTakenBack: false }
}

function amountOf(terms: ReadonlyArray<RecurringTerm>, { currency }: RecurringInput): bigint {
  const exact = terms.map(({ price, days, periodDays, isTakenBack }): Rational => {
    const whole = exactMinor(price, currency)
    const numerator = whole.numerator * BigInt(days)
    return rationalOf(isTakenBack ? -numerator : numerator, whole.denominator * BigInt(periodDays))
  })
  const { numerator, denominator } = exact.reduce(addRationals, rationalOf(0n))
  return divideHalfAwayFromZero(numerator, denominator)
}

function clip(range: DateRange, period: DateRange): DateRange | null {
  const startOn = range.startOn > period.startOn ? range.startOn : period.startOn
  const endOn = range.endOn < period.endOn ? range.endOn : period.endOn
  return startOn < endOn ? { startOn, endOn } : null
}
