// Makes a bucket group ready to draw from: every bucket that its services can reach, each service's own chain of them, and
// what each class costs out of bucket. Decides nothing that a document or the directory does not say.

import type { LocalDate } from '../time/local-date.ts'
import type { BucketLine } from './bucket-line.ts'
import type { InForce, Series } from './bucket-shape.ts'
import type { Calendar } from './calendar.ts'
import type { CustomerAccount, RatedService } from './catalogue.ts'
import { type OutPrice, outPriceOf } from './exact-price.ts'
import { balanceKey, type GroupInput } from './group-input.ts'
import type { IndexedCatalogue } from './indexed-catalogue.ts'
import { accountLines, type LineContext, ownLines, planLines } from './lines-of-group.ts'
import { startOfDay } from './moment.ts'
import { rateFor } from './settle-usage.ts'
import type { Participation } from './share-plan.ts'
import type { UsageClass } from './usage-class.ts'

/** One row of a service, with everything that its events need. */
export type GroupRow = {
  readonly service: RatedService
  readonly serviceNumber: number
  readonly inForce: InForce
  /** null where it takes part in no plan. */
  readonly participation: Participation | null
  /** Every bucket that it can ever reach. */
  readonly lines: ReadonlyArray<BucketLine>
  /** The account whose bill its usage is on. */
  readonly billedTo: CustomerAccount
  /** The billing periods of `billedTo`. */
  readonly billing: Calendar
  /** The periods of its share plan, at whose end its usage out of bucket is due; [] without one. */
  readonly planPeriods: ReadonlyArray<Series>
}

export type BucketGroup = {
  readonly input: GroupInput
  readonly rows: ReadonlyArray<GroupRow>
  readonly lines: ReadonlyArray<BucketLine>
  readonly classCount: number
  readonly serviceCount: number
  /** What a class costs a row out of bucket; null: no line of its rate plan prices it. */
  readonly outPrice: (row: number, usageClass: number) => OutPrice | null
}

/** @throws Bug where a row names an account or a rate plan that the catalogue does not have. */
export function compileGroup(input: GroupInput): BucketGroup {
  const { index, calendars, services } = input
  const numberOfService = new Map<string, number>()
  for (const { service } of services) {
    if (!numberOfService.has(service)) numberOfService.set(service, numberOfService.size)
  }
  const context: LineContext = {
    input,
    numberOfService,
    spans: services.map((service) => spanOf(service, index)),
    participants: services.map((service) => index.participantOf(service)),
    balances: new Map(input.opening.map((balance) => [balanceKey(balance), balance])),
    accepts: new Map(),
  }
  const own = ownLines(context)
  const accounts = accountLines(context)
  const plans = planLines(context)
  const rows = services.map((service, row): GroupRow => {
    const billedTo = index.billedTo(service.account)
    return {
      service,
      serviceNumber: numberOfService.get(service.service) as number,
      inForce: context.spans[row] as InForce,
      participation: context.participants[row]?.participation ?? null,
      lines: [
        ...(own.byRow[row] ?? []),
        ...(accounts.byAccount.get(service.account) ?? []),
        ...(plans.byRow[row] ?? []),
      ],
      billedTo,
      billing: calendars.billing(billedTo),
      planPeriods: plans.seriesByRow[row] ?? [],
    }
  })
  return {
    input,
    rows,
    lines: [...own.lines, ...accounts.lines, ...plans.lines],
    classCount: input.classes.length,
    serviceCount: numberOfService.size,
    outPrice: outPrices(input, rows),
  }
}

/** The instants between which a row of a service is in force. */
function spanOf(service: RatedService, index: IndexedCatalogue) {
  const { timeZone } = index.account(service.account)
  const at = (on: LocalDate | null, open: number) => (on === null ? open : startOfDay(on, timeZone))
  return {
    fromMicros: at(service.from, Number.NEGATIVE_INFINITY),
    untilMicros: at(service.until, Number.POSITIVE_INFINITY),
  }
}

function outPrices(
  { index, classes }: GroupInput,
  rows: ReadonlyArray<GroupRow>,
): (row: number, usageClass: number) => OutPrice | null {
  const known = new Map<string, Array<OutPrice | null | undefined>>()
  return (row, usageClass) => {
    const { service, billedTo } = rows[row] as GroupRow
    const key = `${billedTo.currency} ${service.product}`
    const prices = known.get(key) ?? []
    if (prices.length === 0) known.set(key, prices)
    const made = prices[usageClass]
    if (made !== undefined) return made
    const product = index.catalogue.products.get(service.product)
    const ratePlan = product && index.catalogue.ratePlans.get(product.ratePlan)
    const rate = ratePlan ? rateFor(ratePlan, service.product, classes[usageClass] as UsageClass) : null
    const price = rate === null ? null : outPriceOf(rate, billedTo.currency)
    prices[usageClass] = price
    return price
  }
}
