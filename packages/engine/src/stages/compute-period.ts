// Computes everything a close stores, from pinned documents and configuration, into a scratch database: close writes it,
// check compares it, simulate shows it. Writes nothing to the warehouse.
import { type AllocationPolicy, compareBytes, type Problem } from '@spillway/core'
import { liveDocumentsCte } from '../warehouse/live-documents.ts'
import { definePools } from './allocate/define-pools.ts'
import { componentNames, matchComponents, type PlannedSegment } from './allocate/match-components.ts'
import { make, type PeriodScope, step } from './allocate/period-scope.ts'
import { placeCharges } from './allocate/place-charges.ts'
import { findPoolProblems } from './allocate/pool-problems.ts'
import { placeUsage } from './allocate/pool-usage.ts'
import { policyOf, readPolicies, type Segment, windowPools } from './allocate/pool-windows.ts'
import { shareSegments } from './allocate/share-segments.ts'
import { sumUsage, type UsageRows } from './allocate/sum-usage.ts'
import { carryCharges } from './roll-up/carry-charges.ts'
import { carryUsage } from './roll-up/carry-usage.ts'
import { findDirectoryProblems } from './roll-up/directory-problems.ts'
import { ownServices } from './roll-up/own-services.ts'

/** Steps before and after the pools are shared, for progress. */
const STEPS = 4

/**
 * Makes the scratch tables `allocation`, `carried`, `used` and `run_problem`: the result tables of schema.ts without
 * tenant and run. Same scope, same rows.
 *
 * @throws Refusal `bad-configuration` where a policy cannot be applied, `cancelled`.
 */
export async function computePeriod(scope: PeriodScope): Promise<ReadonlyArray<Problem>> {
  const { planned } = await planPeriod(scope)
  const problems = await shareSegments(scope, planned)
  await storeNames(scope, planned)
  await storeAllocation(scope)
  step(scope, { stage: 'roll-up', done: 3, total: STEPS })
  problems.push(...(await ownServices(scope)))
  await carryCharges(scope)
  await carryUsage(scope)
  problems.push(...(await findPoolProblems(scope)), ...(await findDirectoryProblems(scope)))
  return storeProblems(scope, problems)
}

export type PeriodPlan = {
  readonly planned: ReadonlyArray<PlannedSegment>
  /** Reads the rows behind `usage_sum`. */
  readonly usageRows: UsageRows
}

/**
 * Places every charge and every usage of the period, and shares nothing yet: makes `charge`, `piece`, `pool_usage` and
 * the tables that they stand on. `explain` cites from these.
 *
 * @throws Refusal `bad-configuration`, `cancelled`.
 */
export async function planPeriod(scope: PeriodScope): Promise<PeriodPlan> {
  await make(scope, 'live_document', `WITH ${liveDocumentsCte(scope.documents)} SELECT doc FROM live_document`)
  step(scope, { stage: 'read', done: 0, total: STEPS })
  const pools = await definePools(scope)
  step(scope, { stage: 'place', done: 1, total: STEPS })
  await placeCharges(scope)
  const segments = await windowPools(scope, pools, readPolicies(scope))
  step(scope, { stage: 'usage', done: 2, total: STEPS })
  const usageRows = await sumUsage(scope)
  await placeUsage(scope)
  const planned = await planSegments(scope, segments)
  await matchComponents(scope, planned)
  return { planned, usageRows }
}

/** The policy of each segment; a default one by whether every usage row of its pool names time band and network. */
async function planSegments(scope: PeriodScope, segments: ReadonlyArray<Segment>): Promise<PlannedSegment[]> {
  const gaps = await scope.warehouse.rows<{ segment_no: number }>(`SELECT segment_no FROM ${scope.scratch}.class_gap`)
  const withGap = new Set(gaps.map(({ segment_no }) => segment_no))
  const numbers = new Map<string, { policyNo: number; policy: AllocationPolicy }>()
  return segments.map((segment) => {
    const hasClasses = !withGap.has(segment.segmentNo)
    // Saved policies by name; a default one by all that decides it, of which its name leaves out the classes.
    const own = policyOf(segment, hasClasses)
    const key = segment.saved ? `saved ${own.name}` : `default ${own.name} ${hasClasses}`
    const known = numbers.get(key) ?? { policyNo: numbers.size, policy: own }
    numbers.set(key, known)
    return { ...segment, ...known }
  })
}

/** Makes `part_name`: one row per segment and component. */
async function storeNames(scope: PeriodScope, planned: ReadonlyArray<PlannedSegment>): Promise<void> {
  const { scratch, warehouse } = scope
  const columns = ['segment_no', 'component_no', 'pool', 'policy', 'component', 'central_cost_centre']
  await warehouse.run(
    `CREATE TABLE ${scratch}.part_name (segment_no INTEGER, component_no INTEGER, ${columns
      .slice(2)
      .map((column) => `${column} VARCHAR`)
      .join(', ')})`,
  )
  const writer = await warehouse.writer('part_name', columns, scratch)
  for (const { segmentNo, pool, policy, hasCharges } of planned)
    if (hasCharges)
      for (const [componentNo, component] of componentNames(policy).entries())
        writer.append([segmentNo, componentNo, pool.pool, policy.name, component, policy.centralCostCentre])
  writer.close()
}

async function storeAllocation(scope: PeriodScope): Promise<void> {
  const { scratch } = scope
  // One row per row of `share`.
  await make(
    scope,
    'allocation',
    `SELECT n.pool, n.policy, n.component, a.currency, a.service, a.actual_minor, a.adjusted_minor, a.weight, a.share,
       a.floor_minor, a.flags, g.start_on AS segment_start_on, g.end_on AS segment_end_on, a.method, a.usage_base,
       a.contribution_base, a.days, a.formula
     FROM ${scratch}.share AS a JOIN ${scratch}.part_name AS n USING (segment_no, component_no)
     JOIN ${scratch}.segment AS g USING (segment_no)`,
  )
}

async function storeProblems(scope: PeriodScope, problems: ReadonlyArray<Problem>): Promise<ReadonlyArray<Problem>> {
  const { scratch, warehouse } = scope
  const keyed = problems.map((problem) => ({ problem, facts: JSON.stringify(problem.facts) }))
  const sorted = keyed.sort(
    (left, right) => compareBytes(left.problem.code, right.problem.code) || compareBytes(left.facts, right.facts),
  )
  const columns = ['ordinal', 'code', 'severity', 'message', 'hint', 'facts']
  await warehouse.run(
    `CREATE TABLE ${scratch}.run_problem (ordinal INTEGER, ${columns
      .slice(1)
      .map((column) => `${column} VARCHAR`)
      .join(', ')})`,
  )
  const writer = await warehouse.writer('run_problem', columns, scratch)
  for (const [index, { problem, facts }] of sorted.entries())
    writer.append([index + 1, problem.code, problem.severity, problem.message, problem.hint, facts])
  writer.close()
  return sorted.map(({ problem }) => problem)
}
