// Class, band, instant and billed quantity as the warehouse settles them, cell by cell as core does.
import {
  Calendars,
  type CatalogueKind,
  catalogueDocumentName,
  formatUsageClass,
  instantOfWallTime,
  type RatePlan,
  settleUsage,
} from '@spillway/core'
import { expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { buildWorkspace, OCTOBER } from '../../../test/workspace-builder.ts'
import { loadConfiguration, saveConfiguration } from '../../catalog/configuration.ts'
import { liveDocuments, liveDocumentsCte } from '../../warehouse/live-documents.ts'
import { make } from '../allocate/period-scope.ts'
import { ratingGroups } from './rating-groups.ts'
import { NO_STATE } from './rating-state.ts'
import { readSoldServices } from './read-sold-services.ts'
import { readSoldUsage } from './sold-usage.ts'

const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York']
const CONFIGURATION = `
kind: RatePlan
id: standard
rates:
  - { usage-type: voice, time-band: peak, price: 0.05, per: 1 min, increment: 60/60 }
  - { usage-type: voice, price: 0.01, per: 1 min, increment: 30/6 }
  - { usage-type: data, price: 0.01, per: 1 MB, increment: 1 kB }
  - { usage-type: messaging, price: 0.01, per: 1 count }
peak: { mon-fri: 07:00-19:00, sun: 01:30-02:30, holidays: [2026-10-14] }
---
{ kind: Product, id: sim, service-type: cellular, rate-plan: standard }
${ZONES.map((zone, at) => `---\n{ kind: Account, id: A${at}, currency: USD, time-zone: ${zone} }\n`).join('')}`

const MINUTE = 60_000
const TYPES = ['voice', 'data', 'messaging']

it('settles every event as core does, at clock changes, on holidays and at the edges of blocks', async () => {
  const built = await buildWorkspace()
  try {
    const { workspace } = built
    for (const document of parseAllDocuments(CONFIGURATION)) {
      const body = document.toJS() as { kind: CatalogueKind }
      await saveConfiguration(workspace, { kind: body.kind, name: catalogueDocumentName(body.kind, body), body })
    }
    await built.add({
      service: ZONES.map((_, at) => ({ service: `S${at}`, product: 'sim', account: `A${at}` })),
      // Every 13 minutes of October: clocks change on the 25th in Berlin, and every other row is a wall time.
      usage: Array.from({ length: 3300 }, (_, at) => ({
        ...{ service: `S${at % 3}`, account: `A${at % 3}`, id: String(at), zone: '' },
        ...{ usage_type: TYPES[(at % 7) % 3] as string, is_wall_time: String(at % 2 === 0) },
        on: new Date(Date.UTC(2026, 9, 1, 12) + at * 13 * MINUTE).toISOString().slice(0, 19),
        ...{ used: `${(at * 37) % 3001} ${['s', 'B', 'count'][(at % 7) % 3]}`, time_band: at % 11 === 0 ? 'peak' : '' },
      })),
    })
    const documents = (await liveDocuments(workspace)).map(({ doc }) => doc)
    const configuration = await loadConfiguration(workspace)
    await workspace.warehouse.withScratch(async (scratch) => {
      const scope = { ...workspace, period: OCTOBER, documents, configuration, scratch }
      await make(scope, 'live_document', `WITH ${liveDocumentsCte(documents)} SELECT doc FROM live_document`)
      const { index, list } = await readSoldServices(scope, NO_STATE)
      const calendars = new Calendars()
      const groups = ratingGroups({ index, calendars, month: OCTOBER, opening: NO_STATE }, list)
      const usage = await readSoldUsage(scope, { index, calendars, groups, list })
      const settled = await workspace.warehouse.rows<
        Record<'id' | 'account', string> & Record<string, bigint | number>
      >(
        `SELECT e.id, e.class_no, e.start_micros, e.billed_base, u.account, u.usage_type, u.time_band, u.is_wall_time,
           epoch_us(u.started_at) AS written, u.quantity_base
         FROM (${usage.events}) AS e JOIN usage AS u ON u.id = e.id`,
        { tenant: workspace.tenant },
      )
      expect(settled.length).toBeGreaterThan(3100)
      const ratePlan = index.catalogue.ratePlans.get('standard') as RatePlan
      const wrong = settled.filter((row) => {
        const { timeZone } = index.account(row.account)
        const written = Number(row.written)
        const startMicros = row.is_wall_time ? instantOfWallTime(written, timeZone) : written
        const usageClass = { usageType: row.usage_type, zone: '', timeBand: row.time_band, network: '' } as never
        const clock = calendars.clock(timeZone)
        const quantityBase = BigInt(row.quantity_base as bigint)
        const core = settleUsage({ ratePlan, product: 'sim', usageClass, startMicros, clock, quantityBase })
        const ours = usage.classes[row.class_no as number] as (typeof usage.classes)[number]
        return (
          Number(row.start_micros) !== startMicros ||
          row.billed_base !== core.billedBase ||
          formatUsageClass(ours) !== formatUsageClass(core.usageClass)
        )
      })
      expect(wrong).toEqual([])
    })
  } finally {
    await built.remove()
  }
})
