// Imports: files that were uploaded and are not imported yet, imports that were taken back, and what a row that was refused
// needs to be written as a table again. Rows of the last three are only ever added.
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  // `request` and `looked` are JSON: what is asked for, and what the last look at the files said.
  `CREATE TABLE import_draft (
    tenant TEXT NOT NULL REFERENCES tenant (id), id TEXT NOT NULL, request TEXT NOT NULL, looked TEXT NOT NULL, look_job TEXT NOT NULL,
    commit_job TEXT, created_at TEXT NOT NULL, created_by TEXT NOT NULL, PRIMARY KEY (tenant, id))`,
  `CREATE TABLE batch_taken_back (
    tenant TEXT NOT NULL, batch TEXT NOT NULL, reason TEXT NOT NULL, taken_back_at TEXT NOT NULL, taken_back_by TEXT NOT NULL,
    PRIMARY KEY (tenant, batch))`,
  // Of the tables of a batch that have quarantined rows; `header` is JSON.
  `CREATE TABLE batch_table (
    tenant TEXT NOT NULL, batch TEXT NOT NULL, member TEXT NOT NULL, sheet TEXT NOT NULL, header TEXT NOT NULL, delimiter TEXT NOT NULL,
    PRIMARY KEY (tenant, batch, member, sheet))`,
  // A batch of rows that another one refused, mended: it adds to that one.
  `CREATE TABLE batch_supplement (
    tenant TEXT NOT NULL, batch TEXT NOT NULL, supplements TEXT NOT NULL, PRIMARY KEY (tenant, batch))`,
]

export async function up(catalog: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(catalog)
}

/** The same tables, empty and of this connection alone, for whoever reads a catalog of before and may not change it. */
export async function standIn<T>(catalog: Kysely<T>): Promise<void> {
  for (const statement of STATEMENTS)
    await sql
      .raw(statement.replace('CREATE TABLE', 'CREATE TEMP TABLE').replace(' REFERENCES tenant (id)', ''))
      .execute(catalog)
}
