// Brings the usage of the period to whoever had the service on its day, with the pool in which it counted.
// Usage that counts in no pool belongs to the period by its account's bills, else by its own day.
import { assignUsage, type LocalDate } from '@spillway/core'
import { literal } from '../../warehouse/sql-literal.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import { make, type PeriodScope, store } from '../allocate/period-scope.ts'
import { type Owned, timelinesOf } from './own-services.ts'
import { NOBODY, type OwnerNumbers } from './owner-numbers.ts'

const KEYS = 'class_no, service_no, owner_no, pool_no'
/** The number of no pool. */
export const NO_POOL = 0

/** Makes `used_row` and `run_usage_class` (result-tables.ts). */
export async function carryUsage(
  scope: PeriodScope,
  { owners, isCovered, usage }: Owned & { readonly usage: UsageRowsOnce },
): Promise<void> {
  const { scratch } = scope
  const hasUnbilled = await nameClasses(scope)
  const vendor = hasUnbilled
    ? {
        join: `LEFT JOIN ${scratch}.inventory AS i ON i.service_no = p.service_no`,
        is: "(n.is_billed OR n.vendor = coalesce(i.vendor, ''))",
      }
    : { join: '', is: 'n.is_billed' }
  const used = (parts: string, isOnce: boolean) =>
    `SELECT n.used_no AS class_no, p.service_no, p.owner_no, p.pool_no,
       ${isOnce ? 'p.quantity_base' : 'sum(p.quantity_base)'}::BIGINT AS quantity_base
     FROM ${parts} AS p ${vendor.join} JOIN ${scratch}.class_named AS n ON n.class_no = p.class_no AND ${vendor.is}
     ${isOnce ? '' : 'GROUP BY ALL'}`
  if (isCovered) {
    const owned = `(SELECT c.class_no, c.service_no, coalesce(o.owner_no, ${NOBODY}) AS owner_no, c.pool_no, c.quantity_base
      FROM (${countedSql(scope, usage)}) AS c LEFT JOIN ${scratch}.owner AS o ON o.service_no = c.service_no)`
    await store(scope, 'used_row', used(owned, usage.isOnce))
    return
  }
  await make(scope, 'counted', countedSql(scope, usage))
  const within = 'o.service_no = c.service_no AND o.from_on <= c.start_on AND c.until_on <= o.to_on'
  await make(
    scope,
    'used_part',
    `SELECT c.class_no, c.service_no, coalesce(o.owner_no, ${NOBODY}) AS owner_no, c.pool_no, sum(c.quantity_base)::BIGINT AS quantity_base
     FROM ${scratch}.counted AS c LEFT JOIN ${scratch}.owner AS o ON ${within}
     WHERE o.service_no IS NOT NULL OR c.service_no NOT IN (SELECT service_no FROM ${scratch}.inventory) GROUP BY ALL`,
  )
  const sums = await make(
    scope,
    'shared_usage',
    `SELECT c.*, i.service FROM ${scratch}.counted AS c JOIN ${scratch}.inventory AS i ON i.service_no = c.service_no
     ANTI JOIN ${scratch}.owner AS o ON ${within}`,
  )
  if (sums > 0) await assignOneByOne(scope, owners)
  await store(scope, 'used_row', used(`${scratch}.used_part`, false))
  for (const table of ['counted', 'shared_usage']) await scope.warehouse.run(`DROP TABLE ${scratch}.${table}`)
}

export type UsageRowsOnce = {
  /** Whether a usage sum counts in a pool at most once. */
  readonly isPooledOnce: boolean
  /** Whether, further, no two usage sums are of one service and class of usage, so that there is nothing to sum. */
  readonly isOnce: boolean
}

/**
 * Makes `class_named` and `run_usage_class`. Classes that name different pools are one class of usage, and their sums one
 * row. Its vendor is that of its account's bills, else that of the service in the inventory: `class_named` has one row per
 * class and vendor that it could have. Says whether any class is of an account without bills.
 */
async function nameClasses(scope: PeriodScope): Promise<boolean> {
  const { scratch, warehouse } = scope
  await make(
    scope,
    'class_named',
    `WITH vendor_of_account AS (SELECT account, min(vendor) AS vendor FROM ${scratch}.bill GROUP BY account),
     class AS (SELECT c.class_no, c.account, c.usage_type, c.zone, c.time_band, c.network, v.vendor
       FROM ${scratch}.usage_class AS c LEFT JOIN vendor_of_account AS v USING (account)),
     named AS (SELECT * EXCLUDE (vendor), vendor, true AS is_billed FROM class WHERE vendor IS NOT NULL
       UNION ALL SELECT c.* EXCLUDE (vendor), i.vendor, false FROM class AS c
         CROSS JOIN (SELECT DISTINCT vendor FROM ${scratch}.inventory UNION SELECT '') AS i WHERE c.vendor IS NULL)
     SELECT *, (dense_rank() OVER (ORDER BY vendor, account, usage_type, zone, time_band, network))::INTEGER AS used_no FROM named`,
  )
  await make(
    scope,
    'run_usage_class',
    `SELECT DISTINCT used_no AS class_no, vendor, account, usage_type, zone, time_band, network FROM ${scratch}.class_named`,
  )
  const { has_unbilled } = await warehouse.row<{ has_unbilled: boolean }>(
    `SELECT coalesce(bool_or(NOT is_billed), false) AS has_unbilled FROM ${scratch}.class_named`,
  )
  return has_unbilled
}

type UsageRow = Row & {
  class_no: number
  service_no: number
  service: string
  pool_no: number
  is_span: boolean
  start_on: LocalDate
  end_on: LocalDate
  quantity_base: bigint
}

/** The usage whose days have several owners, or days without one. */
async function assignOneByOne(scope: PeriodScope, owners: OwnerNumbers): Promise<void> {
  const { scratch, warehouse } = scope
  const timelineOf = await timelinesOf(scope, `SELECT service FROM ${scratch}.shared_usage`)
  await owners.learn(scope, `SELECT service_no FROM ${scratch}.shared_usage`)
  const writer = await warehouse.writer('used_part', [...KEYS.split(', '), 'quantity_base'], scratch)
  // Owners are numbered in this order, which no order of rows in a file may change: a class is numbered as it is met.
  const ordered = `SELECT * FROM ${scratch}.shared_usage ORDER BY service_no, start_on, end_on, is_span, quantity_base`
  for await (const rows of warehouse.stream<UsageRow>(ordered))
    for (const row of rows) {
      const parts = assignUsage({
        quantityBase: row.quantity_base,
        startOn: row.start_on,
        ...(row.is_span ? { endOn: row.end_on } : {}),
        timeline: timelineOf(row.service),
      })
      for (const { quantityBase, ...owner } of parts) {
        const ownerNo = owners.numberOf(row.service_no, owner)
        writer.append([row.class_no, row.service_no, ownerNo, row.pool_no, quantityBase])
      }
    }
  writer.close()
}

/** One row per usage sum that counts in the period, and pool in which it does. */
function countedSql({ scratch, period }: PeriodScope, { isPooledOnce }: UsageRowsOnce): string {
  const usage = 'u.class_no, u.service_no, u.is_span, u.start_on, u.end_on, u.quantity_base'
  const until = 'CASE WHEN u.is_span THEN u.end_on ELSE u.start_on + 1 END AS until_on'
  const start = `coalesce(w.start_on, DATE ${literal(period.startOn)})`
  const end = `coalesce(w.end_on, DATE ${literal(period.endOn)})`
  return `
    WITH pooled AS (SELECT ${isPooledOnce ? '' : 'DISTINCT'} usage_no, pool_no FROM ${scratch}.pool_usage_row)
    SELECT pooled.pool_no, ${usage}, ${until} FROM pooled JOIN ${scratch}.usage_row AS u USING (usage_no)
    UNION ALL
    SELECT ${NO_POOL} AS pool_no, ${usage}, ${until}
    FROM (FROM ${scratch}.usage_row ANTI JOIN ${scratch}.pool_usage_row USING (usage_no)) AS u
    JOIN ${scratch}.usage_class AS c USING (class_no)
    LEFT JOIN ${scratch}.account_window AS w ON w.account = c.account
    WHERE (u.start_on >= ${start} AND u.start_on < ${end}) OR (u.is_span AND u.start_on <= ${start} AND u.end_on >= ${end})`
}
