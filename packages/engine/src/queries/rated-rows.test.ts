// What rating stored of one account or service, by numbers, beside the same rows of the view.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { applyDocuments, MIXED_PROVIDER, MIXED_SERVICES } from '../../test/rating/mixed-provider.ts'
import { buildWorkspace, OCTOBER, type TableRow, type WorkspaceBuilder } from '../../test/workspace-builder.ts'
import { closePeriod } from '../stages/close.ts'
import type { Row } from '../warehouse/warehouse.ts'
import { inScope, scopeOfRows, unscoped } from '../workspace/scopes.ts'
import { currentRun } from './current-run.ts'
import { ratedRowsSql } from './rated-rows.ts'

let built: WorkspaceBuilder
beforeAll(async () => {
  built = await buildWorkspace()
  await applyDocuments(built.workspace, MIXED_PROVIDER)
  const usage = Array.from(
    { length: 30 },
    (_, at): TableRow => ({
      ...{ service: 'ABM'[at % 3] as string, id: `e${at}`, usage_type: 'data', used: `${1 + (at % 7)} MB` },
      on: `2026-10-${String(1 + at).padStart(2, '0')}T09:00:00`,
    }),
  )
  await built.add({ service: MIXED_SERVICES, usage })
  // The run before has numbers of its own.
  await closePeriod(built.workspace, { period: OCTOBER })
  await closePeriod(built.workspace, { period: OCTOBER })
})
afterAll(() => built.remove())

it.each([
  ['bucket_history', 'account'],
  ['rated', 'account'],
  ['rated', 'service'],
] as const)('are those of the view: %s of one %s', async (view, of) => {
  const { workspace } = built
  const { warehouse, tenant } = workspace
  const run = await currentRun(workspace, OCTOBER)
  const byKey = new Map<string, Row[]>()
  const all = `SELECT * EXCLUDE (tenant, run) FROM ${view} WHERE tenant = $tenant AND run = $run ORDER BY ALL`
  for (const row of await warehouse.rows(all, { tenant, run: run.id })) {
    const key = String(row[of])
    byKey.set(key, [...(byKey.get(key) ?? []), row])
  }
  expect(byKey.size).toBeGreaterThan(1)
  for (const key of [...byKey.keys(), 'nobody']) {
    const sql = await ratedRowsSql(unscoped(workspace), { view, run, of })
    expect(sql).toContain('_stored')
    const rows = await warehouse.rows(`SELECT * FROM (${sql}) ORDER BY ALL`, { tenant, run: run.id, [of]: key })
    expect(rows, key).toEqual(byKey.get(key) ?? [])
  }
})

it('are the same where the accounts of the service are known, and of others there are none', async () => {
  const { workspace } = built
  const { warehouse, tenant } = workspace
  const run = await currentRun(workspace, OCTOBER)
  const rowsOf = async (service: string, accounts?: ReadonlyArray<string>) => {
    const sql = await ratedRowsSql(unscoped(workspace), { view: 'rated', run, of: 'service', accounts })
    return warehouse.rows(`SELECT * FROM (${sql}) ORDER BY ALL`, { tenant, run: run.id, service })
  }
  const all = await rowsOf('A')
  expect(all.length).toBeGreaterThan(0)
  const many = Array.from({ length: 30 }, (_, at) => `other ${at}`)
  for (const accounts of [['U'], ['U', 'V'], ["it's", 'U'], [...many, 'U']])
    expect(await rowsOf('A', accounts)).toEqual(all)
  for (const accounts of [['V'], []]) expect(await rowsOf('A', accounts)).toEqual([])
})

it('are those of some services, each with its own', async () => {
  const { workspace } = built
  const { warehouse, tenant } = workspace
  const run = await currentRun(workspace, OCTOBER)
  const few = "(SELECT unnest(['A', 'M', 'nobody']) AS service)"
  const sql = await ratedRowsSql(unscoped(workspace), { view: 'rated', run, of: { servicesIn: few } })
  expect(sql).toContain('_stored')
  const all = `SELECT * EXCLUDE (tenant, run) FROM rated WHERE tenant = $tenant AND run = $run ORDER BY ALL`
  const rows = await warehouse.rows(all, { tenant, run: run.id })
  const wanted = rows.filter(({ service }) => service === 'A' || service === 'M')
  expect(new Set(wanted.map(({ service }) => service)).size).toBe(2)
  expect(wanted.length).toBeLessThan(rows.length)
  expect(await warehouse.rows(`SELECT * FROM (${sql}) ORDER BY ALL`, { tenant, run: run.id })).toEqual(wanted)
})

it('are asked of the view in a scope of some rows, which shows its part', async () => {
  const scope = scopeOfRows(built.workspace.tenant, { costCentres: [], people: [], accounts: ['nobody'] })
  const run = await currentRun(built.workspace, OCTOBER)
  const sql = await ratedRowsSql(inScope(built.workspace, scope), { view: 'rated', run, of: 'account' })
  expect(sql).not.toContain('_stored')
})
