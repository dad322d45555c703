// `report pool-days`: what a pool used on each day of its window, beside its allowance, and when that ran out or will at the
// pace so far. Reads the rows of usage by the text that the close sums them by, so that the days come to what the pool used.
import {
  addDays,
  baseUnitOf,
  dayNumber,
  exhaustionOf,
  fromDayNumber,
  type LocalDate,
  type Period,
  Refusal,
  type Report,
} from '@spillway/core'
import type { DefinedPool } from '../../stages/allocate/define-pools.ts'
import { make, type PeriodScope, pinned } from '../../stages/allocate/period-scope.ts'
import { planPeriod } from '../../stages/compute-period.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { requireWholeTenant, wholeWorkspaceOf } from '../../workspace/scopes.ts'
import { oneBatch, type ReportField, textField, toReportRows } from '../amount-cells.ts'
import { keptBillDates } from '../bill-period.ts'
import { currentRun } from '../current-run.ts'
import { documentsOfLines } from '../lines/run-lines.ts'
import { pinnedScope } from '../pinned-scope.ts'

const detail = (field: ReportField): ReportField => ({ ...field, isDetail: true })
const usageField = (key: string, title: string): ReportField => ({ key, title, kind: 'usage' })

const FIELDS: ReadonlyArray<ReportField> = [
  textField('pool', 'Pool'),
  detail(textField('usage_type', 'Usage type')),
  detail(textField('unit', 'Unit')),
  { key: 'day', title: 'Day', kind: 'date', isNullable: true },
  usageField('used', 'Used'),
  usageField('so_far', 'So far'),
  usageField('allowance', 'Allowance'),
  usageField('left', 'Left'),
  detail({ key: 'exhausted_on', title: 'Exhausted', kind: 'date', isNullable: true }),
  detail(textField('projected', 'Projected')),
]

export type PoolDaysOptions = { readonly period: Period; readonly pool: string }

type PoolDays = {
  readonly pool: DefinedPool
  readonly startOn: LocalDate
  readonly endOn: LocalDate
  readonly allowanceBase: bigint
  /** By local day; '' for usage that spans several, as the total of a bill does. */
  readonly usedBase: ReadonlyMap<string, bigint>
  /** The day after the last of which any usage is known. */
  readonly knownUntil: LocalDate
}

/**
 * One row per day of the pool's window, up to the last that is known; usage without a day has a row without one, the last.
 * Quantities are base units; an allowance is the pool's own, else the sum of its members' contributions. With usage without
 * a day nobody can say when the allowance ran out.
 *
 * @throws Refusal `period-not-closed`, `not-found`.
 */
export async function poolDaysReport(scoped: ScopedWorkspace, { period, pool }: PoolDaysOptions): Promise<Report> {
  requireWholeTenant(scoped, 'The days of a pool')
  const run = await currentRun(scoped, period)
  const workspace = wholeWorkspaceOf(scoped)
  // The main connection may be in the middle of a change.
  const days = await workspace.warehouse.withConnection((warehouse) =>
    warehouse.withScratch(async (scratch) => {
      const scope = await pinnedScope({ ...workspace, warehouse }, { run, scratch })
      const billDates = await keptBillDates({ ...workspace, warehouse }, scope.documents)
      const near = { pools: [pool], billed: documentsOfLines(workspace, run) }
      return readDays({ ...scope, billDates, near }, pool)
    }),
  )
  return {
    name: 'pool-days',
    title: `${pool} by day in ${period.name}`,
    columns: FIELDS,
    rows: toReportRows(oneBatch([...dayRows(days)]), FIELDS),
  }
}

async function readDays(scope: PeriodScope, pool: string): Promise<PoolDays> {
  const { warehouse, scratch, tenant } = scope
  const plan = await planPeriod(scope)
  const segments = plan.planned.filter((segment) => segment.pool.pool === pool)
  const [first] = segments
  if (first === undefined)
    throw new Refusal('not-found', `${scope.period.name} has no pool ${pool}.`, {
      hint: `List them with \`spillway report pools --period ${scope.period.name}\`.`,
    })
  const defined = first.pool
  const startOn = first.startOn
  const endOn = segments.at(-1)?.endOn ?? first.endOn
  await make(
    scope,
    'own_usage',
    `SELECT DISTINCT ${KEYS.join(', ')} FROM ${scratch}.pool_usage WHERE pool_no = ${defined.poolNo}`,
  )
  const rows = plan.usageRows({
    columns: 'u.started_at, u.is_wall_time, u.quantity_base',
    isSum: false,
    where: `u.service IN (SELECT service FROM ${scratch}.own_usage)`,
  })
  // One row per day, and one of '' for rows that span several. A semi-join, because two sums may have the same keys.
  const used = await warehouse.rows<{ day: string; used: bigint }>(
    `SELECT CASE WHEN r.is_span THEN '' ELSE (${await localSql(scope)})::DATE::VARCHAR END AS day, sum(r.quantity_base)::BIGINT AS used
     FROM (${rows}) AS r SEMI JOIN ${scratch}.own_usage AS q USING (${KEYS.join(', ')}) GROUP BY day ORDER BY day`,
    { tenant },
  )
  // One row: a member of several segments contributes once.
  const { contributed } = await warehouse.row<{ contributed: bigint }>(
    `SELECT coalesce(sum(base), 0)::BIGINT AS contributed FROM (SELECT service_no, max(contribution_base) AS base
     FROM ${scratch}.participant WHERE segment_no IN (${segments.map(({ segmentNo }) => segmentNo).join(', ')}) GROUP BY service_no)`,
  )
  return {
    ...{ pool: defined, startOn, endOn },
    allowanceBase: defined.allowanceBase ?? BigInt(contributed),
    usedBase: new Map(used.map((row) => [row.day, BigInt(row.used)])),
    knownUntil: await lastKnown(scope, { startOn, endOn }),
  }
}

/** What tells one row of `pool_usage` from another, beside the service. */
const KEYS = [
  ...['account', 'service', 'usage_type', 'zone', 'time_band', 'network', 'named_pool'],
  ...['is_span', 'start_on', 'end_on'],
] as const

/** The local time of a row `r`: as it stands, or in the zone of its account, where that is another than UTC. */
async function localSql({ warehouse, scratch }: PeriodScope): Promise<string> {
  const zones = await warehouse.rows(
    `SELECT table_name FROM duckdb_tables() WHERE database_name = '${scratch}' AND table_name = 'zone_of_account'`,
  )
  if (zones.length === 0) return 'r.started_at'
  const zone = `(SELECT time_zone FROM ${scratch}.zone_of_account AS z WHERE z.account = r.account)`
  return `CASE WHEN r.is_wall_time THEN r.started_at
    ELSE coalesce(timezone(${zone}, timezone('UTC', r.started_at)), r.started_at) END`
}

type Window = { readonly startOn: LocalDate; readonly endOn: LocalDate }

async function lastKnown(scope: PeriodScope, { startOn, endOn }: Window): Promise<LocalDate> {
  const { last } = await scope.warehouse.row<{ last: LocalDate | null }>(
    `SELECT max(u.started_at)::DATE AS last FROM usage AS u WHERE ${pinned(scope, 'u')} AND u.started_at < DATE '${endOn}'`,
    { tenant: scope.tenant },
  )
  if (last === null || last < startOn) return startOn
  const after = addDays(last, 1)
  return after < endOn ? after : endOn
}

const MICROS_PER_DAY = 86_400_000_000

function* dayRows(days: PoolDays): Generator<Row> {
  const { pool, startOn, knownUntil, allowanceBase, usedBase } = days
  const { usageType } = pool
  const exhausted = exhaustionOfPool(days)
  const common = {
    ...{ pool: pool.pool, usage_type: usageType, unit: baseUnitOf(usageType), allowance: allowanceBase },
    exhausted_on: exhausted?.on ?? '',
    projected: exhausted?.isProjected === true ? 'yes' : '',
  }
  let soFar = 0n
  const row = (day: string, used: bigint): Row => {
    soFar += used
    return { ...common, day, used, so_far: soFar, left: allowanceBase > soFar ? allowanceBase - soFar : 0n }
  }
  for (let day = startOn; day < knownUntil; day = addDays(day, 1)) yield row(day, usedBase.get(day) ?? 0n)
  // Local days may lie behind the last instant that is known.
  for (const [day, used] of usedBase) if (day >= knownUntil) yield row(day, used)
  const undated = usedBase.get('')
  if (undated !== undefined) yield row('', undated)
}

/** By the method of alerts of buckets, in whole days. null where it is not within the window, or where nobody can say. */
function exhaustionOfPool({
  startOn,
  endOn,
  allowanceBase,
  usedBase,
  knownUntil,
}: PoolDays): { readonly on: LocalDate; readonly isProjected: boolean } | null {
  if (allowanceBase === 0n || usedBase.has('')) return null
  let soFar = 0n
  let ranOutOn: LocalDate | null = null
  for (const [day, used] of usedBase) {
    soFar += used
    if (ranOutOn === null && soFar >= allowanceBase) ranOutOn = day as LocalDate
  }
  const microsOf = (day: LocalDate) => dayNumber(day) * MICROS_PER_DAY
  const tier = { sizeBase: allowanceBase, drawnBase: soFar, ranOutAt: ranOutOn === null ? null : microsOf(ranOutOn) }
  const { exhaustedAtMicros, isProjected } = exhaustionOf(
    { startMicros: microsOf(startOn), untilMicros: microsOf(endOn), capacityBase: allowanceBase, tiers: [tier] },
    microsOf(knownUntil),
  )
  if (exhaustedAtMicros === null) return null
  return { on: fromDayNumber(Math.floor(exhaustedAtMicros / MICROS_PER_DAY)), isProjected }
}
