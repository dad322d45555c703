// The lines of one service, which are read where they stand, beside those of every service, which are not.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { randomCompany } from '../../../test/random-workspace.ts'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { closePeriod } from '../../stages/close.ts'
import type { PlacedBy } from '../../warehouse/fact-places.ts'
import { unscoped } from '../../workspace/scopes.ts'
import { pageOfRows } from '../arranged-report.ts'
import { servicePlaces } from '../filter/service-places.ts'
import { KeptSums } from '../kept-sums.ts'
import { placesOfMonth } from '../note-places.ts'
import { buildReport } from '../report-names.ts'

const BILLED: PlacedBy = { table: 'charge', column: 'service' }
const ALL = { offset: 0, limit: Number.POSITIVE_INFINITY }

let built: WorkspaceBuilder
beforeAll(async () => {
  built = await buildWorkspace()
  const { tables, configuration } = randomCompany(11)
  for (const document of configuration) await built.apply(document)
  await built.add(tables)
  // In a file of their own, with what is no charge and what a statement must not take for its own.
  const texts = ["it's 100%; --", 'of $divided and $tenant', '"" \\ \n', 'a\0b'] as const
  const more = (tables.charge ?? [])
    .slice(0, 20)
    .map((row, at) => ({ ...row, description: texts[at % texts.length] ?? '' }))
  await built.add({ charge: [...more, ...more.map((row) => ({ ...row, category: 'payment' }))] })
  await closePeriod(built.workspace, { period: OCTOBER })
})
afterAll(() => built.remove())

async function linesOf(sums: KeptSums | undefined, where: ReadonlyArray<string>) {
  const workspace = unscoped({ ...built.workspace, sums })
  const report = await buildReport(workspace, { name: 'charges', by: 'line', period: OCTOBER.name, where })
  const { rows, totals } = await pageOfRows(report, ALL)
  return { rows, totals, service: report.columns.findIndex(({ key }) => key === 'service') }
}

async function noted() {
  const sums = new KeptSums({ ...built.workspace, fewerTimes: 0 })
  const workspace = unscoped({ ...built.workspace, sums })
  for (const step of placesOfMonth(OCTOBER)) await step(workspace)
  const docs = await built.workspace.warehouse.rows<{ doc: number }>('SELECT DISTINCT doc FROM charge ORDER BY doc')
  const isNoted = () =>
    sums.places.partsOf(
      BILLED,
      docs.map(({ doc }) => doc),
    ) !== null
  return { sums, isNoted }
}

it('says of a service, and of several, the lines that it has among those of all', async () => {
  const { sums, isNoted } = await noted()
  expect(isNoted()).toBe(true)
  const every = await linesOf(undefined, [])
  const named = every.rows.map((row) => row[every.service] ?? '')
  const services = [...new Set(named)].filter((service) => service !== '')
  expect(services.length).toBeGreaterThan(10)
  for (const asked of [...services.map((service) => [service]), services.slice(0, 3), ['nobody']]) {
    const found = await linesOf(
      sums,
      asked.map((service) => `service=${service}`),
    )
    expect(found.rows).toEqual(every.rows.filter((_, at) => asked.includes(named[at] ?? '')))
  }
  expect(isNoted()).toBe(true)
})

it('finds lines that stand elsewhere by now, and forgets where they stood', async () => {
  const { warehouse } = built.workspace
  const { sums, isNoted } = await noted()
  const every = await linesOf(undefined, [])
  const service = every.rows.map((row) => row[every.service] ?? '').find((one) => one !== '') ?? ''
  const before = await linesOf(sums, [`service=${service}`])
  expect(before.rows.length).toBeGreaterThan(0)
  await warehouse.run(
    'CREATE TABLE moved AS FROM charge ORDER BY doc DESC, ordinal DESC; DELETE FROM charge; INSERT INTO charge FROM moved; DROP TABLE moved',
  )
  expect(await linesOf(sums, [`service=${service}`])).toEqual(before)
  expect(isNoted()).toBe(false)
})

it('finds the same numbers of services in memory as where they are stored', async () => {
  const { sums } = await noted()
  const [run] = (await built.workspace.warehouse.rows<{ run: string }>('SELECT run FROM run_number')).map(
    ({ run }) => run,
  )
  const of = { runs: [run ?? ''] }
  expect(await sums.ofServices(run ?? '')).not.toBeNull()
  const kept = unscoped({ ...built.workspace, sums })
  const every = await built.workspace.warehouse.rows<{ service: string }>('SELECT DISTINCT service FROM run_service')
  expect(every.length).toBeGreaterThan(10)
  for (const service of [...every.map((row) => row.service), 'nobody', '~']) {
    const filter = new Map([['service', [service]]])
    expect(await servicePlaces(kept, { ...of, filter })).toEqual(
      await servicePlaces(unscoped(built.workspace), { ...of, filter }),
    )
  }
})
