// The usage of a period, added up once as fine as anything later asks: by account, service, class, and the days between
// two dates on which some membership, assignment, window or segment begins or ends. Everything after reads these sums.
import { USAGE_VIEWS } from '@spillway/core'
import { literal, make, type PeriodScope, pinned } from './period-scope.ts'

/** Local days are never more than a day from the UTC day. */
const MARGIN = 'INTERVAL 1 DAY'

/**
 * Makes `usage_sum`: one row per account, service, usage type, zone, time band, network, named pool and stretch of days.
 * Rows of more than one day stand apart (`is_span`), by their own first day and last day plus one, because they count
 * whole for a window that they span; other rows have the first day of their stretch in `start_on`.
 * Makes `account_window`: the days of each account's bills in the period.
 * Returns how to read the same rows one by one.
 */
export async function sumUsage(scope: PeriodScope): Promise<UsageRows> {
  const { scratch, period } = scope
  await make(
    scope,
    'account_window',
    `SELECT account, min(period_start_on) AS start_on, max(period_end_on) AS end_on FROM ${scratch}.bill GROUP BY account`,
  )
  // One row: the days that any window has.
  await make(
    scope,
    'usage_range',
    `SELECT min(start_on) AS start_on, max(end_on) AS end_on FROM (
       SELECT start_on, end_on FROM ${scratch}.segment UNION ALL SELECT start_on, end_on FROM ${scratch}.account_window
       UNION ALL SELECT ${literal(period.startOn)}::DATE, ${literal(period.endOn)}::DATE)`,
  )
  await storeStretches(scope)
  const usageRows = await readUsage(scope)
  await make(scope, 'usage_sum', `SELECT (row_number() OVER ())::INTEGER AS usage_no, * FROM (${usageRows(SUMS)})`)
  return usageRows
}

/** Columns beside the class and the days (written over `u`, a row of `usage`), and whether they are sums. */
export type UsageMeasures = { readonly columns: string; readonly isSum: boolean; readonly where?: string }

/** A query over the usage that can count (binding `$tenant`): its class and days, as in `usage_sum`, and the measures. */
export type UsageRows = (measures: UsageMeasures) => string

const SUMS: UsageMeasures = { columns: 'sum(u.quantity_base) AS quantity_base, count(*) AS row_count', isSum: true }

/** Makes `day`: one row per day of the range, with the first day of its stretch. */
async function storeStretches(scope: PeriodScope): Promise<void> {
  const { scratch } = scope
  await make(
    scope,
    'day',
    `WITH bound AS (
       SELECT from_on AS on_date FROM ${scratch}.member UNION SELECT to_on FROM ${scratch}.member
       UNION SELECT start_on FROM ${scratch}.segment UNION SELECT end_on FROM ${scratch}.segment
       UNION SELECT start_on FROM ${scratch}.account_window UNION SELECT end_on FROM ${scratch}.account_window
       UNION SELECT s.from_on FROM service AS s WHERE ${pinned(scope, 's')}
       UNION SELECT s.to_on FROM service AS s WHERE ${pinned(scope, 's')}
       UNION SELECT s.from_on FROM person AS s WHERE ${pinned(scope, 's')}
       UNION SELECT s.to_on FROM person AS s WHERE ${pinned(scope, 's')}
       UNION SELECT unnest([start_on, end_on]) FROM ${scratch}.usage_range
       UNION SELECT unnest([DATE ${literal(scope.period.startOn)}, DATE ${literal(scope.period.endOn)}])),
     every AS (SELECT unnest(generate_series(start_on, end_on - 1, INTERVAL 1 DAY))::DATE AS on_date FROM ${scratch}.usage_range)
     SELECT e.on_date, b.on_date AS start_on FROM every AS e ASOF JOIN bound AS b ON e.on_date >= b.on_date`,
  )
}

/**
 * The rows that can count, with their local days. Wall times are local already; the zone's rules are asked only for the
 * accounts whose zone is not UTC. Of several views of the same usage the first counts.
 */
async function readUsage(scope: PeriodScope): Promise<UsageRows> {
  const { scratch, warehouse, tenant } = scope
  const zones = await warehouse.rows<{ account: string; time_zone: string }>(
    `SELECT DISTINCT ON (account) account, time_zone FROM account AS a WHERE ${pinned(scope, 'a')}
     ORDER BY account, doc DESC, ordinal DESC`,
    { tenant },
  )
  await warehouse.run(`CREATE TABLE ${scratch}.zone_of_account (account VARCHAR, time_zone VARCHAR)`)
  const writer = await warehouse.writer('zone_of_account', ['account', 'time_zone'], scratch)
  const distant = zones.filter(({ time_zone }) => !['', 'UTC', 'Etc/UTC'].includes(time_zone))
  for (const { account, time_zone } of distant) writer.append([account, time_zone])
  writer.close()
  const inRange = `u.started_at < (SELECT end_on FROM ${scratch}.usage_range) + ${MARGIN}
    AND (u.started_at >= (SELECT start_on FROM ${scratch}.usage_range) - ${MARGIN} OR u.ended_at >= (SELECT start_on FROM ${scratch}.usage_range) - ${MARGIN})`
  const rows = await viewed(scope, `FROM usage AS u $join WHERE ${pinned(scope, 'u')} AND ${inRange} $where`)
  const plain =
    distant.length === 0
      ? ''
      : `(u.is_wall_time OR u.account NOT IN (FROM (SELECT account FROM ${scratch}.zone_of_account)))`
  return (measures) => {
    const here = stretched(scope, rows, measures, {
      local: (instant) => instant,
      join: '',
      where: plain === '' ? '' : `AND ${plain}`,
    })
    if (distant.length === 0) return here
    const there = stretched(scope, rows, measures, {
      local: (instant) => `timezone(z.time_zone, timezone('UTC', ${instant}))`,
      join: `JOIN ${scratch}.zone_of_account AS z ON z.account = u.account`,
      where: 'AND NOT u.is_wall_time',
    })
    return `${here} UNION ALL ${there}`
  }
}

type LocalRows = { readonly local: (instant: string) => string; readonly join: string; readonly where: string }

/** Sums in one pass over the rows, so that no step holds one row per event. A row is in one branch alone. */
function stretched(
  scope: PeriodScope,
  rows: string,
  measures: UsageMeasures,
  { local, join, where }: LocalRows,
): string {
  const own = measures.where === undefined ? '' : `AND ${measures.where}`
  const first = `${local('u.started_at')}::DATE`
  const after = `${local('(u.ended_at - INTERVAL 1 MICROSECOND)')}::DATE + 1`
  const isSpan = `coalesce(u.ended_at > u.started_at AND ${after} > ${first} + 1, false)`
  const stretch = `LEFT JOIN ${scope.scratch}.day AS d ON d.on_date = ${first}`
  return `SELECT u.account, u.service, u.usage_type, u.zone, u.time_band, u.network, u.pool AS named_pool,
      ${isSpan} AS is_span, CASE WHEN ${isSpan} THEN ${first} ELSE d.start_on END AS start_on,
      CASE WHEN ${isSpan} THEN ${after} ELSE d.start_on END AS end_on,
      ${measures.columns}
    ${rows.replace('$join', `${join} ${stretch}`).replace('$where', `${where} ${own} AND (d.on_date IS NOT NULL OR ${isSpan})`)}
    ${measures.isSum ? 'GROUP BY ALL' : ''}`
}

/** Adds to the rows that only the first view counts, where the range holds more than one view of anything. */
async function viewed(scope: PeriodScope, rows: string): Promise<string> {
  const present = await scope.warehouse.rows<{ view: string }>(
    `SELECT DISTINCT u.view ${rows.replace('$join', '').replace('$where', "AND u.view <> ''")} ORDER BY ALL`,
    { tenant: scope.tenant },
  )
  if (present.length < 2) return rows
  const rank = `CASE u.view ${USAGE_VIEWS.map((view, index) => `WHEN ${literal(view)} THEN ${index}`).join(' ')} END`
  await make(
    scope,
    'best_view',
    `SELECT u.source, u.account, u.service, u.usage_type, u.cycle_on, min(${rank}) AS best
     FROM usage AS u WHERE ${pinned(scope, 'u')} AND u.view <> '' GROUP BY ALL`,
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
