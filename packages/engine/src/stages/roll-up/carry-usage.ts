// Brings the usage of the period to whoever had the service on its day, with the pool in which it counted.
// Usage that counts in no pool belongs to the period by its account's bills, else by its own day.
import { assignUsage, type LocalDate } from '@spillway/core'
import type { Row } from '../../warehouse/warehouse.ts'
import { literal, make, type PeriodScope, show } from '../allocate/period-scope.ts'
import { timelinesOf } from './own-services.ts'
import { NOBODY, type OwnerNumbers } from './owner-numbers.ts'

const KEYS = 'class_no, service_no, owner_no, pool_no'
/** The number of no pool. */
const NO_POOL = 0

/**
 * Makes `used_part`, one row per combination of its keys or several, and the view `used`, which sums it by the names of USED
 * in schema.ts.
 */
export async function carryUsage(scope: PeriodScope, owners: OwnerNumbers): Promise<void> {
  const { scratch } = scope
  await make(scope, 'counted', countedSql(scope))
  const within = 'o.service_no = c.service_no AND o.from_on <= c.start_on AND c.until_on <= o.to_on'
  await make(
    scope,
    'used_part',
    `SELECT c.class_no, c.service_no, coalesce(o.owner_no, ${NOBODY}) AS owner_no, c.pool_no, sum(c.quantity_base)::BIGINT AS quantity_base
     FROM ${scratch}.counted AS c LEFT JOIN ${scratch}.owner AS o ON ${within}
     WHERE o.service_no IS NOT NULL OR c.service_no NOT IN (SELECT service_no FROM ${scratch}.inventory) GROUP BY ALL`,
  )
  await make(
    scope,
    'shared_usage',
    `SELECT c.*, i.service FROM ${scratch}.counted AS c JOIN ${scratch}.inventory AS i ON i.service_no = c.service_no
     ANTI JOIN ${scratch}.owner AS o ON ${within}`,
  )
  await assignOneByOne(scope, owners)
  // Classes that name different pools are one class of usage, and their sums one row.
  await show(
    scope,
    'used',
    `WITH class AS (SELECT class_no, account, usage_type, zone, time_band, network,
         (dense_rank() OVER (ORDER BY account, usage_type, zone, time_band, network))::INTEGER AS same_no FROM ${scratch}.usage_class),
     name AS (SELECT DISTINCT same_no, account, usage_type, zone, time_band, network FROM class),
     summed AS (SELECT c.same_no, p.service_no, p.owner_no, p.pool_no, sum(p.quantity_base)::BIGINT AS quantity_base
       FROM ${scratch}.used_part AS p JOIN class AS c USING (class_no) GROUP BY ALL),
     vendor_of_account AS (SELECT account, min(vendor) AS vendor FROM ${scratch}.bill GROUP BY account)
     SELECT coalesce(v.vendor, i.vendor, '') AS vendor, c.account, s.service, o.person, o.cost_centre, o.project,
       coalesce(l.pool, '') AS pool, c.usage_type, c.zone, c.time_band, c.network, u.quantity_base
     FROM summed AS u JOIN name AS c USING (same_no) JOIN ${scratch}.service_key AS s USING (service_no)
     JOIN ${scratch}.owner_name AS o USING (owner_no) LEFT JOIN ${scratch}.pool AS l ON l.pool_no = u.pool_no
     LEFT JOIN vendor_of_account AS v ON v.account = c.account LEFT JOIN ${scratch}.inventory AS i ON i.service_no = u.service_no`,
  )
  for (const table of ['counted', 'shared_usage']) await scope.warehouse.run(`DROP TABLE ${scratch}.${table}`)
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
  const { sums } = await warehouse.row<{ sums: bigint }>(`SELECT count(*) AS sums FROM ${scratch}.shared_usage`)
  if (sums === 0n) return
  const timelineOf = await timelinesOf(scope, `SELECT service FROM ${scratch}.shared_usage`)
  await owners.learn(`SELECT service_no FROM ${scratch}.shared_usage`)
  const writer = await warehouse.writer('used_part', [...KEYS.split(', '), 'quantity_base'], scratch)
  for await (const rows of warehouse.stream<UsageRow>(`SELECT * FROM ${scratch}.shared_usage`))
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
function countedSql({ scratch, period }: PeriodScope): string {
  const usage = 'u.class_no, u.service_no, u.is_span, u.start_on, u.end_on, u.quantity_base'
  const until = 'CASE WHEN u.is_span THEN u.end_on ELSE u.start_on + 1 END AS until_on'
  const start = `coalesce(w.start_on, DATE ${literal(period.startOn)})`
  const end = `coalesce(w.end_on, DATE ${literal(period.endOn)})`
  return `
    WITH pooled AS (SELECT DISTINCT usage_no, pool_no FROM ${scratch}.pool_usage_row)
    SELECT pooled.pool_no, ${usage}, ${until} FROM pooled JOIN ${scratch}.usage_row AS u USING (usage_no)
    UNION ALL
    SELECT ${NO_POOL} AS pool_no, ${usage}, ${until}
    FROM (FROM ${scratch}.usage_row ANTI JOIN ${scratch}.pool_usage_row USING (usage_no)) AS u
    JOIN ${scratch}.usage_class AS c USING (class_no)
    LEFT JOIN ${scratch}.account_window AS w ON w.account = c.account
    WHERE (u.start_on >= ${start} AND u.start_on < ${end}) OR (u.is_span AND u.start_on <= ${start} AND u.end_on >= ${end})`
}
