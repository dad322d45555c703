import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildWorkspace, type WorkspaceBuilder } from '../../test/workspace-builder.ts'
import { RowScopeSql } from './row-scope-sql.ts'
import { inScope, scopeOfRows, unscoped, wholeTenant } from './scopes.ts'

let built: WorkspaceBuilder
beforeAll(async () => {
  built = await buildWorkspace()
  await built.add({
    person: [
      { employee: 'E-1', name: 'Ada', cost_centre: 'C-1' },
      { employee: 'E-2', name: 'Bram', cost_centre: "C-2'; --" },
    ],
    charge: [
      { account: 'A-1', service: 'p-1', amount: '1.00' },
      { account: 'A-2', service: 'p-2', amount: '2.00' },
    ],
  })
})
afterAll(() => built.remove())

const NONE = { costCentres: [], people: [], accounts: [] }
const namesIn = async (rows: object, sql: string) => {
  const scoped = inScope(built.workspace, scopeOfRows('default', { ...NONE, ...rows }))
  return (await scoped.warehouse.rows<{ name: string }>(sql)).map(({ name }) => name)
}

describe('a query in a scope of rows', () => {
  it('covers every table and view that the warehouse has', async () => {
    const { warehouse } = built.workspace
    const found = await warehouse.rows<{ name: string }>(
      `SELECT table_name AS name FROM duckdb_tables() WHERE NOT internal
       UNION SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY name`,
    )
    const names = found.map(({ name }) => name).filter((name) => name !== 'schema_version')
    const { tables } = new RowScopeSql('default', NONE)
    expect(names.filter((name) => !tables.includes(name))).toEqual([])
  })

  it.each([
    ['a plain query', 'SELECT name FROM person ORDER BY name'],
    ['one that begins with a comment', '\n  -- Whose?\n  SELECT name FROM person'],
    ['one with its own WITH', 'WITH mine AS (SELECT name FROM person) SELECT name FROM mine'],
    ['one with FROM first', 'FROM person SELECT name'],
    ['one in capitals', 'SELECT name FROM PERSON'],
    ['one with a quoted name', 'SELECT name FROM "person"'],
    ['one that hides it in a subquery', 'SELECT (SELECT max(name) FROM person) AS name'],
  ])('sees no row of others in %s', async (_, sql) => {
    expect(await namesIn({ people: ['E-1'] }, sql)).toEqual(['Ada'])
    expect(await namesIn({ costCentres: ["C-2'; --"] }, sql)).toEqual(['Bram'])
  })

  it('shows nothing without any key, and of a table without a rule nothing at all', async () => {
    expect(await namesIn({}, 'SELECT name FROM person')).toEqual([])
    expect(await namesIn({ accounts: ['A-1'] }, 'SELECT service AS name FROM charge')).toEqual(['p-1'])
    for (const table of ['quarantine', 'run_problem', 'carried_row', 'carried_text', 'rating_state'])
      expect(await namesIn({ accounts: ['A-1'] }, `SELECT tenant AS name FROM ${table}`)).toEqual([])
  })

  it('leaves the whole tenant as it is, and refuses another tenant', async () => {
    const sql = 'SELECT name FROM person ORDER BY name'
    expect(await unscoped(built.workspace).warehouse.rows(sql)).toHaveLength(2)
    expect(() => inScope(built.workspace, wholeTenant('other'))).toThrow('tenant')
  })
})
