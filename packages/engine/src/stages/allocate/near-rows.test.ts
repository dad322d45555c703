import { afterEach, beforeEach, expect, it } from 'vitest'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { currentRun } from '../../queries/current-run.ts'
import { pinnedScope } from '../../queries/pinned-scope.ts'
import { FactPlaces, type PlacedBy } from '../../warehouse/fact-places.ts'
import { unscoped } from '../../workspace/scopes.ts'
import { closePeriod } from '../close.ts'
import { askTexts, atPlaces, makeNearRows } from './near-rows.ts'

const USED: PlacedBy = { table: 'usage', column: 'service' }
const SERVICES = 400

let built: WorkspaceBuilder
beforeEach(async () => {
  built = await buildWorkspace()
  const services = Array.from({ length: SERVICES }, (_, at) => `S${at}`)
  const on = (day: string) => ({ usage: services.map((service) => ({ service, on: day, used: '1 GB' })) })
  for (const day of ['2026-10-03', '2026-10-04', '2026-10-05']) await built.add(on(day))
  await closePeriod(built.workspace, { period: OCTOBER })
})
afterEach(() => built.remove())

/** The rows of services, and whether any place was known. */
async function nearRows(places: FactPlaces | undefined, services: ReadonlyArray<string>) {
  const { workspace } = built
  const run = await currentRun(unscoped(workspace), OCTOBER)
  return workspace.warehouse.withScratch(async (scratch) => {
    const scope = { ...(await pinnedScope(workspace, { run, scratch })), places }
    const values = services.map((service) => `('${service}')`).join(', ')
    const texts = await askTexts(scope, `SELECT text FROM (VALUES ${values}) AS asked(text)`)
    const count = await atPlaces(scope, () => makeNearRows(scope, { ...USED, as: 'near', texts }))
    const rows = await workspace.warehouse.rows(`SELECT * FROM ${scratch}.near ORDER BY doc, ordinal`)
    expect(rows.length).toBe(count)
    return rows
  })
}

async function documents(): Promise<number[]> {
  const rows = await built.workspace.warehouse.rows<{ doc: number }>('SELECT DISTINCT doc FROM usage ORDER BY doc')
  return rows.map(({ doc }) => doc)
}

it('has the same rows by their places as by a look at every row, also of documents that were noted apart', async () => {
  const { warehouse, tenant } = built.workspace
  const places = new FactPlaces({ tenant })
  const docs = await documents()
  expect(docs.length).toBe(3)
  await places.note(warehouse, USED, docs.slice(0, 2))
  // Not of all documents of the run: nothing is found by it.
  expect(places.partsOf(USED, docs)).toBeNull()
  await places.note(warehouse, USED, docs)
  expect(places.partsOf(USED, docs)?.length).toBe(2)
  for (const services of [['S7'], ['S0', 'S17', 'S399'], ['nobody'], ['S3', 'nobody']])
    expect(await nearRows(places, services)).toEqual(await nearRows(undefined, services))
  expect((await nearRows(places, ['S0', 'S17'])).length).toBe(6)
  expect(places.partsOf(USED, docs)?.length).toBe(2)
})

it('leaves out rows of documents that the run did not read, which were noted with its own', async () => {
  const { warehouse, tenant } = built.workspace
  const places = new FactPlaces({ tenant })
  await built.add({ usage: [{ service: 'S7', on: '2026-10-06', used: '5 GB' }] })
  await places.note(warehouse, USED, await documents())
  expect((await nearRows(places, ['S7'])).length).toBe(3)
  expect(await nearRows(places, ['S7'])).toEqual(await nearRows(undefined, ['S7']))
})

it('throws away what it noted where rows stand elsewhere, and finds them', async () => {
  const { warehouse, tenant } = built.workspace
  const places = new FactPlaces({ tenant })
  const docs = await documents()
  await places.note(warehouse, USED, docs)
  const before = await nearRows(places, ['S7', 'S8'])
  // As if a document before them had been taken back and the rest moved up.
  await warehouse.run(
    `CREATE TABLE moved AS FROM usage ORDER BY ordinal DESC; DELETE FROM usage; INSERT INTO usage FROM moved; DROP TABLE moved`,
  )
  expect(await nearRows(places, ['S7', 'S8'])).toEqual(before)
  expect(places.partsOf(USED, docs)).toBeNull()
  await places.note(warehouse, USED, docs)
  expect(places.partsOf(USED, docs)?.length).toBe(1)
  expect(await nearRows(places, ['S7', 'S8'])).toEqual(before)
})

it('makes one of what was noted of a month apart, and keeps nothing for which there is no room', async () => {
  const { warehouse, tenant } = built.workspace
  const places = new FactPlaces({ tenant })
  for (const day of ['2026-10-07', '2026-10-08']) await built.add({ usage: [{ service: 'S1', on: day, used: '1 GB' }] })
  const docs = await documents()
  for (const [at] of docs.entries()) await places.note(warehouse, USED, docs.slice(0, at + 1))
  expect(places.partsOf(USED, docs)?.length).toBe(2)
  places.keepOnly(new Set())
  expect(places.partsOf(USED, docs)).toBeNull()
  const small = new FactPlaces({ tenant, bytesMax: 1000 })
  await small.note(warehouse, USED, docs)
  expect(small.partsOf(USED, docs)).toBeNull()
  expect(await nearRows(small, ['S7'])).toEqual(await nearRows(undefined, ['S7']))
})
