// Brings the usage of the period to whoever had the service on its day, with the pool in which it counted.
// Usage that counts in no pool belongs to the period by its account's bills, else by its own day.
import { assignUsage, type LocalDate } from '@spillway/core'
import type { Row } from '../../warehouse/warehouse.ts'
import { literal, make, type PeriodScope } from '../allocate/period-scope.ts'
import { timelinesOf } from './own-services.ts'

const KEYS = [
  'vendor',
  'account',
  'service',
  'person',
  'cost_centre',
  'project',
  'pool',
  'usage_type',
  'zone',
  'time_band',
  'network',
]

/** Makes `used`, one row per combination of its keys (see USED in schema.ts). */
export async function carryUsage(scope: PeriodScope): Promise<void> {
  const { scratch, warehouse } = scope
  await make(scope, 'counted', countedSql(scope))
  const within = 'o.service = c.service AND o.from_on <= c.start_on AND c.until_on <= o.to_on'
  await make(
    scope,
    'used_part',
    `SELECT c.vendor, c.account, c.service, coalesce(o.person, '') AS person, coalesce(o.cost_centre, '') AS cost_centre,
       coalesce(o.project, '') AS project, c.pool, c.usage_type, c.zone, c.time_band, c.network, c.quantity_base::BIGINT AS quantity_base
     FROM ${scratch}.counted AS c LEFT JOIN ${scratch}.owner AS o ON ${within}
     WHERE o.service IS NOT NULL OR c.service NOT IN (SELECT service FROM ${scratch}.inventory)`,
  )
  await make(
    scope,
    'shared_usage',
    `SELECT c.* FROM ${scratch}.counted AS c SEMI JOIN ${scratch}.inventory AS i ON i.service = c.service
     ANTI JOIN ${scratch}.owner AS o ON ${within}`,
  )
  const timelineOf = await timelinesOf(scope, `SELECT service FROM ${scratch}.shared_usage`)
  const writer = await warehouse.writer('used_part', [...KEYS, 'quantity_base'], scratch)
  type UsageRow = Row & {
    service: string
    is_span: boolean
    start_on: LocalDate
    end_on: LocalDate
    quantity_base: bigint
  }
  for await (const rows of warehouse.stream<UsageRow>(`SELECT * FROM ${scratch}.shared_usage`))
    for (const { quantity_base: quantityBase, start_on: startOn, end_on: endOn, is_span, ...row } of rows)
      for (const part of assignUsage({
        quantityBase,
        startOn,
        ...(is_span ? { endOn } : {}),
        timeline: timelineOf(row.service),
      })) {
        const { vendor, account, service, pool, usage_type, zone, time_band, network } = row as Row
        const { person, costCentre, project } = part
        writer.append(
          [
            vendor,
            account,
            service,
            person,
            costCentre,
            project,
            pool,
            usage_type,
            zone,
            time_band,
            network,
            part.quantityBase,
          ].map((cell) => cell ?? null),
        )
      }
  writer.close()
  await make(
    scope,
    'used',
    `SELECT ${KEYS.join(', ')}, sum(quantity_base)::BIGINT AS quantity_base FROM ${scratch}.used_part GROUP BY ALL`,
  )
  for (const table of ['counted', 'used_part', 'shared_usage']) await warehouse.run(`DROP TABLE ${scratch}.${table}`)
}

/** One row per usage sum that counts in the period, and pool in which it does. */
function countedSql({ scratch, period }: PeriodScope): string {
  const usage =
    'u.account, u.service, u.usage_type, u.zone, u.time_band, u.network, u.is_span, u.start_on, u.end_on, u.quantity_base'
  const start = `coalesce(w.start_on, DATE ${literal(period.startOn)})`
  const end = `coalesce(w.end_on, DATE ${literal(period.endOn)})`
  return `
    WITH pooled AS (SELECT DISTINCT usage_no, pool_no FROM ${scratch}.pool_usage),
    counted AS (
      SELECT p.pool, ${usage} FROM pooled JOIN ${scratch}.usage_sum AS u USING (usage_no) JOIN ${scratch}.pool AS p USING (pool_no)
      UNION ALL
      SELECT '' AS pool, ${usage} FROM ${scratch}.usage_sum AS u
      LEFT JOIN ${scratch}.account_window AS w ON w.account = u.account
      ANTI JOIN pooled ON pooled.usage_no = u.usage_no
      WHERE (u.start_on >= ${start} AND u.start_on < ${end}) OR (u.is_span AND u.start_on <= ${start} AND u.end_on >= ${end})),
    vendor_of_account AS (SELECT account, min(vendor) AS vendor FROM ${scratch}.bill GROUP BY account)
    SELECT coalesce(v.vendor, i.vendor, '') AS vendor, c.*, CASE WHEN c.is_span THEN c.end_on ELSE c.start_on + 1 END AS until_on
    FROM counted AS c LEFT JOIN vendor_of_account AS v ON v.account = c.account
    LEFT JOIN ${scratch}.inventory AS i ON i.service = c.service`
}
