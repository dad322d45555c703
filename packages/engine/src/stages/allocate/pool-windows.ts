// The days that each pool is about in a period, cut where its policy changes (spec, allocation, "Which period" and
// "Configuration"): one segment per pool in the ordinary case.
import {
  type AllocationPolicy,
  type ClaimedPool,
  defaultPolicyFor,
  type LocalDate,
  parseAllocationPolicy,
  policyForPool,
  Refusal,
} from '@spillway/core'
import { literal } from '../../warehouse/sql-literal.ts'
import type { DefinedPool, Members } from './define-pools.ts'
import { make, type PeriodScope } from './period-scope.ts'

/** A stretch of a pool's window under one policy; `segmentNo` counts by pool, then by day. */
export type Segment = {
  readonly segmentNo: number
  readonly pool: DefinedPool
  readonly startOn: LocalDate
  readonly endOn: LocalDate
  /** null: the default policy, which is chosen once the classes of usage are known. */
  readonly saved: AllocationPolicy | null
  /** Whether the pool has charges in the period, and so anything to share. */
  readonly hasCharges: boolean
  /** Whether the pool's window has other segments too. */
  readonly isPart: boolean
}

export function readPolicies(scope: PeriodScope): AllocationPolicy[] {
  return scope.configuration
    .filter(({ kind }) => kind === 'AllocationPolicy')
    .map(({ name, body }) => {
      const reading = parseAllocationPolicy(body)
      if (reading.ok) return reading.policy
      throw new Refusal('bad-configuration', `The saved policy ${name} cannot be read: ${reading.issues.join('; ')}.`, {
        hint: 'Apply a corrected document with `spillway apply -f FILE`.',
      })
    })
}

/**
 * Makes `segment` (one row per segment) and returns the segments in its order. A pool's window runs from the first to
 * the last day of the bills that its charges are on, else of the bills of its vendor and account, else of the period.
 *
 * @throws Refusal `bad-configuration` where two policies claim a pool on one day.
 */
export async function windowPools(
  scope: PeriodScope,
  given: {
    readonly pools: ReadonlyArray<DefinedPool>
    readonly policies: ReadonlyArray<AllocationPolicy>
    readonly members: Members
  },
): Promise<Segment[]> {
  const { pools, policies, members } = given
  const { scratch, period, warehouse } = scope
  const [start, end] = [literal(period.startOn), literal(period.endOn)]
  // One row per pool.
  const windows = await warehouse.rows<{ pool_no: number; start_on: string; end_on: string; has_charges: boolean }>(
    `WITH own AS (SELECT c.pool_no, min(b.period_start_on) AS start_on, max(b.period_end_on) AS end_on
       FROM (SELECT DISTINCT pool_no, bill_no FROM ${scratch}.charge_row WHERE pool_no IS NOT NULL) AS c
       JOIN ${scratch}.bill AS b USING (bill_no) GROUP BY c.pool_no),
     of_account AS (SELECT p.pool_no, min(b.period_start_on) AS start_on, max(b.period_end_on) AS end_on
       FROM ${scratch}.pool AS p JOIN ${scratch}.bill AS b
         ON b.account = p.account AND (b.vendor = p.vendor OR p.vendor = '') GROUP BY p.pool_no)
     SELECT p.pool_no, coalesce(own.start_on, of_account.start_on, ${start}::DATE) AS start_on,
       coalesce(own.end_on, of_account.end_on, ${end}::DATE) AS end_on, own.pool_no IS NOT NULL AS has_charges
     FROM ${scratch}.pool AS p LEFT JOIN own USING (pool_no) LEFT JOIN of_account USING (pool_no) ORDER BY p.pool_no`,
  )
  const segments: Segment[] = []
  for (const [index, window] of windows.entries()) {
    const pool = pools[index] as DefinedPool
    const days = { startOn: window.start_on as LocalDate, endOn: window.end_on as LocalDate }
    for (const part of partsOf(days, pool, [scope.simulated ?? [], policies]))
      segments.push({ ...part, segmentNo: segments.length + 1, pool, hasCharges: window.has_charges })
  }
  await storeSegments(scope, segments)
  await storeParticipants(scope, members)
  return segments
}

type Part = Pick<Segment, 'startOn' | 'endOn' | 'saved' | 'isPart'>

/** The window cut where the policy in force becomes another one; of several lists of policies an earlier one claims first. */
export function partsOf(
  window: { startOn: LocalDate; endOn: LocalDate },
  pool: ClaimedPool,
  policies: ReadonlyArray<ReadonlyArray<AllocationPolicy>>,
): Part[] {
  const bounds = policies
    .flat()
    .flatMap(({ from, until }) => [from, until])
    .filter((day): day is LocalDate => day !== null && window.startOn < day && day < window.endOn)
  const days = [...new Set([window.startOn, ...bounds])].sort()
  const parts: { startOn: LocalDate; endOn: LocalDate; saved: AllocationPolicy | null }[] = []
  for (const [index, startOn] of days.entries()) {
    const endOn = days[index + 1] ?? window.endOn
    const saved = policies.reduce<AllocationPolicy | null>(
      (found, list) => found ?? policyForPool(list, pool, startOn),
      null,
    )
    const last = parts.at(-1)
    if (last && last.saved === saved) last.endOn = endOn
    else parts.push({ startOn, endOn, saved })
  }
  return parts.map((part) => ({ ...part, isPart: parts.length > 1 }))
}

async function storeSegments(scope: PeriodScope, segments: ReadonlyArray<Segment>): Promise<void> {
  const columns = ['segment_no', 'pool_no', 'start_on', 'end_on', 'is_part']
  await scope.warehouse.run(
    `CREATE TABLE ${scope.scratch}.segment (segment_no INTEGER, pool_no INTEGER, start_on DATE, end_on DATE, is_part BOOLEAN)`,
  )
  const writer = await scope.warehouse.writer('segment', columns, scope.scratch)
  for (const { segmentNo, pool, startOn, endOn, isPart } of segments)
    writer.append([segmentNo, pool.poolNo, startOn, endOn, isPart])
  writer.close()
}

/** Makes `participant`: one row per pool segment and service that is a member on one of its days. */
async function storeParticipants(scope: PeriodScope, { hasRepeated }: Members): Promise<void> {
  const { scratch } = scope
  const days = 'least(m.to_on, g.end_on) - greatest(m.from_on, g.start_on)'
  const joined = `FROM ${scratch}.segment AS g JOIN ${scratch}.member AS m
    ON m.pool_no = g.pool_no AND m.from_on < g.end_on AND m.to_on > g.start_on`
  const once = `SELECT g.segment_no, m.service_no, (${days})::INTEGER AS days, m.contribution_base,
    least(m.to_on, g.end_on) AS until_on ${joined}`
  // Of several stretches the last counts.
  await make(
    scope,
    'participant',
    !hasRepeated
      ? once
      : `${once} ANTI JOIN ${scratch}.repeated AS r ON r.pool_no = m.pool_no AND r.service_no = m.service_no
     UNION ALL
     SELECT g.segment_no, m.service_no, sum(${days})::INTEGER, arg_max(m.contribution_base, m.from_on), max(least(m.to_on, g.end_on))
     ${joined} SEMI JOIN ${scratch}.repeated AS r ON r.pool_no = m.pool_no AND r.service_no = m.service_no
     GROUP BY g.segment_no, m.service_no`,
  )
}

/** The policy of a segment: the saved one, else the default for its pool. */
export function policyOf({ pool, saved }: Pick<Segment, 'pool' | 'saved'>, hasClasses: boolean): AllocationPolicy {
  return saved ?? defaultPolicyFor({ ...pool, hasClasses })
}
