// The usage of a period, added up once as fine as anything later asks: by account, service, class, and the days between
// two dates on which something begins or ends. Windows and segments cut the days of everybody; memberships, assignments and
// people only those of the services that they are about, which are few. Everything after reads these sums.
import { invariant, USAGE_VIEWS } from '@spillway/core'
import { literal } from '../../warehouse/sql-literal.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import { assignmentsSql } from '../roll-up/assignment-rows.ts'
import { factsOf, make, type PeriodScope, pinned, show } from './period-scope.ts'
import type { Segment } from './pool-windows.ts'
import { giveNumbers } from './service-keys.ts'

/** Local days are never more than a day from the UTC day. */
const MARGIN = 'INTERVAL 1 DAY'

/** What few usage rows differ in, as columns of `usage`. */
const CLASS = ['account', 'usage_type', 'zone', 'time_band', 'network', 'pool'] as const
const CLASS_COLUMNS = CLASS.map((column) => `u.${column}`).join(', ')

/**
 * Makes `usage_row`: one row per service, usage class and stretch of days. Rows of more than one day stand apart
 * (`is_span`), by their own first day and last day plus one, because they count whole for a window that they span; other
 * rows have the first day of their stretch in `start_on`. Makes `usage_class` (one row per account, usage type, zone, time
 * band, network and named pool), the view `usage_sum`, which shows the sums with names, and `account_window`: the days of
 * each account's bills in the period.
 */
export async function sumUsage(scope: PeriodScope, segments: ReadonlyArray<Segment>): Promise<SummedUsage> {
  const { scratch } = scope
  await show(
    scope,
    'account_window',
    `SELECT account, min(period_start_on) AS start_on, max(period_end_on) AS end_on FROM ${scratch}.bill GROUP BY account`,
  )
  const bounds = await commonBounds(scope, segments)
  const isMoving = await storeMoving(scope, bounds)
  const seen = await storeClasses(scope, bounds)
  const { hasEnds, hasGaps, hasNamed } = seen
  const usageRows = await readUsage(scope, { bounds, isMoving, ...seen })
  await make(scope, 'usage_named', usageRows(SUMS))
  await make(
    scope,
    'usage_row',
    `SELECT (row_number() OVER ())::INTEGER AS usage_no, k.service_no, c.class_no, u.is_span, u.start_on, u.end_on,
       u.quantity_base, u.row_count, CASE WHEN k.service_no IS NULL THEN u.service END AS new_service
     FROM ${scratch}.usage_named AS u LEFT JOIN ${scratch}.service_key AS k ON k.service = u.service
     JOIN ${scratch}.usage_class AS c ON c.class_hash = u.class_hash`,
  )
  await giveNumbers(scope, 'usage_row')
  await scope.warehouse.run(`DROP TABLE ${scratch}.usage_named`)
  await show(
    scope,
    'usage_sum',
    `SELECT u.usage_no, c.named_no, c.account, k.service, c.usage_type, c.zone, c.time_band, c.network, c.named_pool, u.is_span,
       u.start_on, u.end_on, u.quantity_base, u.row_count
     FROM ${scratch}.usage_row AS u JOIN ${scratch}.usage_class AS c USING (class_no) JOIN ${scratch}.service_key AS k USING (service_no)`,
  )
  const isWhole = !isMoving && bounds.length === 2 && !hasEnds
  return { usageRows, isWhole, hasEnds, hasGaps, hasNamed }
}

export type SummedUsage = {
  /** How to read the same rows one by one. */
  readonly usageRows: UsageRows
  /** Whether each service has one row per class: nothing cuts the days of any. */
  readonly isWhole: boolean
  /** Whether any row tells its end, and so may span days. */
  readonly hasEnds: boolean
  /** Whether any class is without a time band or a network. */
  readonly hasGaps: boolean
  /** Whether classes differ in nothing but the pool that they name. */
  readonly hasNamed: boolean
}

/** Columns beside the class and the days (written over `u`, a row of `usage`). */
export type UsageMeasures = { readonly columns: string; readonly isSum: boolean; readonly where?: string }

/** A query over the usage that can count (binding `$tenant`): its class and days, as in `usage_sum`, and the measures. */
export type UsageRows = (measures: UsageMeasures) => string

const SUMS: UsageMeasures = { columns: 'sum(u.quantity_base) AS quantity_base, count(*) AS row_count', isSum: true }

/** The days on which windows and segments begin and end, in order: the first and the last enclose all usage that counts. */
async function commonBounds(
  { scratch, warehouse, period }: PeriodScope,
  segments: ReadonlyArray<Segment>,
): Promise<ReadonlyArray<string>> {
  const windows = await warehouse.rows<{ start_on: string; end_on: string }>(
    `SELECT DISTINCT start_on, end_on FROM ${scratch}.account_window`,
  )
  const days = [
    ...[period, ...segments].flatMap(({ startOn, endOn }) => [startOn, endOn]),
    ...windows.flatMap(({ start_on, end_on }) => [start_on, end_on]),
  ]
  return [...new Set(days)].sort()
}

/**
 * Makes `moving` (services whose memberships or assignments change within the days, or are split) and `day` (one row per
 * day, with the first day of its stretch where every such change cuts). False where no service moves.
 */
async function storeMoving(scope: PeriodScope, bounds: ReadonlyArray<string>): Promise<boolean> {
  const [start, end] = [`DATE ${literal(bounds[0] as string)}`, `DATE ${literal(bounds.at(-1) as string)}`]
  const changes = (alias: string) =>
    `coalesce(${alias}.from_on > ${start} AND ${alias}.from_on < ${end}, false) OR coalesce(${alias}.to_on > ${start} AND ${alias}.to_on < ${end}, false)`
  const { scratch } = scope
  const services = await make(
    scope,
    'moving',
    `SELECT k.service FROM ${scratch}.member AS m JOIN ${scratch}.service_key AS k USING (service_no) WHERE ${changes('m')}
     UNION SELECT s.service FROM ${assignmentsSql(scope, 's')} AND (${changes('s')} OR s.share_ppm <> 1000000)
     UNION SELECT s.service FROM ${assignmentsSql(scope, 's')} GROUP BY s.service HAVING count(*) > 1
     UNION SELECT s.service FROM ${assignmentsSql(scope, 's')} AND s.person IN (
       SELECT p.employee FROM person AS p WHERE ${pinned(scope, 'p')} GROUP BY p.employee HAVING count(*) > 1 OR bool_or(${changes('p')}))`,
  )
  if (services === 0) return false
  await make(
    scope,
    'day',
    `WITH bound AS (
       SELECT from_on AS on_date FROM ${scratch}.member UNION SELECT to_on FROM ${scratch}.member
       UNION SELECT s.from_on FROM ${assignmentsSql(scope, 's')}
       UNION SELECT s.to_on FROM ${assignmentsSql(scope, 's')}
       UNION SELECT s.from_on FROM person AS s WHERE ${pinned(scope, 's')}
       UNION SELECT s.to_on FROM person AS s WHERE ${pinned(scope, 's')}
       UNION SELECT unnest([${bounds.map((day) => `DATE ${literal(day)}`).join(', ')}])),
     every AS (SELECT unnest(generate_series(${start}, ${end} - 1, INTERVAL 1 DAY))::DATE AS on_date)
     SELECT e.on_date, b.on_date AS start_on FROM every AS e ASOF JOIN bound AS b ON e.on_date >= b.on_date`,
  )
  return true
}

type Seen = {
  /** How many views of the same usage there are. */
  readonly views: number
  readonly hasEnds: boolean
  readonly hasGaps: boolean
  readonly hasNamed: boolean
  /** The hash of a class, over a row `u`. */
  readonly classHash: string
}

type SeenRow = Row & { views: bigint; has_ends: boolean } & Readonly<Record<(typeof CLASS)[number], boolean>>

/** Makes `usage_class`. */
async function storeClasses(scope: PeriodScope, bounds: ReadonlyArray<string>): Promise<Seen> {
  const { scratch, warehouse } = scope
  await make(
    scope,
    'usage_seen',
    `SELECT ${CLASS_COLUMNS}, u.view, bool_or(u.ended_at IS NOT NULL) AS has_ends
     FROM ${factsOf(scope, 'usage')} AS u WHERE ${pinned(scope, 'u')} AND ${nearby(bounds)} GROUP BY ALL`,
  )
  const differ = CLASS.map((column) => `coalesce(min(${column}) <> max(${column}), false) AS ${column}`)
  const seen = await warehouse.row<SeenRow>(
    `SELECT count(DISTINCT view) FILTER (view <> '') AS views, coalesce(bool_or(has_ends), false) AS has_ends, ${differ.join(', ')}
     FROM ${scratch}.usage_seen`,
  )
  const varying = CLASS.filter((column) => seen[column]).map((column) => `u.${column}`)
  const classHash = varying.length === 0 ? '0::UBIGINT' : `hash(${varying.join(', ')})`
  // Rows are grouped by the hash of their class, so two classes with one hash would be taken for one.
  await make(
    scope,
    'usage_class',
    `SELECT (row_number() OVER ())::INTEGER AS class_no, ${classHash} AS class_hash, u.* EXCLUDE (pool), u.pool AS named_pool,
       p.pool_no AS named_no
     FROM (SELECT DISTINCT ${CLASS.join(', ')} FROM ${scratch}.usage_seen) AS u
     LEFT JOIN ${scratch}.pool AS p ON p.pool = u.pool AND p.usage_type = u.usage_type`,
  )
  const { classes, hashes, used, has_gaps } = await warehouse.row<{
    classes: bigint
    hashes: bigint
    used: bigint
    has_gaps: boolean
  }>(
    `SELECT count(*) AS classes, count(DISTINCT class_hash) AS hashes,
       count(DISTINCT (account, usage_type, zone, time_band, network)) AS used,
       coalesce(bool_or(time_band = '' OR network = ''), false) AS has_gaps FROM ${scratch}.usage_class`,
  )
  invariant(classes === hashes, 'every usage class has a hash of its own', { classes, hashes })
  const { views, has_ends: hasEnds } = seen
  return { views: Number(views), hasEnds, hasGaps: has_gaps, hasNamed: used !== classes, classHash }
}

/** Rows of `usage` that any day between the bounds could be about, whatever their zone. */
function nearby(bounds: ReadonlyArray<string>): string {
  const start = `TIMESTAMP ${literal(bounds[0] as string)} - ${MARGIN}`
  return `u.started_at < TIMESTAMP ${literal(bounds.at(-1) as string)} + ${MARGIN} AND (u.started_at >= ${start} OR u.ended_at >= ${start})`
}

type Reading = Seen & { readonly bounds: ReadonlyArray<string>; readonly isMoving: boolean }

/**
 * The rows that can count, with their local days. Wall times are local already; the zone's rules are asked only for the
 * accounts whose zone is not UTC. Of several views of the same usage the first counts.
 */
async function readUsage(scope: PeriodScope, reading: Reading): Promise<UsageRows> {
  const { scratch, warehouse, tenant } = scope
  const isNear = scope.near === undefined ? '' : `AND a.account IN (SELECT account FROM ${factsOf(scope, 'usage')})`
  const zones = await warehouse.rows<{ account: string; time_zone: string }>(
    `SELECT DISTINCT ON (account) account, time_zone FROM account AS a WHERE ${pinned(scope, 'a')} ${isNear}
     ORDER BY account, doc DESC, ordinal DESC`,
    { tenant },
  )
  const distant = zones.filter(({ time_zone }) => !['', 'UTC', 'Etc/UTC'].includes(time_zone))
  if (distant.length > 0) await storeZones(scope, distant)
  const rows = await viewed(
    scope,
    `FROM ${factsOf(scope, 'usage')} AS u $join WHERE ${pinned(scope, 'u')} AND ${nearby(reading.bounds)} $where`,
    reading.views,
  )
  const isHere = `(u.is_wall_time OR u.account NOT IN (FROM (SELECT account FROM ${scratch}.zone_of_account)))`
  return (measures) => {
    const here = stretched(scope, {
      ...{ rows, measures, reading },
      local: (instant) => instant,
      join: '',
      where: distant.length === 0 ? '' : `AND ${isHere}`,
    })
    if (distant.length === 0) return here
    const there = stretched(scope, {
      ...{ rows, measures, reading },
      local: (instant) => `timezone(z.time_zone, timezone('UTC', ${instant}))`,
      join: `JOIN ${scratch}.zone_of_account AS z ON z.account = u.account`,
      where: 'AND NOT u.is_wall_time',
    })
    const both = `${here} UNION ALL ${there}`
    if (!measures.isSum) return both
    return `SELECT * EXCLUDE (quantity_base, row_count), sum(quantity_base) AS quantity_base, sum(row_count) AS row_count
      FROM (${both}) GROUP BY ALL`
  }
}

async function storeZones(
  { warehouse, scratch }: PeriodScope,
  zones: ReadonlyArray<{ readonly account: string; readonly time_zone: string }>,
): Promise<void> {
  await warehouse.run(`CREATE TABLE ${scratch}.zone_of_account (account VARCHAR, time_zone VARCHAR)`)
  const writer = await warehouse.writer('zone_of_account', ['account', 'time_zone'], scratch)
  for (const { account, time_zone } of zones) writer.append([account, time_zone])
  writer.close()
}

type LocalRows = {
  readonly rows: string
  readonly measures: UsageMeasures
  readonly reading: Reading
  readonly local: (instant: string) => string
  readonly join: string
  readonly where: string
}

/** Sums in one pass over the rows, so that no step holds one row per event. A row is in one branch alone. */
function stretched(scope: PeriodScope, { rows, measures, reading, local, join, where }: LocalRows): string {
  const { bounds, isMoving, hasEnds, classHash } = reading
  const own = measures.where === undefined ? '' : `AND ${measures.where}`
  const start = local('u.started_at')
  const first = `${start}::DATE`
  const after = `${local('(u.ended_at - INTERVAL 1 MICROSECOND)')}::DATE + 1`
  const isSpan = hasEnds ? `coalesce(u.ended_at > u.started_at AND ${after} > ${first} + 1, false)` : 'false'
  const moves = isMoving
    ? `LEFT JOIN ${scope.scratch}.moving AS m ON m.service = u.service
       LEFT JOIN ${scope.scratch}.day AS d ON d.on_date = CASE WHEN m.service IS NOT NULL THEN ${first} END`
    : ''
  const common = stretchSql(start, bounds)
  const stretch = isMoving ? `coalesce(d.start_on, ${common})` : common
  const inRange = `(${start} >= TIMESTAMP ${literal(bounds[0] as string)} AND ${start} < TIMESTAMP ${literal(bounds.at(-1) as string)})`
  const counts = hasEnds ? `AND (${inRange} OR ${isSpan})` : `AND ${inRange}`
  const kept = rows.replace('$join', () => `${join} ${moves}`).replace('$where', () => `${where} ${own} ${counts}`)
  const names = measures.isSum
    ? `u.service, ${classHash} AS class_hash`
    : 'u.account, u.service, u.usage_type, u.zone, u.time_band, u.network, u.pool AS named_pool'
  // By their places in the list: what is the same in every row is no part of the key.
  const isSame = [
    false,
    !classHash.startsWith('hash'),
    !hasEnds,
    ...Array(2).fill(!hasEnds && !isMoving && bounds.length === 2),
  ]
  const keys = isSame.flatMap((same, index) => (same ? [] : [index + 1]))
  const days = (ofSpan: string) => (hasEnds ? `CASE WHEN ${isSpan} THEN ${ofSpan} ELSE ${stretch} END` : stretch)
  return `SELECT ${names}, ${isSpan} AS is_span, ${days(first)} AS start_on, ${days(after)} AS end_on, ${measures.columns}
    ${kept} ${measures.isSum ? `GROUP BY ${keys.join(', ')}` : ''}`
}

/** The first day of the stretch between two bounds that an instant lies in. */
function stretchSql(instant: string, bounds: ReadonlyArray<string>): string {
  const starts = bounds.slice(0, -1)
  const arms = starts.slice(1).map((end, index) => {
    return `WHEN ${instant} < TIMESTAMP ${literal(end)} THEN DATE ${literal(starts[index] as string)}`
  })
  const last = `DATE ${literal(starts.at(-1) as string)}`
  return arms.length === 0 ? last : `CASE ${arms.join(' ')} ELSE ${last} END`
}

/** Adds to the rows that only the first view counts, where the range holds more than one view of anything. */
async function viewed(scope: PeriodScope, rows: string, views: number): Promise<string> {
  if (views < 2) return rows
  const rank = `CASE u.view ${USAGE_VIEWS.map((view, index) => `WHEN ${literal(view)} THEN ${index}`).join(' ')} END`
  await make(
    scope,
    'best_view',
    `SELECT u.source, u.account, u.service, u.usage_type, u.cycle_on, min(${rank}) AS best
     FROM ${factsOf(scope, 'usage')} AS u WHERE ${pinned(scope, 'u')} AND u.view <> '' GROUP BY ALL`,
  )
  return rows
    .replace(
      '$join',
      `$join LEFT JOIN ${scope.scratch}.best_view AS v
        ON v.source = u.source AND v.account = u.account AND v.service = u.service AND v.usage_type = u.usage_type
        AND v.cycle_on IS NOT DISTINCT FROM u.cycle_on`,
    )
    .replace('$where', `$where AND (u.view = '' OR ${rank} = v.best)`)
}
