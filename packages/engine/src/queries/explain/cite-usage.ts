// The rows of usage behind a weight: those of the service that count in the pool and in the basis, one by one, and how
// many rows all participants have. Reads the rows by the text that the close sums them by.
import type { Basis } from '@spillway/core'
import { basisSql } from '../../stages/allocate/pool-usage.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import { citeRow, type ExplainScope, limitSql } from './explain-scope.ts'
import type { CitedUsage } from './explanation.ts'

/** What tells one row of `usage_sum` from another. */
const KEYS = 'account, service, usage_type, zone, time_band, network, named_pool, is_span, start_on, end_on'

const MEASURES = {
  columns: `u.doc, u.ordinal, u.line, strftime(u.started_at, '%Y-%m-%dT%H:%M:%S') AS started_at, u.quantity, u.unit,
    u.quantity_base`,
  isSum: false,
  where: 'u.service = $service',
}

type UsageRow = Row & {
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
  // One row: all participants of the segment.
  const pool = await warehouse.row<{ count: bigint; quantity_base: bigint }>(
    `SELECT coalesce(sum(row_count), 0) AS count, coalesce(sum(quantity_base), 0) AS quantity_base ${ofSegment}`,
    { segment_no: segmentNo },
  )
  // One row per row of usage: a semi-join, because two sums may have the same keys.
  const own = `(${scope.plan.usageRows(MEASURES)}) AS r
    SEMI JOIN (SELECT ${KEYS} ${ofSegment} AND service = $service) AS q USING (${KEYS})`
  const parameters = { tenant, service: scope.service, segment_no: segmentNo }
  const sums = await warehouse.row<{ count: bigint; quantity_base: bigint }>(
    `SELECT count(*) AS count, coalesce(sum(r.quantity_base), 0) AS quantity_base FROM ${own}`,
    parameters,
  )
  const rows = await warehouse.rows<UsageRow>(
    `SELECT r.doc, r.line, r.started_at, r.quantity, r.unit, r.quantity_base, r.zone, r.time_band, r.network
     FROM ${own} ORDER BY r.doc, r.ordinal ${limitSql(scope)}`,
    parameters,
  )
  return {
    count: Number(sums.count),
    quantityBase: BigInt(sums.quantity_base),
    lines: rows.map((row) => ({
      at: citeRow(scope, row),
      startedAt: row.started_at,
      quantity: row.quantity,
      unit: row.unit,
      quantityBase: row.quantity_base,
      zone: row.zone,
      timeBand: row.time_band,
      network: row.network,
    })),
    poolCount: Number(pool.count),
    poolQuantityBase: BigInt(pool.quantity_base),
  }
}
