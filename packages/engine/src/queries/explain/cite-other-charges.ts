// The lines of our bills that are no usage: what recurs, by its price and days; what late usage corrected, by what was posted
// before; others as they stand. A formula that does not come to the line's amount is a Bug.
import {
  type Adjustment,
  Calendars,
  evaluateFormula,
  formatAmount,
  invariant,
  minimumTerms,
  type RecurringTerm,
  recurringCharges,
  type UsageType,
} from '@spillway/core'
import { nearOwnLines } from '../../stages/allocate/own-bills.ts'
import { lateUsage } from '../../stages/rate/late-usage.ts'
import { monthIndex } from '../../stages/rate/rating-groups.ts'
import type { CorrectedRun } from '../../stages/rate/rating-inputs.ts'
import type { Replay } from '../../stages/rate/replay.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import { type CiteScope, citeRow, limitSql, shown } from './explain-scope.ts'
import type { OtherChargeText } from './explanation.ts'
import { counted } from './line-text.ts'
import { RuleNames } from './rating-text.ts'

type ChargeRow = Row & {
  number: string
  billed_to: string
  account: string
  kind: string
  about: string
  currency: string
  amount_minor: bigint
}

export async function citeOtherCharges(scope: CiteScope, replay: Replay): Promise<OtherChargeText[]> {
  const { period, run, service } = scope
  const lines =
    nearOwnLines(period) ??
    '(SELECT * FROM customer_bill_line WHERE tenant = $tenant AND run = $run AND service = $service)'
  // One row per line of a bill that is no usage.
  const rows = await period.warehouse.rows<ChargeRow>(
    `SELECT l.number, b.account AS billed_to, l.account, l.kind, l.about, l.currency, l.amount_minor
     FROM ${lines} AS l JOIN customer_bill AS b ON b.tenant = $tenant AND b.run = $run AND b.number = l.number
     WHERE l.service = $service AND l.kind <> 'usage' ORDER BY ALL`,
    { tenant: period.tenant, run: run.id, service },
  )
  const charges: OtherChargeText[] = []
  for (const row of rows) {
    const { number, account, kind, about, currency, amount_minor: amountMinor } = row
    const said = await sayOf(scope, { replay, row })
    if (said.formula !== '')
      invariant(evaluateFormula(said.formula, currency) === amountMinor, 'the formula of a line comes to its amount', {
        ...{ bill: number, formula: said.formula, amountMinor },
      })
    charges.push({ bill: number, account, kind, about, currency, amountMinor, ...said })
  }
  return charges
}

type Said = Pick<OtherChargeText, 'rule' | 'sentence' | 'formula' | 'late' | 'lateCount'>
type RowOf = { readonly replay: Replay; readonly row: ChargeRow }

async function sayOf(scope: CiteScope, of: RowOf): Promise<Said> {
  const { kind, about } = of.row
  if (kind === 'adjustment') return sayAdjustment(scope, of)
  const rule = new RuleNames(scope.period.configuration).of('Product', about)
  const none = { rule, late: [], lateCount: 0 }
  if (kind === 'minimum') return { ...none, ...(await sayMinimum(scope, of)) }
  return kind === 'recurring'
    ? { ...none, ...sayRecurring(scope, of) }
    : { ...none, sentence: `The ${kind} charge of ${about === '' ? 'the account' : about}.`, formula: '' }
}

function sayRecurring(scope: CiteScope, { row, replay }: RowOf): Pick<Said, 'sentence' | 'formula'> {
  const { account, about, currency } = row
  const calendar = new Calendars().billing(replay.index.account(account))
  const index = monthIndex(scope.period.period)
  const { lines } = recurringCharges({
    ...{ account, currency },
    services: replay.services.filter((one) => one.account === account && one.service === scope.service),
    products: replay.index.catalogue.products,
    period: calendar.period(index),
    next: calendar.period(index + 1),
    ahead: replay.opening.billedAhead.filter((one) => one.account === account && one.service === scope.service),
  })
  const terms = lines.find(({ product }) => product === about)?.terms
  if (terms === undefined) return { sentence: `The recurring charge of ${about}.`, formula: '' }
  const sum = terms.map(termFormula).join(' ').replace(/^\+ /, '')
  return {
    sentence: `The recurring charge of ${about}: ${terms.map(termSentence).join('; ')}.`,
    formula: `round(${sum}, ${formatAmount(1n, currency)})`,
  }
}

/** By the days of the bill that the usage is on, less the usage on it. */
async function sayMinimum(
  { period, run, service }: CiteScope,
  { row, replay }: RowOf,
): Promise<Pick<Said, 'sentence' | 'formula'>> {
  const { account, billed_to, currency } = row
  const terms = minimumTerms({
    rows: replay.services.filter((one) => one.account === account && one.service === service),
    products: replay.index.catalogue.products,
    period: new Calendars().billing(replay.index.account(billed_to)).period(monthIndex(period.period)),
  })
  // One row: what the usage of the service comes to on the bill.
  const { minor } = await period.warehouse.row<{ minor: bigint }>(
    `SELECT coalesce(sum(amount_minor), 0) AS minor FROM rated WHERE tenant = $tenant AND run = $run AND service = $service
       AND account = $account AND billed_to = $billed_to`,
    { tenant: period.tenant, run: run.id, service, account, billed_to },
  )
  const used = formatAmount(BigInt(minor), currency)
  const said = terms.map(({ product, minimum, days, periodDays }) => {
    return `${minimum} of ${product} for ${days} of ${counted(periodDays, 'day')}`
  })
  const due = terms.map(({ minimum, days, periodDays }) => `${minimum} * ${days} / ${periodDays}`).join(' + ')
  return {
    sentence: `What usage is short of its minimum: ${said.join(' and ')}, less the ${used} that was used.`,
    formula: `round(${due}, ${formatAmount(1n, currency)}) - ${used}`,
  }
}

function termFormula({ price, days, periodDays, isTakenBack }: RecurringTerm): string {
  return `${isTakenBack ? '-' : '+'} ${price} * ${days} / ${periodDays}`
}

function termSentence({ price, days, periodDays, periodStartOn, isTakenBack }: RecurringTerm): string {
  const said = `${price} for ${days} of the ${counted(periodDays, 'day')} from ${periodStartOn}`
  return isTakenBack ? `taken back what was billed ahead, ${said}` : said
}

async function sayAdjustment(scope: CiteScope, { row, replay }: RowOf): Promise<Said> {
  const { service } = scope
  const { account, about, currency, amount_minor } = row
  const adjusted = replay.opening.adjusted.filter(
    (one) =>
      one.account === account &&
      one.service === service &&
      one.periodStartOn === about &&
      one.currency === currency &&
      one.billedTo === row.billed_to,
  )
  const earlierMinor = adjusted.reduce((sum, one: Adjustment) => sum + one.amountMinor, 0n)
  const corrected = await correctedRunOf(scope, row)
  const postedMinor = corrected?.postedMinor ?? 0n
  const [again, posted, earlier] = [postedMinor + earlierMinor + amount_minor, postedMinor, earlierMinor].map((minor) =>
    formatAmount(minor, currency),
  )
  const late = corrected === null ? { count: 0, rows: [] } : await lateOf(scope, { replay, row, corrected })
  const after = earlierMinor === 0n ? '' : `, and ${earlier} was adjusted before`
  return {
    rule: '',
    sentence: `Usage came late for the period from ${about}: rated again it is ${again} instead of the ${posted} billed${after}.`,
    formula: `${again} - ${posted} - ${earlier}`.replace(/- -/g, '+ '),
    lateCount: late.count,
    late: shown(scope, late.rows).map((one) => ({
      at: citeRow(scope, one),
      service: one.service,
      startedAt: one.started_at,
      usageType: one.usage_type as UsageType,
      quantityBase: one.quantity_base,
    })),
  }
}

type Corrected = { readonly run: CorrectedRun; readonly postedMinor: bigint }

/** The published run whose rows the adjustment corrects; where it had none, the first one that was corrected. */
async function correctedRunOf(
  { period, service }: CiteScope,
  { account, about, billed_to }: ChargeRow,
): Promise<Corrected | null> {
  const [first] = period.rating?.corrected ?? []
  for (const run of period.rating?.corrected ?? []) {
    // One row: what stood on the bills of that period.
    const { minor } = await period.warehouse.row<{ minor: bigint | null }>(
      `SELECT sum(amount_minor) AS minor FROM (
         SELECT amount_minor FROM rated WHERE tenant = $tenant AND run = $run AND service = $service
           AND account = $account AND period_start_on = $about::DATE AND billed_to = $billed_to
         UNION ALL
         SELECT l.amount_minor FROM customer_bill_line AS l JOIN customer_bill AS b USING (tenant, run, number)
         WHERE l.tenant = $tenant AND l.run = $run AND l.service = $service AND l.account = $account AND l.kind = 'minimum'
           AND b.period_start_on = $about::DATE AND b.account = $billed_to)`,
      { tenant: period.tenant, run: run.run, service, account, about, billed_to },
    )
    if (minor !== null) return { run, postedMinor: BigInt(minor) }
  }
  return first === undefined ? null : { run: first, postedMinor: 0n }
}

type LateFor = { readonly replay: Replay; readonly row: ChargeRow; readonly corrected: Corrected }

/** Of all services that share buckets with this one: late usage of one moves what is left for another. */
async function lateOf(scope: CiteScope, { replay, row, corrected }: LateFor) {
  const { service, period } = scope
  const group = replay.groups.find(({ services }) => services.some((one) => one.service === service))
  if (group === undefined) return { count: 0, rows: [] }
  const calendar = new Calendars().billing(replay.index.account(row.billed_to))
  const month = Number(row.about.slice(0, 4)) * 12 + Number(row.about.slice(5, 7)) - 1
  return lateUsage(period, {
    published: corrected.run.documents,
    beforeMicros: calendar.period(month).untilMicros,
    services: `u.service IN (SELECT service FROM ${replay.scope.scratch}.sold_row WHERE group_no = ${group.number})`,
    limit: limitSql(scope),
  })
}
