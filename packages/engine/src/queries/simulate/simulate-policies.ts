// What a month would come to under other policies. They can change what the pools come to that they concern, and nothing else: these
// are divided again, from what the run of the month read, in a scratch database that is dropped afterwards; everything else is
// that run's. Writes nothing; works where the workspace is open to read only.
import { type AllocationPolicy, compareBytes, invariant, type Period, type Problem, Refusal } from '@spillway/core'
import type { RunTable } from '../../catalog/tables.ts'
import type { PlannedSegment } from '../../stages/allocate/match-components.ts'
import { make, type Near, type PeriodScope, step, storeTexts } from '../../stages/allocate/period-scope.ts'
import { partsOf } from '../../stages/allocate/pool-windows.ts'
import { type DividedPools, dividePools, POLICY_PROBLEMS } from '../../stages/compute-period.ts'
import { literal } from '../../warehouse/sql-literal.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { requireWholeTenant, wholeWorkspaceOf } from '../../workspace/scopes.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { keptBillDates } from '../bill-period.ts'
import { currentRun } from '../current-run.ts'
import { interruptible } from '../interruptible.ts'
import { documentsOfLines } from '../lines/run-lines.ts'
import { numberedRun } from '../numbered-run.ts'
import { pinnedScope, type ScopeOptions } from '../pinned-scope.ts'
import { ofRunSql, type StoredRun, storedSums } from './carried-sums.ts'
import { compareDivision } from './compare-division.ts'
import { type Concerned, concernedPools, type PolicyLists } from './concerned-pools.ts'
import type { SimulatedView, Simulation } from './simulation.ts'

export type SimulateOptions = ScopeOptions & {
  /** As read by `parseAllocationPolicy`. */
  readonly policies: ReadonlyArray<AllocationPolicy>
  readonly period: Period
}

/**
 * A simulated policy replaces the saved one of its name, and on the days of its `from` and `until` takes its pools from
 * whatever claims them; what the replaced policy no longer claims falls to other saved policies or to the default.
 *
 * @throws Refusal `period-not-closed`; `bad-configuration` where two simulated policies have one name or claim one pool on
 *   one day, or a limit cannot be read in a currency of the charges; `cancelled`.
 */
export async function simulatePolicies(scoped: ScopedWorkspace, options: SimulateOptions): Promise<Simulation> {
  requireWholeTenant(scoped, 'A simulation')
  const workspace = wholeWorkspaceOf(scoped)
  const { policies, period } = options
  const names = distinctNames(policies)
  const run = await currentRun(workspace, period)
  const work = async (scratch: string): Promise<Simulation> => {
    const pinned = await pinnedScope(workspace, { ...options, run, scratch })
    const before = { ...pinned, billDates: await keptBillDates(workspace, pinned.documents) }
    const configuration = pinned.configuration.filter(
      ({ kind, name }) => kind !== 'AllocationPolicy' || !names.has(name),
    )
    const after: PeriodScope = { ...before, configuration, simulated: policies }
    return simulated({ workspace, run, before, after, concerned: await concernedPools(before, after) })
  }
  return interruptible(workspace, options.signal, () => workspace.warehouse.withScratch(work))
}

function distinctNames(policies: ReadonlyArray<AllocationPolicy>): ReadonlySet<string> {
  const names = new Set<string>()
  for (const { name } of policies) {
    if (names.has(name))
      throw new Refusal('bad-configuration', `Two of the policies to simulate are named ${name}.`, {
        hint: 'Give each policy a name of its own.',
        facts: { policy: name },
      })
    names.add(name)
  }
  return names
}

type Simulating = {
  readonly workspace: Workspace
  readonly run: RunTable
  readonly before: PeriodScope
  readonly after: PeriodScope
  readonly concerned: Concerned
}

const NONE_CHANGE: SimulatedView = { changes: [], sums: [] }

async function simulated(simulating: Simulating): Promise<Simulation> {
  const { run, after, concerned } = simulating
  const stored = await storedRun(after, run)
  await storeTexts(after, 'concerned_pool', concerned.pools)
  const divided = concerned.pools.length === 0 ? null : await divideConcerned(simulating, after)
  const shared = await poolsByPolicy(after, { stored, isDivided: divided !== null })
  await make(after, 'owner_before', storedSums(stored).byOwner('adjusted_minor'))
  const policies = (after.simulated ?? []).map(({ name }) => ({
    name,
    pools: shared.filter((pool) => pool.after.includes(name)).map(({ pool }) => pool),
  }))
  return {
    ...{ period: run.period, run: run.id, policies },
    pools: shared.filter((pool) => pool.before.join('\n') !== pool.after.join('\n')),
    totals: await totalsOf(after),
    views: divided
      ? await viewsOf(simulating, { stored, planned: divided.planned })
      : { service: NONE_CHANGE, person: NONE_CHANGE, 'cost-centre': NONE_CHANGE },
    problems: await problemsOf(after, { stored, concerned, found: divided?.problems ?? [] }),
  }
}

/** Of more pools than one of so many all facts are read: to find those that a few pools stand on takes longer then. */
const PART_OF_POOLS = 2

/** Divides them in the scratch database of `scope`. */
async function divideConcerned({ workspace, run, concerned }: Simulating, scope: PeriodScope): Promise<DividedPools> {
  const { pools, poolCount } = concerned
  const near: Near = { pools, billed: documentsOfLines(workspace, run) }
  const isNear = pools.length * PART_OF_POOLS <= poolCount
  const divided = await dividePools(isNear ? { ...scope, near } : scope, new Set(pools))
  await proveConserved(scope)
  return divided
}

/** A policy moves money between those who carry it, and makes none: of no component of any pool, on no bill. */
async function proveConserved({ warehouse, scratch }: PeriodScope): Promise<void> {
  const rows = await warehouse.rows<Row>(
    `SELECT name_no, bill_no, sort_no, sum(actual_minor) AS actual_minor, sum(adjusted_minor) AS adjusted_minor
     FROM ${scratch}.carried_row GROUP BY ALL HAVING sum(actual_minor) <> sum(adjusted_minor) LIMIT 1`,
  )
  invariant(rows.length === 0, 'a simulated policy leaves every total as it is', { first: rows[0] ?? null })
}

type ViewsOf = { readonly stored: StoredRun; readonly planned: ReadonlyArray<PlannedSegment> }

async function viewsOf(simulating: Simulating, { stored, planned }: ViewsOf): Promise<Simulation['views']> {
  const { run, after, before, concerned } = simulating
  const division = { scope: after, stored, inputs: run.inputs }
  step(after, { stage: 'compare', done: 0, total: 1 })
  if (!isCutOtherwise(planned, concerned.before)) return compareDivision({ ...division, before: null })
  return after.warehouse.withScratch(async (scratch) => {
    const again = { ...before, scratch }
    await divideConcerned(simulating, again)
    return compareDivision({ ...division, before: again })
  })
}

/** Whether the days of any window with charges are cut elsewhere than under the policies of before. */
function isCutOtherwise(planned: ReadonlyArray<PlannedSegment>, before: PolicyLists): boolean {
  const windows = new Map<string, PlannedSegment[]>()
  for (const segment of planned)
    if (segment.hasCharges) windows.set(segment.pool.pool, [...(windows.get(segment.pool.pool) ?? []), segment])
  return [...windows.values()].some((segments) => {
    const [first, last] = [segments[0] as PlannedSegment, segments.at(-1) as PlannedSegment]
    const parts = partsOf({ startOn: first.startOn, endOn: last.endOn }, first.pool, before)
    return parts.map(({ startOn }) => startOn).join() !== segments.map(({ startOn }) => startOn).join()
  })
}

async function storedRun({ warehouse, tenant }: PeriodScope, run: RunTable): Promise<StoredRun> {
  const numbered = await numberedRun({ warehouse, tenant }, run)
  return { tenant, run: run.id, runNo: numbered?.runNo ?? null }
}

/** One row per pool that other policies would share, or these: the names of the policies that share its charges, in order. */
async function poolsByPolicy(
  { warehouse, scratch, simulated = [] }: PeriodScope,
  { stored, isDivided }: { readonly stored: StoredRun; readonly isDivided: boolean },
): Promise<Simulation['pools'][number][]> {
  const was = `SELECT DISTINCT pool, policy FROM ${stored.runNo === null ? 'allocation' : 'run_part'} WHERE ${ofRunSql(stored)}`
  const is = isDivided
    ? `SELECT DISTINCT pool, policy FROM ${scratch}.run_part
       UNION ALL SELECT pool, policy FROM was WHERE pool NOT IN (SELECT text FROM ${scratch}.concerned_pool)`
    : 'FROM was'
  const tried = simulated.map(({ name }) => literal(name)).join(', ')
  return warehouse.rows<Row & { pool: string; before: ReadonlyArray<string>; after: ReadonlyArray<string> }>(
    `WITH was AS MATERIALIZED (${was}), named AS (
       SELECT pool, policy, true AS is_before FROM was UNION ALL SELECT pool, policy, false FROM (${is})),
     listed AS (SELECT pool, coalesce(list(policy ORDER BY policy) FILTER (is_before), []) AS before,
         coalesce(list(policy ORDER BY policy) FILTER (NOT is_before), []) AS after FROM named GROUP BY pool)
     FROM listed WHERE before <> after OR list_has_any(after, [${tried}]::VARCHAR[]) ORDER BY pool`,
  )
}

/** One row per currency, of all that the run carries: {@link proveConserved} says that it stays. */
async function totalsOf({ warehouse, scratch }: PeriodScope): Promise<Simulation['totals']> {
  const rows = await warehouse.rows<{ currency: string; total: bigint }>(
    `SELECT currency, sum(minor) AS total FROM ${scratch}.owner_before GROUP BY currency ORDER BY currency`,
  )
  return rows.map(({ currency, total }) => ({ currency, totalMinor: BigInt(total) }))
}

type FoundOf = {
  readonly stored: StoredRun
  readonly concerned: Concerned
  readonly found: ReadonlyArray<Problem>
}

/** What the run found, but for what these policies decide. */
async function problemsOf({ warehouse }: PeriodScope, { stored, concerned, found }: FoundOf): Promise<Problem[]> {
  const pools = new Set(concerned.pools)
  const rows = await warehouse.rows<Omit<Problem, 'facts'> & Row & { facts: string }>(
    `SELECT code, severity, message, hint, facts FROM run_problem WHERE ${ofRunSql(stored)} ORDER BY ordinal`,
  )
  const kept = rows
    .map(({ facts, ...problem }) => ({ ...problem, facts: JSON.parse(facts) }) as Problem)
    .filter((one) => !(POLICY_PROBLEMS.includes(one.code) && 'pool' in one.facts && pools.has(String(one.facts.pool))))
  return [...kept, ...found]
    .map((problem) => ({ problem, facts: JSON.stringify(problem.facts) }))
    .sort((left, right) => compareBytes(left.problem.code, right.problem.code) || compareBytes(left.facts, right.facts))
    .map(({ problem }) => problem)
}
