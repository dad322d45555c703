// Months that are rated one after the other, each from what the one before left, give what one run over all of them gives:
// every unit is on one bill, whatever the cycles, zones and plan periods of the accounts that share a bucket.
import {
  Calendars,
  type CatalogueKind,
  catalogueDocumentName,
  type IndexedCatalogue,
  type Period,
  parsePeriod,
  type RatedService,
  rateGroup,
  shiftPeriod,
} from '@spillway/core'
import { expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { buildWorkspace, type TableRow, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { loadConfiguration, saveConfiguration } from '../../catalog/configuration.ts'
import { liveDocuments } from '../../warehouse/live-documents.ts'
import { rateMonth } from './rate-month.ts'
import { NO_STATE, type RatingState } from './rating-state.ts'

const FIRST = parsePeriod('2026-08') as Period
const MONTHS = 6

const configuration = (billing: string, bucket: string) => `
{ kind: Account, id: U, currency: USD, cycle-day: 15, time-zone: America/New_York }
---
{ kind: Account, id: V, currency: USD, usage-invoicer: U }
---
{ kind: RatePlan, id: standard, rates: [{ usage-type: messaging, price: 0.013, per: 1 count, connection: 0.001 }] }
---
{ kind: Bucket, id: own, accepts: [{ usage-type: messaging }], amount: 30 count, life: recurring-rollover, periods: 1 }
---
{ kind: Product, id: sim, service-type: cellular, rate-plan: standard, buckets: [own] }
---
kind: SharePlan
id: pool
name: Pool
active: true
share-level: usage-invoicer
usage-billing: { ${billing} }
participating: [{ product: sim }]
buckets: [{ id: shared, accepts: [{ usage-type: messaging }], type: fixed, life: recurring, ${bucket} }]
---
{ kind: AccountSharePlan, account: U, plan: pool, from: 2026-09-09T10:00:00Z }
`

const HOUR = 3_600_000
const EVENTS = Array.from({ length: 300 }, (_, at) => ({
  service: at % 3 === 0 ? 'A' : 'B',
  startMs: Date.UTC(2026, 8, 3) + at * 7 * HOUR,
  quantity: 1 + ((at * 13) % 9),
}))

async function build(yaml: string): Promise<WorkspaceBuilder> {
  const built = await buildWorkspace()
  for (const document of parseAllDocuments(yaml)) {
    const body = document.toJS() as { kind: CatalogueKind }
    await saveConfiguration(built.workspace, { kind: body.kind, name: catalogueDocumentName(body.kind, body), body })
  }
  await built.add({
    service: '| service | product | account |\n| A | sim | U |\n| B | sim | V |',
    usage: EVENTS.map(({ service, startMs, quantity }): TableRow => {
      const on = new Date(startMs).toISOString().slice(0, 19)
      return { service, on, used: `${quantity} count`, usage_type: 'messaging', is_wall_time: 'false' }
    }),
  })
  return built
}

type Sold = { readonly index: IndexedCatalogue; readonly services: ReadonlyArray<RatedService> }

async function monthByMonth({ workspace }: WorkspaceBuilder) {
  const documents = (await liveDocuments(workspace)).map(({ doc }) => doc)
  const configuration = await loadConfiguration(workspace)
  let opening: RatingState = NO_STATE
  let sold: Sold | null = null
  const rows: string[] = []
  for (let month = 0; month < MONTHS; month += 1) {
    const period = shiftPeriod(FIRST, month)
    await workspace.warehouse.withScratch(async (scratch) => {
      const scope = { ...workspace, period, documents, configuration, scratch }
      // Every other month as where there are too many events to hold.
      const rated = await rateMonth(scope, opening, month % 2 === 0 ? {} : { heldMax: 0 })
      opening = { ...NO_STATE, ...rated.closing }
      sold = { index: rated.sold.index, services: rated.sold.list.all }
      const found = await workspace.warehouse.rows<{ line: string }>(
        `SELECT concat_ws(' ', service, bucket, tier, period_start_on, quantity_base, amount_minor) AS line FROM ${scratch}.rated`,
      )
      rows.push(...found.map(({ line }) => line))
    })
  }
  return { rows: rows.sort(), sold: sold as unknown as Sold }
}

function allAtOnce({ index, services }: Sold): string[] {
  const row = (service: string) => services.findIndex((one) => one.service === service)
  const { rows } = rateGroup(
    {
      ...{ index, calendars: new Calendars(), services, opening: [] },
      classes: [{ usageType: 'messaging', zone: 'domestic', timeBand: '', network: '' }],
      fromMicros: Date.UTC(2026, 7, 1) * 1000,
      untilMicros: Date.UTC(2027, 2, 1) * 1000,
    },
    [
      {
        count: EVENTS.length,
        startMicros: Float64Array.from(EVENTS, ({ startMs }) => startMs * 1000),
        quantityBase: Float64Array.from(EVENTS, ({ quantity }) => quantity),
        service: Int32Array.from(EVENTS, ({ service }) => row(service)),
        usageClass: new Int32Array(EVENTS.length),
      },
    ],
  )
  return rows
    .map(
      ({ service, bucket, tier, periodStartOn, quantityBase, amountMinor }) =>
        `${service} ${bucket} ${tier} ${periodStartOn} ${quantityBase} ${amountMinor}`,
    )
    .sort()
}

it.each([
  ['months of another cycle', 'every: 1, unit: month', 'tiers: [{ size: 200 count }, { rate: 0.007, per: 1 count }]'],
  ['weeks that cross the end of a month', 'every: 1, unit: week', 'tiers: [{ size: 40 count, flat: 1.00 }]'],
  [
    'quarters',
    'every: 3, unit: month',
    'pricing: bracket, tiers: [{ size: 500 count, rate: 0.02, per: 1 count }, { rate: 0.01, per: 1 count }]',
  ],
  ['days, the dearest first', 'every: 10, unit: day', 'order: highest-rate, tiers: [{ size: 60 count }]'],
])('gives the same by month as all at once, with a plan of %s', async (_, billing, bucket) => {
  const built = await build(configuration(billing, bucket))
  try {
    const { rows, sold } = await monthByMonth(built)
    expect(rows).toEqual(allAtOnce(sold))
    expect(rows.length).toBeGreaterThan(10)
  } finally {
    await built.remove()
  }
})
