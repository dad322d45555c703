// Computes a period once more from what its run read, but with other policies, in a scratch database that is dropped
// afterwards, and compares it with the run. Writes nothing; works where the workspace is open to read only.
import { type AllocationPolicy, invariant, type Period, Refusal } from '@spillway/core'
import type { RunTable } from '../../catalog/tables.ts'
import type { PeriodScope } from '../../stages/allocate/period-scope.ts'
import { computePeriod } from '../../stages/compute-period.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { requireWholeTenant, wholeWorkspaceOf } from '../../workspace/scopes.ts'
import { currentRun } from '../current-run.ts'
import { interruptible } from '../interruptible.ts'
import { NAME_SQL, namesCte } from '../names.ts'
import { pinnedScope, type ScopeOptions } from '../pinned-scope.ts'
import type { SimulatedChange, SimulatedView, Simulation, SimulationDimension } from './simulation.ts'

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
    const configuration = pinned.configuration.filter(
      ({ kind, name }) => kind !== 'AllocationPolicy' || !names.has(name),
    )
    const scope: PeriodScope = { ...pinned, configuration, simulated: policies }
    const problems = await computePeriod(scope)
    const shared = await poolsByPolicy(scope, run)
    return {
      period: period.name,
      run: run.id,
      policies: policies.map(({ name }) => ({
        name,
        pools: shared.filter(({ after }) => after.includes(name)).map(({ pool }) => pool),
      })),
      pools: shared.filter(({ before, after }) => before.join('\n') !== after.join('\n')),
      totals: await totalsOf(scope, run),
      views: {
        service: await compare(scope, { run, by: 'service' }),
        person: await compare(scope, { run, by: 'person' }),
        'cost-centre': await compare(scope, { run, by: 'cost-centre' }),
      },
      problems,
    }
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

/** One row per pool with charges to share: the names of the policies that share them, in order. */
async function poolsByPolicy(
  { warehouse, scratch, tenant }: PeriodScope,
  run: RunTable,
): Promise<Simulation['pools'][number][]> {
  return warehouse.rows<Row & { pool: string; before: ReadonlyArray<string>; after: ReadonlyArray<string> }>(
    `WITH named AS (
       SELECT DISTINCT pool, policy, true AS is_before FROM allocation WHERE tenant = $tenant AND run = $run
       UNION ALL SELECT DISTINCT pool, policy, false FROM ${scratch}.allocation)
     SELECT pool, coalesce(list(policy ORDER BY policy) FILTER (is_before), []) AS before,
       coalesce(list(policy ORDER BY policy) FILTER (NOT is_before), []) AS after
     FROM named GROUP BY pool ORDER BY pool`,
    { tenant, run: run.id },
  )
}

/** One row per currency. A policy moves money between those who carry it, and makes none. */
async function totalsOf({ warehouse, scratch, tenant }: PeriodScope, run: RunTable): Promise<Simulation['totals']> {
  const rows = await warehouse.rows<
    Record<'before' | 'after' | 'actual_before' | 'actual_after', bigint> & { currency: string }
  >(
    `WITH amount AS (
       SELECT currency, adjusted_minor AS before, 0 AS after, actual_minor AS actual_before, 0 AS actual_after
       FROM carried WHERE tenant = $tenant AND run = $run
       UNION ALL SELECT currency, 0, adjusted_minor, 0, actual_minor FROM ${scratch}.carried)
     SELECT currency, sum(before) AS before, sum(after) AS after, sum(actual_before) AS actual_before,
       sum(actual_after) AS actual_after
     FROM amount GROUP BY currency ORDER BY currency`,
    { tenant, run: run.id },
  )
  return rows.map(({ currency, before, after, actual_before, actual_after }) => {
    invariant(before === after && actual_before === actual_after, 'a simulated policy leaves every total as it is', {
      run: run.id,
      currency,
      before,
      after,
    })
    return { currency, totalMinor: BigInt(before) }
  })
}

const COLUMN: Readonly<Record<SimulationDimension, string>> = {
  service: 'service',
  person: 'person',
  'cost-centre': 'cost_centre',
}

type ChangeRow = Row & {
  key: string
  name: string
  currency: string
  before_minor: bigint
  after_minor: bigint
  change_minor: bigint
}

/** One row per key and currency that differs; by service also per *unused* and *unallocated*, which have no service. */
async function compare(
  { warehouse, scratch, tenant }: PeriodScope,
  { run, by }: { readonly run: RunTable; readonly by: SimulationDimension },
): Promise<SimulatedView> {
  const keys = `${COLUMN[by]} AS key, ${by === 'service' ? 'flag' : "''"} AS flag, currency`
  const rows = await warehouse.rows<ChangeRow>(
    `WITH ${namesCte(run)}, amount AS (
       SELECT ${keys}, adjusted_minor AS before_minor, 0 AS after_minor FROM carried WHERE tenant = $tenant AND run = $run
       UNION ALL SELECT ${keys}, 0, adjusted_minor FROM ${scratch}.carried),
     change AS (
       SELECT key, flag, currency, sum(before_minor) AS before_minor, sum(after_minor) AS after_minor,
         sum(after_minor) - sum(before_minor) AS change_minor
       FROM amount GROUP BY ALL)
     SELECT key, CASE WHEN key <> '' THEN coalesce(name, '') WHEN flag <> '' THEN flag ELSE $empty END AS name, currency,
       before_minor, after_minor, change_minor
     FROM change LEFT JOIN (${NAME_SQL[by]}) AS named USING (key)
     WHERE change_minor <> 0 ORDER BY abs(change_minor) DESC, key, flag, currency`,
    { tenant, run: run.id, empty: by === 'service' ? 'no service' : 'unassigned' },
  )
  const changes = rows.map((row) => ({
    key: row.key,
    name: row.name,
    currency: row.currency,
    beforeMinor: BigInt(row.before_minor),
    afterMinor: BigInt(row.after_minor),
    changeMinor: BigInt(row.change_minor),
  }))
  return { changes, sums: sumsOf(changes) }
}

function sumsOf(changes: ReadonlyArray<SimulatedChange>): SimulatedView['sums'] {
  const currencies = [...new Set(changes.map(({ currency }) => currency))].sort()
  return currencies.map((currency) => {
    const sums = { currency, gainers: 0, gainedMinor: 0n, losers: 0, lostMinor: 0n }
    for (const change of changes) {
      if (change.currency !== currency) continue
      const isGain = change.changeMinor < 0n
      sums[isGain ? 'gainers' : 'losers'] += 1
      sums[isGain ? 'gainedMinor' : 'lostMinor'] += isGain ? -change.changeMinor : change.changeMinor
    }
    invariant(sums.gainedMinor === sums.lostMinor, 'what some would carry less others would carry more', sums)
    return sums
  })
}
