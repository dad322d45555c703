// What a preview says of a month that is sold: by hand for a small provider, and against a close under the same documents.
import { type CatalogueKind, catalogueDocumentName, type Report } from '@spillway/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { saveConfiguration } from '../../catalog/configuration.ts'
import { closePeriod } from '../../stages/close.ts'
import { unscoped } from '../../workspace/scopes.ts'
import { billsReport } from '../bills-report.ts'
import { bucketsReport } from '../buckets-report.ts'
import type { PreviewDimension } from './preview.ts'
import { previewRating } from './preview-rating.ts'
import { readTried } from './tried-configuration.ts'

const plan = (size: number, more = '') => `
kind: SharePlan
id: pool
name: Pool
active: true
share-level: usage-invoicer
participating: [{ product: sim }]
buckets: [{ id: shared, accepts: [{ usage-type: messaging }], type: fixed, life: recurring, tiers: [{ size: ${size} count }${more}] }]
`
const CONFIGURATION = `
{ kind: Account, id: U, name: Umber, currency: USD }
---
{ kind: Account, id: V, currency: USD, usage-invoicer: U }
---
{ kind: Account, id: W, currency: USD }
---
{ kind: RatePlan, id: standard, rates: [{ usage-type: messaging, price: 0.10, per: 1 count }] }
---
{ kind: Product, id: sim, service-type: cellular, rate-plan: standard, recurring: { amount: 3.00, in: arrears } }
---${plan(100)}---
{ kind: AccountSharePlan, account: U, plan: pool, from: 2026-10-01 }
`

let built: WorkspaceBuilder
async function apply(yaml: string): Promise<void> {
  for (const document of parseAllDocuments(yaml)) {
    const body = document.toJS() as { kind: CatalogueKind }
    await saveConfiguration(built.workspace, { kind: body.kind, name: catalogueDocumentName(body.kind, body), body })
  }
}
beforeAll(async () => {
  built = await buildWorkspace()
  await apply(CONFIGURATION)
  await built.add({
    service: '| service | product | account |\n| A | sim | U |\n| B | sim | V |\n| C | sim | W |',
    // 100 are in the bucket: the 50 behind them are 5.00, and W has no plan.
    usage: `| service | on | used | usage_type |\n| A | 2026-10-03T10:00:00 | 80 count | messaging |
      | B | 2026-10-09T10:00:00 | 70 count | messaging |\n| C | 2026-10-09T10:00:00 | 10 count | messaging |`,
  })
  await closePeriod(built.workspace, { period: OCTOBER })
})
afterAll(() => built.remove())

const tryOut = (yaml: string, rowsMax?: number) =>
  previewRating(unscoped(built.workspace), {
    tried: readTried([{ name: 'tried.yaml', text: yaml }]),
    period: OCTOBER,
    ...(rowsMax === undefined ? {} : { rowsMax }),
  })

async function linesOf({ rows }: Report): Promise<string[]> {
  const lines: string[] = []
  for await (const batch of rows) lines.push(...batch.map((cells) => cells.join('|')))
  return lines
}
const shown = async (yaml: string, by: PreviewDimension) => linesOf((await tryOut(yaml)).views[by].report)

describe('a preview', () => {
  it('says who would be billed what, and how each bucket would be drawn', async () => {
    const preview = await tryOut(plan(130))
    const { views } = preview
    expect(preview).toMatchObject({
      run: '2026-10.1',
      documents: [{ kind: 'SharePlan', name: 'pool' }],
      brought: [],
      // Three services at 3.00; usage 6.00 before and 3.00 after.
      totals: [{ currency: 'USD', beforeMinor: 1500n, afterMinor: 1200n, changeMinor: -300n }],
      problems: [],
    })
    expect(views.account.sums).toEqual([{ currency: 'USD', gainers: 1, gainedMinor: 300n, losers: 0, lostMinor: 0n }])
    expect(await linesOf(views.account.report)).toEqual(['U|Umber|1|USD|8.00|5.00|-3.00'])
    expect(await linesOf(views.service.report)).toEqual(['V|B|U|USD|5.00|2.00|-3.00'])
    expect(await linesOf(views.plan.report)).toEqual(['|out of bucket|USD|6.00|3.00|-3.00'])
    expect(await linesOf(views.bucket.report)).toEqual([
      'U|share-plan|pool|shared|messaging|count|2026-10-01T00:00:00Z|1|100|130|100|130|0|0|2026-10-09T10:00:00Z|2026-10-09T10:00:00Z',
    ])
  })

  it('shows a tier that is added with its money on its plan', async () => {
    expect(await shown(plan(100, ', { rate: 0.04, per: 1 count }'), 'plan')).toEqual([
      '|out of bucket|USD|6.00|1.00|-5.00',
      'pool|Pool|USD|0.00|2.00|2.00',
    ])
  })

  it('differs in nothing under the documents that the run read', async () => {
    const { views, totals } = await tryOut(plan(100))
    expect(Object.values(views).map(({ count, sums }) => [count, sums])).toEqual(Array(4).fill([0, []]))
    expect(totals).toEqual([{ currency: 'USD', beforeMinor: 1500n, afterMinor: 1500n, changeMinor: 0n }])
  })

  it('shows as many rows as are asked for, and counts and adds all of them', async () => {
    const rates = '{ kind: RatePlan, id: standard, rates: [{ usage-type: messaging, price: 0.20, per: 1 count }] }'
    const { views } = await tryOut(rates, 1)
    expect(await linesOf(views.service.report)).toEqual(['V|B|U|USD|5.00|10.00|5.00'])
    expect(views.service).toMatchObject({ count: 2, sums: [{ losers: 2, lostMinor: 600n, gainers: 0 }] })
  })

  it.each([
    ['a product that is nowhere', plan(100).replace('{ product: sim }', '{ product: sam }'), /there is no Product sam/],
    [
      'a kind that is no part of the catalogue',
      '{ kind: Pool, name: P, model: bulk, usage-type: data }',
      /must be one of/,
    ],
    ['one document twice', `${plan(1)}---${plan(2)}`, /stands in tried.yaml, document 1, already/],
  ])('is refused with %s', async (_, yaml, message) => {
    await expect((async () => tryOut(yaml))()).rejects.toMatchObject({
      kind: 'bad-configuration',
      message: expect.stringMatching(message),
    })
  })

  it('tells how far it is, further each time and to the end', async () => {
    const told: number[] = []
    await previewRating(unscoped(built.workspace), {
      tried: readTried([{ name: 'tried.yaml', text: plan(120) }]),
      period: OCTOBER,
      onProgress: ({ done, total }) => told.push(done / total),
    })
    expect(told).toEqual([...told].sort((a, b) => a - b))
    expect([told[0], told.at(-1)]).toEqual([0, 1])
    // Finding whom it touches, reading and rating, and comparing are told apart.
    expect(new Set(told).size).toBeGreaterThan(7)
  })

  it('is stopped where it is cancelled, and changes nothing', async () => {
    const cancelled = AbortSignal.abort()
    const tried = readTried([{ name: 't', text: plan(1) }])
    await expect(
      previewRating(unscoped(built.workspace), { tried, period: OCTOBER, signal: cancelled }),
    ).rejects.toMatchObject({ kind: 'cancelled' })
  })

  it('says what a close says once the documents are saved, and brings along what they name that is new', async () => {
    await apply('{ kind: Product, id: meter, service-type: meter }')
    const yaml = plan(60).replace('[{ product: sim }]', '[{ product: sim }, { product: meter }]')
    const preview = await tryOut(yaml)
    expect(preview.brought).toEqual([{ kind: 'Product', name: 'meter' }])
    expect(preview.totals).toMatchObject([{ afterMinor: 1900n }])
    await apply(yaml)
    await closePeriod(built.workspace, { period: OCTOBER })
    const scoped = unscoped(built.workspace)
    const bills = await linesOf(await billsReport(scoped, { period: OCTOBER }))
    // U 12.00 with the usage of V, V 3.00, W 4.00.
    expect(bills.map((line) => /.*\b(\d+\.\d\d)/.exec(line)?.[1])).toEqual(['12.00', '3.00', '4.00'])
    expect((await linesOf(await bucketsReport(scoped, { period: OCTOBER })))[0]).toContain('|60|')
    expect(Object.values((await tryOut(yaml)).views).map(({ count }) => count)).toEqual([0, 0, 0, 0])
  })
})
