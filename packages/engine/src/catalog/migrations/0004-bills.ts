// Bills of ours that were taken back or issued again. A bill that was neither has no row: it is what its run says. Rows are
// only ever added, or void from a moment on (decision 0031).
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  `CREATE TABLE bill_issue (
    tenant TEXT NOT NULL REFERENCES tenant (id), number TEXT NOT NULL, run TEXT NOT NULL, bill TEXT NOT NULL,
    replaces TEXT NOT NULL, issued_at TEXT NOT NULL, issued_by TEXT NOT NULL, voided_at TEXT, voided_by TEXT, void_reason TEXT,
    PRIMARY KEY (tenant, number))`,
  `CREATE INDEX bill_issue_run ON bill_issue (tenant, run, bill)`,
]

export async function up(catalog: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(catalog)
}

/** The same table, empty and of this connection alone, for whoever reads a catalog of before and may not change it. */
export async function standIn<T>(catalog: Kysely<T>): Promise<void> {
  for (const statement of STATEMENTS)
    if (statement.startsWith('CREATE TABLE'))
      await sql.raw(statement.replace('CREATE TABLE', 'CREATE TEMP TABLE')).execute(catalog)
}
