// Makes the warehouse's tables and says which version they are, so that an older program refuses a newer file.
import { Refusal } from '@spillway/core'
import {
  ADDED_BILL_LINE_COLUMNS,
  NUMBERED_RATED_TABLES,
  numberedRatedViewSql,
  RATED_VIEWS,
  STORED_RATED_TABLES,
  storedRatedTable,
  storedRatedViewSql,
} from './rated-tables.ts'
import {
  NUMBERED_TABLES,
  numberedViewSql,
  RESULT_VIEWS,
  STORED_RESULT_TABLES,
  storedTable,
  storedViewSql,
  TEXT_TABLES,
} from './result-tables.ts'
import { ADDED_USAGE_COLUMNS, FACT_TABLES, OTHER_TABLES } from './schema.ts'
import type { Warehouse } from './warehouse.ts'

/** Version 6 has numbers in place of runs' names in what is rated too. */
const WAREHOUSE_VERSION = 6

/** Brings an open, writable warehouse to this version. @throws Refusal `workspace-too-new`. */
export async function migrateWarehouse(warehouse: Warehouse): Promise<void> {
  await warehouse.run('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)')
  const { version } = await warehouse.row<{ version: number }>(
    'SELECT coalesce(max(version), 0)::INTEGER AS version FROM schema_version',
  )
  refuseNewer(version)
  if (version === WAREHOUSE_VERSION) return
  await warehouse.transaction(async () => {
    if (version === 0) await create(warehouse, { ...FACT_TABLES, ...OTHER_TABLES, ...TEXT_TABLES })
    if (version < 2) await storeNumbers(warehouse, version)
    else if (version < 5) await numberRuns(warehouse)
    if (version < 4) await createRated(warehouse, version)
    else if (version < 6) await numberRatedRuns(warehouse)
    if (version > 0 && version < 4) await addUsageColumns(warehouse)
    if (version === 3) await addBillLineColumns(warehouse)
    await warehouse.run('INSERT INTO schema_version VALUES ($version)', { version: WAREHOUSE_VERSION })
  })
}

/** Since version 2 results are rows of numbers; version 3 added what rating stores. */
async function storeNumbers(warehouse: Warehouse, version: number): Promise<void> {
  if (version === 1) await keepTexts(warehouse)
  const { run_problem: kept, ...added } = STORED_RESULT_TABLES
  await create(warehouse, version === 0 ? STORED_RESULT_TABLES : added)
  await showResults(warehouse)
}

/**
 * Since version 5 rows of allocation that are many have the number of their run in place of its name, and are shown with it;
 * balances in `rating_state` may be columns.
 */
async function numberRuns(warehouse: Warehouse): Promise<void> {
  const { run_number: columns } = STORED_RESULT_TABLES
  await create(warehouse, { run_number: columns as string })
  for (const view of RESULT_VIEWS) await warehouse.run(`DROP VIEW ${view}`)
  await moveRows(
    warehouse,
    NUMBERED_TABLES.map((table) => ({ table, stored: storedTable(table) })),
    STORED_RESULT_TABLES,
  )
  await showResults(warehouse)
}

/** Since version 6 those of rating have it too. */
async function numberRatedRuns(warehouse: Warehouse): Promise<void> {
  for (const view of RATED_VIEWS) await warehouse.run(`DROP VIEW ${view}`)
  await moveRows(
    warehouse,
    NUMBERED_RATED_TABLES.map((table) => ({ table, stored: storedRatedTable(table) })),
    STORED_RATED_TABLES,
  )
  await showRated(warehouse)
}

type Moved = { readonly table: string; readonly stored: string }

/** Gives the runs of the rows that have none a number, and the rows that number. */
async function moveRows(
  warehouse: Warehouse,
  moved: ReadonlyArray<Moved>,
  definitions: Readonly<Record<string, string>>,
): Promise<void> {
  await create(warehouse, Object.fromEntries(moved.map(({ stored }) => [stored, definitions[stored] as string])))
  const runs = moved.map(({ table }) => `SELECT tenant, run FROM ${table}`).join(' UNION ')
  await warehouse.run(
    `INSERT INTO run_number
     SELECT tenant, run, (SELECT coalesce(max(run_no), 0) FROM run_number) + row_number() OVER (ORDER BY tenant, run)
     FROM (${runs} EXCEPT SELECT tenant, run FROM run_number)`,
  )
  for (const { table, stored } of moved) {
    await warehouse.run(
      `INSERT INTO ${stored} SELECT n.run_no, r.* EXCLUDE (tenant, run)
       FROM ${table} AS r JOIN run_number AS n ON n.tenant = r.tenant AND n.run = r.run`,
    )
    await warehouse.run(`DROP TABLE ${table}`)
  }
}

async function showResults(warehouse: Warehouse): Promise<void> {
  for (const table of NUMBERED_TABLES) await warehouse.run(`CREATE VIEW ${table} AS ${numberedViewSql(table)}`)
  for (const view of RESULT_VIEWS) await warehouse.run(`CREATE VIEW ${view} AS ${storedViewSql(view)}`)
}

/** Version 4 says which conference a row of usage is a leg of, and who was connected. */
async function addUsageColumns(warehouse: Warehouse): Promise<void> {
  for (const column of ADDED_USAGE_COLUMNS)
    await warehouse.run(`ALTER TABLE usage ADD COLUMN ${column} VARCHAR DEFAULT ''`)
}

/** Version 4 says of a line of our bills how much it is about, and of which share plan it is. */
async function addBillLineColumns(warehouse: Warehouse): Promise<void> {
  for (const column of ADDED_BILL_LINE_COLUMNS)
    await warehouse.run(`ALTER TABLE customer_bill_line ADD COLUMN ${column}`)
}

/** Since version 4 what is rated is rows of numbers; those of version 3 stay texts, and the views show them with the others. */
async function createRated(warehouse: Warehouse, version: number): Promise<void> {
  if (version === 3) for (const view of RATED_VIEWS) await warehouse.run(`ALTER TABLE ${view} RENAME TO ${view}_text`)
  const there: ReadonlyArray<string> = version < 3 ? [] : TABLES_OF_3
  const tables = Object.entries(STORED_RATED_TABLES).filter(([table]) => !there.includes(table))
  await create(warehouse, Object.fromEntries(tables))
  await showRated(warehouse)
}

async function showRated(warehouse: Warehouse): Promise<void> {
  for (const table of NUMBERED_RATED_TABLES)
    await warehouse.run(`CREATE VIEW ${table} AS ${numberedRatedViewSql(table)}`)
  for (const view of RATED_VIEWS) await warehouse.run(`CREATE VIEW ${view} AS ${storedRatedViewSql(view)}`)
}

/** Tables of rating that version 3 made, by their names of now. */
const TABLES_OF_3 = [
  ...['rated_text', 'bucket_history_text', 'bucket_alert', 'rating_state', 'rating_adjustment'],
  ...['customer_bill', 'customer_bill_line'],
]

async function create(warehouse: Warehouse, tables: Readonly<Record<string, string>>): Promise<void> {
  for (const [table, columns] of Object.entries(tables)) await warehouse.run(`CREATE TABLE "${table}" (${columns})`)
}

/** Version 1 kept the names of results in every row: these stay as they are, and the views show them with the others. */
async function keepTexts(warehouse: Warehouse): Promise<void> {
  for (const view of RESULT_VIEWS) await warehouse.run(`ALTER TABLE ${view} RENAME TO ${view}_text`)
}

/** For a warehouse opened to read only, which cannot be migrated. */
export async function checkWarehouseVersion(warehouse: Warehouse): Promise<void> {
  const { version } = await warehouse.row<{ version: number }>('SELECT max(version) AS version FROM schema_version')
  refuseNewer(version)
  warehouse.noteVersion(version)
}

function refuseNewer(version: number): void {
  if (version <= WAREHOUSE_VERSION) return
  throw new Refusal(
    'workspace-too-new',
    `The warehouse has version ${version}; this program knows up to ${WAREHOUSE_VERSION}.`,
    {
      hint: 'Use the newer spillway that wrote it.',
    },
  )
}
