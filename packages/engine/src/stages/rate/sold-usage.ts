// The usage of sold services as the warehouse sees it: each event with its group, its row of a service, its settled class,
// its instant and its billed quantity. Makes tables of what core settled; the events themselves are a query, not a table.

import { type Calendars, type IndexedCatalogue, startOfDay, USAGE_VIEWS, type UsageClass } from '@spillway/core'
import { literal, make, type PeriodScope, pinned } from '../allocate/period-scope.ts'
import type { RatingGroup } from './rating-groups.ts'
import { bandChanges, type RawClass, ratePlanOf, settleClasses, wallChanges } from './settle-classes.ts'

export type SoldUsage = {
  /** By number, for all groups. */
  readonly classes: ReadonlyArray<UsageClass>
  /**
   * A query of `group_no`, `row_no` (of a service in its group), `class_no`, `start_micros`, `billed_base`, `source`, `id`,
   * one row per event; it binds `$tenant`.
   */
  readonly events: string
  /** The same for the rows of `usage AS u` that a condition chooses. */
  readonly eventsWhere: (condition: string) => string
}

export type UsageOf = {
  readonly index: IndexedCatalogue
  readonly calendars: Calendars
  readonly groups: ReadonlyArray<RatingGroup>
}

/** Wall times differ from instants by less than this. */
const MARGIN_MICROS = 86_400_000_000

export async function readSoldUsage(scope: PeriodScope, of: UsageOf): Promise<SoldUsage> {
  const fromMicros = Math.min(...of.groups.map((group) => group.fromMicros))
  const untilMicros = Math.max(...of.groups.map((group) => group.untilMicros))
  const window = { fromMicros, untilMicros }
  const near = `u.started_at >= make_timestamp(${fromMicros - MARGIN_MICROS}) AND u.started_at < make_timestamp(${untilMicros + MARGIN_MICROS})`
  const seen = await readSeen(scope, near)
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
  const clocks = await storeRows(scope, of, numberOfProduct)
  const hasBands = await storeBands(scope, { ...of, bands: clocks.bands, window })
  const hasWalls = seen.hasWallTimes && (await storeWalls(scope, { ...of, zones: clocks.zones, window }))
  if (seen.hasViews) await storeBestViews(scope, near)
  const eventsWhere = (condition: string) =>
    eventsSql(scope, { near: `${near} AND ${condition}`, hasBands, hasWalls, hasViews: seen.hasViews })
  return { classes, events: eventsWhere('true'), eventsWhere }
}

type Seen = {
  readonly raw: ReadonlyArray<RawClass>
  readonly hasWallTimes: boolean
  readonly hasViews: boolean
}

async function readSeen(scope: PeriodScope, near: string): Promise<Seen> {
  // One row per class as written, and how its rows tell time and view.
  const rows = await scope.warehouse.rows<{
    usage_type: UsageClass['usageType']
    zone: UsageClass['zone']
    time_band: UsageClass['timeBand']
    network: UsageClass['network']
    has_walls: boolean
    views: bigint
  }>(
    `SELECT usage_type, zone, time_band, network, bool_or(is_wall_time) AS has_walls,
       count(DISTINCT view) FILTER (view <> '') AS views
     FROM usage AS u WHERE ${pinned(scope, 'u')} AND ${near} GROUP BY ALL ORDER BY usage_type, zone, time_band, network`,
    { tenant: scope.tenant },
  )
  return {
    raw: rows.map(({ usage_type, zone, time_band, network }, rawNo) => ({
      rawNo,
      usageClass: { usageType: usage_type, zone, timeBand: time_band, network },
    })),
    hasWallTimes: rows.some(({ has_walls }) => has_walls),
    hasViews: rows.some(({ views }) => views > 0n),
  }
}

/** Makes a scratch table; the names of its columns. */
export async function makeTable(
  { warehouse, scratch }: Pick<PeriodScope, 'warehouse' | 'scratch'>,
  table: string,
  columns: Readonly<Record<string, string>>,
): Promise<string[]> {
  const parts = Object.entries(columns).map(([name, type]) => `${name} ${type}`)
  await warehouse.run(`CREATE TABLE ${scratch}.${table} (${parts.join(', ')})`)
  return Object.keys(columns)
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

const EVER = 2n ** 62n
const micros = (instant: number): bigint =>
  instant === Number.POSITIVE_INFINITY ? EVER : instant === Number.NEGATIVE_INFINITY ? -EVER : BigInt(instant)

/** Makes `sold_row`: one row per row of a service, with the instants between which its usage is drawn down in this run. */
async function storeRows(scope: PeriodScope, of: UsageOf, numberOfProduct: ReadonlyMap<string, number>) {
  const columns = await makeTable(scope, 'sold_row', {
    group_no: 'INTEGER',
    row_no: 'INTEGER',
    service: 'VARCHAR',
    product_no: 'INTEGER',
    band_no: 'INTEGER',
    zone_no: 'INTEGER',
    from_micros: 'BIGINT',
    until_micros: 'BIGINT',
  })
  const zones = new Map<string, number>()
  const bands = new Map<string, { bandNo: number; product: string; timeZone: string }>()
  const writer = await scope.warehouse.writer('sold_row', columns, scope.scratch)
  for (const group of of.groups) {
    for (const [row, service] of group.services.entries()) {
      const { timeZone } = of.index.account(service.account)
      const zoneNo = zones.get(timeZone) ?? zones.size
      zones.set(timeZone, zoneNo)
      const product = of.index.catalogue.products.get(service.product)
      const plan = product === undefined ? null : ratePlanOf(of.index, product)
      const key = JSON.stringify([plan?.ratePlan, timeZone])
      const band = bands.get(key) ?? { bandNo: bands.size + 1, product: service.product, timeZone }
      if (plan?.peak) bands.set(key, band)
      const inForce = inForceOf(of, service)
      writer.append([
        ...[group.number, row, service.service, numberOfProduct.get(service.product) as number],
        ...[plan?.peak ? band.bandNo : 0, zoneNo],
        micros(Math.max(inForce.fromMicros, group.fromMicros)),
        micros(Math.min(inForce.untilMicros, group.untilMicros)),
      ])
    }
  }
  writer.close()
  return { zones, bands: [...bands.values()] }
}

function inForceOf({ index, calendars }: UsageOf, service: RatingGroup['services'][number]) {
  const clock = calendars.clock(index.account(service.account).timeZone)
  const at = (on: typeof service.from, open: number) => (on === null ? open : startOfDay(on, clock.timeZone))
  return {
    fromMicros: at(service.from, Number.NEGATIVE_INFINITY),
    untilMicros: at(service.until, Number.POSITIVE_INFINITY),
  }
}

type Window = { readonly fromMicros: number; readonly untilMicros: number }
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
     FROM usage AS u WHERE ${pinned(scope, 'u')} AND ${near} AND u.view <> '' GROUP BY ALL`,
  )
}

type EventsOf = {
  readonly near: string
  readonly hasBands: boolean
  readonly hasWalls: boolean
  readonly hasViews: boolean
}

/** One row per event of a sold service in the time of its group. */
function eventsSql(scope: PeriodScope, { near, hasBands, hasWalls, hasViews }: EventsOf): string {
  const { scratch } = scope
  const instant = hasWalls
    ? 'epoch_us(u.started_at) - CASE WHEN u.is_wall_time THEN w.offset_micros ELSE 0 END'
    : 'epoch_us(u.started_at)'
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
  return `SELECT e.group_no, e.row_no, s.class_no, e.start_micros, ${BILLED} AS billed_base, e.source, e.id
    FROM (
      SELECT r.group_no, r.row_no, r.product_no, r.band_no, c.raw_no, ${instant} AS start_micros, u.quantity_base,
        u.source, u.id
      FROM usage AS u JOIN ${scratch}.sold_row AS r ON r.service = u.service
      JOIN ${scratch}.raw_class AS c ON c.usage_type = u.usage_type AND c.zone = u.zone AND c.time_band = u.time_band
        AND c.network = u.network ${walls} ${views}
      WHERE ${pinned(scope, 'u')} AND ${near} AND u.quantity_base > 0 ${isSeen}
        AND ${instant} >= r.from_micros AND ${instant} < r.until_micros) AS e
    ${bands} JOIN ${scratch}.settled_class AS s ON s.product_no = e.product_no AND s.raw_no = e.raw_no
      AND s.band = ${hasBands ? "coalesce(b.band, '')" : "''"}`
}

/** As core's `roundUp`, which a test holds: the first block, then as many following ones as it takes. */
const BILLED = `CASE WHEN s.first_base = 0 THEN e.quantity_base WHEN e.quantity_base <= s.first_base THEN s.first_base
  ELSE s.first_base + ((e.quantity_base - s.first_base + s.following_base - 1) // s.following_base) * s.following_base END`
