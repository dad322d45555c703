// What a close finds wrong with pools: charges without one pool, pools without members or over their ceiling, services in
// two pools that may not coexist. Reports only; every charge is allocated or retained whatever is found here.
import { formatAmount, type Problem, problem } from '@spillway/core'
import type { Row } from '../../warehouse/warehouse.ts'
import { OWN_DOC } from './own-bills.ts'
import { type PeriodScope, pinned } from './period-scope.ts'

export async function findPoolProblems(scope: PeriodScope): Promise<Problem[]> {
  const { lost, contested, limited, empty } = await suspects(scope)
  return [
    ...(lost > 0n ? await ambiguousCharges(scope) : []),
    ...(await unknownPools(scope, { hasLost: lost > 0n })),
    ...(contested > 0n ? await overlaps(scope) : []),
    ...(limited > 0n ? await overCeiling(scope) : []),
    ...(empty > 0n ? await withoutMembers(scope) : []),
  ]
}

type Suspects = Row & Readonly<Record<'lost' | 'contested' | 'limited' | 'empty', bigint>>

/** How many rows each question could be about: most closes have none, and need not ask it. */
async function suspects({ scratch, warehouse }: PeriodScope): Promise<Suspects> {
  return warehouse.row<Suspects>(
    `SELECT (SELECT count(*) FROM ${scratch}.charge_row JOIN ${scratch}.charge_kind USING (kind_no)
         WHERE pool_no IS NULL AND (named_pool <> '' OR (${IS_FOR_POOL}))) AS lost,
       (SELECT count(*) FROM ${scratch}.several WHERE is_contested) AS contested,
       (SELECT count(max_members) FROM ${scratch}.pool) AS limited,
       (SELECT count(*) FROM ${scratch}.segment ANTI JOIN ${scratch}.participant USING (segment_no)) AS empty`,
  )
}

type AmbiguousRow = Row & {
  account: string
  usage_type: string
  currency: string
  pools: ReadonlyArray<string>
  charges: bigint
  amount_minor: bigint
}

const IS_FOR_POOL = `usage_type <> '' AND category IN ('bulk', 'access', 'overage')`

/**
 * Charges that a pool should take, and that found none or several; where a pool that nobody defined was named, or we bill it,
 * several: what we bill need not be pooled.
 */
const IS_AMBIGUOUS = `(pool_no IS NULL AND ${IS_FOR_POOL}
  AND (named_pool = '' AND doc <> ${OWN_DOC} OR candidates > 1))`

/** One per account, usage type, currency and set of candidate pools. */
async function ambiguousCharges({ scratch, warehouse }: PeriodScope): Promise<Problem[]> {
  // Candidates are the pools of that usage type that the service is in on the charge's days, or that the account has.
  const rows = await warehouse.rows<AmbiguousRow>(
    `WITH lost AS (SELECT * FROM ${scratch}.charge WHERE ${IS_AMBIGUOUS}),
     candidate AS (
       SELECT l.doc, l.ordinal, m.pool_no FROM lost AS l JOIN ${scratch}.service_key AS k ON k.service = l.service
         JOIN ${scratch}.member AS m ON m.service_no = k.service_no AND m.usage_type = l.usage_type AND m.from_on < l.end_on AND m.to_on > l.start_on WHERE l.candidates > 1
       UNION
       SELECT l.doc, l.ordinal, p.pool_no FROM lost AS l JOIN ${scratch}.pool AS p ON p.account = l.account
         AND p.usage_type = l.usage_type AND p.vendor IN (l.vendor, '') WHERE l.candidates > 1 AND l.service = ''),
     named AS (SELECT doc, ordinal, list(pool ORDER BY pool) AS pools FROM candidate JOIN ${scratch}.pool USING (pool_no) GROUP BY ALL)
     SELECT account, usage_type, currency, coalesce(pools, []) AS pools, count(*) AS charges, sum(amount_minor) AS amount_minor
     FROM lost LEFT JOIN named USING (doc, ordinal) GROUP BY ALL ORDER BY ALL`,
  )
  return rows.map(({ account, usage_type, currency, pools, charges, amount_minor }) =>
    problem('ambiguous-pool', {
      account,
      usageType: usage_type,
      currency,
      pools,
      charges: Number(charges),
      amount: formatAmount(amount_minor, currency),
    }),
  )
}

/** One per pool id that memberships name and nobody defined, or that charges name and that led to no pool at all. */
async function unknownPools(scope: PeriodScope, { hasLost }: { readonly hasLost: boolean }): Promise<Problem[]> {
  const { scratch, warehouse, tenant } = scope
  const ofCharges = `SELECT named_pool AS pool, 'account ' || min(account) AS used_by FROM ${scratch}.charge
     WHERE named_pool <> '' AND pool_no IS NULL AND NOT ${IS_AMBIGUOUS} GROUP BY named_pool UNION`
  const rows = await warehouse.rows<{ pool: string; used_by: string }>(
    `${hasLost ? ofCharges : ''}
     SELECT m.pool, 'the membership of ' || min(m.service) AS used_by FROM pool_member AS m
     ANTI JOIN ${scratch}.pool AS p ON p.pool = m.pool WHERE ${pinned(scope, 'm')} GROUP BY m.pool
     ORDER BY ALL`,
    { tenant },
  )
  return rows.map(({ pool, used_by }) => problem('pool-unknown', { pool, usedBy: used_by }))
}

const CLASS_COLUMNS = ['zone', 'time_band', 'network'] as const
const narrower = (narrow: string, wide: string) =>
  CLASS_COLUMNS.map((column) => `${wide}.${column} IN ('', ${narrow}.${column})`).join(' AND ')
const IS_SAME_CLASS = CLASS_COLUMNS.map((column) => `a.${column} = b.${column}`).join(' AND ')
/** As core's `mayCoexist`, over pools `a` and `b` of one usage type. */
const MAY_COEXIST = `${CLASS_COLUMNS.map((column) => `(a.${column} <> '' AND b.${column} <> '' AND a.${column} <> b.${column})`).join(' OR ')}
  OR (NOT (${IS_SAME_CLASS}) AND ((${narrower('a', 'b')}) OR (${narrower('b', 'a')})))`

/** One per service and pair of pools that may not coexist, on the first day in both that a window has. */
async function overlaps({ scratch, warehouse }: PeriodScope): Promise<Problem[]> {
  const rows = await warehouse.rows<{ service: string; first_pool: string; second_pool: string; on_date: string }>(
    `WITH stay AS (SELECT k.service, m.from_on, m.to_on, p.*, g.start_on, g.end_on
       FROM ${scratch}.member AS m JOIN ${scratch}.service_key AS k USING (service_no) SEMI JOIN (SELECT * FROM ${scratch}.several WHERE is_contested) AS c USING (service_no, usage_type)
       JOIN ${scratch}.pool AS p USING (pool_no) JOIN ${scratch}.segment AS g USING (pool_no))
     SELECT a.service, a.pool AS first_pool, b.pool AS second_pool, min(greatest(a.from_on, b.from_on, a.start_on)) AS on_date
     FROM stay AS a JOIN stay AS b ON b.service = a.service AND b.usage_type = a.usage_type AND a.pool_no < b.pool_no
     WHERE NOT (${MAY_COEXIST}) AND greatest(a.from_on, b.from_on, a.start_on) < least(a.to_on, b.to_on, a.end_on)
     GROUP BY ALL ORDER BY ALL`,
  )
  return rows.map(({ service, first_pool, second_pool, on_date }) =>
    problem('pool-overlap', { service, pools: [first_pool, second_pool], on: on_date }),
  )
}

/** One per pool, on the first day of its largest membership in its window. */
async function overCeiling({ scratch, warehouse }: PeriodScope): Promise<Problem[]> {
  const limits = await warehouse.rows<{ pool: string; max_members: number; members: bigint; on_date: string }>(
    `WITH stay AS (SELECT g.pool_no, greatest(m.from_on, g.start_on) AS from_on, least(m.to_on, g.end_on) AS to_on
       FROM ${scratch}.pool AS p JOIN ${scratch}.segment AS g USING (pool_no) JOIN ${scratch}.member AS m USING (pool_no)
       WHERE p.max_members IS NOT NULL AND m.from_on < g.end_on AND m.to_on > g.start_on),
     change AS (SELECT pool_no, from_on AS on_date, 1 AS step FROM stay UNION ALL SELECT pool_no, to_on, -1 FROM stay),
     daily AS (SELECT pool_no, on_date, sum(step) AS step FROM change GROUP BY ALL),
     size AS (SELECT pool_no, on_date, sum(step) OVER (PARTITION BY pool_no ORDER BY on_date) AS members FROM daily)
     SELECT pool, max_members, max(members)::BIGINT AS members, arg_max(on_date, {'members': members, 'days_before': DATE '9999-12-31' - on_date}) AS on_date
     FROM size JOIN ${scratch}.pool USING (pool_no) WHERE members > max_members GROUP BY ALL ORDER BY pool`,
  )
  return limits.map(({ pool, max_members, members, on_date }) =>
    problem('pool-over-ceiling', { pool, members: Number(members), maxMembers: max_members, on: on_date }),
  )
}

/** One per pool and currency whose redistributed charges no member can carry. */
export async function withoutMembers({ scratch, warehouse }: PeriodScope): Promise<Problem[]> {
  const rows = await warehouse.rows<{ pool: string; currency: string; amount_minor: bigint }>(
    `SELECT p.pool, k.currency, sum(c.amount_minor) AS amount_minor
     FROM ${scratch}.piece_row AS c JOIN ${scratch}.charge_kind AS k USING (kind_no)
     JOIN (SELECT segment_no, pool_no FROM ${scratch}.segment
       ANTI JOIN (SELECT DISTINCT segment_no FROM ${scratch}.participant) USING (segment_no)) AS g USING (segment_no)
     JOIN ${scratch}.pool AS p USING (pool_no) GROUP BY ALL ORDER BY ALL`,
  )
  return rows.map(({ pool, currency, amount_minor }) =>
    problem('pool-without-members', { pool, currency, amount: formatAmount(amount_minor, currency) }),
  )
}
