// What policies would make of a month, the long way: all of it computed once more as a close computes it, and compared with the run
// row by row by names. A reference for the simulation, which divides again only what it must.
import type { AllocationPolicy, Problem } from '@spillway/core'
import { currentRun } from '../src/queries/current-run.ts'
import { NAME_SQL, namesCte } from '../src/queries/names.ts'
import { pinnedScope } from '../src/queries/pinned-scope.ts'
import { computePeriod } from '../src/stages/compute-period.ts'
import type { Row } from '../src/warehouse/warehouse.ts'
import { unscoped } from '../src/workspace/scopes.ts'
import type { Workspace } from '../src/workspace/workspace.ts'
import { OCTOBER } from './workspace-builder.ts'

export type WholeSimulation = {
  /** By dimension: key, name, currency, before, after, change; the greatest change first. */
  readonly views: Readonly<Record<'service' | 'person' | 'cost-centre', ReadonlyArray<ReadonlyArray<unknown>>>>
  /** Per currency: adjusted before and after, actual before and after. */
  readonly totals: ReadonlyArray<ReadonlyArray<unknown>>
  /** Pool, policies before and after. */
  readonly pools: ReadonlyArray<ReadonlyArray<unknown>>
  readonly problems: ReadonlyArray<Problem>
}

const COLUMN = { service: 'service', person: 'person', 'cost-centre': 'cost_centre' } as const

/** @throws Refusal `bad-configuration` as the simulation does. */
export async function simulateWhole(
  workspace: Workspace,
  policies: ReadonlyArray<AllocationPolicy>,
): Promise<WholeSimulation> {
  const run = await currentRun(unscoped(workspace), OCTOBER)
  const { warehouse, tenant } = workspace
  return warehouse.withScratch(async (scratch) => {
    const pinned = await pinnedScope(workspace, { run, scratch })
    const names = new Set(policies.map(({ name }) => name))
    const configuration = pinned.configuration.filter(
      ({ kind, name }) => kind !== 'AllocationPolicy' || !names.has(name),
    )
    const problems = await computePeriod({ ...pinned, configuration, simulated: policies })
    const rows = async (sql: string) =>
      (await warehouse.rows<Row>(sql, { tenant, run: run.id })).map((row) => Object.values(row))
    const compared = (by: keyof typeof COLUMN) => {
      const keys = `${COLUMN[by]} AS key, ${by === 'service' ? 'flag' : "''"} AS flag, currency`
      const empty = by === 'service' ? 'no service' : 'unassigned'
      return rows(
        `WITH ${namesCte(run)}, amount AS (
           SELECT ${keys}, adjusted_minor AS was, 0 AS is FROM carried WHERE tenant = $tenant AND run = $run
           UNION ALL SELECT ${keys}, 0, adjusted_minor FROM ${scratch}.carried),
         change AS (SELECT key, flag, currency, sum(was) AS was, sum("is") AS "is", sum("is") - sum(was) AS change FROM amount GROUP BY ALL)
         SELECT key, CASE WHEN key <> '' THEN coalesce(name, '') WHEN flag <> '' THEN flag ELSE '${empty}' END AS name,
           currency, was, "is", change
         FROM change LEFT JOIN (${NAME_SQL[by]}) AS named USING (key)
         WHERE change <> 0 ORDER BY abs(change) DESC, key, flag, currency`,
      )
    }
    return {
      views: {
        service: await compared('service'),
        person: await compared('person'),
        'cost-centre': await compared('cost-centre'),
      },
      totals: await rows(
        `SELECT currency, sum(b), sum(a), sum(ab), sum(aa) FROM (
           SELECT currency, adjusted_minor AS b, 0 AS a, actual_minor AS ab, 0 AS aa FROM carried WHERE tenant = $tenant AND run = $run
           UNION ALL SELECT currency, 0, adjusted_minor, 0, actual_minor FROM ${scratch}.carried) GROUP BY currency ORDER BY currency`,
      ),
      pools: await rows(
        `WITH named AS (SELECT DISTINCT pool, policy, true AS was FROM allocation WHERE tenant = $tenant AND run = $run
           UNION ALL SELECT DISTINCT pool, policy, false FROM ${scratch}.allocation)
         SELECT pool, coalesce(string_agg(policy, ',' ORDER BY policy) FILTER (was), '') AS before,
           coalesce(string_agg(policy, ',' ORDER BY policy) FILTER (NOT was), '') AS after FROM named GROUP BY pool ORDER BY pool`,
      ),
      problems,
    }
  })
}
