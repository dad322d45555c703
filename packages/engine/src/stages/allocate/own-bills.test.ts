// Our own bills as charges of their period: divided, carried, explained, simulated and proved like any vendor's.
import { type CatalogueKind, catalogueDocumentName, parseAllocationPolicy, type Report } from '@spillway/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { saveConfiguration } from '../../catalog/configuration.ts'
import { inputsOf } from '../../catalog/run-record.ts'
import { chargesReport } from '../../queries/charges-report.ts'
import { currentRun } from '../../queries/current-run.ts'
import { explainService } from '../../queries/explain/explain-service.ts'
import { focusReport } from '../../queries/focus-report.ts'
import { reconcile } from '../../queries/reconciliation.ts'
import { simulatePolicies } from '../../queries/simulate/simulate-policies.ts'
import { unscoped } from '../../workspace/scopes.ts'
import { checkWorkspace } from '../check/check-workspace.ts'
import { closePeriod } from '../close.ts'
import { readOwnBills, showOwnBills } from './own-bills.ts'

/** 50 counts each in one plan; 0.10 for each count beyond. The third belongs to another account, which bills its usage to U. */
const CONFIGURATION = `
{ kind: Provider, id: harbour, name: Harbour Sensors }
---
{ kind: Account, id: U, currency: USD }
---
{ kind: Account, id: V, currency: USD, usage-invoicer: U }
---
{ kind: RatePlan, id: standard, rates: [{ usage-type: messaging, price: 0.10, per: 1 count }] }
---
{ kind: Product, id: sim, service-type: cellular, rate-plan: standard, recurring: { amount: 2.00, in: arrears } }
---
kind: SharePlan
id: fleet
name: Fleet
active: true
share-level: usage-invoicer
participating: [{ product: sim }]
buckets:
  - { id: shared, accepts: [{ usage-type: messaging }], type: variable-single-tier, life: recurring, contributions: { sim: 50 count } }
---
{ kind: AccountSharePlan, account: U, plan: fleet, from: 2026-10-01 }
`
const POOL = 'kind: Pool\nname: fleet\nmodel: aggregate\nusage-type: messaging\nrule: { product: sim }\n'
const policy = (method: string) => ({
  ...{ kind: 'AllocationPolicy' as const, name: 'overage' },
  'applies-to': { pools: ['fleet'] },
  components: [{ name: 'overage', charges: [{ category: 'overage', 'usage-type': 'messaging' }], method }],
})

let built: WorkspaceBuilder
beforeEach(async () => {
  built = await buildWorkspace()
})
afterEach(() => built.remove())

async function apply(yaml: string): Promise<void> {
  for (const document of parseAllDocuments(yaml)) {
    const body = document.toJS() as { kind: CatalogueKind; name: string }
    const name = body.kind === ('Pool' as string) ? body.name : catalogueDocumentName(body.kind, body)
    await saveConfiguration(built.workspace, { kind: body.kind, name, body })
  }
}

/** A uses 150 first, so that its plan's 150 are gone: B and C pay 3.00 and 6.00 for their 30 and 60. */
async function sell(more = ''): Promise<void> {
  await apply(`${CONFIGURATION}${more}`)
  await built.add({
    service: `| service | product | account | cost_centre |
      | A | sim | U | CC-1 |
      | B | sim | U | CC-2 |
      | C | sim | V | CC-2 |`,
    usage: `| service | on | used | usage_type | account |
      | A | 2026-10-05T10:00:00 | 150 count | messaging | U |
      | B | 2026-10-06T10:00:00 | 30 count | messaging | U |
      | C | 2026-10-07T10:00:00 | 60 count | messaging | V |`,
    cost_centre: '| cost_centre | name |\n| CC-1 | Cranes |\n| CC-2 | Docks |',
  })
}

async function linesOf(report: Promise<Report>): Promise<string[]> {
  const lines: string[] = []
  for await (const batch of (await report).rows) lines.push(...batch.map((cells) => cells.join(' ')))
  return lines
}
const charges = (by: 'service' | 'cost-centre' | 'vendor') =>
  linesOf(chargesReport(unscoped(built.workspace), { period: OCTOBER, by }))

describe('a bill of ours', () => {
  it('is divided over a pool by a policy, charged back, and balances; who used the plan up carries its share', async () => {
    await sell(`---\n${POOL}`)
    await built.apply(policy('prorated'))
    const { problems, pools, totals } = await closePeriod(built.workspace, { period: OCTOBER })
    expect({ problems, pools, totals }).toEqual({
      ...{ problems: [], pools: 1 },
      totals: [{ currency: 'USD', actualMinor: 1500n, adjustedMinor: 1500n }],
    })
    // 2.00 each, and of the 9.00 of overage 150 : 30 : 60 of 240: 5.63, 1.12 and 2.25; the cent goes to the larger fraction.
    expect(await charges('service')).toEqual([
      'A  USD 2.00 7.63 5.63',
      'B  USD 5.00 3.12 -1.88',
      'C  USD 8.00 4.25 -3.75',
    ])
    expect(await charges('cost-centre')).toEqual(['CC-1 Cranes USD 2.00 7.63 5.63', 'CC-2 Docks USD 13.00 7.37 -5.63'])
    expect(await charges('vendor')).toEqual(['harbour  USD 15.00 15.00 0.00'])
    const { invoices } = await reconcile(built.workspace, '2026-10')
    expect(
      invoices.map(({ vendor, account, invoice, totalMinor, status }) => [
        vendor,
        account,
        invoice,
        totalMinor,
        status,
      ]),
    ).toEqual([
      ['harbour', 'U', 'U-2026-10-01', 1300n, 'reconciled'],
      ['harbour', 'V', 'V-2026-10-01', 200n, 'reconciled'],
    ])
    expect((await checkWorkspace(built.workspace)).failures).toEqual([])
  })

  it('is cited by an explanation, seen by a simulation, and exported, as it was stored', async () => {
    await sell(`---\n${POOL}`)
    await built.apply(policy('prorated'))
    await closePeriod(built.workspace, { period: OCTOBER })
    const { components, retained } = await explainService(unscoped(built.workspace), { service: 'B', period: OCTOBER })
    expect(
      components.map(({ adjustedMinor, charges }) => [adjustedMinor, charges.lines.map(({ at }) => at.place)]),
    ).toEqual([[112n, ['bill U-2026-10-01', 'bill U-2026-10-01']]])
    expect(
      retained.flatMap(({ lines }) =>
        lines.map(({ category, product, billedMinor }) => [category, product, billedMinor]),
      ),
    ).toEqual([['access', 'sim', 200n]])
    const even = parseAllocationPolicy(policy('even'))
    const policies = even.ok ? [even.policy] : []
    const { views, totals } = await simulatePolicies(unscoped(built.workspace), { policies, period: OCTOBER })
    expect(totals).toEqual([{ currency: 'USD', totalMinor: 1500n }])
    expect(views.service.changes.map(({ key, afterMinor }) => [key, afterMinor])).toEqual([
      ['A', 500n],
      ['B', 500n],
      ['C', 500n],
    ])
    const focus = await linesOf(focusReport(unscoped(built.workspace), { period: OCTOBER }))
    expect(focus).toHaveLength(6)
    expect(focus.every((line) => line.includes('harbour'))).toBe(true)
  })

  it('stays as it is where no pool takes it, and in a pool of another vendor, whose bills that one divides', async () => {
    await sell(`---\n${POOL}vendor: carrier\n`)
    await built.apply(policy('even'))
    await built.add({
      charge:
        '| vendor | account | invoice | service | amount | category | usage_type |\n| carrier | C-9 | INV | A | 9.00 | overage | messaging |',
    })
    const { problems, pools } = await closePeriod(built.workspace, { period: OCTOBER })
    expect({ problems, pools }).toEqual({ problems: [], pools: 1 })
    expect(await charges('service')).toEqual([
      'A  USD 11.00 5.00 -6.00',
      'B  USD 5.00 8.00 3.00',
      'C  USD 8.00 11.00 3.00',
    ])
    expect(await charges('vendor')).toEqual(['carrier  USD 9.00 9.00 0.00', 'harbour  USD 15.00 15.00 0.00'])
    expect((await checkWorkspace(built.workspace)).failures).toEqual([])
  })

  it('is on the month that it begins in, whatever the day, and by provider where nobody says who we are', async () => {
    await apply(
      CONFIGURATION.slice(CONFIGURATION.indexOf('---\n{ kind: Account, id: U')).replace(
        'id: U,',
        'id: U, cycle-day: 20,',
      ),
    )
    await built.add({
      service: '| service | product | account | from_on |\n| A | sim | U | 2026-10-25 |',
      usage: '| service | on | used | usage_type | account |\n| A | 2026-11-15T10:00:00 | 60 count | messaging | U |',
    })
    await closePeriod(built.workspace, { period: OCTOBER })
    // 26 of 31 days of 2.00, and 10 counts beyond 50.
    expect(await charges('vendor')).toEqual(['provider  USD 2.68 2.68 0.00'])
    expect((await checkWorkspace(built.workspace)).failures).toEqual([])
  })
})

it('reads no statement more where nothing is sold', async () => {
  await built.add({ charge: '| service | amount |\n| A | 1.00 |' })
  await closePeriod(built.workspace, { period: OCTOBER })
  expect(inputsOf(await currentRun(built.workspace, OCTOBER)).rating).toBeUndefined()
  await built.workspace.warehouse.withScratch(async (scratch) => {
    const nobody = {
      run: () => Promise.reject(new Error('no statement')),
      rows: () => Promise.reject(new Error('none')),
    }
    const scope = {
      ...built.workspace,
      period: OCTOBER,
      documents: [],
      configuration: [],
      scratch,
      warehouse: nobody as never,
    }
    await showOwnBills(scope, { areMade: false })
    expect(await readOwnBills(scope)).toEqual({ vendor: '', bills: '', kinds: '', charges: '' })
  })
})
