// What closing, publishing, late usage and `check` make of a month that is rated: one provider, two months.

import { type CatalogueKind, catalogueDocumentName, type Period, parsePeriod, type Report } from '@spillway/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { saveConfiguration } from '../../catalog/configuration.ts'
import { outputsOf } from '../../catalog/run-record.ts'
import { alertsReport } from '../../queries/alerts-report.ts'
import { billsReport } from '../../queries/bills-report.ts'
import { bucketsReport } from '../../queries/buckets-report.ts'
import { currentRun } from '../../queries/current-run.ts'
import { explainService } from '../../queries/explain/explain-service.ts'
import { explanationLines } from '../../queries/explain/explanation-lines.ts'
import { pinnedScope } from '../../queries/pinned-scope.ts'
import { usageReport } from '../../queries/usage-report.ts'
import { type RatedTable, storedRatedTable } from '../../warehouse/rated-tables.ts'
import { unscoped } from '../../workspace/scopes.ts'
import { checkWorkspace } from '../check/check-workspace.ts'
import { closePeriod } from '../close.ts'
import { computePeriod } from '../compute-period.ts'
import { publishPeriod } from '../publish/publish-period.ts'
import { proveRating } from './stored-rating.ts'

const NOVEMBER = parsePeriod('2026-11') as Period

const CONFIGURATION = `
{ kind: Account, id: U, currency: USD }
---
{ kind: Account, id: V, currency: USD, usage-invoicer: U }
---
{ kind: RatePlan, id: standard, rates: [{ usage-type: messaging, price: 0.10, per: 1 count }] }
---
{ kind: Product, id: sim, service-type: cellular, rate-plan: standard, recurring: { amount: 3.10, in: arrears } }
---
kind: SharePlan
id: pool
name: Pool
active: true
share-level: usage-invoicer
participating: [{ product: sim }]
buckets: [{ id: shared, accepts: [{ usage-type: messaging }], type: fixed, life: recurring, tiers: [{ size: 100 count }] }]
---
{ kind: AccountSharePlan, account: U, plan: pool, from: 2026-10-01 }
`

let built: WorkspaceBuilder
beforeEach(async () => {
  built = await buildWorkspace()
  for (const document of parseAllDocuments(CONFIGURATION)) {
    const body = document.toJS() as { kind: CatalogueKind }
    await saveConfiguration(built.workspace, { kind: body.kind, name: catalogueDocumentName(body.kind, body), body })
  }
  await built.add({
    service: '| service | product | account | from_on |\n| A | sim | U | 2026-10-01 |\n| B | sim | V | 2026-10-22 |',
  })
})
afterEach(() => built.remove())

let events = 0
async function use(...rows: string[]): Promise<void> {
  const lines = rows.map((row) => {
    events += 1
    const [service, on, used] = row.split(' ')
    return `| ${service} | ${on} | ${used} count | messaging | ${events} |`
  })
  await built.add({ usage: `| service | on | used | usage_type | id |\n${lines.join('\n')}` })
}

async function linesOf(report: Promise<Report>): Promise<string[]> {
  const lines: string[] = []
  for await (const batch of (await report).rows) lines.push(...batch.map((cells) => cells.join(' ')))
  return lines
}

const bills = (period: Period) => linesOf(billsReport(unscoped(built.workspace), { period, by: 'service' }))

describe('a month that is sold', () => {
  it('is billed, published, proved, and corrected by late usage in the month that is open (examples 11 and 12)', async () => {
    const { workspace } = built
    await use('A 2026-10-23T10:00:00 90')
    expect((await closePeriod(workspace, { period: OCTOBER })).problems).toEqual([])
    expect(await linesOf(usageReport(unscoped(workspace), { period: OCTOBER }))).toEqual([
      'U A messaging/domestic shared 1 90 0.00',
    ])
    // 3.10 for October, and 1.00 for the last 10 of its 31 days: what recurs is on the account's own bill.
    expect(await bills(OCTOBER)).toEqual([
      'U-2026-10-01 U A recurring sim      USD 3.10',
      'U-2026-10-01 U A usage messaging/domestic pool Pool  messaging 90 USD 0.00',
      'V-2026-10-01 V B recurring sim      USD 1.00',
    ])
    await publishPeriod(workspace, OCTOBER)
    const issued = await linesOf(billsReport(unscoped(workspace), { period: OCTOBER }))
    expect(issued).toEqual([
      'U-2026-10-01 U 2026-10-01 2026-11-01 issued USD 3.10 0.00 0.00 0.00 3.10  ',
      'V-2026-10-01 V 2026-10-01 2026-11-01 issued USD 1.00 0.00 0.00 0.00 1.00  ',
    ])

    await use('B 2026-10-22T10:00:00 30', 'B 2026-11-02T10:00:00 101')
    await closePeriod(workspace, { period: NOVEMBER })
    const november = [
      'U-2026-11-01 U A adjustment 2026-10-01      USD 2.00',
      'U-2026-11-01 U A recurring sim      USD 3.10',
      'U-2026-11-01 V B usage messaging/domestic    messaging 1 USD 0.10',
      'U-2026-11-01 V B usage messaging/domestic pool Pool  messaging 100 USD 0.00',
      'V-2026-11-01 V B recurring sim      USD 3.10',
    ]
    expect(await bills(NOVEMBER)).toEqual(november)
    expect(await linesOf(bucketsReport(unscoped(workspace), { period: NOVEMBER }))).toEqual([
      'U share-plan pool shared messaging count 2026-11-01T00:00:00Z 2026-12-01T00:00:00Z 1 100 0 100 0 2026-11-02T10:00:00Z',
    ])
    expect(await linesOf(billsReport(unscoped(workspace), { period: OCTOBER }))).toEqual(issued)
    expect(await closePeriod(workspace, { period: NOVEMBER })).toMatchObject({ unchanged: true })
    expect((await checkWorkspace(workspace)).failures).toEqual([])
    await publishPeriod(workspace, NOVEMBER)

    // What was adjusted once is not adjusted again: 10 more of October, all out of bucket, are 1.00 for B.
    const december = parsePeriod('2026-12') as Period
    await use('B 2026-10-30T10:00:00 10')
    await closePeriod(workspace, { period: december })
    expect((await bills(december)).filter((line) => line.includes('adjustment'))).toEqual([
      'U-2026-12-01 V B adjustment 2026-10-01      USD 1.00',
    ])
    expect((await checkWorkspace(workspace)).failures).toEqual([])
  })

  it('says what became of each event, and alerts at shares of a bucket once per period', async () => {
    const { workspace } = built
    await use('A 2026-10-23T10:00:00 90', 'B 2026-10-24T10:00:00 30')
    await closePeriod(workspace, { period: OCTOBER })
    const lines = explanationLines(await explainService(unscoped(workspace), { service: 'B', period: OCTOBER }))
    const sold = lines.indexOf('Sold and rated:')
    expect(lines.slice(sold, lines.indexOf('', sold) + 1)).toEqual([
      'Sold and rated:',
      '  V  usage (messaging/domestic)  2.00 USD on bill U-2026-10-01',
      '    20 of 1 event out of bucket at 0.1 per 1 count (RatePlan/standard v1): 2.00',
      '      round(0.1 * 20, 0.01) = 2.00',
      '  V  usage (messaging/domestic, pool)  0.00 USD on bill U-2026-10-01',
      '    10 of 1 event from shared, tier 1 (SharePlan/pool v1): 0.00',
      '  V  recurring (sim)  1.00 USD on bill V-2026-10-01',
      '    The recurring charge of sim: 3.1 for 10 of the 31 days from 2026-10-01. (Product/sim v1)',
      '      round(3.1 * 10 / 31, 0.01) = 1.00',
      '  events: 1 event in the order of drawing',
      '    usage.csv:3 2026-10-24T10:00:00 messaging/domestic 30',
      '      10 from shared, tier 1 (share-plan pool of U, SharePlan/pool v1): 0.00 USD',
      '      20 out of bucket at 0.1 per 1 count (RatePlan/standard v1): 0.1 * 20 = 2.00 USD',
      '',
    ])
    const full = '2026-10-01T00:00:00Z'
    expect(await linesOf(alertsReport(unscoped(workspace), { period: OCTOBER }))).toEqual(
      [80, 90, 100].map(
        (share) => `U share-plan pool shared  messaging count ${full} ${share} 100 100  2026-10-24T10:00:00Z `,
      ),
    )
  })

  it('does not publish usage that nothing prices, nor a month whose opening has changed', async () => {
    const { workspace } = built
    await closePeriod(workspace, { period: OCTOBER })
    await closePeriod(workspace, { period: NOVEMBER })
    await use('A 2026-10-23T10:00:00 90')
    await built.add({
      usage: '| service | on | used | usage_type |\n| A | 2026-10-05T10:00:00 | 3 min | voice |',
    })
    const { problems } = await closePeriod(workspace, { period: OCTOBER })
    expect(problems).toMatchObject([{ code: 'unrated', facts: { service: 'A', quantity: '180' } }])
    await expect(publishPeriod(workspace, OCTOBER)).rejects.toMatchObject({ kind: 'unrated' })
    await expect(publishPeriod(workspace, NOVEMBER)).rejects.toMatchObject({
      kind: 'period-not-closed',
      facts: { changes: ['imported documents', 'the months before'] },
    })
    expect((await checkWorkspace(workspace)).failures).toEqual([])
  })

  it('is proved row by row: any changed row of what rating stored is found', async () => {
    const { workspace } = built
    await use('A 2026-10-23T10:00:00 90', 'B 2026-10-24T10:00:00 30')
    await closePeriod(workspace, { period: OCTOBER })
    const run = await currentRun(workspace, OCTOBER)
    const told = outputsOf(run).rated
    await workspace.warehouse.withScratch(async (scratch) => {
      const scope = await pinnedScope(workspace, { run, scratch })
      await computePeriod(scope)
      expect(await proveRating(scope, { run: run.id, told })).toEqual([])
      for (const { table, rows } of told ?? []) {
        const stored = storedRatedTable(table as RatedTable)
        const undo = `DELETE FROM ${stored} WHERE rowid = (SELECT max(rowid) FROM ${stored})`
        if (rows === 0) continue
        const ofRun =
          stored === table ? `run = '${run.id}'` : `run_no = (SELECT run_no FROM run_number WHERE run = '${run.id}')`
        await workspace.warehouse.run(`INSERT INTO ${stored} SELECT * FROM ${stored} WHERE ${ofRun} LIMIT 1`)
        const failures = await proveRating(scope, { run: run.id, told })
        expect(failures.map(({ row }) => row.split(' ')[0])).toContain(table)
        await workspace.warehouse.run(undo)
      }
      expect(await proveRating(scope, { run: run.id, told })).toEqual([])
    })
  })
})
