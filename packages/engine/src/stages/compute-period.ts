// Computes everything a close stores, from pinned documents and configuration, into a scratch database: close writes it,
// check compares it, simulate shows it. Writes nothing to the warehouse.
import { type AllocationPolicy, compareBytes, type Problem } from '@spillway/core'
import { liveDocumentsCte } from '../warehouse/live-documents.ts'
import { computedViewSql, RESULT_VIEWS } from '../warehouse/result-tables.ts'
import { definePools } from './allocate/define-pools.ts'
import { componentNames, matchComponents, type PlannedSegment } from './allocate/match-components.ts'
import { make, type PeriodScope, show, step } from './allocate/period-scope.ts'
import { placeCharges } from './allocate/place-charges.ts'
import { findPoolProblems } from './allocate/pool-problems.ts'
import { placeUsage } from './allocate/pool-usage.ts'
import { policyOf, readPolicies, type Segment, windowPools } from './allocate/pool-windows.ts'
import { shareSegments } from './allocate/share-segments.ts'
import { sumUsage, type UsageRows } from './allocate/sum-usage.ts'
import { ratePeriod } from './rate/rate-period.ts'
import { carryCharges, NO_NAME } from './roll-up/carry-charges.ts'
import { carryUsage, NO_POOL } from './roll-up/carry-usage.ts'
import { findDirectoryProblems } from './roll-up/directory-problems.ts'
import { ownServices } from './roll-up/own-services.ts'
import { NOBODY } from './roll-up/owner-numbers.ts'

/** Steps before and after the pools are shared, for progress. */
const STEPS = 4

/**
 * Makes in scratch the tables and views of result-tables.ts, without tenant and run. Same scope, same rows.
 *
 * @throws Refusal `bad-configuration` where a policy cannot be applied, `cancelled`.
 */
export async function computePeriod(scope: PeriodScope): Promise<ReadonlyArray<Problem>> {
  const { planned } = await planPeriod(scope)
  const [shared, owned] = await both(
    shareSegments(scope, planned),
    scope.warehouse.withConnection((warehouse) => carryOwn({ ...scope, warehouse })),
  )
  const problems = [...shared, ...owned.problems]
  await storeNames(scope, planned)
  step(scope, { stage: 'roll-up', done: 3, total: STEPS })
  await carryCharges(scope, owned.owners)
  await owned.owners.store(scope)
  await showResults(scope)
  // Policies share what vendors bill: a simulated one changes nothing that is rated.
  if (scope.rating && !scope.simulated) problems.push(...(await ratePeriod(scope, scope.rating)))
  problems.push(...(await findPoolProblems(scope)), ...(await findDirectoryProblems(scope)))
  return storeProblems(scope, problems)
}

/** Who owns what, and their usage: no share decides it, so that the database works while core divides. */
async function carryOwn(scope: PeriodScope): Promise<Owned> {
  const owned = await ownServices(scope)
  await carryUsage(scope, owned.owners)
  return owned
}

type Owned = Awaited<ReturnType<typeof ownServices>>

/** Both to their end, even where one fails: what they read must not be taken away under the other. */
async function both<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second])
  return [await first, await second]
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
 * component, which the segments of one pool have in common. Makes `run_component`, one row per such pair, and one of empty names.
 */
async function storeNames(scope: PeriodScope, planned: ReadonlyArray<PlannedSegment>): Promise<void> {
  const { scratch, warehouse } = scope
  const columns = ['segment_no', 'component_no', 'name_no', 'central_cost_centre', 'central_no']
  await warehouse.run(
    `CREATE TABLE ${scratch}.part_name (segment_no INTEGER, component_no INTEGER, name_no INTEGER, central_cost_centre VARCHAR, central_no INTEGER)`,
  )
  await warehouse.run(`CREATE TABLE ${scratch}.run_component (name_no INTEGER, pool VARCHAR, component VARCHAR)`)
  const parts = await warehouse.writer('part_name', columns, scratch)
  const keys = await warehouse.writer('run_component', ['name_no', 'pool', 'component'], scratch)
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
      parts.append([segmentNo, componentNo, nameNo, policy.centralCostCentre, NOBODY])
    }
  }
  parts.close()
  keys.close()
}

/** The names of the results under the names that they are stored by, and the results as everybody reads them. */
async function showResults(scope: PeriodScope): Promise<void> {
  const { scratch } = scope
  await show(scope, 'run_service', `SELECT service_no, service FROM ${scratch}.service_key`)
  await show(scope, 'run_bill', `SELECT bill_no, vendor, account, invoice FROM ${scratch}.bill`)
  const kinds = `SELECT DISTINCT sort_no, currency, category, usage_type FROM ${scratch}.charge_kind`
  await make(scope, 'run_charge_kind', kinds)
  await show(scope, 'run_pool', `SELECT pool_no, pool FROM ${scratch}.pool UNION ALL SELECT ${NO_POOL}, ''`)
  for (const view of RESULT_VIEWS) await show(scope, view, computedViewSql(view, scratch))
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
