// A simulation divides only the pools that the policies concern: it must say what dividing the whole month says, amount by amount,
// and must not read or divide more than those.
import { type AllocationPolicy, parseAllocationPolicy, Refusal } from '@spillway/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomCompany, randomTries } from '../../../test/random-workspace.ts'
import { simulateWhole } from '../../../test/whole-simulation.ts'
import { buildWorkspace, OCTOBER } from '../../../test/workspace-builder.ts'
import type { PeriodScope } from '../../stages/allocate/period-scope.ts'
import { closePeriod } from '../../stages/close.ts'
import { dividePools } from '../../stages/compute-period.ts'
import type { FactTable } from '../../warehouse/schema.ts'
import { unscoped } from '../../workspace/scopes.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { currentRun } from '../current-run.ts'
import { pinnedScope } from '../pinned-scope.ts'
import { simulatePolicies } from './simulate-policies.ts'
import type { Simulation } from './simulation.ts'

function read(body: object): AllocationPolicy {
  const reading = parseAllocationPolicy(body)
  if (!reading.ok) throw new Error(reading.issues.join('; '))
  return reading.policy
}

/** The same of two simulations; or what both refuse. */
async function outcome<T>(work: () => Promise<T>): Promise<T | string> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Refusal) return `${error.kind}: ${error.message}`
    throw error
  }
}

const shown = ({ views, totals, pools, problems }: Simulation) => ({
  views: Object.fromEntries(
    Object.entries(views).map(([by, { changes }]) => [
      by,
      changes.map(({ key, name, currency, beforeMinor, afterMinor, changeMinor }) => {
        return [key, name, currency, beforeMinor, afterMinor, changeMinor]
      }),
    ]),
  ),
  totals: totals.map(({ currency, totalMinor }) => [currency, totalMinor, totalMinor]),
  pools: pools.map(({ pool, before, after }) => [pool, before.join(), after.join()]),
  problems,
})

async function whole(workspace: Workspace, policies: ReadonlyArray<AllocationPolicy>) {
  const { views, totals, pools, problems } = await simulateWhole(workspace, policies)
  for (const [, , , actualBefore, actualAfter] of totals) expect(actualAfter).toBe(actualBefore)
  return {
    views,
    totals: totals.map(([currency, before, after]) => [currency, before, after]),
    pools: pools.filter(([, before, after]) => before !== after),
    problems,
  }
}

describe('a simulation of pools alone', () => {
  it('says what dividing the whole month says, whatever is tried', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000), async (seed) => {
        const company = randomCompany(seed)
        const built = await buildWorkspace()
        try {
          for (const document of company.configuration) await built.apply(document)
          for (const [table, rows] of Object.entries(company.tables)) await built.add({ [table as FactTable]: rows })
          await closePeriod(built.workspace, { period: OCTOBER })
          for (let at = 0; at < 4; at += 1) {
            const policies = randomTries(seed + at, company).map(read)
            const near = () => simulatePolicies(unscoped(built.workspace), { policies, period: OCTOBER })
            const found = await outcome(async () => shown(await near()))
            expect(found).toEqual(await outcome(() => whole(built.workspace, policies)))
          }
        } finally {
          await built.remove()
        }
      }),
      { numRuns: Number(process.env.NEAR_RUNS ?? 4) },
    )
  }, 300_000)
})

/** Ten pools of five lines each, with usage and a charge on each line, and a charge on nobody. */
function tenPools(): Readonly<Partial<Record<FactTable, ReadonlyArray<Readonly<Record<string, string>>>>>> {
  const pools = Array.from({ length: 10 }, (_, index) => `P${index}`)
  const lines = pools.flatMap((pool) =>
    Array.from({ length: 5 }, (_, index) => ({ pool, service: `${pool}-${index}` })),
  )
  return {
    pool: pools.map((pool) => ({ pool })),
    pool_member: lines,
    charge: [...lines.map(({ service }) => ({ service, amount: '10.00' })), { service: '', amount: '3.00' }],
    usage: lines.map(({ service }, index) => ({ service, on: '2026-10-05', used: `${index + 1} GB` })),
  }
}

const EVENLY = {
  ...{ kind: 'AllocationPolicy', name: 'evenly', 'applies-to': { pools: ['P3'] } },
  components: [{ name: 'access', charges: [{ category: 'access' }], method: 'even' }],
}

describe('a simulation of one pool', () => {
  it('reads the facts of its lines, and divides nothing else', async () => {
    const built = await buildWorkspace()
    try {
      for (const [table, rows] of Object.entries(tenPools())) await built.add({ [table as FactTable]: rows })
      await closePeriod(built.workspace, { period: OCTOBER })
      const { warehouse } = built.workspace
      const counted = await warehouse.withScratch(async (scratch) => {
        const run = await currentRun(unscoped(built.workspace), OCTOBER)
        const pinned = await pinnedScope(built.workspace, { run, scratch })
        const scope: PeriodScope = { ...pinned, simulated: [read(EVENLY)], near: { pools: ['P3'] } }
        const { planned } = await dividePools(scope, new Set(['P3']))
        expect(planned.map(({ pool, policy }) => [pool.pool, policy.name])).toEqual([['P3', 'evenly']])
        const tables = ['near_charge', 'near_usage', 'near_pool_member', 'charge_row', 'allocation_row', 'carried_row']
        const counts = tables.map((table) => `(SELECT count(*) FROM ${scratch}.${table})::INTEGER AS ${table}`)
        return warehouse.row(`SELECT ${counts.join(', ')}`)
      })
      // Its five lines; of charges also the one on nobody, which could have found it.
      expect(counted).toEqual({
        ...{ near_charge: 6, near_usage: 5, near_pool_member: 5 },
        ...{ charge_row: 5, allocation_row: 5, carried_row: 5 },
      })
    } finally {
      await built.remove()
    }
  })

  it.each([
    ['one of ten', EVENLY, 1, 4],
    ['six of ten', { ...EVENLY, 'applies-to': { pools: ['P0', 'P1', 'P2', 'P3', 'P4', 'P5'] } }, 6, 24],
    ['none, because it begins after the month', { ...EVENLY, from: '2027-01-01' }, 0, 0],
  ] as const)('divides %s', async (_, policy, pools, changes) => {
    const built = await buildWorkspace()
    try {
      for (const [table, rows] of Object.entries(tenPools())) await built.add({ [table as FactTable]: rows })
      await closePeriod(built.workspace, { period: OCTOBER })
      const divided: number[] = []
      const simulation = await simulatePolicies(unscoped(built.workspace), {
        ...{ policies: [read(policy)], period: OCTOBER },
        onProgress: ({ stage, total }) => {
          if (stage === 'allocate') divided.push(total)
        },
      })
      expect(Math.max(0, ...divided)).toBe(pools)
      expect(simulation.views.service.changes.length).toBe(changes)
      expect(shown(simulation)).toEqual(await whole(built.workspace, [read(policy)]))
    } finally {
      await built.remove()
    }
  })
})
