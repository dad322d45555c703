// The usage of sold services as the warehouse sees it: each event with its group, its row of a service, its settled class,
// its instant and its billed quantity. Makes tables of what core settled; the events themselves are a query, not a table.

import { USAGE_VIEWS, type UsageClass } from '@spillway/core'
import { literal } from '../../warehouse/sql-literal.ts'
import { make, type PeriodScope, pinned, soldFacts } from '../allocate/period-scope.ts'
import { makeTable } from './make-table.ts'
import { placeServices, type UsageOf } from './place-services.ts'
import type { RatingGroup } from './rating-groups.ts'
import type { SeenNear } from './reading-ahead.ts'
import { nearSql, readSeen, type UsageKind, type Window } from './seen-usage.ts'
import { bandChanges, type RawClass, ratePlanOf, type Settled, settleClasses, wallChanges } from './settle-classes.ts'

/** Columns of `usage` that events are made of, beside `tenant`, `doc` and `service`. */
export const EVENT_COLUMNS: ReadonlyArray<string> = [
  ...['account', 'source', 'id', 'usage_type', 'zone', 'time_band', 'network', 'view', 'cycle_on'],
  ...['started_at', 'is_wall_time', 'quantity_base'],
]

export type MoreOfEvents = {
  /** More columns of `usage`. */
  readonly columns: ReadonlyArray<string>
  /**
   * `start_micros` is the time as written, of wall times too, and the condition alone says of which days: finding the instant
   * of every wall time costs more than all else. Only where `canReadAsWritten`.
   */
  readonly isAsWritten: boolean
}
const NO_MORE: MoreOfEvents = { columns: [], isAsWritten: false }

export type SoldUsage = {
  /** By number, for all groups. */
  readonly classes: ReadonlyArray<UsageClass>
  /**
   * A query of `group_no`, `row_key` (of a service in the list of all), `row_no` (in its group), `service_no`, `class_no`, `start_micros`, `billed_base`, `source`, `id`,
   * one row per event; it binds `$tenant`.
   */
  readonly events: string
  /** The same rows, with `row_key`, `class_no`, `start_micros` and `billed_base` alone. */
  readonly keyed: string
  /**
   * The same for the rows of `usage AS u` that a condition chooses, and of a table with some of the rows of `sold_row`; with
   * more columns of `usage`.
   */
  readonly eventsWhere: (condition: string, rows?: string, more?: MoreOfEvents) => string
  /** Whether class and quantity of an event are known without its instant, and each row of a service is whole in its group's time. */
  readonly canReadAsWritten: boolean
  /**
   * The sums of `billed_base` by `service_no`, `group_no`, `row_no` and `class_no` with `last_micros`, by a shorter way than over the events: for the
   * rows of services that are whole in their group's time; null where there is none.
   */
  readonly sums: string | null
  /** Whether a row of a service is not in force in all of the time of its group. */
  readonly hasParts: boolean
  /** Whether a correction takes usage back. */
  readonly hasNegative: boolean
  /** Whether instants are found from wall times. */
  readonly hasWalls: boolean
  /** There are not more events than this. */
  readonly eventsMax: number
  /** What its rows are of, near the time of the groups: more than are drawn. */
  readonly kinds: ReadonlyArray<UsageKind>
}

/** What is known already, for whoever reads all events once. */
type ReadOnce = { readonly seen: SeenNear | null }

/** `once`: the rows of services are shown, not made a table of, where events need few of their columns. */
export async function readSoldUsage(scope: PeriodScope, of: UsageOf, once?: ReadOnce): Promise<SoldUsage> {
  const fromMicros = Math.min(...of.groups.map((group) => group.fromMicros))
  const untilMicros = Math.max(...of.groups.map((group) => group.untilMicros))
  const window = { fromMicros, untilMicros }
  const near = nearSql(window)
  const seen = once?.seen?.near === near ? once.seen.seen : await readSeen(scope, near)
  const { classes, settled, numberOfProduct } = settleClasses(of.index, seen.raw)
  await storeRawClasses(scope, seen.raw)
  const writer = await scope.warehouse.writer(
    'settled_class',
    await makeTable(scope, 'settled_class', {
      product_no: 'INTEGER',
      raw_no: 'INTEGER',
      band: 'VARCHAR',
      class_no: 'INTEGER',
      first_base: 'BIGINT',
      following_base: 'BIGINT',
    }),
    scope.scratch,
  )
  for (const one of settled)
    writer.append([one.productNo, one.rawNo, one.band, one.classNo, one.firstBase, one.followingBase])
  writer.close()
  const oneTime = timeOf(of.groups)
  const clocks = await placeServices(scope, of, { numberOfProduct, wholeTime: once === undefined ? null : oneTime })
  const hasBands = await storeBands(scope, { ...of, bands: clocks.bands, window })
  const hasWalls = seen.hasWallTimes && (await storeWalls(scope, { ...of, zones: clocks.zones, window }))
  if (seen.hasViews) await storeBestViews(scope, near)
  const { hasViews, raw } = seen
  const alike = hasBands || raw.length > CLASSES_MAX ? null : settledAlike(settled)
  const time = clocks.hasParts ? null : oneTime
  const common = { raw, alike, time, hasBands, hasWalls, hasViews, isOfServices: false }
  const eventsWhere = (condition: string, rows = 'sold_row', more = NO_MORE) =>
    eventsSql(scope, { ...common, ...more, near: `${near} AND ${condition}`, rows })
  const isPlain = !hasWalls && !seen.hasViews && classes.length === seen.raw.length
  const sums = !isPlain || alike === null ? null : sumsSql(scope, { alike, raw: seen.raw, time: oneTime })
  const { hasNegative, eventsMax, kinds } = seen
  const canReadAsWritten = !hasBands && !clocks.hasParts
  const { hasParts } = clocks
  const known = { hasParts, hasNegative, hasWalls, eventsMax, kinds }
  const events = eventsWhere('true')
  // Rows of services in the order of all have what is asked of most events, where they alone say which are drawn.
  const isOfServices = alike !== null && time !== null && !hasWalls && !hasViews && areAll(of)
  const keyed = isOfServices
    ? eventsSql(scope, { ...common, ...NO_MORE, near, rows: 'sold_service', isOfServices })
    : events
  return { classes, events, keyed, eventsWhere, canReadAsWritten, sums, ...known }
}

/** Whether every row of a service is in one of the groups. */
function areAll({ groups, list }: UsageOf): boolean {
  return groups.reduce((count, { keys }) => count + keys.length, 0) === list.count
}

async function storeRawClasses(scope: PeriodScope, raw: ReadonlyArray<RawClass>): Promise<void> {
  const columns = await makeTable(scope, 'raw_class', {
    raw_no: 'INTEGER',
    usage_type: 'VARCHAR',
    zone: 'VARCHAR',
    time_band: 'VARCHAR',
    network: 'VARCHAR',
  })
  const writer = await scope.warehouse.writer('raw_class', columns, scope.scratch)
  for (const { rawNo, usageClass } of raw)
    writer.append([rawNo, usageClass.usageType, usageClass.zone, usageClass.timeBand, usageClass.network])
  writer.close()
}
type BandsOf = UsageOf & {
  readonly window: Window
  readonly bands: ReadonlyArray<{ bandNo: number; product: string; timeZone: string }>
}

async function storeBands(scope: PeriodScope, { index, calendars, bands, window }: BandsOf): Promise<boolean> {
  if (bands.length === 0) return false
  const columns = await makeTable(scope, 'band_change', { band_no: 'INTEGER', from_micros: 'BIGINT', band: 'VARCHAR' })
  const writer = await scope.warehouse.writer('band_change', columns, scope.scratch)
  for (const { bandNo, product: id, timeZone } of bands) {
    const product = index.catalogue.products.get(id)
    const plan = product && ratePlanOf(index, product)
    if (!plan) continue
    for (const { fromMicros, value } of bandChanges(plan, { calendars, timeZone, window }))
      writer.append([bandNo, BigInt(fromMicros), value])
  }
  writer.close()
  return true
}

type WallsOf = UsageOf & { readonly window: Window; readonly zones: ReadonlyMap<string, number> }

async function storeWalls(scope: PeriodScope, { calendars, zones, window }: WallsOf): Promise<boolean> {
  if ([...zones.keys()].every((zone) => zone === 'UTC')) return false
  const columns = await makeTable(scope, 'wall_change', {
    zone_no: 'INTEGER',
    from_wall: 'BIGINT',
    offset_micros: 'BIGINT',
  })
  const writer = await scope.warehouse.writer('wall_change', columns, scope.scratch)
  for (const [timeZone, zoneNo] of zones)
    for (const { fromMicros, value } of wallChanges(calendars, { timeZone, window }))
      writer.append([zoneNo, BigInt(fromMicros), BigInt(value)])
  writer.close()
  return true
}

const RANK = `CASE u.view ${USAGE_VIEWS.map((view, rank) => `WHEN ${literal(view)} THEN ${rank}`).join(' ')} END`

/** Of several views of the same usage the first counts, as in allocation. */
async function storeBestViews(scope: PeriodScope, near: string): Promise<void> {
  await make(
    scope,
    'first_view',
    `SELECT u.source, u.account, u.service, u.usage_type, u.cycle_on, min(${RANK}) AS best
     FROM ${soldFacts(scope, 'usage')} AS u WHERE ${pinned(scope, 'u')} AND ${near} AND u.view <> '' GROUP BY ALL`,
  )
}

/** By number of a class as written; each is the same for every product. */
type Alike = ReadonlyMap<number, Settled>

/** null where products settle a class in different ways, so that it is looked up by product. */
function settledAlike(settled: ReadonlyArray<Settled>): Alike | null {
  const alike = new Map<number, Settled>()
  for (const one of settled) {
    const known = alike.get(one.rawNo) ?? one
    const isSame = known.firstBase === one.firstBase && known.followingBase === one.followingBase
    if (!isSame || known.classNo !== one.classNo || one.band !== '') return null
    alike.set(one.rawNo, known)
  }
  return alike.size === 0 ? null : alike
}

/** The number of the class, and the quantity that is billed, of a row with `raw_no`. */
function alikeSql(alike: Alike, row: string, quantity: string) {
  const settled = [...alike.values()]
  const isSame = settled.every(({ rawNo, classNo }) => rawNo === classNo)
  const numbers = settled.map(({ rawNo, classNo }) => `WHEN ${rawNo} THEN ${classNo}`)
  const blocks = settled.flatMap(({ rawNo, firstBase, followingBase }) =>
    firstBase === 0n ? [] : [`WHEN ${rawNo} THEN ${billedSql(quantity, `${firstBase}`, `${followingBase}`)}`],
  )
  return {
    classNo: isSame ? `${row}.raw_no` : `CASE ${row}.raw_no ${numbers.join(' ')} END`,
    billed: blocks.length === 0 ? quantity : `CASE ${row}.raw_no ${blocks.join(' ')} ELSE ${quantity} END`,
  }
}

type EventsOf = MoreOfEvents & {
  readonly near: string
  readonly rows: string
  readonly raw: ReadonlyArray<RawClass>
  /** null where the class is looked up by product. */
  readonly alike: Alike | null
  /** In which every row of a service is in force and drawn down; null where they differ. */
  readonly time: Window | null
  readonly hasBands: boolean
  readonly hasWalls: boolean
  readonly hasViews: boolean
  /** Whether rows are those of `sold_service`, which have no group. */
  readonly isOfServices: boolean
}

/** One row per event of a sold service in the time of its group. */
function eventsSql(scope: PeriodScope, of: EventsOf): string {
  const { near, rows, columns, isAsWritten, raw, alike, hasBands, hasViews } = of
  const { scratch } = scope
  const hasWalls = of.hasWalls && !isAsWritten
  const isFew = raw.length > 0 && raw.length <= CLASSES_MAX
  const more = (alias: string) => columns.map((column) => `, ${alias}.${column}`).join('')
  const classes = isFew
    ? ''
    : `JOIN ${scratch}.raw_class AS c ON c.usage_type = u.usage_type AND c.zone = u.zone AND c.time_band = u.time_band
        AND c.network = u.network`
  const instant = hasWalls
    ? 'epoch_us(u.started_at) - CASE WHEN u.is_wall_time THEN w.offset_micros ELSE 0 END'
    : 'epoch_us(u.started_at)'
  const inForce =
    of.time === null || hasWalls
      ? `AND ${instant} >= r.from_micros AND ${instant} < r.until_micros`
      : `AND u.started_at >= make_timestamp(${of.time.fromMicros}) AND u.started_at < make_timestamp(${of.time.untilMicros})`
  const isInForce = isAsWritten ? '' : inForce
  const walls = hasWalls
    ? `ASOF JOIN ${scratch}.wall_change AS w ON w.zone_no = r.zone_no AND epoch_us(u.started_at) >= w.from_wall`
    : ''
  const views = hasViews
    ? `LEFT JOIN ${scratch}.first_view AS v ON v.source = u.source AND v.account = u.account AND v.service = u.service
       AND v.usage_type = u.usage_type AND v.cycle_on IS NOT DISTINCT FROM u.cycle_on`
    : ''
  const isSeen = hasViews ? `AND (u.view = '' OR ${RANK} = v.best)` : ''
  const bands = hasBands
    ? `ASOF LEFT JOIN ${scratch}.band_change AS b ON b.band_no = e.band_no AND e.start_micros >= b.from_micros`
    : ''
  const { classNo, billed } =
    alike === null ? { classNo: 's.class_no', billed: BILLED } : alikeSql(alike, 'e', 'e.quantity_base')
  const settled = `JOIN ${scratch}.settled_class AS s ON s.product_no = e.product_no AND s.raw_no = e.raw_no
      AND s.band = ${hasBands ? "coalesce(b.band, '')" : "''"}`
  const known = (alias: string) =>
    of.isOfServices ? `${alias}.row_key` : `${alias}.group_no, ${alias}.row_key, ${alias}.row_no, ${alias}.service_no`
  const settling = of.isOfServices ? '' : 'r.product_no, r.band_no,'
  return `SELECT ${known('e')}, ${classNo} AS class_no, e.start_micros, ${billed} AS billed_base, e.source, e.id${more('e')}
    FROM (
      SELECT ${known('r')}, ${settling} ${isFew ? rawNoSql(raw) : 'c.raw_no'} AS raw_no, ${instant} AS start_micros, u.quantity_base,
        u.source, u.id${more('u')}
      FROM ${soldFacts(scope, 'usage')} AS u JOIN ${scratch}.${rows} AS r ON r.service = u.service ${classes} ${walls} ${views}
      WHERE ${pinned(scope, 'u')} AND ${near} AND u.quantity_base > 0 ${isSeen} ${isInForce}) AS e
    ${bands} ${alike === null ? settled : ''}`
}

/** More classes than are told apart one after the other for every row. */
const CLASSES_MAX = 32

type SumsOf = {
  readonly alike: Alike
  readonly raw: ReadonlyArray<RawClass>
  readonly time: Window | null
}

/** In which all groups draw down; null where they differ. */
function timeOf(groups: ReadonlyArray<RatingGroup>): Window | null {
  const [first] = groups
  const isOneTime = groups.every((one) => one.fromMicros === first?.fromMicros && one.untilMicros === first.untilMicros)
  return isOneTime && first !== undefined ? first : null
}

/**
 * Usage is summed by service and class as written before any row looks for its service, which is possible where all groups
 * draw down one time; null where that is not so.
 */
function sumsSql(scope: PeriodScope, { alike, raw, time }: SumsOf): string | null {
  if (time === null || raw.length === 0) return null
  const { billed } = alikeSql(alike, 'e', 'e.quantity_base')
  const { classNo } = alikeSql(alike, 'q', '')
  const { scratch } = scope
  return `SELECT r.service_no, r.group_no, r.row_no, ${classNo} AS class_no, q.billed_base, epoch_us(q.last_at) AS last_micros
    FROM (SELECT e.service, e.raw_no, sum(${billed}) AS billed_base, max(e.started_at) AS last_at
      FROM (SELECT u.service, ${rawNoSql(raw)} AS raw_no, u.quantity_base, u.started_at
        FROM ${soldFacts(scope, 'usage')} AS u WHERE ${pinned(scope, 'u')} AND u.quantity_base > 0
          AND u.started_at >= make_timestamp(${time.fromMicros}) AND u.started_at < make_timestamp(${time.untilMicros})) AS e
      GROUP BY ALL) AS q
    JOIN ${scratch}.sold_row AS r ON r.service = q.service AND r.is_whole`
}

/** The number of the class of a row of `usage AS u`, which is of one of these: columns that all have alike are not read. */
function rawNoSql(raw: ReadonlyArray<RawClass>): string {
  const [first] = raw
  if (first !== undefined && raw.length === 1) return `${first.rawNo}`
  const rows = raw.map(({ rawNo, usageClass }) => ({ rawNo, cells: cellsOf(usageClass) }))
  const differing = CLASS_COLUMNS.filter((column) => new Set(rows.map(({ cells }) => cells[column])).size > 1)
  const isClass = (cells: Cells) => differing.map((column) => `u.${column} = ${literal(cells[column])}`).join(' AND ')
  return `CASE ${rows.map(({ rawNo, cells }) => `WHEN ${isClass(cells)} THEN ${rawNo}`).join(' ')} END`
}

const CLASS_COLUMNS = ['usage_type', 'zone', 'time_band', 'network'] as const
type Cells = Readonly<Record<(typeof CLASS_COLUMNS)[number], string>>

function cellsOf({ usageType, zone, timeBand, network }: UsageClass): Cells {
  return { usage_type: usageType, zone, time_band: timeBand, network }
}

/** As core's `roundUp`, which a test holds: the first block, then as many following ones as it takes. */
function billedSql(quantity: string, first: string, following: string): string {
  return `CASE WHEN ${quantity} <= ${first} THEN ${first}
    ELSE ${first} + ((${quantity} - ${first} + ${following} - 1) // ${following}) * ${following} END`
}

const BILLED = `CASE WHEN s.first_base = 0 THEN e.quantity_base
  ELSE ${billedSql('e.quantity_base', 's.first_base', 's.following_base')} END`
