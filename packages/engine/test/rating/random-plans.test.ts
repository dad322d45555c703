// Random plans and usage through the whole engine, applied as documents, closed month by month and corrected by late usage,
// beside the naive reference that draws event by event and imports nothing from the code that is tested.
import {
  type CatalogueDocument,
  type CatalogueKind,
  catalogueDocumentName,
  formatUsageClass,
  type Period,
  parsePeriod,
  readCatalogue,
  shiftPeriod,
} from '@spillway/core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Arrival, CLASSES, randomWorld, type World } from '../../../core/test/rating/random-provider.ts'
import { naiveRate } from '../../../core/test/rating/reference/naive-rate.ts'
import { saveConfiguration } from '../../src/catalog/configuration.ts'
import { currentRun } from '../../src/queries/current-run.ts'
import { pinnedScope } from '../../src/queries/pinned-scope.ts'
import { storeDocuments } from '../../src/stages/allocate/period-scope.ts'
import { closePeriod } from '../../src/stages/close.ts'
import { pinnedCatalogue } from '../../src/stages/rate/pinned-catalogue.ts'
import { ratePeriod } from '../../src/stages/rate/rate-period.ts'
import type { RatingInputs } from '../../src/stages/rate/rating-inputs.ts'
import { accountsTogether, nearAccounts } from '../../src/stages/rate/sold-near.ts'
import { literal } from '../../src/warehouse/sql-literal.ts'
import type { Workspace } from '../../src/workspace/workspace.ts'
import { buildWorkspace, type TableRow, type WorkspaceBuilder } from '../workspace-builder.ts'
import { ProviderDocuments } from './provider-documents.ts'

const WORLDS = 32
const SEED = 20261122
const FIRST = parsePeriod('2026-08') as Period
const MONTHS = 7

type Placed = {
  readonly name: string
  readonly cycleDay: number
  readonly world: World
  readonly writer: ProviderDocuments
}

/** All accounts of a world begin their periods on one day, so that the reference begins where the engine does. */
function placed(): Placed[] {
  const shape = { orders: ['time', 'time', 'highest-rate'] as const }
  const busy = randomWorld(shape).filter(({ arrivals }) => arrivals.length >= 12)
  return fc.sample(busy, { numRuns: WORLDS, seed: SEED }).map((world, number) => {
    const [name, cycleDay] = [`w${number}`, number % 2 === 0 ? 1 : 15]
    return { name, cycleDay, world, writer: new ProviderDocuments(name, cycleDay) }
  })
}

const unique = (arrivals: ReadonlyArray<Arrival>) => [
  ...new Map(arrivals.map((one) => [`${one.source} ${one.id}`, one])).values(),
]

function naiveRows({ world, writer, cycleDay }: Placed): Map<string, string> {
  const documents = writer.of(world) as unknown as ReadonlyArray<{ readonly kind: CatalogueKind }>
  const { catalogue, issues } = readCatalogue(
    documents.map(({ kind, ...body }): CatalogueDocument => ({ kind, body: { kind, ...body } })),
    [],
  )
  expect(issues).toEqual([])
  const { rows } = naiveRate({
    accounts: [...catalogue.accounts.values()],
    products: [...catalogue.products.values()],
    ratePlans: [...catalogue.ratePlans.values()],
    buckets: [...catalogue.buckets.values()],
    plans: [...catalogue.sharePlans.values()],
    added: catalogue.accountSharePlans,
    services: servicesOf({ world, writer }),
    classes: CLASSES,
    from: Date.UTC(2026, 7, cycleDay) * 1000,
    events: world.arrivals,
  })
  return new Map([...rows].map(([key, { quantity, amount }]) => [key, `${quantity} ${amount}`]))
}

function servicesOf({ world, writer }: Pick<Placed, 'world' | 'writer'>) {
  return world.services.map((row) => ({
    ...row,
    service: writer.id(row.service),
    account: writer.id(row.account),
    product: writer.id(row.product),
    serviceType: writer.id(row.serviceType),
  }))
}

function serviceRows(of: Placed): TableRow[] {
  return servicesOf(of).map(({ service, account, product, serviceType, from, until }) => ({
    ...{ service, account, product, service_type: serviceType },
    ...{ from_on: from ?? '', to_on: until ?? '' },
  }))
}

function usageRows({ world, writer }: Placed): TableRow[] {
  return unique(world.arrivals).map(({ source, id, start, row, usageClass, quantity }) => {
    const used = CLASSES[usageClass]
    return {
      ...{ source, id: writer.id(id), service: writer.id(world.services[row]?.service ?? '') },
      ...{ usage_type: used?.usageType ?? '', zone: used?.zone ?? '', used: `${quantity} count` },
      ...{ on: new Date(start / 1000).toISOString().slice(0, 19), is_wall_time: 'false' },
    }
  })
}

const CLASS_OF = new Map(CLASSES.map((one, number) => [formatUsageClass(one).replaceAll(' ', '/'), number]))

async function engineRows({ workspace }: WorkspaceBuilder): Promise<Map<string, string>> {
  const rows = await workspace.warehouse.rows<{
    account: string
    service: string
    usage_class: string
    bucket: string
    tier: number
    period_start_on: string
    quantity: bigint
    amount: bigint
  }>(
    `SELECT account, service, usage_class, bucket, tier, period_start_on, sum(quantity_base) AS quantity, sum(amount_minor) AS amount
     FROM rated WHERE tenant = $tenant GROUP BY ALL`,
    { tenant: workspace.tenant },
  )
  return new Map(
    rows.map(({ account, service, usage_class, bucket, tier, period_start_on, quantity, amount }) => {
      const key = [account, service, CLASS_OF.get(usage_class), bucket, tier, period_start_on].join(' | ')
      return [key, `${quantity} ${amount}`]
    }),
  )
}

const sorted = (rows: Iterable<readonly [string, string]>) => [...rows].sort(([a], [b]) => (a < b ? -1 : 1))

let built: WorkspaceBuilder
beforeAll(async () => {
  built = await buildWorkspace()
})
afterAll(() => built.remove())

describe('random plans through the engine', () => {
  it(`are rated as the naive reference rates them, in ${WORLDS} worlds of seed ${SEED}`, async () => {
    const worlds = placed()
    for (const { world, writer } of worlds)
      for (const body of writer.of(world)) {
        const kind = body.kind as CatalogueKind
        await saveConfiguration(built.workspace, { kind, name: catalogueDocumentName(kind, body), body })
      }
    await built.add({ service: worlds.flatMap(serviceRows), usage: worlds.flatMap(usageRows) })
    for (let month = 0; month < MONTHS; month += 1)
      await closePeriod(built.workspace, { period: shiftPeriod(FIRST, month) })
    const expected = worlds.flatMap((one) => [...naiveRows(one)])
    expect(expected.length).toBeGreaterThan(250)
    expect(sorted(await engineRows(built))).toEqual(sorted(expected))
  })

  it('come to the same where a few accounts are rated alone, with those that are rated together with them', async () => {
    const { workspace } = built
    for (const month of [1, 2, 3]) {
      const run = await currentRun(workspace, shiftPeriod(FIRST, month))
      // One row per account of the run.
      const found = await workspace.warehouse.rows<{ account: string }>(
        `SELECT DISTINCT account FROM rated WHERE tenant = $tenant AND run = $run ORDER BY account`,
        { tenant: workspace.tenant, run: run.id },
      )
      expect(found.length).toBeGreaterThan(20)
      const asked = found.map(({ account }) => account).filter((_, at) => at % 8 === month)
      await workspace.warehouse.withScratch(async (scratch) => {
        const pinned = await pinnedScope(workspace, { run, scratch })
        await storeDocuments(pinned)
        const accounts = accountsTogether(await pinnedCatalogue(pinned), asked)
        expect(accounts.size).toBeLessThan(found.length)
        await ratePeriod(await nearAccounts(pinned, accounts), pinned.rating as RatingInputs)
        const alone = await ratedLines(workspace, `SELECT * FROM ${scratch}.rated`)
        const among = `account IN (${[...accounts].map(literal).join(', ')})`
        expect(alone.length).toBeGreaterThan(asked.length)
        expect(alone).toEqual(
          await ratedLines(workspace, `SELECT * FROM rated WHERE run = ${literal(run.id)} AND ${among}`),
        )
      })
    }
  })
})

async function ratedLines({ warehouse }: Workspace, rows: string): Promise<string[]> {
  const found = await warehouse.rows<{ line: string }>(
    `SELECT concat_ws(' ', account, service, usage_class, bucket, tier, billed_to, period_start_on, quantity_base, amount_minor) AS line
     FROM (${rows}) ORDER BY line`,
  )
  return found.map(({ line }) => line)
}
