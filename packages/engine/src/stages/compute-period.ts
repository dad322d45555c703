// Computes everything a close stores, from pinned documents and configuration, into a scratch database: close writes it,
// check compares it, simulate shows it. Writes nothing to the warehouse.
import { type AllocationPolicy, compareBytes, type Problem } from '@spillway/core'
import { liveDocumentsCte } from '../warehouse/live-documents.ts'
import { definePools } from './allocate/define-pools.ts'
import { componentNames, matchComponents, type PlannedSegment } from './allocate/match-components.ts'
import { make, type PeriodScope, show, step } from './allocate/period-scope.ts'
import { placeCharges } from './allocate/place-charges.ts'
import { findPoolProblems } from './allocate/pool-problems.ts'
import { placeUsage } from './allocate/pool-usage.ts'
import { policyOf, readPolicies, type Segment, windowPools } from './allocate/pool-windows.ts'
import { shareSegments } from './allocate/share-segments.ts'
import { sumUsage, type UsageRows } from './allocate/sum-usage.ts'
import { carryCharges, NO_NAME } from './roll-up/carry-charges.ts'
import { carryUsage } from './roll-up/carry-usage.ts'
import { findDirectoryProblems } from './roll-up/directory-problems.ts'
import { ownServices } from './roll-up/own-services.ts'

/** Steps before and after the pools are shared, for progress. */
const STEPS = 4

/**
 * Makes `allocation`, `carried`, `used` and `run_problem` in scratch (views but for the last): the result tables of schema.ts without
 * tenant and run. Same scope, same rows.
 *
 * @throws Refusal `bad-configuration` where a policy cannot be applied, `cancelled`.
 */
export async function computePeriod(scope: PeriodScope): Promise<ReadonlyArray<Problem>> {
  const { planned } = await planPeriod(scope)
  const problems = await shareSegments(scope, planned)
  await storeNames(scope, planned)
  await showAllocation(scope)
  step(scope, { stage: 'roll-up', done: 3, total: STEPS })
  const { owners, problems: ownerProblems } = await ownServices(scope)
  problems.push(...ownerProblems)
  await carryCharges(scope, owners)
  await carryUsage(scope, owners)
  await owners.store()
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
  const { scratch, warehouse } = scope
  // One row per segment that has usage without a time band or a network.
  const gaps = await warehouse.rows<{ segment_no: number }>(
    `SELECT DISTINCT p.segment_no FROM ${scratch}.pool_usage_row AS p JOIN ${scratch}.usage_row AS u USING (usage_no)
     JOIN ${scratch}.usage_class AS c USING (class_no) WHERE c.time_band = '' OR c.network = ''`,
  )
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

/**
 * Makes `part_name`: one row per segment and component that can have shares; `name_no` counts the pairs of pool and
 * component, which the segments of one pool have in common. Makes `part_key`, one row per such pair, and one of empty names.
 */
async function storeNames(scope: PeriodScope, planned: ReadonlyArray<PlannedSegment>): Promise<void> {
  const { scratch, warehouse } = scope
  const columns = ['segment_no', 'component_no', 'name_no', 'policy', 'central_cost_centre']
  await warehouse.run(
    `CREATE TABLE ${scratch}.part_name (segment_no INTEGER, component_no INTEGER, name_no INTEGER, policy VARCHAR, central_cost_centre VARCHAR)`,
  )
  await warehouse.run(`CREATE TABLE ${scratch}.part_key (name_no INTEGER, pool VARCHAR, component VARCHAR)`)
  const parts = await warehouse.writer('part_name', columns, scratch)
  const keys = await warehouse.writer('part_key', ['name_no', 'pool', 'component'], scratch)
  keys.append([NO_NAME, '', ''])
  let last = NO_NAME
  let pool = ''
  let numbers = new Map<string, number>()
  for (const { segmentNo, pool: defined, policy, hasCharges } of planned) {
    if (!hasCharges) continue
    // The segments of one pool follow each other.
    if (defined.pool !== pool) numbers = new Map()
    pool = defined.pool
    for (const [componentNo, component] of componentNames(policy).entries()) {
      let nameNo = numbers.get(component)
      if (nameNo === undefined) {
        last += 1
        nameNo = last
        numbers.set(component, nameNo)
        keys.append([nameNo, pool, component])
      }
      parts.append([segmentNo, componentNo, nameNo, policy.name, policy.centralCostCentre])
    }
  }
  parts.close()
  keys.close()
}

/** The results that only their names are missing from, shown with them. */
async function showAllocation(scope: PeriodScope): Promise<void> {
  const { scratch } = scope
  // One row per row of `share`.
  await show(
    scope,
    'allocation',
    `SELECT y.pool, n.policy, y.component, a.currency, k.service, a.actual_minor, a.adjusted_minor, a.weight, a.share,
       a.floor_minor, f.word AS flags, g.start_on AS segment_start_on, g.end_on AS segment_end_on, m.word AS method, a.usage_base,
       a.contribution_base, a.days, a.formula
     FROM (SELECT s.*, c.currency FROM ${scratch}.share AS s JOIN ${scratch}.currency_key AS c USING (currency_no)) AS a
     JOIN ${scratch}.part_name AS n USING (segment_no, component_no) JOIN ${scratch}.part_key AS y USING (name_no)
     JOIN ${scratch}.segment AS g USING (segment_no) JOIN ${scratch}.service_key AS k USING (service_no)
     JOIN ${scratch}.share_word AS f ON f.word_no = a.flags_no JOIN ${scratch}.share_word AS m ON m.word_no = a.method_no`,
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
