// Every part of an event is said with its rule, every formula comes to its cost, every place cited is opened on disk; and what
// was not rated says why.
import { readFile } from 'node:fs/promises'
import { evaluateExactly, evaluateFormula, type Period, parseAmount, parsePeriod } from '@spillway/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { applyDocuments, MIXED_PROVIDER, MIXED_SERVICES } from '../../../test/rating/mixed-provider.ts'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { closePeriod } from '../../stages/close.ts'
import { publishPeriod } from '../../stages/publish/publish-period.ts'
import { unscoped } from '../../workspace/scopes.ts'
import type { EventExplanation } from './event-explanation.ts'
import { eventLines } from './event-lines.ts'
import { explainEvent } from './explain-event.ts'
import { explainService } from './explain-service.ts'
import type { Explanation } from './explanation.ts'
import { explanationJson } from './explanation-json.ts'
import { explanationLines } from './explanation-lines.ts'

const NOVEMBER = parsePeriod('2026-11') as Period

let built: WorkspaceBuilder
beforeEach(async () => {
  built = await buildWorkspace()
  await applyDocuments(built.workspace, MIXED_PROVIDER)
  await built.add({ service: MIXED_SERVICES })
})
afterEach(() => built.remove())

/** `e1 A 2026-10-05T10:00:00 300 MB data`, in October's zone of nobody: `domestic`. */
async function use(...rows: string[]): Promise<void> {
  const lines = rows.map((row) => {
    const [id, service, on, quantity, unit, type, source = 'core'] = row.split(' ')
    return `| ${id} | ${service} | ${on} | ${quantity} ${unit} | ${type} | ${source} | false |`
  })
  await built.add({ usage: `| id | service | on | used | usage_type | source | is_wall_time |\n${lines.join('\n')}` })
}

const close = (period: Period) => closePeriod(built.workspace, { period })
const explain = (id: string, source?: string) => explainEvent(unscoped(built.workspace), { id, source })

async function prove({ at, parts, billedBase, drawnBase, ratedBase, quantity }: EventExplanation): Promise<void> {
  const lines = (await readFile(at.filePath, 'utf8')).split('\n')
  expect(lines[at.line - 1]).toContain(quantity)
  expect(drawnBase + ratedBase).toBe(billedBase)
  expect(parts.reduce((sum, part) => sum + part.quantityBase, 0n)).toBe(billedBase)
  for (const { formula, cost, rule } of parts) {
    expect(rule).toMatch(/^(?:SharePlan|Bucket|RatePlan)\/[\w-]+ v1$/)
    expect(formula === '' ? '0.00' : evaluateExactly(formula)).toEqual(formula === '' ? cost : evaluateExactly(cost))
  }
}

const shown = ({ parts }: EventExplanation) =>
  parts.map(({ quantityBase, bucket, tier, cost, rule }) => `${quantityBase} ${bucket} ${tier} ${cost} ${rule}`)

describe('an event', () => {
  it('is followed to every bucket, tier and rate that took a part of it', async () => {
    await use('big A 2026-10-05T10:00:00 300 MB data', 'call M 2026-10-06T10:00:00 61 s voice')
    await close(OCTOBER)
    const big = await explain('big')
    await prove(big)
    // Own 20, the account's 15, the parent's 30, the plan 60 + 30 (flat 5.00) + 20 at 0.02, and 125 at 0.10.
    expect(shown(big)).toEqual([
      '20000000 own-20 1 0.00 Bucket/own-20 v1',
      '15000000 on-u 1 0.00 Bucket/on-u v1',
      '30000000 shared-p 1 0.00 Bucket/shared-p v1',
      '60000000 fleet-data 1 0.00 SharePlan/fleet v1',
      '30000000 fleet-data 2 0.00 SharePlan/fleet v1',
      '20000000 fleet-data 3 0.40 SharePlan/fleet v1',
      '125000000  0 12.50 RatePlan/standard v1',
    ])
    expect(big).toMatchObject({ outcome: 'rated', drawnBase: 175_000_000n, ratedBase: 125_000_000n, run: '2026-10.1' })
    expect(big.flats).toEqual([{ bucket: 'fleet-data', tier: 2, currency: 'USD', amountMinor: 500n }])
    const call = await explain('call')
    await prove(call)
    // 61 s are two minutes by the increment; 0.10 is less than the minimum of 0.12, and the connection is 0.02.
    expect(call).toMatchObject({ quantityBase: 61n, billedBase: 120n, usageClass: 'voice/domestic' })
    expect(call.parts).toMatchObject([{ formula: '1 * 0.02 + 1 * 0.12', cost: '0.14' }])
    expect(eventLines(call)).toEqual([
      'Event call of core: M of U used 61 s, billed as 2 min at 2026-10-06T10:00:00Z.',
      `  ${call.at.place}  61 s  voice/domestic`,
      '',
      '0 s drawn + 2 min rated = 2 min used, in 2026-10.1 (closed).',
      '  2 min out of bucket at 0.05 per 1 min, increment 60/60, minimum 0.12, connection 0.02 (RatePlan/standard v1): 1 * 0.02 + 1 * 0.12 = 0.14 USD',
      '  on bill U-2026-10-01',
    ])
    expect(explanationJson(big)).toMatchObject({ billed_base: '300000000', flats: [{ amount: '5.00' }] })
  })

  it('that came late says what was adjusted, for whom it moved', async () => {
    await use('first A 2026-10-23T10:00:00 125 MB data')
    await close(OCTOBER)
    await publishPeriod(built.workspace, OCTOBER)
    await use('late B 2026-10-20T10:00:00 70 MB data')
    expect(await explain('late')).toMatchObject({ outcome: 'not-yet', parts: [] })
    await close(NOVEMBER)
    const late = await explain('late')
    await prove(late)
    // B has 20 of its own, and takes the parent's 30 and 20 of the pool from A, who was billed nothing.
    expect(shown(late).map((part) => part.split(' ').slice(0, 2))).toEqual([
      ['20000000', 'own-20'],
      ['30000000', 'shared-p'],
      ['20000000', 'fleet-data'],
    ])
    expect(late).toMatchObject({ outcome: 'late', run: '2026-11.1', period: '2026-10' })
    // 90 of A's 125 come to the pool now, of which 40 are left free: 30 for a flat 5.00, and 20 at 0.02.
    expect(late.moved).toEqual([
      { account: 'U', service: 'A', billedTo: 'U', correctedOn: '2026-10-01', currency: 'USD', amountMinor: 540n },
    ])
    expect(eventLines(late).at(-1)).toBe('    A of U: +5.40 USD for the period from 2026-10-01, on the bill of U')
    const [charge] =
      (await explainService(unscoped(built.workspace), { service: 'A', period: NOVEMBER })).rated?.charges ?? []
    expect(charge).toMatchObject({ kind: 'adjustment', formula: '5.40 - 0.00 - 0.00', lateCount: 1 })
    expect(charge?.late).toMatchObject([{ service: 'B', quantityBase: 70_000_000n }])
  })

  it('that was not rated says why', async () => {
    const cases = [
      ['zero A 2026-10-05T10:00:00 0 MB data', 'not-rated', /nothing to draw/],
      ['other Z 2026-10-05T10:00:00 5 MB data', 'not-rated', /Z is not sold by us/],
      ['early A 2026-09-30T10:00:00 5 MB data', 'not-yet', /2026-09 has not been closed/],
      ['next A 2026-11-05T10:00:00 5 MB data', 'not-yet', /2026-11 has not been closed/],
    ] as const
    await use(...cases.map(([row]) => row))
    await close(OCTOBER)
    await use('again A 2026-10-05T10:00:00 5 MB data')
    for (const [row, outcome, said] of [
      ...cases,
      ['again', 'not-yet', /came after 2026-10 was closed as 2026-10.1/] as const,
    ]) {
      const explained = await explain(row.split(' ')[0] as string)
      expect(explained).toMatchObject({ outcome, sentence: expect.stringMatching(said), parts: [], billedBase: null })
    }
  })

  it('that nobody imported, or several sources have, is refused with what to do', async () => {
    await use('e-17 A 2026-10-05T10:00:00 5 MB data', 'e-17 B 2026-10-05T11:00:00 6 MB data edge')
    await expect(explain('e-18')).rejects.toMatchObject({
      kind: 'not-found',
      facts: { nearest: ['e-17 of core', 'e-17 of edge'] },
    })
    await expect(explain('e-17')).rejects.toMatchObject({
      kind: 'bad-command',
      hint: 'Say which: --source core or --source edge.',
    })
    expect(await explain('e-17', 'edge')).toMatchObject({ service: 'B', outcome: 'not-yet' })
    await expect(explain('e-17', 'cdr')).rejects.toMatchObject({ kind: 'not-found' })
  })

  it('that came again with other content says so', async () => {
    await use('e1 A 2026-10-05T10:00:00 5 MB data')
    const facts = JSON.stringify({ id: 'core / e1', earlier: 'line 2 of usage.csv' })
    await built.workspace.warehouse.run(
      `INSERT INTO quarantine BY NAME SELECT $tenant AS tenant, 'test-2' AS batch, '' AS member, '' AS sheet, 7 AS line,
         'e1,A,6 MB' AS raw, 'duplicate-conflict' AS code, '' AS column_name, '' AS value, 'again' AS message, '' AS hint, $facts AS facts`,
      { tenant: built.workspace.tenant, facts },
    )
    expect((await explain('e1')).conflicts).toEqual([{ place: 'usage.csv:7', message: 'again', raw: 'e1,A,6 MB' }])
  })
})

describe('a bill line of usage', () => {
  it('has a formula that comes to its amount, and every unit of it in an event', async () => {
    await use(
      'a A 2026-10-05T10:00:00 150 MB data',
      'b A 2026-10-06T10:00:00 40 MB data',
      'c A 2026-10-07T10:00:00 30 s voice',
      'd A 2026-10-08T10:00:00 600 s voice',
      'e B 2026-10-08T10:00:00 77 MB data',
    )
    await close(OCTOBER)
    for (const service of ['A', 'B']) {
      const explanation = await explainService(unscoped(built.workspace), { service, period: OCTOBER })
      const { rows = [], charges = [], events = [] } = explanation.rated ?? {}
      for (const { formula, currency, amountMinor } of [...rows, ...charges])
        expect(formula === '' ? 0n : evaluateFormula(formula, currency)).toBe(amountMinor)
      for (const { bucket, tier, usageClass, quantityBase } of rows) {
        const parts = events
          .filter((event) => event.usageClass === usageClass)
          .flatMap((event) => event.parts.filter((part) => part.bucket === bucket && part.tier === tier))
        expect(parts.reduce((sum, part) => sum + part.quantityBase, 0n)).toBe(quantityBase)
      }
      expect(rows.length).toBeGreaterThan(1)
      proveText(explanation)
    }
    const { rated } = await explainService(unscoped(built.workspace), { service: 'A', period: OCTOBER })
    const voice = rated?.rows.find(({ usageClass }) => usageClass === 'voice/domestic')
    // 30 s cost the minimum; 600 s are ten minutes at 0.05; both connect.
    expect(voice).toMatchObject({ formula: 'round(0.05 * 600 / 60 + 2 * 0.02 + 1 * 0.12, 0.01)', amountMinor: 66n })
    const second = rated?.rows.find(({ tier }) => tier === 2)
    expect(second).toMatchObject({
      formula: 'round(5.00, 0.01)',
      flats: [{ amountMinor: 500n, reachedAt: '2026-10-05T10:00:00Z' }],
    })
    expect(rated?.charges).toMatchObject([
      { kind: 'recurring', formula: 'round(3.1 * 31 / 31 + 3.1 * 30 / 30, 0.01)', rule: 'Product/sim v1' },
    ])
  })
})

/** What is printed on a line of a formula is what it comes to. */
function proveText(explanation: Explanation): void {
  const formulas = explanationLines(explanation).flatMap(
    (line) => /^ {6}(round\(.*\)) = (\S+)$/.exec(line)?.slice(1) ?? [],
  )
  for (let at = 0; at < formulas.length; at += 2) {
    const amount = parseAmount((formulas[at + 1] ?? '').replaceAll(',', ''), 'USD')
    expect(amount).toMatchObject({ ok: true, minor: evaluateFormula(formulas[at] ?? '', 'USD') })
  }
  expect(formulas.length).toBeGreaterThan(0)
}
