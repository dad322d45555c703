// Draws the usage of every group down. All usage is summed once by service and class; where no order of events can matter
// (core's `needsOrder`) the sums are drawn, in columns where core's `rateColumns` takes them so, and only the other groups have
// their events sorted and streamed.

import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  type BucketBalance,
  type BucketGroup,
  CHUNK_BASE,
  compileGroup,
  compileShared,
  type Demand,
  DrawDown,
  drawShortWay,
  findUnconserved,
  finishRun,
  type GroupInput,
  invariant,
  needsOrder,
  type RatedColumns,
  type RatedGroup,
  type RatedService,
  rateColumns,
  type UsageColumns,
} from '@spillway/core'
import { safeNumbers } from '../../warehouse/column-buffer.ts'
import type { NumberBatch } from '../../warehouse/warehouse.ts'
import { make, type PeriodScope, stopIfCancelled } from '../allocate/period-scope.ts'
import { demandsOf, eachGroupDemands, type GroupDemands } from './group-demands.ts'
import { makeTable } from './make-table.ts'
import type { GroupsOf, RatingGroup } from './rating-groups.ts'
import type { DatedBalance } from './rating-state.ts'
import type { SoldUsage } from './sold-usage.ts'

export type GroupResult = {
  readonly group: RatingGroup
  /** Its own. */
  readonly services: ReadonlyArray<RatedService>
  readonly rated: Rated
  /** Behind the last event of any group. */
  readonly knownUntilMicros: number
  /** As the run of the month after takes them over, at `nextFromMicros` of the group. */
  readonly balances: ReadonlyArray<BucketBalance>
}

/** In columns where no service needs an object of its own. */
type Rated = (RatedGroup & { readonly slots?: undefined }) | RatedColumns

type DatedInput = GroupInput & { readonly opening: ReadonlyArray<DatedBalance> }

export type GroupsToRate = GroupsOf & {
  readonly groups: ReadonlyArray<RatingGroup>
  readonly usage: SoldUsage
  /** Table of what was used, by number of service and class; it is filled. */
  readonly use: string
}

/** Calls `onResult` once for each group. @throws Bug where a unit of usage is neither drawn nor rated, or twice. */
export async function rateGroups(
  scope: PeriodScope,
  of: GroupsToRate,
  onGroupResult: (result: GroupResult) => void,
): Promise<void> {
  const inputOf = groupInputs(of)
  const { count, knownUntilMicros } = await sumDemand(scope, of)
  const onResult = (result: Omit<GroupResult, 'knownUntilMicros'>) => onGroupResult({ ...result, knownUntilMicros })
  const ordered = new Map<number, GroupDemands>()
  const kept: Array<Omit<GroupResult, 'knownUntilMicros'>> = []
  await eachGroupDemands(scope, { ...of, count }, (group, demands) => {
    const input = group.nextFromMicros === group.untilMicros ? inputOf(group) : null
    const rated = input === null ? null : rateSums(input, demands)
    if (input === null || rated === null) ordered.set(group.number, demands)
    else {
      const result = { group, services: input.services, rated, balances: rated.balances }
      if (kept.length < KEPT_MAX) kept.push(result)
      else onResult(result)
    }
  })
  const events = ordered.size === 0 ? null : await orderedEvents(scope, of, ordered)
  await whileFirst(events, async () => {
    for (const [at, result] of kept.splice(0).entries()) {
      onResult(result)
      if (at % RESULTS_AT_ONCE === 0) await nextTurn()
    }
  })
  if (events !== null) await eachOrdered(scope, of, { ...events, ordered, inputOf, onResult })
}

/** Results that wait until the database sorts events: what is done with them takes as long as that. */
const KEPT_MAX = 10_000
/** Between which the database is asked on. */
const RESULTS_AT_ONCE = 64

/** Has the first batch of events made while `work` is done. */
async function whileFirst(events: OrderedEvents | null, work: () => Promise<void>): Promise<void> {
  events?.first.catch(() => {
    // Whoever reads the events is told what went wrong with the first of them.
  })
  try {
    await work()
  } catch (error) {
    await events?.rest.return(undefined)
    throw error
  }
}

/** null: its events are to be drawn in their order. */
function rateSums(input: GroupInput, sums: GroupDemands): Rated | null {
  const shared = compileShared(input)
  const columns = sums.wide === null ? rateColumns(shared, sums.columns) : null
  if (columns === 'in-order') return null
  if (columns !== null) return columns
  const compiled = compileGroup(input, shared)
  const demands = demandsOf(sums)
  if (needsOrder(compiled, demands)) return null
  const rated = finishRun(drawShortWay(compiled, demands))
  conserve(compiled, demands, rated)
  return rated
}

/** What each group is rated from. */
export function groupInputs(of: Omit<GroupsToRate, 'use'>): (group: RatingGroup) => DatedInput {
  return (group) => ({
    index: of.index,
    calendars: of.calendars,
    services: group.freshServices(),
    classes: of.usage.classes,
    fromMicros: group.fromMicros,
    untilMicros: group.untilMicros,
    opening: group.accounts
      .flatMap(({ account }) => of.opening.balances.of(account))
      .filter(({ atMicros }) => atMicros === group.fromMicros),
  })
}

/** What was billed of each service and class is in its rows, no unit twice and none left out. */
function conserve(group: BucketGroup, demands: ReadonlyArray<Demand>, { rows }: RatedGroup): void {
  const found = findUnconserved(group, demands, rows)
  if (found !== null) invariant(false, 'drawn and rated is used', { ...found })
}

/** Makes `demand` with one row per service row and class; the instant behind the last event. */
async function sumDemand(scope: PeriodScope, { usage, use }: GroupsToRate) {
  const { warehouse, scratch, tenant } = scope
  stopIfCancelled(scope.signal)
  const sumsOf = (events: string) =>
    `SELECT service_no, group_no, row_no, class_no, sum(billed_base) AS billed_base, max(start_micros) AS last_micros
     FROM (${events}) GROUP BY ALL`
  const parts = usage.sums === null ? [sumsOf(usage.events)] : [usage.sums]
  if (usage.sums !== null && usage.hasParts) {
    await make(scope, 'part_row', `FROM ${scratch}.sold_row WHERE NOT is_whole`)
    parts.push(sumsOf(usage.eventsWhere('true', 'part_row')))
  }
  const count = await warehouse.count(
    `CREATE TABLE ${scratch}.demand AS SELECT service_no, group_no, row_no, class_no, billed_base::BIGINT AS billed_base, last_micros
     FROM (${parts.join(' UNION ALL ')})`,
    { tenant },
  )
  await warehouse.run(`INSERT INTO ${use} SELECT service_no, class_no, billed_base FROM ${scratch}.demand`)
  const { last } = await warehouse.row<{ last: bigint }>(
    `SELECT coalesce(max(last_micros), 0)::BIGINT AS last FROM ${scratch}.demand`,
  )
  return { count, knownUntilMicros: Number(last) + 1 }
}

type OrderedEvents = {
  readonly first: Promise<IteratorResult<NumberBatch>>
  readonly rest: AsyncGenerator<NumberBatch>
}

type OrderedGroups = OrderedEvents & {
  readonly ordered: ReadonlyMap<number, GroupDemands>
  readonly inputOf: (group: RatingGroup) => DatedInput
  readonly onResult: (result: Omit<GroupResult, 'knownUntilMicros'>) => void
}

/** A group that is drawn in order: once for its rows, and where the next run begins earlier, once for its balances. */
class OrderedRun {
  readonly group: RatingGroup
  readonly #input: DatedInput
  readonly #run: DrawDown
  readonly #next: DrawDown | null

  constructor(group: RatingGroup, input: DatedInput) {
    const { nextFromMicros, fromMicros, untilMicros } = group
    this.group = group
    this.#input = input
    this.#run = new DrawDown(compileGroup(input))
    const isCut = nextFromMicros > fromMicros && nextFromMicros < untilMicros
    this.#next = isCut ? new DrawDown(compileGroup({ ...input, untilMicros: nextFromMicros })) : null
  }

  take(columns: UsageColumns): void {
    this.#run.take(columns)
    if (this.#next === null || columns.count === 0) return
    const after = columns.startMicros.findIndex((at) => at >= this.group.nextFromMicros)
    if (after !== 0) this.#next.take(after === -1 ? columns : { ...columns, count: after })
  }

  finish(demands: ReadonlyArray<Demand>): Omit<GroupResult, 'knownUntilMicros'> {
    const { group } = this
    const rated = finishRun(this.#run)
    conserve(this.#run.group, demands, rated)
    return { group, services: this.#input.services, rated, balances: this.#balances(rated) }
  }

  /** Where the next run begins as this one did, what this one took over. */
  #balances(rated: RatedGroup): ReadonlyArray<BucketBalance> {
    const { nextFromMicros, untilMicros } = this.group
    if (this.#next !== null) return finishRun(this.#next).balances
    return nextFromMicros === untilMicros ? rated.balances : this.#input.opening
  }
}

/** The events of groups that need order, of which the first are asked for. */
async function orderedEvents(
  scope: PeriodScope,
  { usage }: GroupsToRate,
  ordered: ReadonlyMap<number, GroupDemands>,
): Promise<OrderedEvents> {
  const { warehouse, scratch, tenant } = scope
  const columns = await makeTable(scope, 'ordered_group', { group_no: 'INTEGER' })
  const writer = await warehouse.writer('ordered_group', columns, scratch)
  for (const number of ordered.keys()) writer.append([number])
  writer.close()
  await make(scope, 'ordered_row', `FROM ${scratch}.sold_row WHERE group_no IN (FROM ${scratch}.ordered_group)`)
  const rest = warehouse.streamNumbers(
    `SELECT group_no, row_no, class_no, start_micros, billed_base FROM (${usage.eventsWhere('true', 'ordered_row')})
     ORDER BY group_no, start_micros, source, id`,
    { tenant },
  )
  return { first: rest.next(), rest }
}

async function* batchesOf({ first, rest }: OrderedEvents): AsyncGenerator<NumberBatch> {
  try {
    const batch = await first
    if (!batch.done) yield batch.value
    yield* rest
  } finally {
    await rest.return(undefined)
  }
}

async function eachOrdered(
  scope: PeriodScope,
  { groups }: GroupsToRate,
  { ordered, inputOf, onResult, ...events }: OrderedGroups,
): Promise<void> {
  const waiting = [...ordered.keys()].map((number) => groups[number] as RatingGroup)
  let run: OrderedRun | null = null
  const finish = () => {
    if (run !== null) onResult(run.finish(demandsOf(ordered.get(run.group.number) as GroupDemands)))
    run = null
  }
  const begin = (number: number): OrderedRun => {
    for (;;) {
      const group = waiting.shift()
      invariant(group, 'usage is of a group that waits for it', { number })
      const next = new OrderedRun(group, inputOf(group))
      if (group.number === number) return next
      run = next
      finish()
    }
  }
  for await (const batch of batchesOf(events)) {
    stopIfCancelled(scope.signal)
    const group = batch.columns[0] as Int32Array
    for (let from = 0; from < batch.count; ) {
      const number = group[from] as number
      let until = from + 1
      while (until < batch.count && group[until] === number) until += 1
      if ((run as OrderedRun | null)?.group.number !== number) {
        finish()
        run = begin(number)
      }
      ;(run as OrderedRun | null)?.take(toColumns(batch.columns, { from, until }))
      from = until
    }
  }
  finish()
  for (const group of waiting.splice(0)) {
    run = new OrderedRun(group, inputOf(group))
    finish()
  }
}

/** Copies, because a batch is valid only until the next is asked for and holds several groups. */
export function toColumns(
  [, row, usageClass, start, billed]: ReadonlyArray<Int32Array | BigInt64Array>,
  { from, until }: { readonly from: number; readonly until: number },
): UsageColumns {
  const count = until - from
  const starts = (start as BigInt64Array).slice(from, until)
  const quantities = (billed as BigInt64Array).slice(from, until)
  const startMicros = safeNumbers(starts, count)
  invariant(startMicros, 'an instant is a safe integer', { count })
  const common = {
    count,
    startMicros,
    service: (row as Int32Array).slice(from, until),
    usageClass: (usageClass as Int32Array).slice(from, until),
  }
  const numbers = safeNumbers(quantities, count)
  if (numbers?.every((quantity) => quantity <= CHUNK_BASE)) return { ...common, quantityBase: numbers }
  const wide = new Map<number, bigint>()
  const quantityBase = Float64Array.from(quantities, (quantity, at) => {
    if (quantity <= BigInt(CHUNK_BASE)) return Number(quantity)
    wide.set(at, quantity)
    return Number.POSITIVE_INFINITY
  })
  return { ...common, quantityBase, wide }
}
