import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type AllocationPolicy, formatAmount, parseAllocationPolicy } from '@spillway/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildWorkspace, OCTOBER, TEST_ACTOR, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { closePeriod } from '../../stages/close.ts'
import { unscoped } from '../../workspace/scopes.ts'
import { openWorkspace } from '../../workspace/workspace.ts'
import { simulatePolicies } from './simulate-policies.ts'
import type { SimulatedView } from './simulation.ts'
import { simulationReport } from './simulation-report.ts'

let built: WorkspaceBuilder
beforeEach(async () => {
  built = await buildWorkspace()
})
afterEach(() => built.remove())

const ACCESS = { name: 'access', charges: [{ category: 'access' }] }
const document = (components: ReadonlyArray<object>, rest: object = {}) => ({
  kind: 'AllocationPolicy' as const,
  name: 'test',
  'applies-to': { pools: ['P'] },
  components,
  ...rest,
})

function read(body: object): AllocationPolicy {
  const reading = parseAllocationPolicy(body)
  if (!reading.ok) throw new Error(reading.issues.join('; '))
  return reading.policy
}

const simulate = (...bodies: ReadonlyArray<object>) =>
  simulatePolicies(unscoped(built.workspace), { policies: bodies.map(read), period: OCTOBER })

const shown = ({ changes }: SimulatedView) =>
  changes.map(({ key, name, currency, beforeMinor, afterMinor, changeMinor }) =>
    [key, name, ...[beforeMinor, afterMinor, changeMinor].map((minor) => formatAmount(minor, currency))].join('|'),
  )

/** 100.00 prorated over 1, 3 and 6 GB in P, and 10.00 in Q. */
async function closed(): Promise<void> {
  await built.add({
    pool: '| pool |\n| P |\n| Q |',
    pool_member: '| pool | service |\n| P | A |\n| P | B |\n| P | C |\n| Q | D |\n| Q | E |',
    charge: '| service | amount |\n| A | 100.00 |\n| D | 10.00 |',
    usage:
      '| service | on | used |\n| A | 2026-10-05 | 1 GB |\n| B | 2026-10-05 | 3 GB |\n| C | 2026-10-05 | 6 GB |\n| D | 2026-10-05 | 1 GB |',
    service: '| service | person | cost_centre |\n| A | E-1 | CC-1 |\n| B | E-1 | CC-2 |\n| C | - | CC-1 |',
    person: '| employee | name |\n| E-1 | Ada Byron |',
    cost_centre: '| cost_centre | name |\n| CC-1 | Sales |\n| CC-2 | Field |',
  })
  await closePeriod(built.workspace, { period: OCTOBER })
}

describe('a simulation', () => {
  it('shows who would carry more and who less, the greatest change first', async () => {
    await closed()
    const simulation = await simulate(document([{ ...ACCESS, method: 'even' }]))
    expect(shown(simulation.views.service)).toEqual([
      'C||60.00|33.33|-26.67',
      'A|Ada Byron|10.00|33.34|23.34',
      'B|Ada Byron|30.00|33.33|3.33',
    ])
    expect(shown(simulation.views.person)).toEqual([
      '|unassigned|70.00|43.33|-26.67',
      'E-1|Ada Byron|40.00|66.67|26.67',
    ])
    expect(shown(simulation.views['cost-centre'])).toEqual([
      'CC-1|Sales|70.00|66.67|-3.33',
      'CC-2|Field|30.00|33.33|3.33',
    ])
    expect(simulation.views.service.sums).toEqual([
      { currency: 'USD', gainers: 1, gainedMinor: 2667n, losers: 2, lostMinor: 2667n },
    ])
    expect(simulation).toMatchObject({
      run: '2026-10.1',
      policies: [{ name: 'test', pools: ['P'] }],
      pools: [{ pool: 'P', before: ['default-aggregate-data'], after: ['test'] }],
      totals: [{ currency: 'USD', totalMinor: 11000n }],
      problems: [{ code: 'service-not-in-inventory', facts: { service: 'D' } }],
    })
  })

  it('is a report with decimal texts', async () => {
    await closed()
    const report = simulationReport(await simulate(document([{ ...ACCESS, method: 'even' }])), { by: 'cost-centre' })
    const rows = []
    for await (const batch of report.rows) rows.push(...batch)
    expect(report.columns.map(({ key }) => key)).toEqual(['key', 'name', 'currency', 'before', 'after', 'change'])
    expect(rows).toEqual([
      ['CC-1', 'Sales', 'USD', '70.00', '66.67', '-3.33'],
      ['CC-2', 'Field', 'USD', '30.00', '33.33', '3.33'],
    ])
  })

  it('differs in nothing under the policies that are in force, or under none', async () => {
    await closed()
    const body = document([{ ...ACCESS, floor: '5.00' }])
    await built.apply(body)
    await closePeriod(built.workspace, { period: OCTOBER })
    for (const bodies of [[body], []]) {
      const { views, pools } = await simulate(...bodies)
      expect([views.service.changes, views.person.changes, views['cost-centre'].changes, pools]).toEqual([
        [],
        [],
        [],
        [],
      ])
    }
  })

  it('shows unused capacity as a row of its own', async () => {
    await built.add({
      pool: '| pool | allowance |\n| P | 100 GB |',
      pool_member: '| pool | service |\n| P | A |\n| P | B |',
      charge: '| service | amount |\n| A | 600.00 |',
      usage: '| service | on | used |\n| A | 2026-10-05 | 40 GB |\n| B | 2026-10-05 | 20 GB |',
    })
    await closePeriod(built.workspace, { period: OCTOBER })
    const { views } = await simulate(document([{ ...ACCESS, unused: 'central' }], { 'central-cost-centre': 'CC-0' }))
    expect(shown(views.service)).toEqual([
      '|unused|0.00|240.00|240.00',
      'A||400.00|240.00|-160.00',
      'B||200.00|120.00|-80.00',
    ])
    expect(shown(views['cost-centre'])).toEqual(['|unassigned|600.00|360.00|-240.00', 'CC-0||0.00|240.00|240.00'])
  })
})

describe('a simulated policy', () => {
  it('takes its pools, and only those, from the policy that claims them', async () => {
    await closed()
    await built.apply({ ...document([ACCESS]), name: 'all', 'applies-to': { model: 'aggregate' } })
    await closePeriod(built.workspace, { period: OCTOBER })
    const { pools, views } = await simulate(document([{ ...ACCESS, method: 'even' }]))
    expect(pools).toEqual([{ pool: 'P', before: ['all'], after: ['test'] }])
    expect(views.service.changes.map(({ key }) => key)).toEqual(['C', 'A', 'B'])
  })

  it('replaces the saved policy of its name, also for pools that it no longer claims', async () => {
    await closed()
    await built.apply({ ...document([{ ...ACCESS, method: 'even' }]), 'applies-to': { pools: ['P', 'Q'] } })
    await closePeriod(built.workspace, { period: OCTOBER })
    const { pools, views } = await simulate(document([{ ...ACCESS, method: 'even' }]))
    expect(pools).toEqual([{ pool: 'Q', before: ['test'], after: ['default-aggregate-data'] }])
    expect(shown(views.service)).toEqual(['D||5.00|10.00|5.00', 'E||5.00|0.00|-5.00'])
  })

  it('takes its pools on its own days', async () => {
    await closed()
    await built.apply({ ...document([ACCESS]), name: 'all', 'applies-to': { model: 'aggregate' } })
    await closePeriod(built.workspace, { period: OCTOBER })
    const { pools } = await simulate(document([{ ...ACCESS, method: 'even' }], { from: '2026-10-15' }))
    expect(pools).toEqual([{ pool: 'P', before: ['all'], after: ['all', 'test'] }])
  })

  it.each([
    ['two of one name', [document([ACCESS]), { ...document([ACCESS]), 'applies-to': { pools: ['Q'] } }]],
    ['two of one pool', [document([ACCESS]), { ...document([ACCESS]), name: 'other' }]],
  ])('is refused where there are %s', async (_, bodies) => {
    await closed()
    await expect(simulate(...bodies)).rejects.toMatchObject({ kind: 'bad-configuration' })
  })

  it('is refused where the period is not closed', async () => {
    await expect(simulate(document([ACCESS]))).rejects.toMatchObject({ kind: 'period-not-closed' })
  })
})

it('leaves catalog and warehouse byte for byte as they were, and needs them to read only', async () => {
  const home = await buildWorkspace()
  const { directory } = home.workspace
  try {
    await home.add({
      pool: '| pool |\n| P |',
      pool_member: '| pool | service |\n| P | A |\n| P | B |',
      charge: '| service | amount |\n| A | 100.00 |',
    })
    await closePeriod(home.workspace, { period: OCTOBER })
    await home.workspace.close()
    const before = await digestsOf(directory)
    const workspace = await openWorkspace(directory, { access: 'read', actor: TEST_ACTOR, holder: 'test' })
    const policies = [read(document([{ ...ACCESS, method: 'as-billed' }]))]
    const { views } = await simulatePolicies(unscoped(workspace), { policies, period: OCTOBER })
    await workspace.close()
    expect(shown(views.service)).toEqual(['A||50.00|100.00|50.00', 'B||50.00|0.00|-50.00'])
    expect(await digestsOf(directory)).toEqual(before)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})

async function digestsOf(directory: string): Promise<string[]> {
  const files = await Promise.all(['catalog.sqlite', 'warehouse.duckdb'].map((name) => readFile(join(directory, name))))
  return files.map((bytes) => createHash('sha256').update(bytes).digest('hex'))
}
