// Usage that came late for a period that was published: rows that a later run read and the published one had not.

import { runsOf } from '../../warehouse/live-documents.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import type { PeriodScope } from '../allocate/period-scope.ts'

export type LateUsage = Row & {
  readonly doc: number
  readonly line: number
  readonly service: string
  readonly usage_type: string
  readonly started_at: string
  readonly quantity_base: bigint
}

export type LateOf = {
  /** Documents of the run that was published. */
  readonly published: ReadonlyArray<number>
  /** Only usage that began before it; UTC microseconds. */
  readonly beforeMicros: number
  /** A condition on `u.service`. */
  readonly services: string
  readonly limit: string
}

/** The first of them in the order of time, and how many there are. */
export async function lateUsage(
  scope: PeriodScope,
  { published, beforeMicros, services, limit }: LateOf,
): Promise<{ readonly count: number; readonly rows: ReadonlyArray<LateUsage> }> {
  const before = new Set(published)
  const runs = runsOf(scope.documents.filter((doc) => !before.has(doc)))
  if (runs.length === 0) return { count: 0, rows: [] }
  const among = runs.map(([first, last]) => `u.doc BETWEEN ${first} AND ${last}`).join(' OR ')
  const late = `FROM usage AS u WHERE u.tenant = $tenant AND (${among}) AND epoch_us(u.started_at) < ${beforeMicros} AND ${services}`
  const parameters = { tenant: scope.tenant }
  const { count } = await scope.warehouse.row<{ count: bigint }>(`SELECT count(*) AS count ${late}`, parameters)
  // One row per event.
  const rows = await scope.warehouse.rows<LateUsage>(
    `SELECT u.doc, u.line, u.service, u.usage_type, strftime(u.started_at, '%Y-%m-%dT%H:%M:%S') AS started_at, u.quantity_base
     ${late} ORDER BY u.started_at, u.source, u.id ${limit}`,
    parameters,
  )
  return { count: Number(count), rows }
}
