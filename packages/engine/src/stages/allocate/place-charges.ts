// Which charges belong to the period, and which pool each of them finds (spec, allocation, "Pools").
// Where pools narrowed to a zone meet wider ones: a charge of category roaming, international or long-distance goes to a
// pool narrowed to that zone before a pool without a zone, and never to one of another zone; any other charge goes to a
// pool without a zone, before a domestic one, before others. Within these, the pool without time band and network first.
import { billPeriodCtes } from '../../queries/bill-period.ts'
import { literal, make, type PeriodScope, pinned } from './period-scope.ts'

/** The zone that a category of charge is about. */
const ZONE_OF_CHARGE = `CASE WHEN category IN ('roaming', 'international', 'long-distance') THEN category ELSE '' END`

const RANKS = [0, 1, 2, 3, 4, 5]

/** 0 is best; NULL where the pool cannot take the charge. `charge_zone` is the zone of the charge's category. */
const RANK = `CASE
    WHEN p.zone = k.charge_zone THEN 0
    WHEN k.charge_zone <> '' AND p.zone = '' THEN 2
    WHEN k.charge_zone <> '' THEN NULL
    WHEN p.zone = 'domestic' THEN 2
    ELSE 4 END + (p.time_band <> '' OR p.network <> '')::INTEGER`

/** The first and last pool number of the best rank that has any: one pool where they are the same. */
function bestOf(side: 'min' | 'max'): string {
  return `coalesce(${RANKS.map((rank) => `${side}(pool_no) FILTER (rank = ${rank})`).join(', ')})`
}

/**
 * Makes `bill` (one row per invoice of the period) and `charge` (one row per charge of those invoices, payments left
 * out): with `pool_no`, NULL where it finds no pool, and `candidates`, how many pools the best rank has (0, 1, 2 for
 * several) where the charge had to look for one.
 */
export async function placeCharges(scope: PeriodScope): Promise<void> {
  const { scratch, period } = scope
  const ctes = await billPeriodCtes(scope, scope.documents)
  await make(scope, 'bill', `WITH ${ctes} SELECT * EXCLUDE (period) FROM bill WHERE period = ${literal(period.name)}`)
  await make(
    scope,
    'billed',
    `SELECT c.doc, c.ordinal, c.vendor, c.account, c.invoice, c.currency, c.service, c.pool AS named_pool, c.category,
       c.usage_type, c.product, c.amount_minor, c.period_start_on AS start_on, c.period_end_on AS end_on,
       ${ZONE_OF_CHARGE} AS charge_zone
     FROM charge AS c JOIN ${scratch}.bill AS b
       ON b.vendor = c.vendor AND b.account = c.account AND b.invoice = c.invoice
     WHERE ${pinned(scope, 'c')} AND c.category <> 'payment'`,
  )
  // One row per service, usage type, zone and days that charges have. A membership on any of those days counts.
  await make(
    scope,
    'found_by_service',
    `WITH k AS (SELECT DISTINCT service, usage_type, charge_zone, start_on, end_on FROM ${scratch}.billed
         WHERE named_pool = '' AND service <> '' AND usage_type <> ''),
     candidate AS (SELECT k.*, m.pool_no, ${RANK} AS rank
       FROM k JOIN ${scratch}.member AS m ON m.service = k.service AND m.usage_type = k.usage_type
         AND m.from_on < k.end_on AND m.to_on > k.start_on
       JOIN ${scratch}.pool AS p ON p.pool_no = m.pool_no)
     SELECT service, usage_type, charge_zone, start_on, end_on, ${bestOf('min')} AS first_no, ${bestOf('max')} AS last_no
     FROM candidate WHERE rank IS NOT NULL GROUP BY ALL`,
  )
  // One row per account, usage type and zone that charges without a service have.
  await make(
    scope,
    'found_by_account',
    `WITH k AS (SELECT DISTINCT vendor, account, usage_type, charge_zone FROM ${scratch}.billed
         WHERE named_pool = '' AND service = '' AND usage_type <> ''),
     candidate AS (SELECT k.*, p.pool_no, ${RANK} AS rank
       FROM k JOIN ${scratch}.pool AS p ON p.usage_type = k.usage_type AND p.account = k.account
         AND (p.vendor = k.vendor OR p.vendor = ''))
     SELECT vendor, account, usage_type, charge_zone, ${bestOf('min')} AS first_no, ${bestOf('max')} AS last_no
     FROM candidate WHERE rank IS NOT NULL GROUP BY ALL`,
  )
  await make(scope, 'charge', PLACED.replaceAll('$scratch', scratch))
}

/**
 * One row per charge: the joins are by unique keys and repeat none. A condition on the charge alone stands in the CASE,
 * not in a join, which would make the join compare every pair.
 */
const PLACED = `
  WITH found AS (
    SELECT c.*, p.pool_no AS named_no,
      CASE WHEN c.service <> '' THEN s.first_no ELSE a.first_no END AS first_no,
      CASE WHEN c.service <> '' THEN s.last_no ELSE a.last_no END AS last_no
    FROM $scratch.billed AS c
    LEFT JOIN $scratch.pool AS p ON p.pool = c.named_pool
    LEFT JOIN $scratch.found_by_service AS s
      ON s.service = c.service AND s.usage_type = c.usage_type AND s.charge_zone = c.charge_zone
      AND s.start_on = c.start_on AND s.end_on = c.end_on
    LEFT JOIN $scratch.found_by_account AS a
      ON a.vendor = c.vendor AND a.account = c.account AND a.usage_type = c.usage_type AND a.charge_zone = c.charge_zone)
  SELECT * EXCLUDE (named_no, first_no, last_no),
    CASE WHEN named_pool <> '' THEN named_no WHEN first_no = last_no THEN first_no END AS pool_no,
    CASE WHEN named_pool <> '' THEN 1 WHEN first_no IS NULL THEN 0 WHEN first_no = last_no THEN 1 ELSE 2 END AS candidates
  FROM found`
