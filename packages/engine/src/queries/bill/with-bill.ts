// A bill with all its parts, for as long as somebody reads it: its sections in order, and the calls of each. Holds one small
// row for each section, the lines of one section and the calls of one service; never all calls.
import {
  addAmounts,
  assembleSection,
  type Bill,
  type BillAmounts,
  type BillCall,
  type BillHeading,
  type BillLineKind,
  type BillPiece,
  type BillSections,
  type BillSectionTotal,
  Calendars,
  type IndexedCatalogue,
  invariant,
  type LocalDate,
  NO_AMOUNTS,
  type PlacedLine,
  sumOf,
} from '@spillway/core'
import type { PeriodScope } from '../../stages/allocate/period-scope.ts'
import { type Replay, withReplay } from '../../stages/rate/replay.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { unscoped, wholeWorkspaceOf } from '../../workspace/scopes.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { namesOf } from '../page-names.ts'
import { pinnedScope } from '../pinned-scope.ts'
import { type KeyedRow, KeyedRows } from '../statement/keyed-rows.ts'
import { type CallClass, makeBillCalls } from './bill-calls.ts'
import { type BillContext, readBillContext, readBillOwners } from './bill-context.ts'
import { type FoundBill, findBill } from './find-bill.ts'
import { isOfCalls, type PartsOfCalls, placeDivided, placeWhole } from './place-lines.ts'
import { readServiceCalls, type ServiceCalls } from './service-calls.ts'

export type BillRequest = {
  readonly number: string
  /** In place of what the customer chose. */
  readonly sections?: BillSections | undefined
  readonly hasCalls?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** What customers have who did not choose. */
const DEFAULT_SECTIONS: BillSections = 'user-id'
const CALLS_AT_ONCE = 2000

/**
 * Opens the bill for `work`; its pieces can be read until `work` ends.
 * @throws Refusal `not-found`, `cancelled`.
 */
export async function withBill<T>(
  scoped: ScopedWorkspace,
  request: BillRequest,
  work: (bill: Bill) => Promise<T>,
): Promise<T> {
  const found = await findBill(scoped, request.number)
  const workspace = wholeWorkspaceOf(scoped)
  const hasCalls = request.hasCalls ?? true
  let reading: Promise<BillContext> | undefined
  const read = async () => {
    reading ??= readBillContext(workspace, found)
    return partsOf(await reading, { workspace, found, asked: request.sections, hasCalls })
  }
  return workspace.warehouse.withScratch(async (scratch) => {
    const scope = await pinnedScope(workspace, { run: found.run, scratch, signal: request.signal })
    if (!hasCalls) {
      const { isWhole, ...parts } = await read()
      if (isWhole) {
        await placeWhole(scope, parts)
        return work(await billOf(scope, { ...parts, calls: null, partsOfCalls: new Map() }))
      }
    }
    const near = ({ catalogue }: IndexedCatalogue) => ({
      accounts: [...catalogue.accounts.values()].flatMap(({ account, usageInvoicer }) =>
        (usageInvoicer === '' ? account : usageInvoicer) === found.account ? [account] : [],
      ),
    })
    const isWanted: Parameters<typeof withReplay>[1]['isWanted'] = (group, index) =>
      group.services.some(({ account }) => {
        const invoicer = index.account(account).usageInvoicer
        return (invoicer === '' ? account : invoicer) === found.account
      })
    return withReplay(
      scope,
      { opening: { run: found.run.id }, kinds: 'draws', near, isWanted, beside: read },
      async (replay) => {
        const { isWhole, ...parts } = await read()
        const { context, sections } = parts
        if (isWhole) await placeWhole(replay.scope, parts)
        const classes = await callClasses(replay, found)
        const calls = await callsOf(replay, { ...parts, classes, isWhole })
        if (isWhole)
          return work(await billOf(replay.scope, { ...parts, calls: wholeCalls(calls), partsOfCalls: new Map() }))
        const services = await inventoryOfBill(replay, found)
        const owners = await readBillOwners(workspace, { found, context, services })
        const clock = context.accounts.clockOf(found.account)
        const clockDay = (micros: number) => clock.localDate(micros)
        const by = sections === 'project' ? ('project' as const) : ('cost-centre' as const)
        const hasRules = context.rules.length > 0
        const divided = {
          found,
          sections: by,
          owners,
          services,
          classes,
          calls,
          clockDay,
          hasRules,
          isListed: hasCalls,
        }
        const partsOfCalls = await placeDivided(replay.scope, divided)
        const listed = hasCalls ? listedCalls(replay.scope) : null
        return work(await billOf(replay.scope, { ...parts, calls: listed, partsOfCalls }))
      },
    )
  })
}

/** The table with every row that the inventory has of the services on the bill: where all are near, none of a million others is read. */
async function inventoryOfBill(
  { scope: { warehouse, tenant, soldTo } }: Replay,
  { run, bill }: FoundBill,
): Promise<string> {
  if (soldTo === undefined) return 'service'
  const others = await warehouse.rows(
    `SELECT 1 FROM customer_bill_line WHERE tenant = $tenant AND run = $run AND number = $bill AND service <> ''
       AND service NOT IN (SELECT service FROM ${soldTo.service}) LIMIT 1`,
    { tenant, run: run.id, bill },
  )
  return others.length === 0 ? soldTo.service : 'service'
}

type PartsOf = {
  readonly workspace: Workspace
  readonly found: FoundBill
  readonly asked: BillSections | undefined
  readonly hasCalls: boolean
}

function partsOf(context: BillContext, { workspace, found, asked, hasCalls }: PartsOf) {
  const sections = asked ?? context.asked.sections ?? DEFAULT_SECTIONS
  const heading = headingOf({ found, context, sections, hasCalls })
  return { workspace, found, context, heading, sections, isWhole: sections === 'user-id' || sections === 'service' }
}

type HeadingOf = {
  readonly found: FoundBill
  readonly context: BillContext
  readonly sections: BillSections
  readonly hasCalls: boolean
}

function headingOf({ found, context, sections, hasCalls }: HeadingOf): BillHeading {
  const { number, state, replaces, replacedBy, voidReason, issuedAt, account, currency, totalMinor, run } = found
  const { provider, name, asked, accounts } = context
  return {
    ...{ number, state, replaces, replacedBy, voidReason, issuedAt, account, currency, totalMinor, sections, hasCalls },
    ...{ provider, name, address: asked.address, logo: asked.logo, timeZone: accounts.clockOf(account).timeZone },
    from: found.from as LocalDate,
    until: found.until as LocalDate,
    run: run.id,
    closedAt: run.closed_at,
  }
}

/** The classes of the bill that are listed call by call, by their numbers in the replay. */
async function callClasses({ scope, usage, classText }: Replay, found: FoundBill): Promise<CallClass[]> {
  if (usage === null) return []
  const rows = await scope.warehouse.rows<{ about: string }>(
    `SELECT DISTINCT about FROM customer_bill_line AS l
     WHERE l.tenant = $tenant AND l.run = $run AND l.number = $bill AND l.kind = 'usage' ORDER BY about`,
    { tenant: scope.tenant, run: found.run.id, bill: found.bill },
  )
  const wanted = new Set(rows.map(({ about }) => about).filter(isOfCalls))
  return usage.classes.flatMap((_, classNo) => {
    const usageClass = classText(classNo)
    return wanted.has(usageClass) ? [{ classNo, usageClass }] : []
  })
}

type CallsOf = Omit<BillOf, 'calls' | 'partsOfCalls'> & {
  readonly classes: ReadonlyArray<CallClass>
  readonly isWhole: boolean
}

async function callsOf(
  replay: Replay,
  { found, context, classes, isWhole }: CallsOf,
): Promise<AsyncGenerator<ServiceCalls>> {
  if (classes.length === 0) return noCalls()
  const { warehouse, scratch, tenant } = replay.scope
  const section = isWhole ? 'l.section' : "''"
  const lines = isWhole
    ? `SELECT DISTINCT account, service, section FROM ${scratch}.placed_line WHERE kind = 'usage'`
    : `SELECT DISTINCT account, service FROM customer_bill_line WHERE tenant = $tenant AND run = $run AND number = $bill AND kind = 'usage'`
  // One row per service with usage on the bill, numbered in the order of sections.
  await warehouse.run(
    `CREATE TABLE ${scratch}.bill_service AS
     SELECT (row_number() OVER (ORDER BY section, account, service))::INTEGER AS place, * FROM (
       SELECT DISTINCT s.service_no, a.account, s.service, ${section} AS section
       FROM ${scratch}.sold_service AS s JOIN ${scratch}.sold_account AS a USING (account_no)
       JOIN (${lines}) AS l ON l.account = a.account AND l.service = s.service)`,
    isWhole ? {} : { tenant, run: found.run.id, bill: found.bill },
  )
  const clock = context.accounts.clockOf(found.account)
  const calendars = new Calendars()
  const [fromMicros, untilMicros] = [found.from, found.until].map((on) =>
    calendars.startOfDay(on as LocalDate, clock.timeZone),
  ) as [number, number]
  // One row per account.
  const accounts = await warehouse.rows<{ account: string; services: number }>(
    `SELECT account, count(*)::INTEGER AS services FROM ${scratch}.bill_service GROUP BY account`,
  )
  const services = accounts.reduce((sum, one) => sum + one.services, 0)
  const isOneZone = accounts.every(({ account }) => context.accounts.clockOf(account).timeZone === clock.timeZone)
  const hasPeople = !isWhole && context.rules.length > 0
  const of = { found, classes, services, fromMicros, untilMicros, isOneZone, hasPeople }
  const made = await makeBillCalls(replay, of)
  return made === null ? noCalls() : readServiceCalls(replay, { ...of, made, clock })
}

async function* noCalls(): AsyncGenerator<ServiceCalls> {}

type ListedRow = KeyedRow & {
  account: string
  service: string
  start: string
  seconds: number
  participants: number
  account_code: string
  usage_class: string
  call: string
  quantity_base: bigint
  amount_minor: bigint
}

async function* listedCalls({ warehouse, scratch }: PeriodScope): AsyncGenerator<SectionCalls> {
  const rows = warehouse.stream<ListedRow>(
    `SELECT section AS key, * FROM ${scratch}.placed_call ORDER BY section, ordinal`,
  )
  for await (const batch of rows)
    for (let from = 0; from < batch.length; ) {
      const section = batch[from]?.key as string
      let until = from
      while (until < batch.length && batch[until]?.key === section) until += 1
      yield { section, calls: batch.slice(from, until).map(toCall) }
      from = until
    }
}

function toCall(row: ListedRow): BillCall {
  const { account, service, start, seconds, participants, account_code, usage_class, call } = row
  return {
    ...{ account, service, start, seconds, participants, accountCode: account_code, usageClass: usage_class, call },
    quantityBase: BigInt(row.quantity_base),
    amountMinor: BigInt(row.amount_minor),
  }
}

/** Some calls of a section; sections come in their order. */
type SectionCalls = { readonly section: string; readonly calls: ReadonlyArray<BillCall> }

async function* wholeCalls(services: AsyncGenerator<ServiceCalls>): AsyncGenerator<SectionCalls> {
  for await (const { section, calls } of services) yield { section, calls }
}

type BillOf = {
  readonly workspace: Workspace
  readonly found: FoundBill
  readonly context: BillContext
  readonly heading: BillHeading
  /** null where none are asked for. */
  readonly calls: AsyncGenerator<SectionCalls> | null
  readonly partsOfCalls: PartsOfCalls
}

async function billOf(scope: PeriodScope, of: BillOf): Promise<Bill> {
  const totals = await readTotals(scope)
  const names = await readNames(of, totals)
  const sections = totals.map((one): BillSectionTotal => ({ ...one, name: names.get(one.key) ?? '' }))
  const amounts = sections.reduce((sum, section) => addAmounts(sum, section.amounts), NO_AMOUNTS)
  const { heading } = of
  invariant(sumOf(amounts) === heading.totalMinor, 'the sections of a bill sum to the bill', {
    number: heading.number,
    totalMinor: heading.totalMinor,
    sum: sumOf(amounts),
  })
  return { heading, amounts, sections, pieces: readPieces(scope, { ...of, sections }) }
}

/** What the keys of sections are called. */
async function readNames(
  { workspace, found, context, heading }: BillOf,
  totals: ReadonlyArray<SectionAmounts>,
): Promise<ReadonlyMap<string, string>> {
  if (heading.sections === 'user-id')
    return new Map(
      [...context.subAccounts].map(([name, one]) => [one.account === found.account ? one.userId : name, one.name]),
    )
  const keys = totals.map(({ key }) => key)
  return namesOf(unscoped(workspace), { keys, by: heading.sections, run: found.run })
}

type SectionAmounts = Omit<BillSectionTotal, 'name'>
type TotalRow = { section: string } & Readonly<Record<BillLineKind, bigint>>

async function readTotals({ warehouse, scratch }: PeriodScope): Promise<SectionAmounts[]> {
  const sum = (kind: BillLineKind) => `coalesce(sum(amount_minor) FILTER (kind = '${kind}'), 0)::BIGINT AS "${kind}"`
  // One row per section.
  const rows = await warehouse.rows<TotalRow>(
    `SELECT section, ${(['recurring', 'usage', 'minimum', 'adjustment'] as const).map(sum).join(', ')}
     FROM ${scratch}.placed_line GROUP BY section ORDER BY section`,
  )
  return rows.map(({ section, recurring, usage, minimum, adjustment }) => {
    const amounts: BillAmounts = { recurring, usage, minimum, adjustment }
    return { key: section, amounts, subtotalMinor: sumOf(amounts) }
  })
}

type LineRow = KeyedRow & {
  account: string
  service: string
  kind: BillLineKind
  about: string
  quantity_base: bigint | null
  amount_minor: bigint
}

async function* readPieces(
  { warehouse, scratch }: PeriodScope,
  { sections, calls, partsOfCalls }: BillOf & { readonly sections: ReadonlyArray<BillSectionTotal> },
): AsyncGenerator<BillPiece> {
  const lines = new KeyedRows(
    warehouse.stream<LineRow>(
      `SELECT section AS key, * FROM ${scratch}.placed_line ORDER BY section, account, service, kind, about`,
    ),
  )
  const walk = calls && new CallWalk(calls)
  try {
    for (const total of sections) {
      const parts = partsOfCalls.get(total.key) ?? { calls: 0, amountMinor: 0n }
      const placed = (await lines.take(total.key)).map(toPlaced)
      yield { kind: 'section', section: assembleSection(total, { lines: placed, partsOfCalls: parts }) }
      if (walk) yield* walk.take(total.key)
    }
  } finally {
    await lines.close()
    await walk?.close()
  }
}

function toPlaced({ account, service, kind, about, quantity_base, amount_minor }: LineRow): PlacedLine {
  const quantityBase = quantity_base === null ? null : BigInt(quantity_base)
  return { account, service, kind, about, quantityBase, amountMinor: BigInt(amount_minor) }
}

/** Calls section by section, in pieces of no more than so many. */
class CallWalk {
  readonly #batches: AsyncGenerator<SectionCalls>
  #next: SectionCalls | null | undefined

  constructor(batches: AsyncGenerator<SectionCalls>) {
    this.#batches = batches
  }

  async *take(section: string): AsyncGenerator<BillPiece> {
    for (let batch = await this.#peek(); batch !== null && batch.section === section; batch = await this.#peek()) {
      this.#next = undefined
      for (let from = 0; from < batch.calls.length; from += CALLS_AT_ONCE) {
        yield { kind: 'calls', calls: batch.calls.slice(from, from + CALLS_AT_ONCE) }
      }
    }
  }

  async close(): Promise<void> {
    await this.#batches.return(undefined)
  }

  async #peek(): Promise<SectionCalls | null> {
    if (this.#next === undefined) {
      const { value, done } = await this.#batches.next()
      this.#next = done ? null : value
    }
    return this.#next
  }
}
