// Computes everything a close stores, from pinned documents and configuration, into a scratch database: close writes it,
// check compares it, simulate computes of it what other policies divide otherwise. Writes nothing to the warehouse but the rows of
// the run that it is given.
import { type AllocationPolicy, compareBytes, type Problem } from '@spillway/core'
import { computedViewSql, RESULT_VIEWS } from '../warehouse/result-tables.ts'
import { type DefinedPool, definePools, type Members, storeMembers } from './allocate/define-pools.ts'
import { componentNames, matchComponents, type PlannedSegment } from './allocate/match-components.ts'
import { storeNearFacts } from './allocate/near-facts.ts'
import { showOwnBills } from './allocate/own-bills.ts'
import { beside, type PeriodScope, step, store, storeDocuments, storeRows } from './allocate/period-scope.ts'
import { type Bills, leaveChargesOfOthers, placeCharges, readBills } from './allocate/place-charges.ts'
import { findPoolProblems, withoutMembers } from './allocate/pool-problems.ts'
import { placeUsage } from './allocate/pool-usage.ts'
import { policyOf, readPolicies, type Segment, windowPools } from './allocate/pool-windows.ts'
import { shareSegments } from './allocate/share-segments.ts'
import { type SummedUsage, sumUsage, type UsageRows } from './allocate/sum-usage.ts'
import { type RatedPeriod, ratePeriod } from './rate/rate-period.ts'
import type { RatingInputs } from './rate/rating-inputs.ts'
import { storeAssignments } from './roll-up/assignment-rows.ts'
import { carryCharges, carryRetained, NO_NAME } from './roll-up/carry-charges.ts'
import { carryUsage, NO_POOL } from './roll-up/carry-usage.ts'
import { findDirectoryProblems } from './roll-up/directory-problems.ts'
import { ownServices } from './roll-up/own-services.ts'
import { NOBODY } from './roll-up/owner-numbers.ts'

/** Steps before and after the pools are shared, for progress. */
const STEPS = 4

async function rate(scope: PeriodScope, inputs: RatingInputs): Promise<RatedPeriod> {
  step(scope, { stage: 'rate', done: 0, total: 1 })
  const rated = await ratePeriod(scope, inputs)
  step(scope, { stage: 'rate', done: 1, total: 1 })
  return rated
}

const NOTHING_RATED: RatedPeriod = { problems: [], told: [] }

export type ComputeOptions = {
  /** What asks about `used_row` and `run_service` alone, while core divides. */
  readonly afterServices?: (scope: PeriodScope) => Promise<void>
  /** Hears the digests that rating told. */
  readonly onRated?: (told: RatedPeriod['told']) => void
}

/**
 * Makes in scratch the tables and views of result-tables.ts, without tenant and run; with a run in the scope, the tables of many
 * rows (`allocation_row`, `carried_row`, `used_row`, `run_service`) have theirs in the warehouse. Same scope, same rows.
 *
 * @throws Refusal `bad-configuration` where a policy cannot be applied, `cancelled`.
 */
export async function computePeriod(
  scope: PeriodScope,
  { afterServices, onRated }: ComputeOptions = {},
): Promise<ReadonlyArray<Problem>> {
  // Policies share what is billed: a simulated one changes nothing that is rated, and shares the bills of the run.
  const isRated = scope.rating !== undefined && scope.simulated === undefined
  const rated = isRated ? await rate(scope, scope.rating as RatingInputs) : NOTHING_RATED
  onRated?.(rated.told)
  const read = await readPeriod(scope, { areBillsMade: isRated })
  const [{ planned, usage }, owned] = await beside(scope, (first) => placePeriod(first, read), ownServices)
  await storeNames(scope, planned)
  const isPooledOnce = !planned.some(({ isPart }) => isPart)
  const isOnce = isPooledOnce && usage.isWhole && !usage.hasNamed
  // No share decides these: the database works on them while core divides.
  const [shared, found] = await beside(
    scope,
    (first) => shareSegments(first, planned),
    async (second) => {
      await carryUsage(second, { ...owned, usage: { isPooledOnce, isOnce } })
      await carryRetained(second, owned)
      await store(second, 'run_service', `SELECT service_no, service FROM ${scope.scratch}.service_key`)
      await afterServices?.(second)
      return [...(await findPoolProblems(second)), ...(await findDirectoryProblems(second))]
    },
  )
  step(scope, { stage: 'roll-up', done: 3, total: STEPS })
  await beside(
    scope,
    (first) => carryCharges(first, owned),
    async (second) => {
      if (second.run !== undefined) await storeRows({ ...second, run: second.run }, 'allocation_row')
    },
  )
  await owned.owners.store(scope)
  await showResults(scope)
  return storeProblems(scope, [...shared, ...read.problems, ...owned.problems, ...rated.problems, ...found])
}

export type PeriodPlan = {
  readonly planned: ReadonlyArray<PlannedSegment>
  /** Reads the rows behind `usage_sum`. */
  readonly usageRows: UsageRows
}

type PeriodRead = {
  readonly pools: ReadonlyArray<DefinedPool>
  readonly members: Members
  readonly bills: Bills
  readonly problems: ReadonlyArray<Problem>
}

/** Pools, who is a member when, and the bills of the period. */
async function readPeriod(
  scope: PeriodScope,
  { areBillsMade }: { readonly areBillsMade: boolean },
): Promise<PeriodRead> {
  await showOwnBills(scope, { areMade: areBillsMade })
  await storeDocuments(scope)
  step(scope, { stage: 'read', done: 0, total: STEPS })
  const near = scope.near === undefined ? undefined : await storeNearFacts(scope, scope.near)
  const problems = await storeAssignments(scope)
  const defined = await definePools(scope, near)
  const [members, bills] = await beside(scope, (first) => storeMembers(first, defined), readBills)
  return { pools: defined.pools, members, bills, problems }
}

/**
 * Places every charge and every usage of the period, and shares nothing yet: makes `charge`, `piece`, `pool_usage` and
 * the tables that they stand on; with `near` in the scope they are right for its pools and its service alone. `explain` cites from
 * these. Our own bills are those of the stored run.
 *
 * @throws Refusal `bad-configuration`, `cancelled`.
 */
export async function planPeriod(scope: PeriodScope): Promise<PeriodPlan> {
  const { planned, usage } = await placePeriod(scope, await readPeriod(scope, { areBillsMade: false }))
  return { planned, usageRows: usage.usageRows }
}

export type DividedPools = {
  /** Segments of the pools. */
  readonly planned: ReadonlyArray<PlannedSegment>
  /** What depends on the policies of the pools alone. */
  readonly problems: ReadonlyArray<Problem>
}

/**
 * Divides the charges of these pools alone, and brings them to their owners: makes `carried_row`, `run_part` and the names behind
 * them as {@link computePeriod} does, without charges of other pools or of none, and without what was used. Fewer facts
 * do as well where `near` in the scope names the same pools. Our own bills are those of the stored run.
 *
 * @throws Refusal `bad-configuration`, `cancelled`.
 */
export async function dividePools(scope: PeriodScope, pools: ReadonlySet<string>): Promise<DividedPools> {
  const read = await readPeriod(scope, { areBillsMade: false })
  const [{ planned }, owned] = await beside(scope, (first) => placePeriod(first, read, pools), ownServices)
  await storeNames(scope, planned)
  const [shared] = await beside(
    scope,
    (first) => shareSegments(first, planned),
    (second) => carryRetained(second, owned),
  )
  step(scope, { stage: 'roll-up', done: 3, total: STEPS })
  await carryCharges(scope, owned)
  await owned.owners.store(scope)
  return { planned, problems: [...shared, ...(await withoutMembers(scope))] }
}

/** The problems that policies decide, all of them about one pool. */
export const POLICY_PROBLEMS: ReadonlyArray<Problem['code']> = ['negative-usage', 'pool-without-members']

type PlacedPeriod = Pick<PeriodPlan, 'planned'> & { readonly usage: SummedUsage }

/** With `only`: what no pool among them has is placed, and left out then. */
async function placePeriod(
  scope: PeriodScope,
  { pools, members, bills }: PeriodRead,
  only?: ReadonlySet<string>,
): Promise<PlacedPeriod> {
  step(scope, { stage: 'place', done: 1, total: STEPS })
  await placeCharges(scope, bills, members)
  const segments = await windowPools(scope, { pools, policies: readPolicies(scope), members })
  step(scope, { stage: 'usage', done: 2, total: STEPS })
  const usage = await sumUsage(scope, segments)
  await placeUsage(scope, usage, members)
  const every = await planSegments(scope, segments, usage)
  const planned = only === undefined ? every : every.filter(({ pool }) => only.has(pool.pool))
  if (only !== undefined) await leaveChargesOfOthers(scope, planned)
  await matchComponents(scope, planned)
  return { planned, usage }
}

/** The policy of each segment; a default one by whether every usage row of its pool names time band and network. */
async function planSegments(
  scope: PeriodScope,
  segments: ReadonlyArray<Segment>,
  { hasGaps }: SummedUsage,
): Promise<PlannedSegment[]> {
  const { scratch, warehouse } = scope
  // One row per segment that has usage without a time band or a network.
  const gapsSql = `SELECT DISTINCT p.segment_no FROM ${scratch}.pool_usage_row AS p JOIN ${scratch}.usage_row AS u USING (usage_no)
     JOIN ${scratch}.usage_class AS c USING (class_no) WHERE c.time_band = '' OR c.network = ''`
  const gaps = hasGaps ? await warehouse.rows<{ segment_no: number }>(gapsSql) : []
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
 * component, which the segments of one pool have in common, and `is_alone` says that none has it in common. Makes `run_component`, one row per such pair, and one of empty names.
 */
async function storeNames(scope: PeriodScope, planned: ReadonlyArray<PlannedSegment>): Promise<void> {
  const { scratch, warehouse } = scope
  const columns = ['segment_no', 'component_no', 'name_no', 'central_cost_centre', 'central_no', 'is_alone']
  await warehouse.run(
    `CREATE TABLE ${scratch}.part_name (segment_no INTEGER, component_no INTEGER, name_no INTEGER,
       central_cost_centre VARCHAR, central_no INTEGER, is_alone BOOLEAN);
     CREATE TABLE ${scratch}.run_component (name_no INTEGER, pool VARCHAR, component VARCHAR)`,
  )
  const parts = await warehouse.writer('part_name', columns, scratch)
  const keys = await warehouse.writer('run_component', ['name_no', 'pool', 'component'], scratch)
  keys.append([NO_NAME, '', ''])
  let last = NO_NAME
  let pool = ''
  let numbers = new Map<string, number>()
  for (const { segmentNo, pool: defined, policy, hasCharges, isPart } of planned) {
    if (!hasCharges) continue
    // The segments of one pool follow each other.
    if (defined.pool !== pool) numbers = new Map()
    pool = defined.pool
    const names = componentNames(policy)
    for (const [componentNo, component] of names.entries()) {
      let nameNo = numbers.get(component)
      if (nameNo === undefined) {
        last += 1
        nameNo = last
        numbers.set(component, nameNo)
        keys.append([nameNo, pool, component])
      }
      const isAlone = !isPart && names.indexOf(component) === names.lastIndexOf(component)
      parts.append([segmentNo, componentNo, nameNo, policy.centralCostCentre, NOBODY, isAlone])
    }
  }
  parts.close()
  keys.close()
}

/** The names of the results under the names that they are stored by, and the results as everybody reads them. */
async function showResults({ scratch, warehouse, run }: PeriodScope): Promise<void> {
  const views: [string, string][] = [
    ['run_bill', `SELECT bill_no, vendor, account, invoice FROM ${scratch}.bill`],
    ['run_charge_kind', `SELECT DISTINCT sort_no, currency, category, usage_type FROM ${scratch}.charge_kind`],
    ['run_pool', `SELECT pool_no, pool FROM ${scratch}.pool UNION ALL SELECT ${NO_POOL}, ''`],
  ]
  // What a run has is read where it is stored.
  if (run === undefined)
    views.push(...RESULT_VIEWS.map((view): [string, string] => [view, computedViewSql(view, scratch)]))
  await warehouse.run(views.map(([view, query]) => `CREATE VIEW ${scratch}.${view} AS ${query}`).join(';\n'))
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
