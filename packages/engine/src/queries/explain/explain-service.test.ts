// Every formula that is printed is evaluated, every line that is cited is opened on disk, and both give what is printed.
import { readFile } from 'node:fs/promises'
import { evaluateFormula, formatAmount, parseAmount, toBaseUnits, type UsageType } from '@spillway/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { closePeriod } from '../../stages/close.ts'
import { chargesReport } from '../charges-report.ts'
import { explainService } from './explain-service.ts'
import type { Citation, ComponentExplanation, Explanation } from './explanation.ts'
import { explanationLines } from './explanation-lines.ts'

let built: WorkspaceBuilder
beforeEach(async () => {
  built = await buildWorkspace()
})
afterEach(() => built.remove())

const close = () => closePeriod(built.workspace, { period: OCTOBER })
const explain = (service: string, linesMax = Number.POSITIVE_INFINITY) =>
  explainService(built.workspace, { service, period: OCTOBER, linesMax })
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
  if (component.method === 'prorated' && used > 0n && component.formula.includes('/')) expect(component.formula).toContain(`* ${used} /`)
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
  const report = await chargesReport(built.workspace, { period: OCTOBER, by: 'service' })
  const rows: string[] = []
  for await (const batch of report.rows) rows.push(...batch.filter(([key]) => key === service).map((row) => row.slice(2).join(' ')))
  expect(
    totals.map(({ currency, actualMinor, adjustedMinor, differenceMinor }) =>
      [currency, ...[actualMinor, adjustedMinor, differenceMinor].map((minor) => formatAmount(minor, currency))].join(' '),
    ),
  ).toEqual(rows)
  for (const { currency, actualMinor, adjustedMinor } of totals) {
    const carried = assignment.carriedBy.filter((owner) => owner.currency === currency)
    expect(carried.reduce((sum, owner) => sum + owner.actualMinor, 0n)).toBe(actualMinor)
    expect(carried.reduce((sum, owner) => sum + owner.adjustedMinor, 0n)).toBe(adjustedMinor)
  }
}

/** Ten light users and a heavy one, with a floor. */
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
    expect(explanationLines(explanation)).toMatchInlineSnapshot()
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
    expect((await explainService(built.workspace, { service: '555-0150', period: OCTOBER })).components[0]?.charges.lines).toHaveLength(50)
  })

  it('says who has the service on which days, and what each carries of it', async () => {
    await built.add({
      charge: '| service | amount | category |\n| A | 31.00 | feature |',
      service: '| service | person | from_on | to_on |\n| A | E-1 | - | 2026-10-11 |\n| A | E-2 | 2026-10-11 | 2026-10-21 |',
      person: '| employee | name | cost_centre | from_on | to_on |\n| E-1 | Ada | CC-1 | - | - |\n| E-2 | Bob | CC-2 | - | - |\n| E-3 | Eve | CC-2 | - | - |',
    })
    await close()
    const { assignment, components } = await prove('A')
    expect(components).toEqual([])
    expect(assignment.stays.map(({ days, person, costCentre }) => `${days} ${person} ${costCentre}`)).toEqual(['10 E-1 CC-1', '10 E-2 CC-2', '11  '])
    expect(assignment.carriedBy.map(({ person, personName, costCentre, adjustedMinor }) => `${person} ${personName} ${costCentre} ${adjustedMinor}`)).toEqual([
      '  CC-? 1100'.replace('CC-?', ''),
      'E-1 Ada CC-1 1000',
      'E-2 Bob CC-2 1000',
    ])
    expect(assignment.lines.map(({ at, id }) => `${at.place} ${id}`)).toEqual(['service.csv:2 A', 'service.csv:3 A', 'person.csv:2 E-1', 'person.csv:3 E-2'])
    for (const { at, fact, id } of assignment.lines) expect((await openLine(at))[fact === 'service' ? 'service' : 'employee']).toBe(id)
  })
})
