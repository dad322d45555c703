// Every formula that is printed is evaluated, every line that is cited is opened on disk, and both give what is printed.

import { readFile } from 'node:fs/promises'
import { evaluateFormula, formatAmount, parseAmount, toBaseUnits, type UsageType } from '@spillway/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { closePeriod } from '../../stages/close.ts'
import { unscoped } from '../../workspace/scopes.ts'
import { chargesReport } from '../charges-report.ts'
import { explainService, LINES_MAX } from './explain-service.ts'
import type { Citation, ComponentExplanation, Explanation } from './explanation.ts'
import { explanationLines } from './explanation-lines.ts'

let built: WorkspaceBuilder
beforeEach(async () => {
  built = await buildWorkspace()
})
afterEach(() => built.remove())

const close = () => closePeriod(built.workspace, { period: OCTOBER })
const explain = (service: string, linesMax = Number.POSITIVE_INFINITY) =>
  explainService(unscoped(built.workspace), { service, period: OCTOBER, linesMax })
const policy = (components: ReadonlyArray<object>, rest: object = {}) =>
  built.apply({ kind: 'AllocationPolicy', name: 'test', 'applies-to': { pools: ['P'] }, components, ...rest })

const ACCESS = { name: 'access', charges: [{ category: 'access' }, { category: 'bulk' }] }

/** The cells of a cited line by column, read from the file itself. */
async function openLine({ filePath, line }: Citation): Promise<Record<string, string>> {
  const lines = (await readFile(filePath, 'utf8')).split('\n')
  const cells = (lines[line - 1] ?? '').split(',')
  return Object.fromEntries((lines[0] ?? '').split(',').map((name, index) => [name, cells[index] ?? '']))
}

async function amountAt(at: Citation, currency: string): Promise<bigint> {
  const reading = parseAmount((await openLine(at)).amount ?? '', currency)
  if (!reading.ok) throw new Error(`${at.place} has no amount`)
  return reading.minor
}

async function usageAt(at: Citation, usageType: UsageType): Promise<bigint> {
  const [quantity = '', unit = ''] = ((await openLine(at)).used ?? '').split(' ')
  const reading = toBaseUnits(quantity, unit, usageType)
  if (!reading.ok) throw new Error(`${at.place} has no quantity`)
  return reading.base
}

async function proveComponent(component: ComponentExplanation, service: string): Promise<void> {
  const { charges, usage, currency, membership } = component
  let [total, own] = [0n, 0n]
  for (const line of charges.lines) {
    const row = await openLine(line.at)
    expect(await amountAt(line.at, row.currency || currency)).toBe(line.billedMinor)
    expect(row.service ?? '').toBe(line.service)
    total += line.countedMinor
    if (line.isOwn) own += line.countedMinor
  }
  expect(charges).toMatchObject({ amountMinor: total, ownMinor: own, count: charges.lines.length })
  expect(component.actualMinor).toBe(own)
  let used = 0n
  for (const line of usage?.lines ?? []) {
    expect(await usageAt(line.at, component.usageType)).toBe(line.quantityBase)
    expect((await openLine(line.at)).service).toBe(service)
    used += line.quantityBase
  }
  if (usage) {
    expect(used).toBe(component.usageBase)
    expect(usage.count).toBe(usage.lines.length)
  }
  if (component.method === 'prorated' && used > 0n && component.formula.includes('/'))
    expect(component.formula).toContain(`* ${used} /`)
  for (const line of membership) if (line.at) expect((await openLine(line.at)).service).toBe(service)
}

/** Opens and evaluates all that an explanation says; returns it. */
async function prove(service: string): Promise<Explanation> {
  const explanation = await explain(service)
  for (const component of explanation.components) await proveComponent(component, service)
  for (const { currency, lines, amountMinor } of explanation.retained) {
    let sum = 0n
    for (const line of lines) {
      expect(await amountAt(line.at, currency)).toBe(line.billedMinor)
      sum += line.countedMinor
    }
    expect(sum).toBe(amountMinor)
  }
  const printed = explanationLines(explanation)
  const formulas = printed.flatMap((line) => {
    const match = /^ {2}(\S.*) = (-?[\d.]+)$/.exec(line)
    return match ? [[match[1], match[2]] as const] : []
  })
  expect(formulas).toHaveLength(explanation.components.length)
  for (const [index, [formula = '', amount]] of formulas.entries()) {
    const currency = explanation.components[index]?.currency ?? ''
    const value = evaluateFormula(formula, currency)
    expect(value === null ? 'no value' : formatAmount(value, currency)).toBe(amount)
    expect(value).toBe(explanation.components[index]?.adjustedMinor)
  }
  await proveTotals(explanation)
  return explanation
}

async function proveTotals({ service, totals, assignment }: Explanation): Promise<void> {
  const report = await chargesReport(unscoped(built.workspace), { period: OCTOBER, by: 'service' })
  const rows: string[] = []
  for await (const batch of report.rows)
    rows.push(...batch.filter(([key]) => key === service).map((row) => row.slice(2).join(' ')))
  expect(
    totals.map(({ currency, actualMinor, adjustedMinor, differenceMinor }) =>
      [currency, ...[actualMinor, adjustedMinor, differenceMinor].map((minor) => formatAmount(minor, currency))].join(
        ' ',
      ),
    ),
  ).toEqual(rows)
  for (const { currency, actualMinor, adjustedMinor } of totals) {
    const carried = assignment.carriedBy.filter((owner) => owner.currency === currency)
    expect(carried.reduce((sum, owner) => sum + owner.actualMinor, 0n)).toBe(actualMinor)
    expect(carried.reduce((sum, owner) => sum + owner.adjustedMinor, 0n)).toBe(adjustedMinor)
  }
}

/** Ninety-nine light users and a heavy one, with a floor. */
async function heavyUser(): Promise<void> {
  const services = Array.from({ length: 100 }, (_, index) => `555-${String(100 + index).padStart(4, '0')}`)
  await built.add({
    pool: '| pool |\n| P |',
    pool_member: services.map((service) => ({ pool: 'P', service, contribution: '2', unit: 'GB' })),
    charge: [
      ...services.map((service) => ({ service, amount: '30.00', description: 'BUSINESS UNL PLUS' })),
      { service: '555-0100', amount: '12.34', category: 'equipment', usage_type: '', description: 'Case' },
    ],
    usage: services.map((service, index) => ({ service, on: '2026-10-05', used: index === 0 ? '200 GB' : '1 GB' })),
    service: [
      { service: '555-0100', person: 'E-1', share_ppm: '600000' },
      { service: '555-0100', cost_centre: 'CC-2', share_ppm: '400000', project: 'X' },
    ],
    person: '| employee | name | cost_centre |\n| E-1 | Ada Byron | CC-1 |',
  })
  await policy([{ ...ACCESS, basis: 'domestic', floor: '25.00' }])
  await close()
}

describe('an explanation', () => {
  it('says why in a sentence, a formula and lines of files', async () => {
    await heavyUser()
    const explanation = await explain('555-0100', 2)
    expect(explanationLines(explanation)).toMatchInlineSnapshot(`
      [
        "555-0100 carries 371.79 USD of 2026-10 (the vendor put 42.34 there: +329.45).",
        "Run 2026-10.1, closed.",
        "",
        "P · access · prorated by domestic usage, floor 25.00 (policy test v1)",
        "  555-0100 carries 359.45 USD of the 3,000.00 USD of access in P: its floor of 25.00, and 200 GB / 299 GB of the remaining 500.00 by usage, rounded up by one of 23 leftover units of 0.01.",
        "  floor(25.00 + (3000.00 - 2500.00) * 200000000000 / 299000000000, 0.01) + 0.01 = 359.45",
        "  charges: 3,000.00 USD on 100 lines, 1 of them its own",
        "    charge.csv:2  30.00  (own) access data BUSINESS UNL PLUS",
        "    charge.csv:3  30.00  555-0101 access data BUSINESS UNL PLUS",
        "    … 98 more lines, 2,940.00 USD",
        "  usage: 200 GB (200000000000) in 1 row, of 299 GB (299000000000) in 100 rows of the pool",
        "    usage.csv:2  200 GB  2026-10-05 domestic",
        "  member, contributing 2 GB (2000000000):",
        "    pool_member.csv:2 2 GB",
        "  rounding: 23 leftover units of 0.01 USD to the largest fractions, one of them here",
        "",
        "Stays where the vendor put it: 12.34 USD on 1 line",
        "    charge.csv:102  12.34  (own) equipment Case",
        "",
        "Carried by:",
        "  cost centre CC-2 · project X: 148.72 USD (actual 16.94)",
        "  E-1 Ada Byron · cost centre CC-1: 223.07 USD (actual 25.40)",
        "  31 days from 2026-10-01 until 2026-11-01  cost centre CC-2 · project X, 40 %",
        "  31 days from 2026-10-01 until 2026-11-01  E-1 · cost centre CC-1, 60 %",
        "    service.csv:2  service 555-0100 E-1 60 %",
        "    service.csv:3  service 555-0100 CC-2 X 40 %",
        "    … 1 more row",
      ]
    `)
  })

  it('is proved line by line for heavy and light users', async () => {
    await heavyUser()
    await prove('555-0100')
    await prove('555-0101')
    await prove('555-0199')
  })

  it('bounds its lists and nothing else', async () => {
    await heavyUser()
    const bounded = await explain('555-0150', 3)
    const whole = await explain('555-0150')
    const [few, all] = [bounded.components[0]?.charges, whole.components[0]?.charges]
    expect(few?.lines).toEqual(all?.lines.slice(0, 3))
    expect({ ...few, lines: [] }).toEqual({ ...all, lines: [] })
    expect(few?.lines[0]).toMatchObject({ isOwn: true, service: '555-0150' })
    expect(
      (await explainService(unscoped(built.workspace), { service: '555-0150', period: OCTOBER })).components[0]?.charges
        .lines,
    ).toHaveLength(LINES_MAX)
  })

  it('has the same counts and sums where no lines are wanted', async () => {
    await heavyUser()
    const [none, all] = [await explain('555-0100', 0), await explain('555-0100')]
    expect(none.components[0]?.usage?.lines).toEqual([])
    const bare = (key: string, value: unknown) =>
      key === 'lines' ? [] : typeof value === 'bigint' ? `${value}` : value
    expect(JSON.stringify(none, bare)).toBe(JSON.stringify(all, bare))
  })

  it('says who has the service on which days, and what each carries of it', async () => {
    await built.add({
      charge: '| service | amount | category |\n| A | 31.00 | feature |',
      service:
        '| service | person | from_on | to_on |\n| A | E-1 | - | 2026-10-11 |\n| A | E-2 | 2026-10-11 | 2026-10-21 |',
      person:
        '| employee | name | cost_centre | from_on | to_on |\n| E-1 | Ada | CC-1 | - | - |\n| E-2 | Bob | CC-2 | - | - |\n| E-3 | Eve | CC-2 | - | - |',
    })
    await close()
    const { assignment, components } = await prove('A')
    expect(components).toEqual([])
    expect(assignment.stays.map(({ days, person, costCentre }) => `${days} ${person} ${costCentre}`)).toEqual([
      '10 E-1 CC-1',
      '10 E-2 CC-2',
      '11  ',
    ])
    expect(
      assignment.carriedBy.map(
        ({ person, personName, costCentre, adjustedMinor }) => `${person} ${personName} ${costCentre} ${adjustedMinor}`,
      ),
    ).toEqual(['   1100', 'E-1 Ada CC-1 1000', 'E-2 Bob CC-2 1000'])
    expect(assignment.lines.map(({ at, id }) => `${at.place} ${id}`)).toEqual([
      'service.csv:2 A',
      'service.csv:3 A',
      'person.csv:2 E-1',
      'person.csv:3 E-2',
    ])
    for (const { at, fact, id } of assignment.lines)
      expect((await openLine(at))[fact === 'service' ? 'service' : 'employee']).toBe(id)
  })
})

const MEMBERS = '| pool | service | contribution | unit |\n| P | A | 2 | GB |\n| P | B | 2 | GB |\n| P | C | 2 | GB |'
const USAGE =
  '| service | on | used |\n| A | 2026-10-05 | 1 GB |\n| B | 2026-10-06 | 3 GB |\n| C | 2026-10-07 | 4 GB |\n| C | 2026-10-08 | 3 GB |'

describe('the formula and the lines of every service', () => {
  it.each<[name: string, components: object[], rest: object, tables: Record<string, string>]>([
    [
      'two components, one by excess',
      [
        { ...ACCESS, method: 'even' },
        { name: 'overage', charges: [{ category: 'overage' }], method: 'excess' },
      ],
      {},
      {
        charge:
          '| service | category | amount |\n| A | access | 90.00 |\n| C | overage | 60.00 |\n| A | overage | 0.01 |',
      },
    ],
    ['a cap', [{ ...ACCESS, cap: '50.00' }], {}, { charge: '| service | amount |\n| A | 100.00 |' }],
    ['a credit', [ACCESS], {}, { charge: '| service | amount |\n| A | -10.00 |' }],
    [
      'two currencies and a tie of fractions',
      [{ ...ACCESS, method: 'even' }],
      {},
      { charge: '| service | currency | amount |\n| A | USD | 100.00 |\n| B | JPY | 100 |' },
    ],
    [
      'as billed, with a lump on the account',
      [{ ...ACCESS, method: 'as-billed' }],
      {},
      { charge: '| service | pool | category | amount |\n| A | P | access | 10.00 |\n| - | P | bulk | 5.00 |' },
    ],
    [
      'a lump on the account and a service that left',
      [ACCESS],
      {},
      { charge: '| service | pool | category | amount |\n| GONE | P | access | 10.00 |\n| - | P | bulk | 5.00 |' },
    ],
    [
      'weights',
      [{ ...ACCESS, method: 'weighted', weights: { services: { A: '0.5', B: '1.25' } } }],
      {},
      { charge: '| service | amount |\n| A | 10.00 |' },
    ],
    [
      'unused capacity',
      [{ ...ACCESS, unused: 'central' }],
      { 'central-cost-centre': 'CC-0' },
      { pool: '| pool | allowance |\n| P | 100 GB |', charge: '| service | amount |\n| A | 600.00 |' },
    ],
    [
      'taxes that follow',
      [ACCESS],
      { taxes: 'follow' },
      { charge: '| service | category | amount |\n| A | access | 10.00 |\n| B | tax | 1.00 |' },
    ],
    [
      'a policy that ends inside the window',
      [ACCESS],
      { until: '2026-10-06' },
      { charge: '| service | amount |\n| A | 100.01 |\n| B | 3.33 |' },
    ],
    [
      'no usage at all',
      [ACCESS],
      {},
      { charge: '| service | amount |\n| A | 100.00 |', usage: '| service | on | used |\n| X | 2026-10-05 | 1 GB |' },
    ],
    [
      'days of membership',
      [{ ...ACCESS, method: 'even' }],
      { 'partial-period': 'by-day' },
      {
        charge: '| service | amount |\n| A | 100.00 |',
        pool_member:
          '| pool | service | from_on | to_on |\n| P | A | - | - |\n| P | B | 2026-10-22 | - |\n| P | C | - | 2026-10-02 |\n| P | C | 2026-10-30 | - |',
      },
    ],
    [
      'usage abroad, in another zone, before a membership, and in several views',
      [{ ...ACCESS, basis: 'domestic' }],
      {},
      {
        charge: '| service | amount |\n| A | 100.00 |',
        account: '| account | time_zone |\n| ACC | America/New_York |',
        pool_member: '| pool | service | from_on |\n| P | A | - |\n| P | B | 2026-10-10 |\n| P | C | - |',
        usage: `| service | on | used | zone | is_wall_time | view | until |
          | A | 2026-10-01T02:00:00 | 9 GB | domestic | false | - | - |
          | A | 2026-11-01T02:00:00 | 1.5 GB | domestic | false | - | - |
          | A | 2026-10-05T02:00:00 | 2 GB | domestic | true | - | - |
          | A | 2026-10-05T02:00:00 | 4 GB | roaming | true | - | - |
          | B | 2026-10-05T02:00:00 | 3 GB | domestic | true | - | - |
          | B | 2026-10-12T02:00:00 | 3 GB | - | true | - | - |
          | C | 2026-10-01 | 7 GB | domestic | true | class-summary | 2026-11-01 |
          | C | 2026-10-01 | 6 GB | domestic | true | line-summary | 2026-11-01 |`,
      },
    ],
  ])('%s', async (_, components, rest, tables) => {
    await built.add({ pool: '| pool |\n| P |', pool_member: MEMBERS, usage: USAGE, ...tables })
    await policy(components, rest)
    await close()
    const rows = await built.workspace.warehouse.rows<{ service: string }>(
      "SELECT DISTINCT service FROM carried WHERE service <> '' ORDER BY service",
    )
    expect(rows.length).toBeGreaterThan(0)
    for (const { service } of rows) await prove(service)
  })

  it('names the version of the policy that the run pinned, and says of a default that it is one', async () => {
    await built.add({
      pool: '| pool |\n| P |',
      pool_member: MEMBERS,
      usage: USAGE,
      charge: '| service | amount |\n| A | 100.00 |',
    })
    await close()
    expect((await explain('A')).components[0]?.policy).toEqual({ name: 'default-aggregate-data', version: null })
    expect(explanationLines(await explain('A')).join('\n')).toContain('(default policy default-aggregate-data)')
    await policy([ACCESS])
    await policy([{ ...ACCESS, method: 'even' }])
    await close()
    await policy([{ ...ACCESS, cap: '1.00' }])
    const [component] = (await prove('A')).components
    expect(component).toMatchObject({ method: 'even', basis: '', usage: null, policy: { name: 'test', version: 2 } })
  })

  it('cites a Pool document and the inventory row that its rule found', async () => {
    await built.add({
      charge: '| service | amount |\n| A | 10.00 |',
      usage: USAGE,
      service: '| service | product |\n| A | gold |\n| B | gold |',
    })
    const rule = { product: 'gold', contribution: '3', unit: 'GB' }
    await built.apply({
      kind: 'Pool',
      name: 'P',
      model: 'aggregate',
      'usage-type': 'data',
      rule,
      members: [{ service: 'C' }],
    })
    await close()
    expect((await prove('A')).components[0]?.membership).toMatchObject([
      { at: { place: 'service.csv:2' }, configuration: 'Pool/P v1', contribution: '3', unit: 'GB' },
    ])
    expect((await prove('C')).components[0]?.membership).toMatchObject([{ at: null, configuration: 'Pool/P v1' }])
  })
})

describe('an explanation that cannot be proved', () => {
  it('is a bug of ours, or damage, where the stored run is not what its inputs give', async () => {
    await heavyUser()
    await built.workspace.warehouse.run(
      "UPDATE allocation_row_stored SET actual_minor = actual_minor + 1 WHERE service_no IN (SELECT service_no FROM run_service WHERE service = '555-0100')",
    )
    await expect(explain('555-0100')).rejects.toThrow('the stored rows are those of the component')
  })
})
