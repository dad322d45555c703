// Draws the usage of every group down. All usage is summed once by service and class; where no order of events can matter
// (core's `needsOrder`) the sums are drawn, in columns where core's `rateColumns` takes them so, and only the other groups have
// their events sorted and streamed.

import {
  type BucketBalance,
  type BucketGroup,
  CHUNK_BASE,
  ColumnRoom,
  compileGroup,
  compileShared,
  type Demand,
  type DemandColumns,
  DrawDown,
  drawShortWay,
  findUnconserved,
  findUnconservedColumns,
  finishRun,
  type GroupInput,
  invariant,
  needsOrder,
  type OwnBalances,
  type RatedColumns,
  type RatedGroup,
  type RatedService,
  rateColumns,
  type UsageColumns,
} from '@spillway/core'
import { safeNumbers } from '../../warehouse/column-buffer.ts'
import type { NumberBatch } from '../../warehouse/warehouse.ts'
import { make, type PeriodScope, stopIfCancelled } from '../allocate/period-scope.ts'
import { type DemandsIn, demandsOf, eachGroupDemands, eachGroupOfSums, type GroupDemands } from './group-demands.ts'
import { drawInOrder, type HeldEvents, lastMicrosOf, sumHeld } from './held-events.ts'
import type { KeptUse } from './kept-use.ts'
import { makeTable } from './make-table.ts'
import type { GroupsOf, RatingGroup } from './rating-groups.ts'
import type { DatedBalance } from './rating-state.ts'
import type { SoldList } from './sold-list.ts'
import type { SoldUsage } from './sold-usage.ts'

export type GroupResult = {
  readonly group: RatingGroup
  /** Its own; not asked for where what is rated is in columns. */
  readonly services: () => ReadonlyArray<RatedService>
  /** In columns only until the next group is rated. */
  readonly rated: Rated
  /** Behind the last event of any group. */
  readonly knownUntilMicros: number
  /** As the run of the month after takes them over, at `nextFromMicros` of the group. */
  readonly balances: ReadonlyArray<BucketBalance>
  /** More of these, in columns. */
  readonly ownBalances: ReadonlyArray<OwnBalances>
}

/** In columns where no service needs an object of its own. */
type Rated = (RatedGroup & { readonly slots?: undefined }) | RatedColumns

type DatedInput = GroupInput & { readonly opening: ReadonlyArray<DatedBalance> }

export type GroupsToRate = GroupsOf & {
  readonly groups: ReadonlyArray<RatingGroup>
  readonly usage: SoldUsage
  readonly list: SoldList
  /** null where the database sums and sorts. */
  readonly held: HeldEvents | null
  /** Table of what was used, by number of service and class, with its database before a point, for what the database sums. */
  readonly use: string
  /** The same, of what is in memory. */
  readonly used: KeptUse
}

/** Calls `onResult` once for each group. @throws Bug where a unit of usage is neither drawn nor rated, or twice. */
export async function rateGroups(
  scope: PeriodScope,
  of: GroupsToRate,
  onGroupResult: (result: GroupResult) => void,
): Promise<void> {
  const inputOf = groupInputs(of)
  const demanded = await readDemanded(scope, of)
  const { knownUntilMicros } = demanded
  const onResult = (result: Omit<GroupResult, 'knownUntilMicros'>) => onGroupResult({ ...result, knownUntilMicros })
  const ordered = new Map<number, DemandsIn>()
  const room = new ColumnRoom()
  await demanded.eachGroup((group, demands) => {
    const input = group.nextFromMicros === group.untilMicros ? inputOf(group) : null
    const rated = input === null ? null : rateSums(input, demands(room), room)
    if (input === null || rated === null) ordered.set(group.number, demands)
    else {
      const ownBalances = rated.slots === undefined ? NO_OWN : rated.ownBalances
      onResult({ group, services: () => input.services, rated, balances: rated.balances, ownBalances })
    }
  })
  if (ordered.size === 0) return
  const finish = (run: OrderedRun) => {
    const used = (ordered.get(run.group.number) as DemandsIn)(room)
    onResult(run.finish(used.wide === null ? used.columns : demandsOf(used)))
  }
  const begin = (group: RatingGroup) => new OrderedRun(group, inputOf(group))
  await drawOrdered(scope, of, { numbers: [...ordered.keys()], held: demanded.held, begin, finish })
}

type Demanded = {
  readonly eachGroup: (onGroup: (group: RatingGroup, demands: DemandsIn) => void) => Promise<void>
  /** Behind the last event. */
  readonly knownUntilMicros: number
  /** null where the events are left to the database. */
  readonly held: HeldEvents | null
}

/** What every row of a service used of each class; fills `use` or `used` with it. */
async function readDemanded(scope: PeriodScope, of: GroupsToRate): Promise<Demanded> {
  const { held } = of
  const sums = held === null ? null : sumHeld(held, { rowCount: of.list.count, classCount: of.usage.classes.length })
  if (held === null || sums === null) {
    const { count, knownUntilMicros } = await sumDemand(scope, of)
    return { eachGroup: (onGroup) => eachGroupDemands(scope, { ...of, count }, onGroup), knownUntilMicros, held: null }
  }
  of.used.addSums({ serviceNo: of.list.columns.serviceNo, classCount: of.usage.classes.length, sums })
  const eachGroup = (onGroup: (group: RatingGroup, demands: DemandsIn) => void) =>
    eachGroupOfSums(scope, { ...of, sums }, onGroup)
  return { eachGroup, knownUntilMicros: lastMicrosOf(held) + 1, held }
}

const NO_OWN: ReadonlyArray<OwnBalances> = []

/** null: its events are to be drawn in their order. */
function rateSums(input: GroupInput, sums: GroupDemands, room: ColumnRoom): Rated | null {
  const shared = compileShared(input)
  const columns = sums.wide === null ? rateColumns(shared, sums.columns, room) : null
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
export function groupInputs(
  of: Omit<GroupsToRate, 'use' | 'used' | 'list' | 'held'>,
): (group: RatingGroup) => DatedInput {
  const { index, calendars, usage, opening } = of
  const { balances } = opening
  return (group) => {
    let services: ReadonlyArray<RatedService> | undefined
    const isTaken = ({ atMicros }: Pick<DatedBalance, 'atMicros'>) => atMicros === group.fromMicros
    return {
      index,
      calendars,
      // A property of its own, so that a copy has it too.
      get services() {
        services ??= group.freshServices()
        return services
      },
      serviceRows: group.rows,
      classes: usage.classes,
      fromMicros: group.fromMicros,
      untilMicros: group.untilMicros,
      opening: group.accounts.flatMap(({ account }) => balances.othersOf(account)).filter(isTaken),
      ownOpening: group.accounts.flatMap(({ account }) => balances.ownOf(account)).filter(isTaken),
    }
  }
}

type Used = ReadonlyArray<Demand> | DemandColumns

/** What was billed of each service and class is in its rows, no unit twice and none left out. */
function conserve(group: BucketGroup, demands: Used, rated: RatedGroup): void {
  const found =
    'count' in demands && rated.columns !== null
      ? findUnconservedColumns(group, demands, rated.columns)
      : findUnconserved(group, demands, rated.rows)
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

type OrderedGroups = {
  /** In ascending order. */
  readonly numbers: ReadonlyArray<number>
  readonly held: HeldEvents | null
  readonly begin: (group: RatingGroup) => OrderedRun
  readonly finish: (run: OrderedRun) => void
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

  finish(demands: Used): Omit<GroupResult, 'knownUntilMicros'> {
    const { group } = this
    const rated = finishRun(this.#run)
    conserve(this.#run.group, demands, rated)
    return { group, services: () => this.#input.services, rated, ...this.#balances(rated) }
  }

  /** Where the next run begins as this one did, what this one took over. */
  #balances(rated: RatedGroup): Pick<GroupResult, 'balances' | 'ownBalances'> {
    const { nextFromMicros, untilMicros } = this.group
    if (this.#next !== null) return { balances: finishRun(this.#next).balances, ownBalances: NO_OWN }
    if (nextFromMicros === untilMicros) return { balances: rated.balances, ownBalances: NO_OWN }
    return { balances: this.#input.opening, ownBalances: this.#input.ownOpening ?? NO_OWN }
  }
}

/** The events of groups that need order, group by group. */
async function orderedEvents(
  scope: PeriodScope,
  { usage }: GroupsToRate,
  ordered: Iterable<number>,
): Promise<AsyncGenerator<NumberBatch>> {
  const { warehouse, scratch, tenant } = scope
  const columns = await makeTable(scope, 'ordered_group', { group_no: 'INTEGER' })
  const writer = await warehouse.writer('ordered_group', columns, scratch)
  for (const number of ordered) writer.append([number])
  writer.close()
  await make(scope, 'ordered_row', `FROM ${scratch}.sold_row WHERE group_no IN (FROM ${scratch}.ordered_group)`)
  return warehouse.streamNumbers(
    `SELECT group_no, row_no, class_no, start_micros, billed_base FROM (${usage.eventsWhere('true', 'ordered_row')})
     ORDER BY group_no, start_micros, source, id`,
    { tenant },
  )
}

async function drawOrdered(scope: PeriodScope, of: GroupsToRate, ordered: OrderedGroups): Promise<void> {
  const { numbers, held, begin, finish } = ordered
  if (held === null) return drawSorted(scope, of, ordered)
  const groups = numbers.map((number) => of.groups[number] as RatingGroup)
  const draw = (group: RatingGroup, columns: UsageColumns): OrderedRun => {
    const run = begin(group)
    run.take(columns)
    return run
  }
  await drawInOrder(scope, { ...of, held, groups, rowCount: of.list.count }, { draw, finish })
}

/** Of events that the database puts in order. */
async function drawSorted(
  scope: PeriodScope,
  of: GroupsToRate,
  { numbers, begin, finish }: OrderedGroups,
): Promise<void> {
  const waiting = numbers.map((number) => of.groups[number] as RatingGroup)
  let run: OrderedRun | null = null
  const finishRunning = () => {
    if (run !== null) finish(run)
    run = null
  }
  const next = (number: number): OrderedRun => {
    for (;;) {
      const group = waiting.shift()
      invariant(group, 'usage is of a group that waits for it', { number })
      const begun = begin(group)
      if (group.number === number) return begun
      finish(begun)
    }
  }
  for await (const batch of await orderedEvents(scope, of, numbers)) {
    stopIfCancelled(scope.signal)
    const group = batch.columns[0] as Int32Array
    for (let from = 0; from < batch.count; ) {
      const number = group[from] as number
      let until = from + 1
      while (until < batch.count && group[until] === number) until += 1
      if ((run as OrderedRun | null)?.group.number !== number) {
        finishRunning()
        run = next(number)
      }
      ;(run as OrderedRun | null)?.take(toColumns(batch.columns, { from, until }))
      from = until
    }
  }
  finishRunning()
  for (const group of waiting) finish(begin(group))
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
