// The rows of usage behind a weight: those of the service that count in the pool and in the basis, one by one, and how
// many rows all participants have. Reads the rows by the text that the close sums them by.
import type { Basis } from '@spillway/core'
import { basisSql } from '../../stages/allocate/pool-usage.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import { citeRow, type ExplainScope, limitSql, shown } from './explain-scope.ts'
import type { CitedUsage } from './explanation.ts'

/** What tells one row of `usage_sum` from another. */
const KEYS = 'account, service, usage_type, zone, time_band, network, named_pool, is_span, start_on, end_on'

const MEASURES = {
  columns: `u.doc, u.ordinal, u.line, strftime(u.started_at, '%Y-%m-%dT%H:%M:%S') AS started_at, u.quantity, u.unit,
    u.quantity_base`,
  isSum: false,
  where: 'u.service = $service',
}

/** What all participants have and what the service has stand in every row; of a service without a row the other columns are null. */
type UsageRow = Row & {
  pool_count: bigint
  pool_base: bigint
  own_count: bigint
  own_base: bigint
  doc: number
  line: number
  started_at: string
  quantity: string
  unit: string
  quantity_base: bigint
  zone: string
  time_band: string
  network: string
}

export async function citeUsage(
  scope: ExplainScope,
  { segmentNo, basis }: { segmentNo: number; basis: Basis },
): Promise<CitedUsage> {
  const { warehouse, scratch, tenant } = scope.period
  const ofSegment = `FROM ${scratch}.pool_usage WHERE segment_no = $segment_no AND ${basisSql(basis)}`
  // One row per row of usage, and one at least: a semi-join, because two sums may have the same keys.
  const rows = await warehouse.rows<UsageRow>(
    `WITH own AS MATERIALIZED (SELECT * FROM (${scope.plan.usageRows(MEASURES)})
       SEMI JOIN (SELECT ${KEYS} ${ofSegment} AND service = $service) USING (${KEYS}))
     SELECT q.*, r.doc, r.line, r.started_at, r.quantity, r.unit, r.quantity_base, r.zone, r.time_band, r.network
     FROM (SELECT coalesce(sum(row_count), 0) AS pool_count, coalesce(sum(quantity_base), 0) AS pool_base,
         (SELECT count(*) FROM own) AS own_count, (SELECT coalesce(sum(quantity_base), 0) FROM own) AS own_base ${ofSegment}) AS q
     LEFT JOIN (SELECT * FROM own ORDER BY doc, ordinal ${limitSql(scope)}) AS r ON true
     ORDER BY r.doc, r.ordinal`,
    { tenant, service: scope.service, segment_no: segmentNo },
  )
  const [first] = rows as [UsageRow]
  const lines = first.own_count === 0n ? [] : shown(scope, rows)
  return {
    count: Number(first.own_count),
    quantityBase: BigInt(first.own_base),
    lines: lines.map((row) => ({
      at: citeRow(scope, row),
      startedAt: row.started_at,
      quantity: row.quantity,
      unit: row.unit,
      quantityBase: row.quantity_base,
      zone: row.zone,
      timeBand: row.time_band,
      network: row.network,
    })),
    poolCount: Number(first.pool_count),
    poolQuantityBase: BigInt(first.pool_base),
  }
}
