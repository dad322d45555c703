// What stands on our bills beside usage: minimums by days, the names of share plans, and the problems of usage that is on none.
import { type CatalogueKind, catalogueDocumentName, type Period, parsePeriod } from '@spillway/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { saveConfiguration } from '../../catalog/configuration.ts'
import { billsReport } from '../../queries/bills-report.ts'
import { billsSummary } from '../../queries/bills-summary.ts'
import { unscoped } from '../../workspace/scopes.ts'
import { checkWorkspace } from '../check/check-workspace.ts'
import { closePeriod } from '../close.ts'
import { publishPeriod } from '../publish/publish-period.ts'

const [NOVEMBER, DECEMBER] = ['2026-11', '2026-12'].map((name) => parsePeriod(name)) as [Period, Period]

const SOLD = `
{ kind: RatePlan, id: standard, rates: [{ usage-type: messaging, price: 0.10, per: 1 count }] }
---
{ kind: Product, id: sim, service-type: t, rate-plan: standard, recurring: { amount: 2.00, in: arrears }, minimum: 5.00 }
---
`
const PLAN = (id: string, more: string) => `---
kind: SharePlan
id: ${id}
name: Fleet
description: All cards of the fleet
active: true
${more}
buckets: [{ id: ${id}-b, accepts: [{ usage-type: messaging }], type: fixed, life: recurring, tiers: [{ size: 10 count }] }]
---
{ kind: AccountSharePlan, account: U, plan: ${id}, from: 2026-10-01 }
`

let built: WorkspaceBuilder
beforeEach(async () => {
  built = await buildWorkspace()
})
afterEach(() => built.remove())

async function apply(yaml: string): Promise<void> {
  for (const document of parseAllDocuments(yaml)) {
    const body = document.toJS() as { kind: CatalogueKind }
    await saveConfiguration(built.workspace, { kind: body.kind, name: catalogueDocumentName(body.kind, body), body })
  }
}

/** `A 2026-10-05T10:00:00 60`: service, start, counts. */
async function use(...rows: string[]): Promise<void> {
  await built.add({
    usage: rows.map((row) => {
      const [service = '', on = '', used = ''] = row.split(' ')
      return { service, on, used: `${used} count`, usage_type: 'messaging', account: 'U' }
    }),
  })
}

/** `service charge about plan-name quantity amount`, `-` for an empty cell. */
async function billed(options: { period?: Period; number?: string }): Promise<string[]> {
  const lines: string[] = []
  const { columns, rows } = await billsReport(unscoped(built.workspace), { ...options, by: 'service' })
  const at = ['service', 'charge', 'about', 'plan_name', 'quantity', 'amount'].map((key) =>
    columns.findIndex((column) => column.key === key),
  )
  for await (const batch of rows) lines.push(...batch.map((cells) => at.map((index) => cells[index] || '-').join(' ')))
  return lines
}

it('bills minimums by days, and owes a filled minimum once when usage comes late', async () => {
  const { workspace } = built
  await apply(`${SOLD}{ kind: Account, id: U, currency: USD, minimum: 20.00 }`)
  await built.add({ service: '| service | product | account | from_on |\n| A | sim | U | 2026-10-22 |' })
  await use('A 2026-10-23T10:00:00 3')
  await closePeriod(workspace, { period: OCTOBER })
  // Ten of 31 days: 0.65 recurring, at least 1.61 of usage, at least 6.45 on the bill.
  expect(await billed({ period: OCTOBER })).toEqual([
    '- minimum - - - 4.19',
    'A minimum sim - - 1.31',
    'A recurring sim - - 0.65',
    'A usage messaging/domestic - 3 0.30',
  ])
  expect(await billsSummary(workspace, '2026-10.1')).toEqual({
    totals: [
      {
        ...{ currency: 'USD', bills: 1, totalMinor: 645n },
        ...{ adjustments: 0, adjustedMinor: 0n, minimums: 2, minimumMinor: 550n },
      },
    ],
    alerts: 0,
  })
  await publishPeriod(workspace, OCTOBER)
  await use('A 2026-10-25T10:00:00 20')
  await closePeriod(workspace, { period: NOVEMBER })
  // 2.30 of usage is 0.69 more than the minimum that was billed; the bill's own minimum takes as much back.
  expect(await billed({ number: 'U-2026-11-01' })).toEqual([
    '- adjustment 2026-10-01 - - -0.69',
    '- minimum - - - 13.00',
    'A adjustment 2026-10-01 - - 0.69',
    'A minimum sim - - 5.00',
    'A recurring sim - - 2.00',
  ])
  expect((await checkWorkspace(workspace)).failures).toEqual([])
  await publishPeriod(workspace, NOVEMBER)
  await use('A 2026-10-26T10:00:00 1')
  await closePeriod(workspace, { period: DECEMBER })
  expect((await billed({ period: DECEMBER })).filter((line) => line.includes('adjustment'))).toEqual([
    '- adjustment 2026-10-01 - - -0.10',
    'A adjustment 2026-10-01 - - 0.10',
  ])
})

it('names share plans on bills where they are shown, and the plan that a product sells', async () => {
  await apply(`${SOLD.replace(', minimum: 5.00', '')}{ kind: Product, id: other, service-type: u, rate-plan: standard }
---
{ kind: Product, id: fleet-plan, service-type: plan, recurring: { amount: 9.00, in: arrears } }
---
{ kind: Account, id: U, currency: USD }
${PLAN('fleet', 'participating: [{ product: sim }]\nselling-product: fleet-plan')}${PLAN('hidden', 'participating: [{ product: other }]\nshow-on-bills: false')}`)
  await built.add({
    service: '| service | product | account |\n| A | sim | U |\n| B | other | U |\n| PLAN | fleet-plan | U |',
  })
  await use('A 2026-10-23T10:00:00 13', 'B 2026-10-23T10:00:00 13')
  await closePeriod(built.workspace, { period: OCTOBER })
  expect(await billed({ period: OCTOBER })).toEqual([
    'A recurring sim - - 2.00',
    'A usage messaging/domestic - 3 0.30',
    'A usage messaging/domestic Fleet 10 0.00',
    'B usage messaging/domestic - 13 0.30',
    'PLAN recurring fleet-plan Fleet - 9.00',
  ])
  const { columns, rows } = await billsReport(unscoped(built.workspace), { number: 'U-2026-10-01' })
  for await (const [first, , third] of rows) {
    const at = columns.findIndex(({ key }) => key === 'plan_description')
    expect([first?.[at], third?.[at]]).toEqual(['', 'All cards of the fleet'])
  }
  await expect(billsReport(unscoped(built.workspace), { number: 'U-2026-09-01' })).rejects.toMatchObject({
    kind: 'not-found',
  })
  await expect(billsReport(unscoped(built.workspace), {})).rejects.toMatchObject({ kind: 'bad-command' })
})

it('names usage that no month rates: before the first, of a service that its month did not have, and below zero', async () => {
  const { workspace } = built
  const close = async (period: Period) =>
    (await closePeriod(workspace, { period })).problems.map(({ facts }) => Object.values(facts).join(' | '))
  await apply(`${SOLD.replace(', minimum: 5.00', '')}{ kind: Account, id: U, currency: USD }`)
  await built.add({ service: '| service | product | account |\n| A | sim | U |' })
  await use('A 2026-09-29T10:00:00 3', 'A 2026-09-30T10:00:00 3', 'A 2026-10-02T10:00:00 5', 'A 2026-10-03T10:00:00 -2')
  const before = 'A | 2 | no month that was closed has their days | 2026-09-29 10:00:00'
  const negative = 'A | 1 | it is less than nothing | 2026-10-03 10:00:00'
  expect(await close(OCTOBER)).toEqual([negative, before])
  expect(await billed({ period: OCTOBER })).toEqual(['A recurring sim - - 2.00', 'A usage messaging/domestic - 5 0.50'])
  await publishPeriod(workspace, OCTOBER)

  await built.add({ service: '| service | product | account | from_on |\n| B | sim | U | 2026-10-10 |' })
  await use('B 2026-10-09T10:00:00 1', 'B 2026-10-11T10:00:00 1', 'B 2026-11-11T10:00:00 1', 'A 2026-10-04T10:00:00 -1')
  // What October said is not said again; its correction says what is new.
  expect(await close(NOVEMBER)).toEqual([
    'A | 2 | it is less than nothing | 2026-10-03 10:00:00',
    'B | 1 | the services of 2026-10 did not have it when it was closed | 2026-10-11 10:00:00',
  ])
  expect((await checkWorkspace(workspace)).failures).toEqual([])
  await publishPeriod(workspace, NOVEMBER)
  expect(await close(DECEMBER)).toEqual([])
})
