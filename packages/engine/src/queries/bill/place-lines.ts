// The lines of a bill under the sections that have them, as the table `placed_line`: by service and user id each line is in one
// section; by cost centre and project it is divided, calls by the day and code of each, everything else by days.
import {
  addDays,
  BILLED_CALL_TYPES,
  type BillCall,
  type BillLineKind,
  type BillSections,
  dayNumber,
  type KeyWeights,
  type LocalDate,
  listingKey,
  shareOverKeys,
} from '@spillway/core'
import type { PeriodScope } from '../../stages/allocate/period-scope.ts'
import { pinned } from '../../stages/allocate/period-scope.ts'
import { makeTable } from '../../stages/rate/make-table.ts'
import type { RowWriter } from '../../warehouse/warehouse.ts'
import type { CallOwners } from '../billable-time/call-owners.ts'
import type { Call } from '../billable-time/read-calls.ts'
import type { CallClass } from './bill-calls.ts'
import type { BillContext } from './bill-context.ts'
import type { FoundBill } from './find-bill.ts'
import type { CallDetails, ServiceCalls } from './service-calls.ts'

const LINE = {
  section: 'VARCHAR',
  account: 'VARCHAR',
  service: 'VARCHAR',
  kind: 'VARCHAR',
  about: 'VARCHAR',
  quantity_base: 'BIGINT',
  amount_minor: 'BIGINT',
} as const

const OF_BILL = 'l.tenant = $tenant AND l.run = $run AND l.number = $bill'

/** By service, or by user id: the section of a sub-account of another account than the bill's names that account too. */
export async function placeWhole(
  scope: PeriodScope,
  { found, context, sections }: { found: FoundBill; context: BillContext; sections: BillSections },
): Promise<void> {
  const { warehouse, tenant, scratch } = scope
  const columns = await makeTable(scope, 'user_id', { account: 'VARCHAR', service: 'VARCHAR', section: 'VARCHAR' })
  const writer = await warehouse.writer('user_id', columns, scratch)
  for (const [name, { account, userId }] of context.subAccounts)
    writer.append([account, userId, account === found.account ? userId : name])
  writer.close()
  const section = sections === 'service' ? 'l.service' : "coalesce(u.section, '')"
  await warehouse.run(
    `CREATE TABLE ${scratch}.placed_line AS SELECT ${section} AS section, l.account, l.service, l.kind, l.about,
       CASE WHEN bool_and(l.quantity_base IS NOT NULL) THEN sum(l.quantity_base) END::BIGINT AS quantity_base,
       sum(l.amount_minor)::BIGINT AS amount_minor
     FROM customer_bill_line AS l LEFT JOIN ${scratch}.user_id AS u ON u.account = l.account AND u.service = l.service
     WHERE ${OF_BILL} GROUP BY ALL`,
    { tenant, run: found.run.id, bill: found.bill },
  )
}

/** One row per section, call that is listed there; `ordinal` in order of account, service and time. */
const PLACED_CALL = {
  section: 'VARCHAR',
  ordinal: 'INTEGER',
  account: 'VARCHAR',
  service: 'VARCHAR',
  start: 'VARCHAR',
  seconds: 'DOUBLE',
  participants: 'INTEGER',
  account_code: 'VARCHAR',
  usage_class: 'VARCHAR',
  call: 'VARCHAR',
  quantity_base: 'BIGINT',
  amount_minor: 'BIGINT',
} as const

export type PartsOfCalls = ReadonlyMap<string, { readonly calls: number; readonly amountMinor: bigint }>

type DividedOf = {
  readonly found: FoundBill
  readonly sections: 'cost-centre' | 'project'
  readonly owners: CallOwners
  /** A table with every row of the inventory of the services on the bill, of others some or all. */
  readonly services: string
  readonly classes: ReadonlyArray<CallClass>
  readonly calls: AsyncIterable<ServiceCalls>
  readonly clockDay: (micros: number) => LocalDate
  /** Who was in a call, and where from it came, can decide whose it is. */
  readonly hasRules: boolean
  /** `placed_call` has no row where nobody reads it. */
  readonly isListed: boolean
}

/** Makes `placed_line` and `placed_call`; what each section has of calls that another one lists. */
export async function placeDivided(scope: PeriodScope, of: DividedOf): Promise<PartsOfCalls> {
  const { warehouse, scratch } = scope
  const lines = await warehouse.writer('placed_line', await makeTable(scope, 'placed_line', LINE), scratch)
  const listed = await warehouse.writer('placed_call', await makeTable(scope, 'placed_call', PLACED_CALL), scratch)
  const placer = new CallPlacer(of, { lines, listed })
  const charged = new Set<string>()
  for await (const service of of.calls) placer.place(service, charged)
  await placeOtherLines(scope, { ...of, lines, charged })
  for (const writer of [lines, listed]) writer.close()
  return placer.parts
}

/** Divides the calls of services over the sections that have them. */
class CallPlacer {
  readonly parts = new Map<string, { calls: number; amountMinor: bigint }>()
  readonly #of: DividedOf
  readonly #to: { readonly lines: RowWriter; readonly listed: RowWriter }
  #ordinal = 0

  constructor(of: DividedOf, to: { readonly lines: RowWriter; readonly listed: RowWriter }) {
    this.#of = of
    this.#to = to
  }

  /** `charged` learns for which services and classes there are calls. */
  place({ account, service, calls, detailsOf }: ServiceCalls, charged: Set<string>): void {
    const { classes, isListed } = this.#of
    const sums = new Map<string, Part[]>()
    const sumsOf = (key: string) => {
      const known = sums.get(key) ?? classes.map(nothing)
      sums.set(key, known)
      return known
    }
    const hasCalls = classes.map(() => false)
    const known = new Map<string, KeyWeights>()
    for (const [place, call] of calls.entries()) {
      const details = detailsOf(place)
      const weights = this.#weightsOf(call, details, known)
      const [only] = weights.size === 1 ? weights.keys() : []
      if (only !== undefined && !isListed) {
        for (const [at, { quantityBase: quantity, amountMinor: amount }] of details.byClass.entries()) {
          if (quantity === 0n) continue
          hasCalls[at] = true
          add(sumsOf(only)[at] as Part, { quantity, amount })
        }
        continue
      }
      const shares = new Map([...weights.keys()].map((key) => [key, nothing()]))
      for (const [at, { quantityBase, amountMinor }] of details.byClass.entries()) {
        if (quantityBase === 0n) continue
        hasCalls[at] = true
        const [quantities, amounts] = [shareOverKeys(quantityBase, weights), shareOverKeys(amountMinor, weights)]
        for (const [key, share] of shares) {
          const part = { quantity: quantities.get(key) as bigint, amount: amounts.get(key) as bigint }
          add(share, part)
          add(sumsOf(key)[at] as Part, part)
        }
      }
      this.#list(call, { shares, key: listingKey(weights) })
    }
    for (const [at, { usageClass: about }] of classes.entries())
      if (hasCalls[at]) charged.add(keyOf({ account, service, about }))
    for (const [section, byClass] of sums)
      for (const [at, { quantity, amount }] of byClass.entries())
        if (quantity !== 0n || amount !== 0n)
          this.#to.lines.append([
            ...[section, account, service, 'usage'],
            ...[(classes[at] as CallClass).usageClass, quantity, amount],
          ])
  }

  #list(call: BillCall, { shares, key }: { shares: ReadonlyMap<string, Part>; key: string }) {
    for (const [section, { quantity, amount }] of shares) {
      if (section !== key) {
        const known = this.parts.get(section) ?? { calls: 0, amountMinor: 0n }
        this.parts.set(section, { calls: known.calls + 1, amountMinor: known.amountMinor + amount })
        continue
      }
      if (!this.#of.isListed) continue
      this.#ordinal += 1
      this.#to.listed.append([
        ...[section, this.#ordinal, call.account, call.service, call.start, call.seconds, call.participants],
        ...[call.accountCode, call.usageClass, call.call, quantity, amount],
      ])
    }
  }

  /** `known` are those of calls of the same service: without rules, those of one day and code are alike. */
  #weightsOf(
    { account, service, accountCode }: BillCall,
    { source, startMicros, people, peers }: CallDetails,
    known: Map<string, KeyWeights>,
  ): KeyWeights {
    const { owners, sections, clockDay, hasRules } = this.#of
    const startedOn = clockDay(startMicros)
    const place = `${startedOn} ${accountCode}`
    const alike = hasRules ? undefined : known.get(place)
    if (alike) return alike
    const about = { account, service, source, code: accountCode, people, peers, startedOn }
    const weights = weightsBy(sections, owners.partsOf({ ...NO_CALL, ...about }))
    known.set(place, weights)
    return weights
  }
}

type Part = { quantity: bigint; amount: bigint }
const nothing = (): Part => ({ quantity: 0n, amount: 0n })

function add(sum: Part, { quantity, amount }: Part): void {
  sum.quantity += quantity
  sum.amount += amount
}

const keyOf = ({ account, service, about }: { account: string; service: string; about: string }) =>
  [account, service, about].join('\u0000')

/** What is asked about a day, where there is no call. */
const NO_CALL: Call = {
  ...{ account: '', service: '', source: '', usageType: 'conference', conference: '', firstId: '' },
  ...{ startMicros: 0, startText: '', startedOn: '0001-01-01' as LocalDate, seconds: 0, usedSeconds: 0n },
  ...{ code: '', participants: 0, people: [], peers: [] },
}

function weightsBy(
  sections: DividedOf['sections'],
  parts: ReadonlyArray<{ readonly costCentre: string; readonly project: string; readonly sharePpm: number }>,
): Map<string, number> {
  const weights = new Map<string, number>()
  for (const { costCentre, project, sharePpm } of parts) {
    const key = sections === 'project' ? project : costCentre
    weights.set(key, (weights.get(key) ?? 0) + sharePpm)
  }
  return weights
}

type LineRow = {
  account: string
  service: string
  kind: BillLineKind
  about: string
  quantity_base: bigint | null
  amount_minor: bigint
  from_on: LocalDate
  until_on: LocalDate
}

/** Everything but calls, by the days of the bill on which the service is in force. */
async function placeOtherLines(
  scope: PeriodScope,
  of: DividedOf & { readonly lines: RowWriter; readonly charged: ReadonlySet<string> },
): Promise<void> {
  const { found, lines, charged, services } = of
  const { warehouse, tenant } = scope
  // One row per account and service, kind of charge and what it is for; services one after the other.
  const rows = warehouse.stream<LineRow>(
    `WITH in_force AS (SELECT s.service, min(coalesce(s.from_on, $from::DATE)) AS from_on, max(coalesce(s.to_on, $until::DATE)) AS to_on
       FROM ${services} AS s WHERE ${pinned(scope, 's')}
         AND s.service IN (SELECT l.service FROM customer_bill_line AS l WHERE ${OF_BILL}) GROUP BY s.service)
     SELECT l.account, l.service, l.kind, l.about,
       CASE WHEN bool_and(l.quantity_base IS NOT NULL) THEN sum(l.quantity_base) END::BIGINT AS quantity_base,
       sum(l.amount_minor)::BIGINT AS amount_minor,
       CASE WHEN is_here THEN greatest(i.from_on, $from::DATE) ELSE $from::DATE END AS from_on,
       CASE WHEN is_here THEN least(i.to_on, $until::DATE) ELSE $until::DATE END AS until_on
     FROM customer_bill_line AS l LEFT JOIN (
       SELECT *, from_on < $until::DATE AND to_on > $from::DATE AS is_here FROM in_force) AS i USING (service)
     WHERE ${OF_BILL} GROUP BY ALL ORDER BY l.account, l.service, l.kind, l.about`,
    { tenant, run: found.run.id, bill: found.bill, from: found.from, until: found.until },
  )
  let last: { readonly key: string; readonly weights: KeyWeights } | null = null
  for await (const batch of rows)
    for (const row of batch) {
      const { account, service, kind, about, quantity_base: quantity, amount_minor: amount } = row
      if (kind === 'usage' && charged.has(keyOf(row))) continue
      const key = [account, service].join('\u0000')
      if (last === null || last.key !== key) last = { key, weights: weightsByDays(row, of) }
      const amounts = shareOverKeys(amount, last.weights)
      const quantities = quantity === null ? null : shareOverKeys(quantity, last.weights)
      for (const [section, part] of amounts)
        lines.append([section, account, service, kind, about, quantities?.get(section) ?? null, part])
    }
}

function weightsByDays(
  { account, service, from_on: from, until_on: until }: LineRow,
  { owners, sections, hasRules }: Pick<DividedOf, 'owners' | 'sections' | 'hasRules'>,
): KeyWeights {
  if (service === '') return new Map([['', 1]])
  const weights = new Map<string, number>()
  const changes = hasRules ? null : stretches(owners.changeDays({ account, service }), { from, until })
  for (let on = from, at = 0; on < until; at += 1) {
    // A rule may be about any day.
    const next = changes === null ? addDays(on, 1) : (changes[at] ?? until)
    const days = changes === null ? 1 : dayNumber(next) - dayNumber(on)
    for (const [key, weight] of weightsBy(sections, owners.partsOf({ ...NO_CALL, account, service, startedOn: on })))
      weights.set(key, (weights.get(key) ?? 0) + weight * days)
    on = next
  }
  return weights.size === 0 ? new Map([['', 1]]) : weights
}

/** The days within that begin another stretch, in order. */
const stretches = (days: ReadonlyArray<LocalDate>, { from, until }: { from: LocalDate; until: LocalDate }) =>
  [...new Set(days)].filter((day) => from < day && day < until).sort()

/** Whether a usage class is listed call by call. */
export function isOfCalls(usageClass: string): boolean {
  return BILLED_CALL_TYPES.includes(usageClass.split('/')[0] as string)
}
