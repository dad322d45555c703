// Draws what a run drew once more, for whoever asks what became of it: from what the run pinned, by the rules of core alone.
// Changes nothing, and stores nothing.

import {
  Calendars,
  formatUsageClass,
  type GroupInput,
  type IndexedCatalogue,
  type RatedService,
  type UsageColumns,
} from '@spillway/core'
import { type PeriodScope, stopIfCancelled, storeDocuments } from '../allocate/period-scope.ts'
import { pinnedCatalogue } from './pinned-catalogue.ts'
import { groupInputs, toColumns } from './rate-groups.ts'
import { type RatingGroup, ratingGroups } from './rating-groups.ts'
import { type RatingState, readState, type StateAsked } from './rating-state.ts'
import { readSoldServices } from './read-sold-services.ts'
import { type AskedAbout, accountsAsked, accountsTogether, isNear, nearServices, storeNearUsage } from './sold-near.ts'
import { EVENT_COLUMNS, readSoldUsage, type SoldUsage } from './sold-usage.ts'

const NO_USAGE: SoldUsage = {
  classes: [],
  events: '',
  keyed: '',
  eventsWhere: () => '',
  canReadAsWritten: false,
  sums: null,
  hasParts: false,
  hasNegative: false,
  hasWalls: false,
  eventsMax: 0,
  kinds: [],
}

export type Replay = {
  /** Of a scratch database that is gone afterwards. */
  readonly scope: PeriodScope
  readonly index: IndexedCatalogue
  readonly services: ReadonlyArray<RatedService>
  /** Those that were asked for. */
  readonly groups: ReadonlyArray<RatingGroup>
  /** null where there are no groups. */
  readonly usage: SoldUsage | null
  readonly inputOf: (group: RatingGroup) => GroupInput
  /** As every report writes the class of a number. */
  readonly classText: (classNo: number) => string
  /** What it began with; of the accounts that were asked about, where few were. */
  readonly opening: RatingState
}

/** Whom a replay is about, once what the run read is at hand; `scope` is that of the replay, of all accounts. */
export type NearOf = (index: IndexedCatalogue, scope: PeriodScope) => AskedAbout | Promise<AskedAbout>

export type ReplayOf = {
  /** The run, which kept what it took over, or what it is to begin with. */
  readonly opening: RatingState | { readonly run: string }
  /** Nothing of other groups is read than those of these accounts; all where nothing is said. */
  readonly near?: AskedAbout | NearOf | undefined
  /** Which groups are drawn; all where nothing is said. */
  readonly isWanted?: ((group: RatingGroup, index: IndexedCatalogue) => boolean) | undefined
  /** Columns of usage: all where nothing is said, or those alone that events are made of. */
  readonly columns?: 'events' | 'all'
  /** Of what the run took over; all where nothing is said. */
  readonly kinds?: StateAsked['kinds']
  /** Begun once the warehouse looks through usage, and waited for: what needs no replay takes no time of its own then. */
  readonly beside?: (() => Promise<unknown>) | undefined
}

/** What the run took over; `scope` is that of the run. */
export function openingState(
  { warehouse, tenant, soldTo }: PeriodScope,
  run: string,
  kinds?: StateAsked['kinds'],
): Promise<RatingState> {
  return readState(warehouse, { tenant, run, place: 'opening' }, { accounts: soldTo?.accounts, kinds })
}

async function scopeNear(scope: PeriodScope, { near }: ReplayOf): Promise<PeriodScope> {
  if (near === undefined) return scope
  const index = await pinnedCatalogue(scope)
  const asked = typeof near === 'function' ? await near(index, scope) : near
  return nearServices(scope, accountsTogether(index, await accountsAsked(scope, asked)))
}

/** On a connection of its own: the main one may be in the middle of a change. */
export function withReplay<T>(scope: PeriodScope, of: ReplayOf, work: (replay: Replay) => Promise<T>): Promise<T> {
  return scope.warehouse.withConnection((warehouse) =>
    warehouse.withScratch(async (scratch) => work(await makeReplay({ ...scope, warehouse, scratch }, of))),
  )
}

/** `scope` is of the scratch database. */
async function makeReplay(whole: PeriodScope, asked: ReplayOf): Promise<Replay> {
  const { isWanted = () => true, beside } = asked
  await storeDocuments(whole)
  const scope = await scopeNear(whole, asked)
  const opening = 'run' in asked.opening ? await openingState(scope, asked.opening.run, asked.kinds) : asked.opening
  const { index, list } = await readSoldServices(scope, opening)
  const of = { index, calendars: new Calendars(), month: scope.period, opening }
  const groups = ratingGroups(of, list).filter((group) => isNear(scope, group) && isWanted(group, index))
  const common = { scope, index, opening, services: list.all, groups }
  if (groups.length === 0) {
    const inputOf = groupInputs({ ...of, groups, usage: NO_USAGE })
    return { ...common, usage: null, inputOf, classText: () => '' }
  }
  const read = async () => {
    const only = asked.columns === 'events' ? EVENT_COLUMNS : undefined
    if (scope.soldTo !== undefined) await storeNearUsage(scope, { only })
    return readSoldUsage(scope, { ...of, groups, list })
  }
  const [reading, other] = [read(), beside?.()]
  // Both come to their end, also where one fails: nothing is closed under the other.
  await Promise.allSettled([reading, other])
  await other
  const usage = await reading
  const classText = (classNo: number): string => {
    const usageClass = usage.classes[classNo]
    return usageClass === undefined ? '' : formatUsageClass(usageClass).replaceAll(' ', '/')
  }
  return { ...common, usage, inputOf: groupInputs({ ...of, groups, usage }), classText }
}

/** What follows the events of a group: core's DrawDown, or one of those that watch it. */
export type GroupReader<T> = { readonly take: (columns: UsageColumns) => void; readonly finish: () => T }

export type GroupsRead<T> = {
  readonly groups: ReadonlyArray<RatingGroup>
  readonly begin: (group: RatingGroup) => GroupReader<T>
  /** Events that begin at this instant or later are left out. */
  readonly beforeMicros?: number | undefined
}

/** What the reader of each group makes of its events, group by group in their order; one is in memory at a time. */
export async function* readGroups<T>(
  { scope, usage }: Replay,
  { groups, begin, beforeMicros }: GroupsRead<T>,
): AsyncGenerator<{ readonly group: RatingGroup; readonly result: T }> {
  if (usage === null || groups.length === 0) return
  const before = beforeMicros === undefined ? 'true' : `start_micros < ${beforeMicros}`
  const events = scope.warehouse.streamNumbers(
    `SELECT group_no, row_no, class_no, start_micros, billed_base FROM (${usage.events})
     WHERE group_no IN (${groups.map(({ number }) => number).join(', ')}) AND ${before}
     ORDER BY group_no, start_micros, source, id`,
    { tenant: scope.tenant },
  )
  const waiting = [...groups].sort((a, b) => a.number - b.number)
  let group = waiting.shift()
  let reader = group === undefined ? null : begin(group)
  for await (const { columns, count } of events) {
    stopIfCancelled(scope.signal)
    const numbers = columns[0] as Int32Array
    for (let from = 0; from < count; ) {
      const number = numbers[from] as number
      while (group !== undefined && reader !== null && group.number !== number) {
        yield { group, result: reader.finish() }
        group = waiting.shift()
        reader = group === undefined ? null : begin(group)
      }
      let until = from + 1
      while (until < count && numbers[until] === number) until += 1
      reader?.take(toColumns(columns, { from, until }))
      from = until
    }
  }
  while (group !== undefined && reader !== null) {
    yield { group, result: reader.finish() }
    group = waiting.shift()
    reader = group === undefined ? null : begin(group)
  }
}

export type PlacedEvent = {
  readonly groupNo: number
  /** In the order of drawing of its group, from 0. */
  readonly position: number
  readonly rowNo: number
  readonly classNo: number
  readonly startMicros: number
  readonly billedBase: bigint
  readonly source: string
  readonly id: string
}

type PlacedOf = { readonly groups: ReadonlyArray<RatingGroup>; readonly where: string }

/** The events of groups that a condition chooses, over `group_no, position, row_no, source, id`; of each in the order of drawing. */
export async function placedEvents({ scope, usage }: Replay, { groups, where }: PlacedOf): Promise<PlacedEvent[]> {
  if (usage === null || groups.length === 0) return []
  // One row per event, by its position in the order of drawing.
  const rows = await scope.warehouse.rows<EventRow>(
    `SELECT group_no, position, row_no, class_no, start_micros, billed_base, source, id
     FROM (SELECT (row_number() OVER (PARTITION BY group_no ORDER BY start_micros, source, id) - 1)::INTEGER AS position, *
       FROM (${usage.events}) WHERE group_no IN (${groups.map(({ number }) => number).join(', ')}))
     WHERE ${where} ORDER BY group_no, position`,
    { tenant: scope.tenant },
  )
  return rows.map((row) => ({
    groupNo: row.group_no,
    position: row.position,
    rowNo: row.row_no,
    classNo: row.class_no,
    startMicros: Number(row.start_micros),
    billedBase: BigInt(row.billed_base),
    source: row.source,
    id: row.id,
  }))
}

type EventRow = {
  readonly group_no: number
  readonly position: number
  readonly row_no: number
  readonly class_no: number
  readonly start_micros: bigint
  readonly billed_base: bigint
  readonly source: string
  readonly id: string
}
