import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomFrom } from '../../../test/random-workspace.ts'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { inputsOf } from '../../catalog/run-record.ts'
import { pinnedScope } from '../../queries/pinned-scope.ts'
import { columnsOf } from '../../warehouse/fact-columns.ts'
import { hasNames, RESULT_VIEWS, type ResultTable, storedTable } from '../../warehouse/result-tables.ts'
import { FACT_TABLES, type FactTable } from '../../warehouse/schema.ts'
import { closePeriod } from '../close.ts'
import { computePeriod } from '../compute-period.ts'
import { RESULT_TABLE_NAMES } from '../result-digests.ts'
import type { CheckFailure } from './check-failure.ts'
import { checkWorkspace } from './check-workspace.ts'
import { proveFacts } from './prove-facts.ts'
import { compareResults } from './prove-results.ts'

let built: WorkspaceBuilder
beforeAll(async () => {
  built = await buildWorkspace()
  await built.add({
    pool: '| pool | allowance | max_members |\n| P | 100 GB | 2 |',
    pool_member: `| pool | service | contribution | unit | from_on | to_on |
      | P | A | 2 | GB | - | - |
      | P | B | 2 | GB | 2026-10-10 | - |
      | P | C | 2 | GB | - | 2026-10-20 |`,
    charge: `| service | category | amount | invoice | usage_type |
      | A | access | 30.00 | I1 | data |
      | B | access | 31.00 | I1 | data |
      | C | access | 32.00 | I2 | data |
      | C | overage | 60.00 | I1 | data |
      | B | download | 9.00 | I1 | data |
      | C | equipment | 5.00 | I2 | - |
      | - | other | 1.50 | I1 | - |`,
    invoice_total: '| invoice | total |\n| I1 | 131.50 |\n| I2 | 37.00 |',
    usage: `| service | on | used |
      | A | 2026-10-05 | 1 GB |
      | B | 2026-10-15 | 3 GB |
      | C | 2026-10-05 | 7 GB |
      | D | 2026-10-05 | 1 GB |`,
    service:
      '| service | person | from_on | to_on |\n| A | E1 | - | 2026-10-11 |\n| A | E2 | 2026-10-11 | - |\n| B | E2 | - | - |',
    person: '| employee | name | cost_centre |\n| E1 | Ann | CC1 |\n| E2 | Bob | CC2 |',
    cost_centre: '| cost_centre | name |\n| CC1 | One |\n| CC2 | Two |',
    project: '| project | name |\n| PR | Project |',
    account: '| account | time_zone |\n| ACC | UTC |',
  })
  await built.apply({
    kind: 'AllocationPolicy',
    name: 'test',
    'applies-to': { pools: ['P'] },
    components: [
      { name: 'access', charges: [{ category: 'access' }], floor: '2.00' },
      { name: 'overage', charges: [{ category: 'overage' }], method: 'excess' },
      {
        name: 'downloads',
        charges: [{ category: 'download' }],
        method: 'weighted',
        weights: { 'cost-centres': { CC2: 1 } },
      },
    ],
    'partial-period': 'by-day',
  })
  await closePeriod(built.workspace, { period: OCTOBER })
})
afterAll(() => built.remove())

const NUMBERS = /_minor|_base|^days$|^ordinal$|^share_ppm$|^max_members$|^line$/
const DATES = /_on$/
const PLACES = new Set(['tenant', 'doc', 'run'])

/** The cell one unit away: a number by 1, a date by a day, a text by a letter; a null becomes something. */
function changeOf(column: string, type: string): string {
  if (type === 'BOOLEAN') return `NOT ${column}`
  if (DATES.test(column)) return `coalesce(${column} + 1, DATE '2026-10-02')`
  if (/_at$/.test(column)) return `coalesce(${column} + INTERVAL 1 MICROSECOND, TIMESTAMP '2026-10-02')`
  if (NUMBERS.test(column) || ['INTEGER', 'BIGINT', 'UBIGINT'].includes(type)) return `coalesce(${column} + 1, 1)`
  return `coalesce(${column}, '') || 'x'`
}

/** Changes, checks, and puts the table back as it was. */
async function tampered(table: string, sql: string) {
  const { warehouse } = built.workspace
  await warehouse.run(`CREATE TEMP TABLE kept_rows AS SELECT * FROM "${table}"`)
  try {
    await warehouse.run(sql)
    return await checkWorkspace(built.workspace)
  } finally {
    await warehouse.run(`DELETE FROM "${table}"`)
    await warehouse.run(`INSERT INTO "${table}" SELECT * FROM kept_rows`)
    await warehouse.run('DROP TABLE kept_rows')
  }
}

/** Rows of numbers are shown by a view of their name; a name that no row has is missed by the digest of its table alone. */
function expectFound(failures: ReadonlyArray<CheckFailure>, table: ResultTable, change: string): void {
  const shown = failures.map(({ row }) => row.split(' ')[0] as string)
  expect(shown, `${table}: ${change}`).toContain(table)
  const rows = failures.filter(({ what }) => what.endsWith('of a result row') || what.startsWith('a result row'))
  const views = new Set<string>([...RESULT_VIEWS, 'run_problem'])
  // A weight that is no integer stands in run_weight, and the number beside it shows nowhere.
  if (!hasNames(table) && change !== 'weight')
    expect(
      rows.map(({ row }) => row.split(' ')[0]),
      change,
    ).toContain(table.replace('_row', ''))
  expect(rows.every(({ row }) => views.has(row.split(' ')[0] as string))).toBe(true)
}

class Undone extends Error {}

/** Changes, looks, and takes the change back: for what is read on the connection that changed it. */
async function changed<T>(sql: string, look: () => Promise<T>): Promise<T> {
  const { warehouse } = built.workspace
  const seen: T[] = []
  await warehouse
    .transaction(async () => {
      await warehouse.run(sql)
      seen.push(await look())
      throw new Undone()
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error
    })
  return seen[0] as T
}

const theRun = () => built.workspace.catalog.selectFrom('run').selectAll().executeTakeFirstOrThrow()
const factFailures = async () => proveFacts(built.workspace, inputsOf(await theRun()))

/** Computes the run's period once, for any number of looks at what is stored. */
async function computed<T>(work: (resultFailures: () => Promise<CheckFailure[]>) => Promise<T>): Promise<T> {
  const run = await theRun()
  return built.workspace.warehouse.withScratch(async (scratch) => {
    const scope = await pinnedScope(built.workspace, { run, scratch })
    await computePeriod(scope)
    return work(() => compareResults(scope, run))
  })
}

async function typesOf(table: string): Promise<Map<string, string>> {
  const rows = await built.workspace.warehouse.rows<{ column_name: string; data_type: string }>(
    'SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = $table AND database_name = current_database()',
    { table },
  )
  return new Map(rows.map(({ column_name, data_type }) => [column_name, data_type]))
}

describe('check', () => {
  it('proves a workspace that nobody touched', async () => {
    const { proved, failures } = await checkWorkspace(built.workspace)
    expect(failures).toEqual([])
    expect(proved).toMatchObject([{ period: '2026-10', state: 'closed' }])
  })

  it.each(Object.keys(FACT_TABLES) as FactTable[])('names the line of any changed cell of %s', async (table) => {
    const types = await typesOf(table)
    const random = randomFrom(table.length)
    const { count } = await built.workspace.warehouse.row<{ count: bigint }>(`SELECT count(*) AS count FROM "${table}"`)
    for (const column of columnsOf(table).filter((name) => !PLACES.has(name))) {
      const ordinal = 1 + random(Number(count))
      const change = changeOf(column, types.get(column) as string)
      const sql = `UPDATE "${table}" SET ${column} = ${change} WHERE ordinal = ${ordinal}`
      const failures = await changed(sql, factFailures)
      // A changed line is named by what it now says.
      const line = column === 'line' ? ordinal + 2 : ordinal + 1
      expect(
        failures.map(({ row }) => row),
        `${table}.${column}`,
      ).toContain(`${table}.csv:${line} (${table})`)
    }
  })

  it.each(RESULT_TABLE_NAMES)('finds any changed cell of %s, and names the row that shows it', async (table) => {
    const stored = storedTable(table)
    const types = await typesOf(stored)
    const random = randomFrom(table.length)
    const { count } = await built.workspace.warehouse.row<{ count: bigint }>(`SELECT count(*) AS count FROM ${table}`)
    expect(Number(count)).toBeGreaterThan(0)
    await computed(async (resultFailures) => {
      for (const column of columnsOf(table).filter((name) => !PLACES.has(name))) {
        const at = random(Number(count))
        const change = changeOf(column, types.get(column) as string)
        const failures = await changed(
          `UPDATE ${stored} SET ${column} = ${change} WHERE rowid = (SELECT rowid FROM ${stored} ORDER BY rowid LIMIT 1 OFFSET ${at})`,
          resultFailures,
        )
        expectFound(failures, table, column)
      }
    })
  })

  it('proves no run of which a source row or a result row was changed', async () => {
    const changes = { charge: 'SET amount_minor = amount_minor + 1', allocation_row_stored: 'SET weight = weight + 1' }
    for (const [table, change] of Object.entries(changes)) {
      const { proved, failures } = await tampered(
        table,
        `UPDATE ${table} ${change} WHERE rowid = (SELECT min(rowid) FROM ${table})`,
      )
      expect(proved).toEqual([])
      expect(failures[0]?.row).toContain(table.replace('_row_stored', ''))
    }
  })

  it('finds rows that were deleted or added', async () => {
    for (const table of Object.keys(FACT_TABLES) as FactTable[]) {
      const gone = await changed(`DELETE FROM "${table}" WHERE ordinal = 1`, factFailures)
      expect(gone[0]?.row, table).toMatch(new RegExp(`^${table}.csv`))
      const again = `INSERT INTO "${table}" SELECT * FROM "${table}" WHERE ordinal = 1`
      const twice = await changed(again, factFailures)
      expect(twice[0]?.row, table).toMatch(new RegExp(`^${table}.csv`))
    }
    await computed(async (resultFailures) => {
      for (const table of RESULT_TABLE_NAMES) {
        const stored = storedTable(table)
        const one = `SELECT rowid FROM ${stored} ORDER BY rowid LIMIT 1`
        const gone = await changed(`DELETE FROM ${stored} WHERE rowid = (${one})`, resultFailures)
        expectFound(gone, table, 'a missing row')
        const again = `INSERT INTO ${stored} SELECT * FROM ${stored} WHERE rowid = (${one})`
        expectFound(await changed(again, resultFailures), table, 'a row too many')
      }
    })
  })

  it('finds a changed version of configuration, a changed record and changed totals', async () => {
    const { catalog } = built.workspace
    const before = await catalog.selectFrom('configuration').select('body').executeTakeFirstOrThrow()
    await catalog
      .updateTable('configuration')
      .set({ body: before.body.replace('"2.00"', '"2.01"') })
      .execute()
    expect((await checkWorkspace(built.workspace)).failures).toMatchObject([
      { row: 'catalog.configuration AllocationPolicy/test version 1' },
    ])
    await catalog.updateTable('configuration').set({ body: before.body }).execute()
    const run = await catalog.selectFrom('run').selectAll().executeTakeFirstOrThrow()
    await catalog
      .updateTable('run')
      .set({ outputs: run.outputs.replace('"actual_minor":"', '"actual_minor":"1') })
      .execute()
    expect((await checkWorkspace(built.workspace)).failures).toMatchObject([{ what: 'the totals of a run' }])
    await catalog.updateTable('run').set({ outputs: run.outputs }).execute()
    const document = await catalog.selectFrom('document').selectAll().executeTakeFirstOrThrow()
    await catalog
      .updateTable('document')
      .set({ row_count: document.row_count + 1 })
      .where('id', '=', document.id)
      .execute()
    expect((await checkWorkspace(built.workspace)).failures).toMatchObject([{ what: 'the rows of a document' }])
    await catalog.updateTable('document').set({ row_count: document.row_count }).where('id', '=', document.id).execute()
    expect((await checkWorkspace(built.workspace)).failures).toEqual([])
  })
})
