import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../test/workspace-builder.ts'
import { closePeriod } from './close.ts'

let built: WorkspaceBuilder
beforeEach(async () => {
  built = await buildWorkspace()
})
afterEach(() => built.remove())

const close = () => closePeriod(built.workspace, { period: OCTOBER })
const rows = (sql: string) => built.workspace.warehouse.rows(sql)
const lines = async (sql: string) => (await rows(sql)).map((row) => Object.values(row).join(' '))
const policy = (name: string, rest: object) =>
  built.apply({
    kind: 'AllocationPolicy',
    name,
    'applies-to': { pools: ['P'] },
    components: [{ name: 'access', charges: [{ category: 'access' }, { category: 'bulk' }], method: 'even' }],
    ...rest,
  })
const ALLOCATED = 'SELECT pool, service, actual_minor, adjusted_minor FROM allocation ORDER BY ALL'

describe('how a charge finds its pool', () => {
  it('takes the zone of its category before the wider pool, and leaves access to the wider one', async () => {
    await built.add({
      pool: '| pool | usage_type | zone |\n| ALL | voice | - |\n| LONG | voice | long-distance |',
      pool_member: '| pool | service |\n| ALL | A |\n| LONG | A |',
      charge: `| service | usage_type | category | amount |
        | A | voice | access | 10.00 |
        | A | voice | long-distance | 3.00 |
        | A | voice | international | 2.00 |`,
      usage: `| service | usage_type | on | used | zone |
        | A | voice | 2026-10-02 | 5 min | long-distance |
        | A | voice | 2026-10-02 | 7 min | domestic |`,
    })
    await close()
    expect(await lines(ALLOCATED)).toEqual(['ALL A 1000 1000', 'LONG A 300 300'])
    expect(await lines('SELECT pool, quantity_base FROM used ORDER BY ALL')).toEqual(['ALL 420', 'LONG 300'])
    expect(await lines("SELECT category, actual_minor, adjusted_minor FROM carried WHERE pool = ''")).toEqual([
      'international 200 200',
    ])
  })

  it('takes the pool column where it names a pool of the usage type, and searches on where it does not', async () => {
    await built.add({
      pool: '| pool | usage_type |\n| SHARED | voice |\n| D | data |\n| D2 | data |',
      pool_member: '| pool | service |\n| SHARED | A |\n| D | A |\n| D | B |\n| D2 | C |',
      charge: `| service | usage_type | category | pool | amount |
        | A | voice | access | SHARED | 1.00 |
        | A | data | access | SHARED | 2.00 |
        | A | - | access | SHARED | 4.00 |
        | B | data | access | VENDORS-NAME | 8.00 |
        | - | voice | bulk | VENDORS-NAME | 16.00 |
        | C | data | access | D | 32.00 |
        | X | data | equipment | NOWHERE | 64.00 |
        | - | data | equipment | SEVERAL | 0.50 |
        | X | data | access | NOWHERE | 0.25 |`,
      usage: `| service | usage_type | on | used | pool |
        | A | data | 2026-10-02 | 1 B | SHARED |
        | A | data | 2026-10-02 | 2 B | VENDORS-NAME |
        | A | data | 2026-10-02 | 4 B | D2 |
        | A | data | 2026-10-02 | 8 B | D |
        | A | voice | 2026-10-02 | 16 s | SHARED |`,
    })
    const { problems } = await close()
    expect(await lines('SELECT pool, sum(actual_minor) FROM carried GROUP BY pool ORDER BY pool')).toEqual([
      ' 6475',
      'D 4200',
      'SHARED 2100',
    ])
    expect(await lines('SELECT pool, sum(quantity_base) FROM used GROUP BY pool ORDER BY pool')).toEqual([
      ' 4',
      'D 11',
      'SHARED 16',
    ])
    expect(problems.map(({ code, facts }) => ({ code, ...facts }))).toEqual([
      { code: 'pool-unknown', pool: 'NOWHERE', usedBy: 'account ACC' },
      { code: 'pool-unknown', pool: 'SEVERAL', usedBy: 'account ACC' },
    ])
  })

  it('leaves a narrower pool beside a wider one alone, and reports pools that could both take the same usage', async () => {
    await built.add({
      pool: `| pool | usage_type | zone | time_band |
        | WIDE | data | - | - |
        | US | data | domestic | - |
        | US-PEAK | data | domestic | peak |
        | ROAMING | data | roaming | - |
        | OTHER | voice | - | - |
        | PEAK | voice | - | peak |
        | FAR | voice | long-distance | - |
        | TWICE | voice | - | peak |`,
      pool_member: `| pool | service |
        | WIDE | A |
        | US | A |
        | US-PEAK | A |
        | ROAMING | A |
        | OTHER | B |
        | PEAK | B |
        | FAR | B |
        | TWICE | C |
        | PEAK | C |`,
      usage: `| service | on | used | zone | time_band |
        | A | 2026-10-02 | 1 B | domestic | peak |
        | A | 2026-10-02 | 2 B | domestic | off-peak |
        | A | 2026-10-02 | 4 B | roaming | peak |
        | A | 2026-10-02 | 8 B | international | peak |`,
    })
    const { problems } = await close()
    expect(await lines('SELECT pool, sum(quantity_base) FROM used GROUP BY pool ORDER BY pool')).toEqual([
      'ROAMING 4',
      'US 2',
      'US-PEAK 1',
      'WIDE 8',
    ])
    expect(problems.map(({ code, facts }) => ({ code, ...facts }))).toEqual([
      { code: 'pool-overlap', service: 'B', pools: ['FAR', 'PEAK'], on: '2026-10-01' },
      { code: 'pool-overlap', service: 'C', pools: ['PEAK', 'TWICE'], on: '2026-10-01' },
    ])
  })

  it('goes by the pool column, by the account, or stays where it is as ambiguous', async () => {
    await built.add({
      pool: '| pool | usage_type |\n| D | data |\n| V1 | voice |\n| V2 | voice |',
      pool_member: '| pool | service |\n| D | A |\n| V1 | B |\n| V2 | C |',
      charge: `| service | usage_type | category | pool | amount |
        | - | data | bulk | - | 10.00 |
        | - | voice | bulk | - | 20.00 |
        | - | voice | bulk | V2 | 30.00 |
        | - | voice | bulk | NONE | 40.00 |
        | - | messaging | bulk | NONE | 7.00 |
        | X | data | access | - | 50.00 |
        | A | messaging | equipment | - | 1.00 |`,
    })
    const { problems } = await close()
    expect(
      await lines('SELECT pool, sum(actual_minor), sum(adjusted_minor) FROM allocation GROUP BY pool ORDER BY pool'),
    ).toEqual(['D 1000 1000', 'V2 3000 3000'])
    expect(problems.map(({ code, facts }) => ({ code, ...facts }))).toEqual([
      {
        code: 'ambiguous-pool',
        account: 'ACC',
        usageType: 'data',
        currency: 'USD',
        pools: [],
        charges: 1,
        amount: '50.00',
      },
      {
        code: 'ambiguous-pool',
        account: 'ACC',
        usageType: 'voice',
        currency: 'USD',
        pools: ['V1', 'V2'],
        charges: 2,
        amount: '60.00',
      },
      { code: 'pool-unknown', pool: 'NONE', usedBy: 'account ACC' },
    ])
  })

  it('finds members by the rule of a Pool document, and leaves a pool without members unallocated', async () => {
    await built.apply({
      kind: 'Pool',
      name: 'P',
      model: 'data-plus',
      'usage-type': 'data',
      account: 'ACC',
      rule: { product: '5G', contribution: 2, unit: 'GB' },
    })
    await built.apply({ kind: 'Pool', name: 'EMPTY', model: 'bulk', 'usage-type': 'data' })
    await built.add({
      service: '| service | product |\n| A | 5G |\n| B | 5G |\n| C | 4G |',
      charge: '| service | category | pool | amount |\n| - | bulk | P | 10.00 |\n| - | bulk | EMPTY | 7.00 |',
    })
    const { problems } = await close()
    expect(
      await lines('SELECT pool, service, adjusted_minor, contribution_base, flags FROM allocation ORDER BY ALL'),
    ).toEqual([
      'EMPTY  0 0 non-participant',
      'EMPTY  700 0 unallocated',
      'P  0 0 non-participant',
      'P A 500 2000000000 ',
      'P B 500 2000000000 ',
    ])
    expect(problems).toMatchObject([
      { code: 'pool-without-members', facts: { pool: 'EMPTY', amount: '7.00', currency: 'USD' } },
    ])
    expect(
      await lines("SELECT service, flag, actual_minor, adjusted_minor FROM carried WHERE pool = 'EMPTY' ORDER BY ALL"),
    ).toEqual(['  700 0', ' unallocated 0 700'])
  })
})

describe('which days count', () => {
  it('counts summaries that span the window whole, other rows on the local day of their start', async () => {
    await built.add({
      account: '| account | time_zone |\n| ACC | America/New_York |',
      pool: '| pool |\n| P |',
      pool_member: '| pool | service | from_on |\n| P | A | - |\n| P | B | 2026-10-31 |',
      charge: '| service | amount |\n| A | 30.00 |',
      usage: `| service | on | until | used | is_wall_time |
        | A | 2026-10-01T03:00:00 | - | 9 GB | false |
        | A | 2026-11-01T03:00:00 | - | 1 GB | false |
        | B | 2026-10-01 | 2026-11-01 | 2 GB | true |
        | B | 2026-10-30 | - | 5 GB | true |`,
    })
    await close()
    expect(await lines('SELECT service, usage_base, adjusted_minor FROM allocation ORDER BY ALL')).toEqual([
      'A 1000000000 1000',
      'B 2000000000 2000',
    ])
  })

  it('counts the first of several views of the same usage', async () => {
    await built.add({
      pool: '| pool |\n| P |',
      pool_member: '| pool | service |\n| P | A |',
      charge: '| service | amount |\n| A | 30.00 |',
      usage: `| service | on | used | view | cycle_on |
        | A | 2026-10-01 | 5 GB | line-summary | 2026-10-01 |
        | A | 2026-10-02 | 3 GB | itemised | 2026-10-01 |
        | A | 2026-10-03 | 2 GB | itemised | 2026-10-01 |
        | A | 2026-10-04 | 1 GB | - | - |`,
    })
    await close()
    expect(await lines('SELECT usage_base FROM allocation')).toEqual(['6000000000'])
  })

  it('splits a charge where the policy changes inside the window', async () => {
    await built.add({
      pool: '| pool |\n| P |',
      pool_member: '| pool | service | from_on |\n| P | A | - |\n| P | B | 2026-10-20 |',
      charge: '| service | amount |\n| A | 31.00 |',
    })
    await policy('early', { until: '2026-10-11' })
    await policy('late', { from: '2026-10-11' })
    await close()
    expect(
      await lines(
        'SELECT policy, service, actual_minor, adjusted_minor, segment_start_on, segment_end_on FROM allocation ORDER BY ALL',
      ),
    ).toEqual([
      'early A 1000 1000 2026-10-01 2026-10-11',
      'late A 2100 1050 2026-10-11 2026-11-01',
      'late B 0 1050 2026-10-11 2026-11-01',
    ])
  })

  it('takes a bill to the month with most of its days, with all of its lines', async () => {
    await built.add({
      pool: '| pool |\n| P |',
      pool_member: '| pool | service |\n| P | A |',
      invoice_total:
        '| invoice | total | period_start_on | period_end_on |\n| I | 30.00 | 2026-09-18 | 2026-10-18 |\n| J | 9.00 | 2026-10-10 | 2026-11-10 |',
      charge: `| service | invoice | amount | period_start_on | period_end_on |
        | A | I | 30.00 | 2026-09-18 | 2026-10-18 |
        | A | J | 4.00 | 2026-09-10 | 2026-09-20 |
        | A | J | 5.00 | 2026-10-10 | 2026-11-10 |`,
    })
    const { totals } = await close()
    expect(totals).toEqual([{ currency: 'USD', actualMinor: 3900n, adjustedMinor: 3900n }])
    expect(await lines('SELECT DISTINCT segment_start_on, segment_end_on FROM allocation')).toEqual([
      '2026-09-18 2026-11-10',
    ])
  })
})

describe('who carries', () => {
  it('goes by the days and shares of assignments, and leaves the days of nobody unassigned', async () => {
    await built.add({
      service: `| service | person | from_on | to_on | share_ppm |
        | A | E1 | - | 2026-10-11 | - |
        | A | E2 | 2026-10-11 | - | - |
        | B | E1 | - | - | 250000 |
        | B | E2 | - | - | 750000 |
        | C | E1 | 2026-10-21 | - | - |`,
      person: '| employee | cost_centre |\n| E1 | CC1 |\n| E2 | CC2 |',
      charge: '| service | amount |\n| A | 31.00 |\n| B | 10.00 |\n| C | 31.00 |\n| D | 1.00 |',
      usage: '| service | on | used |\n| A | 2026-10-10 | 1 MB |\n| A | 2026-10-11 | 2 MB |',
    })
    const { problems } = await close()
    expect(
      await lines('SELECT service, person, cost_centre, actual_minor, adjusted_minor FROM carried ORDER BY ALL'),
    ).toEqual([
      'A E1 CC1 1000 1000',
      'A E2 CC2 2100 2100',
      'B E1 CC1 250 250',
      'B E2 CC2 750 750',
      'C   2000 2000',
      'C E1 CC1 1100 1100',
      'D   100 100',
    ])
    expect(await lines('SELECT person, quantity_base FROM used ORDER BY ALL')).toEqual(['E1 1000000', 'E2 2000000'])
    expect(problems.filter(({ code }) => code === 'service-not-in-inventory')).toMatchObject([
      { facts: { service: 'D', amount: '1.00' } },
    ])
  })

  it('keeps invoice, category and vendor of every amount in both views', async () => {
    await built.add({
      pool: '| pool |\n| P |',
      pool_member: '| pool | service |\n| P | A |\n| P | B |\n| P | C |',
      charge: `| service | invoice | category | amount |
        | A | I1 | bulk | 100.00 |
        | - | I2 | access | 0.01 |
        | B | I3 | access | -20.00 |`,
    })
    await close()
    expect(
      await lines(
        'SELECT invoice, category, sum(actual_minor), sum(adjusted_minor) FROM carried GROUP BY ALL ORDER BY ALL',
      ),
    ).toEqual(['I1 bulk 10000 10000', 'I2 access 1 1', 'I3 access -2000 -2000'])
    expect(
      await lines(
        'SELECT service, sum(adjusted_minor) FROM carried GROUP BY service HAVING sum(adjusted_minor) <> 0 ORDER BY service',
      ),
    ).toEqual(['A 2667', 'B 2667', 'C 2667'])
  })

  it('reports leavers, ceilings, overlaps and negative usage', async () => {
    await built.add({
      person: '| employee | to_on |\n| E1 | 2026-09-30 |',
      service: '| service | person |\n| A | E1 |\n| B | - |',
      pool: '| pool | max_members |\n| P | 1 |\n| Q | - |',
      pool_member: '| pool | service | from_on |\n| P | A | - |\n| P | B | 2026-10-07 |\n| Q | B | 2026-10-09 |',
      charge: '| service | amount | pool |\n| A | 1.00 | P |',
      usage: '| service | on | used |\n| A | 2026-10-10 | -1 MB |',
    })
    const { problems } = await close()
    expect(problems.map(({ code, facts }) => ({ code, ...facts }))).toEqual([
      { code: 'leaver-with-service', person: 'E1', leftOn: '2026-09-30', services: ['A'] },
      { code: 'negative-usage', pool: 'P', service: 'A', usage: '-1000000' },
      { code: 'pool-over-ceiling', pool: 'P', members: 2, maxMembers: 1, on: '2026-10-07' },
      { code: 'pool-overlap', service: 'B', pools: ['P', 'Q'], on: '2026-10-09' },
    ])
  })
})

describe('closing again', () => {
  it('replaces the run before, says whether anything changed, and refuses a published period', async () => {
    await built.add({ charge: '| service | amount |\n| A | 1.00 |\n| A | 5.00 |' })
    expect((await close()).unchanged).toBe(false)
    expect((await close()).unchanged).toBe(true)
    const { catalog } = built.workspace
    expect(await catalog.selectFrom('run').select(['id', 'state']).orderBy('id').execute()).toEqual([
      { id: '2026-10.1', state: 'replaced' },
      { id: '2026-10.2', state: 'closed' },
    ])
    await catalog.updateTable('run').set({ state: 'published' }).where('id', '=', '2026-10.2').execute()
    await expect(close()).rejects.toMatchObject({ kind: 'period-published' })
  })

  it('leaves nothing behind where it is cancelled', async () => {
    await built.add({ charge: '| service | amount |\n| A | 1.00 |' })
    const controller = new AbortController()
    const cancelled = closePeriod(built.workspace, {
      period: OCTOBER,
      signal: controller.signal,
      onProgress: ({ stage }) => {
        if (stage === 'write') controller.abort()
      },
    })
    await expect(cancelled).rejects.toMatchObject({ kind: 'cancelled' })
    expect(await built.workspace.catalog.selectFrom('run').select('id').execute()).toEqual([])
    expect(await rows('SELECT count(*)::INTEGER AS count FROM carried')).toEqual([{ count: 0 }])
    expect((await close()).totals).toEqual([{ currency: 'USD', actualMinor: 100n, adjustedMinor: 100n }])
  })
})
