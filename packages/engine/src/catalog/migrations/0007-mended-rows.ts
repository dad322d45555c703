// Which refused rows came back mended: whoever lists what waits in quarantine leaves them out. Rows are only ever added.
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  // `batch` is that of the mended rows; `place` names the file, member and sheet that they were refused in, as it is shown;
  // `lines` is JSON: the first and the last of each run of lines.
  `CREATE TABLE mended_rows (
    tenant TEXT NOT NULL, batch TEXT NOT NULL, place TEXT NOT NULL, lines TEXT NOT NULL, PRIMARY KEY (tenant, batch, place))`,
]

export async function up(catalog: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(catalog)
}

/** The same table, empty and of this connection alone, for whoever reads a catalog of before and may not change it. */
export async function standIn<T>(catalog: Kysely<T>): Promise<void> {
  for (const statement of STATEMENTS)
    await sql.raw(statement.replace('CREATE TABLE', 'CREATE TEMP TABLE')).execute(catalog)
}
