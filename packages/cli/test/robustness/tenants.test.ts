// Whatever is stored carries its tenant, and nothing of another tenant changes a byte: rows of one are planted in every
// table, under the same ids of documents and runs, so that a query that forgets the tenant counts them.
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Workspace } from '@spillway/engine'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { companyWithOctober, type SmallCompany } from '../small-company.ts'
import { figuresOf, mustRunOn, runOn } from './company-slice.ts'
import { reading, writing } from './stored-rows.ts'

const OTHER = 'other'

let company: SmallCompany
let clean: string
let planted: string
beforeAll(async () => {
  company = await companyWithOctober({ isClosed: true })
  clean = join(company.directory, 'w')
  await mustRunOn(clean, ['import', join(company.directory, 'usage-bad.csv')])
  await mustRunOn(clean, ['apply', '-f', join(company.directory, 'policy.yaml')])
  await mustRunOn(clean, ['close', '2026-10'])
  planted = join(company.directory, 'planted')
  await cp(clean, planted, { recursive: true })
  await writing(planted, async (workspace) => {
    await plantFacts(workspace)
    await plantCatalog(workspace)
  })
})
afterAll(() => company.remove())

async function warehouseTables({ warehouse }: Workspace): Promise<string[]> {
  const tables = await warehouse.rows<{ name: string }>(
    'SELECT table_name AS name FROM duckdb_tables() WHERE NOT internal ORDER BY table_name',
  )
  return tables.map(({ name }) => name).filter((name) => name !== 'schema_version')
}

/** Tables that say in every row what the column says. */
async function tablesWith({ warehouse }: Workspace, column: string): Promise<string[]> {
  const rows = await warehouse.rows<{ name: string }>(
    `SELECT c.table_name AS name FROM duckdb_columns() AS c SEMI JOIN (FROM duckdb_tables() WHERE NOT internal) AS t USING (table_oid)
     WHERE c.column_name = $column AND NOT c.is_nullable ORDER BY name`,
    { column },
  )
  return rows.map(({ name }) => name)
}

async function catalogTables({ catalog }: Workspace) {
  const tables = await catalog.introspection.getTables()
  return tables.filter(({ name }) => name !== 'tenant')
}

/** Every row again for the other tenant; usage once more under an id that nobody has used. */
async function plantFacts(workspace: Workspace): Promise<void> {
  const { warehouse, tenant } = workspace
  for (const table of await tablesWith(workspace, 'tenant')) {
    const others = table === 'run_number' ? '$other AS tenant, run_no + 1000 AS run_no' : '$other AS tenant'
    await warehouse.run(`INSERT INTO "${table}" SELECT * REPLACE (${others}) FROM "${table}" WHERE tenant = $tenant`, {
      tenant,
      other: OTHER,
    })
  }
  for (const table of (await tablesWith(workspace, 'run_no')).filter((name) => name !== 'run_number'))
    await warehouse.run(`INSERT INTO "${table}" SELECT * REPLACE (run_no + 1000 AS run_no) FROM "${table}"`)
  await warehouse.run(`UPDATE usage SET id = '99' WHERE tenant = $other`, { other: OTHER })
  await warehouse.run(`UPDATE person SET name = 'Somebody Else' WHERE tenant = $other`, { other: OTHER })
}

/** Every record again: documents that are live, runs that are published, later versions of every configuration. */
async function plantCatalog({ catalog, tenant }: Workspace): Promise<void> {
  const now = '2026-11-22T09:00:00Z'
  await catalog.insertInto('tenant').values({ id: OTHER, name: OTHER, created_at: now }).execute()
  const of = { tenant: OTHER }
  for (const row of await catalog.selectFrom('batch').selectAll().where('tenant', '=', tenant).execute())
    await catalog
      .insertInto('batch')
      .values({ ...row, ...of })
      .execute()
  for (const { id, ...row } of await catalog.selectFrom('document').selectAll().where('tenant', '=', tenant).execute())
    await catalog
      .insertInto('document')
      .values({ ...row, ...of, live: 1 })
      .execute()
  for (const row of await catalog.selectFrom('run').selectAll().where('tenant', '=', tenant).execute())
    await catalog
      .insertInto('run')
      .values({ ...row, ...of, state: 'published' })
      .execute()
  for (const row of await catalog.selectFrom('configuration').selectAll().where('tenant', '=', tenant).execute())
    await catalog
      .insertInto('configuration')
      .values([
        { ...row, ...of },
        { ...row, ...of, version: row.version + 7, deleted: 1 as const },
      ])
      .execute()
  for (const row of await catalog.selectFrom('audit').selectAll().where('tenant', '=', tenant).execute())
    await catalog
      .insertInto('audit')
      .values({ ...row, ...of, id: row.id + 1000 })
      .execute()
  await catalog
    .insertInto('accepted_difference')
    .values({
      ...of,
      vendor: 'acme',
      account: 'A-1',
      invoice: 'INV-1',
      currency: 'USD',
      difference_minor: '0',
      reason: 'x',
      accepted_at: now,
      accepted_by: 'x',
    })
    .execute()
}

/** How many rows each table holds for the other tenant. */
async function othersRows(directory: string): Promise<Record<string, number>> {
  return reading(directory, async (workspace) => {
    const counts: Record<string, number> = {}
    const numbered = ['allocation_row', 'carried_row', 'run_service', 'used_row']
    for (const table of [...(await tablesWith(workspace, 'tenant')), ...numbered]) {
      const { count } = await workspace.warehouse.row<{ count: bigint }>(
        `SELECT count(*) AS count FROM "${table}" WHERE tenant = $other`,
        { other: OTHER },
      )
      counts[table] = Number(count)
    }
    for (const { name } of await catalogTables(workspace)) {
      const rows = await workspace.catalog
        .selectFrom(name as 'batch')
        .select('tenant')
        .where('tenant', '=', OTHER)
        .execute()
      counts[name] = rows.length
    }
    return counts
  })
}

const OTHER_REPORTS = [
  ['report', 'reconciliation', '--format', 'csv'],
  ['report', 'quarantine', '--format', 'csv'],
  ['report', 'runs', '--format', 'csv'],
  ['export', 'config'],
  ['explain', 'phone-1', '--period', '2026-10'],
  ['check'],
]

describe('a tenant', () => {
  it('is told by every row of both stores', async () => {
    await reading(clean, async (workspace) => {
      // The number of a run stands for its tenant too.
      const carrying = [...(await tablesWith(workspace, 'tenant')), ...(await tablesWith(workspace, 'run_no'))]
      expect([...new Set(carrying)].sort()).toEqual(await warehouseTables(workspace))
      const without = (await catalogTables(workspace)).filter(
        ({ columns }) => !columns.some(({ name, isNullable }) => name === 'tenant' && !isNullable),
      )
      expect(without.map(({ name }) => name)).toEqual([])
    })
  })

  it('of which rows are planted has some in the tables that matter', async () => {
    const counts = await othersRows(planted)
    for (const table of [
      'charge',
      'usage',
      'person',
      'service',
      'pool',
      'carried_row',
      'allocation_row',
      'used_row',
      'quarantine',
    ])
      expect([table, counts[table]]).toEqual([table, expect.toSatisfy((count: number) => count > 0)])
    for (const table of ['batch', 'document', 'run', 'configuration', 'audit', 'accepted_difference'])
      expect([table, counts[table]]).toEqual([table, expect.toSatisfy((count: number) => count > 0)])
  })

  it('changes no byte of what another one is shown', async () => {
    expect(await figuresOf(planted, '2026-10')).toBe(await figuresOf(clean, '2026-10'))
    for (const args of OTHER_REPORTS) {
      const [expected, found] = [await runOn(clean, args), await runOn(planted, args)]
      expect([args, found]).toEqual([args, expected])
      expect(found.code).toBe(0)
      expect((found.out + found.notes).length).toBeGreaterThan(20)
    }
  })

  it('changes nothing of what another one imports, closes and publishes, and loses nothing by it', async () => {
    const before = await othersRows(planted)
    const usage = join(company.directory, 'usage.csv')
    const more = join(company.directory, 'usage-99.csv')
    await writeFile(more, (await readFile(usage, 'utf8')).replace('acme,1,', 'acme,99,').replace('acme,2,', 'acme,98,'))
    for (const args of [['import', more], ['import', usage], ['close', '2026-10'], ['publish', '2026-10'], ['check']]) {
      const [expected, found] = [await runOn(clean, args), await runOn(planted, args)]
      expect([args, found]).toEqual([args, expected])
      expect([0, 1]).toContain(found.code)
    }
    expect(await figuresOf(planted, '2026-10')).toBe(await figuresOf(clean, '2026-10'))
    expect(await othersRows(planted)).toEqual(before)
  })
})
