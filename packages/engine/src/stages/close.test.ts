import { formatAmount } from '@spillway/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../test/workspace-builder.ts'
import { closePeriod } from './close.ts'

let built: WorkspaceBuilder
beforeEach(async () => {
  built = await buildWorkspace()
})
afterEach(() => built.remove())

const close = () => closePeriod(built.workspace, { period: OCTOBER })

/** `service adjusted [flags]` of one component, in the order of the report. */
async function adjusted(component = 'access'): Promise<string[]> {
  const rows = await built.workspace.warehouse.rows<{
    service: string
    adjusted_minor: bigint
    flags: string
    currency: string
  }>(
    `SELECT service, adjusted_minor, flags, currency FROM allocation WHERE component = $component
     ORDER BY run, currency, segment_start_on, service, flags`,
    { component },
  )
  return rows.map(({ service, adjusted_minor, flags, currency }) =>
    [service, formatAmount(adjusted_minor, currency), flags].filter((part) => part !== '').join(' '),
  )
}

const policy = (components: ReadonlyArray<object>, rest: object = {}) =>
  built.apply({ kind: 'AllocationPolicy', name: 'test', 'applies-to': { pools: ['P'] }, components, ...rest })

const ACCESS = { name: 'access', charges: [{ category: 'access' }, { category: 'bulk' }] }

describe('the worked examples of the spec, through a close', () => {
  it('1: divides a lump on one phone evenly', async () => {
    await built.add({
      pool: '| pool |\n| P |',
      pool_member: '| pool | service |\n| P | A |\n| P | B |\n| P | C |',
      charge: '| service | category | amount |\n| A | bulk | 300.00 |',
    })
    await policy([{ ...ACCESS, method: 'even' }])
    const report = await close()
    expect(await adjusted()).toEqual(['A 100.00', 'B 100.00', 'C 100.00'])
    expect(report.totals).toEqual([{ currency: 'USD', actualMinor: 30000n, adjustedMinor: 30000n }])
  })

  it('2 to 4: prorates 3,000.00 over a heavy and ninety-nine light users, with and without a floor', async () => {
    const services = Array.from({ length: 100 }, (_, index) => `S${String(index).padStart(3, '0')}`)
    await built.add({
      pool: '| pool |\n| P |',
      pool_member: services.map((service) => ({ pool: 'P', service })),
      charge: services.map((service) => ({ service, amount: '30.00' })),
      usage: services.map((service, index) => ({ service, on: '2026-10-05', used: index === 0 ? '200 GB' : '1 GB' })),
    })
    await close()
    const plain = await adjusted()
    expect(plain[0]).toBe('S000 2006.69')
    expect(new Set(plain.slice(1).map((row) => row.slice(5)))).toEqual(new Set(['10.03', '10.04']))
    await policy([{ ...ACCESS, floor: '25.00' }])
    const floored = await close()
    const rows = await built.workspace.warehouse.rows<{ adjusted_minor: bigint }>(
      'SELECT adjusted_minor FROM allocation WHERE run = $run ORDER BY service',
      { run: floored.run },
    )
    expect(rows[0]?.adjusted_minor).toBe(35945n)
    await policy([{ ...ACCESS, floor: '40.00' }])
    const high = await close()
    const flags = await built.workspace.warehouse.rows(
      'SELECT DISTINCT adjusted_minor, flags FROM allocation WHERE run = $run',
      { run: high.run },
    )
    expect(flags).toEqual([{ adjusted_minor: 3000n, flags: 'floor-exceeds-charge' }])
  })

  it('5: takes the class of minutes that the basis names, and peak minus mobile-to-mobile by default', async () => {
    await built.add({
      pool: '| pool | usage_type |\n| P | voice |',
      pool_member: '| pool | service |\n| P | A |\n| P | B |',
      charge: '| service | usage_type | amount |\n| A | voice | 120.00 |',
      usage: `| service | usage_type | on | used | time_band | network |
        | A | voice | 2026-10-02 | 300 min | peak | on-net |
        | A | voice | 2026-10-03 | 100 min | peak | off-net |
        | A | voice | 2026-10-04 | 100 min | off-peak | off-net |
        | B | voice | 2026-10-05 | 200 min | peak | off-net |
        | B | voice | 2026-10-06 | 100 min | weekend | on-net |`,
    })
    const first = await close()
    expect(first.problems.map(({ code }) => code)).toEqual([])
    expect(await adjusted()).toEqual(['A 40.00', 'B 80.00'])
    await policy([{ ...ACCESS, basis: 'total' }])
    const rows = async (run: string) =>
      built.workspace.warehouse.rows(
        'SELECT service, adjusted_minor FROM allocation WHERE run = $run ORDER BY service',
        { run },
      )
    expect(await rows((await close()).run)).toEqual([
      { service: 'A', adjusted_minor: 7500n },
      { service: 'B', adjusted_minor: 4500n },
    ])
    await policy([{ ...ACCESS, basis: 'peak' }])
    expect(await rows((await close()).run)).toEqual([
      { service: 'A', adjusted_minor: 8000n },
      { service: 'B', adjusted_minor: 4000n },
    ])
  })

  it('6: shares access evenly and overage by excess', async () => {
    await built.add({
      pool: '| pool |\n| P |',
      pool_member:
        '| pool | service | contribution | unit |\n| P | A | 2 | GB |\n| P | B | 2 | GB |\n| P | C | 2 | GB |',
      charge: `| service | category | amount |
        | A | access | 30.00 |
        | B | access | 30.00 |
        | C | access | 30.00 |
        | C | overage | 60.00 |`,
      usage: '| service | on | used |\n| A | 2026-10-05 | 1 GB |\n| B | 2026-10-05 | 3 GB |\n| C | 2026-10-05 | 7 GB |',
    })
    await policy([
      { ...ACCESS, method: 'even' },
      { name: 'overage', charges: [{ category: 'overage' }], method: 'excess' },
    ])
    await close()
    expect(await adjusted()).toEqual(['A 30.00', 'B 30.00', 'C 30.00'])
    expect(await adjusted('overage')).toEqual(['A 0.00', 'B 10.00', 'C 50.00'])
    const carried = await built.workspace.warehouse.rows(
      'SELECT service, sum(adjusted_minor)::BIGINT AS adjusted FROM carried GROUP BY service ORDER BY service',
    )
    expect(carried.map(({ adjusted }) => adjusted)).toEqual([3000n, 4000n, 8000n])
  })

  it.each<[string, string[], object, string, string[]]>([
    ['7: a cap', ['80', '15', '5'], { cap: '50.00' }, '100.00', ['A 50.00', 'B 37.50', 'C 12.50']],
    ['8: a credit', ['1', '2'], {}, '-10.00', ['A -3.33', 'B -6.67']],
    ['10: no usage', ['0', '0', '0'], {}, '100.00', ['A 33.34', 'B 33.33', 'C 33.33']],
    [
      '12: a floor with light and heavy users',
      ['0', '20', '180', '800'],
      { floor: '25.00' },
      '1000.00',
      ['A 25.00', 'B 43.00', 'C 187.00', 'D 745.00'],
    ],
  ])('%s', async (_, usage, component, amount, expected) => {
    const services = usage.map((_, index) => 'ABCD'[index] as string)
    await built.add({
      pool: '| pool |\n| P |',
      pool_member: services.map((service) => ({ pool: 'P', service })),
      charge: [{ service: 'A', amount }],
      usage: services.map((service, index) => ({ service, on: '2026-10-05', used: `${usage[index]} GB` })),
    })
    await policy([{ ...ACCESS, ...component }])
    await close()
    expect(await adjusted()).toEqual(expected)
  })

  it('9: counts days of membership', async () => {
    await built.add({
      pool: '| pool |\n| P |',
      pool_member: '| pool | service | from_on | to_on |\n| P | A | - | - |\n| P | B | 2026-10-22 | - |',
      charge: '| service | amount |\n| A | 100.00 |',
    })
    await policy([{ ...ACCESS, method: 'even', 'partial-period': 'by-day' }])
    await close()
    expect(await adjusted()).toEqual(['A 75.61', 'B 24.39'])
  })

  it('11: lets the members carry unused capacity, or the central cost centre', async () => {
    await built.add({
      pool: '| pool | allowance |\n| P | 100 GB |',
      pool_member: '| pool | service |\n| P | A |\n| P | B |',
      charge: '| service | amount |\n| A | 600.00 |',
      usage: '| service | on | used |\n| A | 2026-10-05 | 40 GB |\n| B | 2026-10-05 | 20 GB |',
    })
    await close()
    expect(await adjusted()).toEqual(['A 400.00', 'B 200.00'])
    await policy([{ ...ACCESS, unused: 'central' }], { 'central-cost-centre': 'CC-CENTRAL' })
    const { run } = await close()
    const rows = await built.workspace.warehouse.rows(
      'SELECT service, cost_centre, flag, adjusted_minor FROM carried WHERE run = $run AND adjusted_minor <> 0 ORDER BY ALL',
      { run },
    )
    expect(rows).toEqual([
      { service: '', cost_centre: 'CC-CENTRAL', flag: 'unused', adjusted_minor: 24000n },
      { service: 'A', cost_centre: '', flag: '', adjusted_minor: 24000n },
      { service: 'B', cost_centre: '', flag: '', adjusted_minor: 12000n },
    ])
  })
})
