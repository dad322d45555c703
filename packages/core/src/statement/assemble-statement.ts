// Puts a statement together from the sums of one owner. Every total is the sum of the lines below it, made here, so that a
// paper cannot contradict itself. Refuses to show a month that was not closed as a zero.
import type { ActualAndAdjusted } from '../directory/cost-centre-tree.ts'
import { compareBytes } from '../money/largest-remainder.ts'
import { type Period, shiftPeriod } from '../time/period.ts'
import { type KeyedAmount, movesBetween } from '../trend/rank-movers.ts'
import { largestMovers } from './largest-movers.ts'
import type {
  Statement,
  StatementHeading,
  StatementLine,
  StatementMonth,
  StatementOwner,
  StatementSection,
  StatementService,
  StatementUsage,
} from './statement.ts'

/** How many months the chart shows, the statement's own included: the same month of the year before is beside it. */
export const STATEMENT_MONTHS = 13
export const STATEMENT_MOVERS = 10

export type StatementCharge = StatementLine & {
  readonly currency: string
  readonly service: string
  readonly name: string
}
export type StatementMonthSum = ActualAndAdjusted & { readonly period: string; readonly currency: string }

export type StatementParts = {
  readonly heading: StatementHeading
  readonly owner: StatementOwner
  /** Of the month, in any order; at most one per currency, service, vendor, category, usage type and flag. */
  readonly charges: ReadonlyArray<StatementCharge>
  /** Of the months before it. */
  readonly monthSums: ReadonlyArray<StatementMonthSum>
  /** Names of the months that have been closed. */
  readonly closedPeriods: ReadonlySet<string>
  /** Adjusted by service of the month before; its `name` is for services that have ended. */
  readonly before: ReadonlyArray<KeyedAmount & { readonly name: string }>
  readonly usage: ReadonlyArray<StatementUsage>
}

/** The months that a statement of `period` looks at, the earliest first and the period itself last. */
export function statementMonths(period: Period): Period[] {
  return Array.from({ length: STATEMENT_MONTHS }, (_, index) => shiftPeriod(period, index + 1 - STATEMENT_MONTHS))
}

export function assembleStatement(parts: StatementParts): Statement {
  const byCurrency = new Map<string, StatementCharge[]>()
  for (const charge of parts.charges) append(byCurrency, charge.currency, charge)
  const sections = [...byCurrency.entries()]
    .sort(([left], [right]) => compareBytes(left, right))
    .map(([currency, charges]) => sectionOf(parts, { currency, charges }))
  const usage = [...parts.usage].sort((left, right) => compareBytes(left.usageClass, right.usageClass))
  return { heading: parts.heading, owner: parts.owner, sections, usage }
}

function sectionOf(
  parts: StatementParts,
  { currency, charges }: { readonly currency: string; readonly charges: ReadonlyArray<StatementCharge> },
): StatementSection {
  const services = servicesOf(charges)
  const total = sumOf(services)
  return {
    currency,
    ...total,
    months: monthsOf(parts, { currency, total }),
    movers: moversOf(parts, { currency, services }),
    services,
  }
}

function servicesOf(charges: ReadonlyArray<StatementCharge>): StatementService[] {
  const byService = new Map<string, StatementCharge[]>()
  for (const charge of charges) append(byService, charge.service, charge)
  return [...byService.entries()]
    .sort(([left], [right]) => compareBytes(left, right))
    .map(([service, own]) => ({
      service,
      name: own.find(({ name }) => name !== '')?.name ?? '',
      ...sumOf(own),
      lines: own.map(toLine).sort(compareLines),
    }))
}

function toLine({ vendor, category, usageType, flag, actualMinor, adjustedMinor }: StatementCharge): StatementLine {
  return { vendor, category, usageType, flag, actualMinor, adjustedMinor }
}

function compareLines(left: StatementLine, right: StatementLine): number {
  return (
    compareBytes(left.vendor, right.vendor) ||
    compareBytes(left.category, right.category) ||
    compareBytes(left.usageType, right.usageType) ||
    compareBytes(left.flag, right.flag)
  )
}

function monthsOf(
  { heading, monthSums, closedPeriods }: StatementParts,
  { currency, total }: { readonly currency: string; readonly total: ActualAndAdjusted },
): StatementMonth[] {
  const sums = new Map(monthSums.filter((sum) => sum.currency === currency).map((sum) => [sum.period, sum]))
  return statementMonths(heading.period).map(({ name }) => {
    if (name === heading.period.name) return { period: name, amounts: total }
    if (!closedPeriods.has(name)) return { period: name, amounts: null }
    const { actualMinor, adjustedMinor } = sums.get(name) ?? { actualMinor: 0n, adjustedMinor: 0n }
    return { period: name, amounts: { actualMinor, adjustedMinor } }
  })
}

function moversOf(
  { heading, closedPeriods, before }: StatementParts,
  { currency, services }: { readonly currency: string; readonly services: ReadonlyArray<StatementService> },
): StatementSection['movers'] {
  if (!closedPeriods.has(shiftPeriod(heading.period, -1).name)) return null
  const earlier = before.filter((amount) => amount.currency === currency)
  const now = services.map(({ service, adjustedMinor }) => ({ key: service, currency, amountMinor: adjustedMinor }))
  const names = new Map([...earlier.map(({ key, name }) => [key, name] as const), ...services.map(namedService)])
  return largestMovers(movesBetween({ before: earlier, now }), { count: STATEMENT_MOVERS }).map((mover) => ({
    ...mover,
    name: names.get(mover.key) ?? '',
  }))
}

function namedService({ service, name }: StatementService): readonly [string, string] {
  return [service, name]
}

function sumOf(amounts: ReadonlyArray<ActualAndAdjusted>): ActualAndAdjusted {
  let [actualMinor, adjustedMinor] = [0n, 0n]
  for (const amount of amounts) {
    actualMinor += amount.actualMinor
    adjustedMinor += amount.adjustedMinor
  }
  return { actualMinor, adjustedMinor }
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key)
  if (list) list.push(item)
  else lists.set(key, [item])
}
