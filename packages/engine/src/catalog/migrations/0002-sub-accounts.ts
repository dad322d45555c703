// Passcodes of sub-accounts, wrong tries, and requests for sub-accounts. Sub-accounts themselves are configuration. No
// table holds a passcode: what stands here is of no use without the key, which is in neither database (decision 0028).
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  `CREATE TABLE passcode_key (
    tenant TEXT NOT NULL PRIMARY KEY REFERENCES tenant (id), key_check TEXT NOT NULL, made_at TEXT NOT NULL, made_by TEXT NOT NULL)`,
  // A code that was replaced stays, ended: call records of before have it, and it is never given again in its account.
  `CREATE TABLE passcode (
    tenant TEXT NOT NULL REFERENCES tenant (id), account TEXT NOT NULL, user_id TEXT NOT NULL, code_hmac TEXT NOT NULL,
    set_at TEXT NOT NULL, set_by TEXT NOT NULL, ended_at TEXT, PRIMARY KEY (tenant, account, code_hmac))`,
  `CREATE UNIQUE INDEX passcode_in_force ON passcode (tenant, account, user_id) WHERE ended_at IS NULL`,
  `CREATE INDEX passcode_code ON passcode (tenant, code_hmac)`,
  // What is tried is a subject made unreadable: people type a passcode where a user id belongs.
  `CREATE TABLE wrong_try (
    tenant TEXT NOT NULL REFERENCES tenant (id), subject TEXT NOT NULL, count INTEGER NOT NULL, last_at TEXT NOT NULL,
    locked_until TEXT, PRIMARY KEY (tenant, subject))`,
  `CREATE INDEX wrong_try_last ON wrong_try (tenant, last_at)`,
  `CREATE TABLE sub_account_request (
    id INTEGER PRIMARY KEY AUTOINCREMENT, tenant TEXT NOT NULL REFERENCES tenant (id), account TEXT NOT NULL,
    user_id TEXT NOT NULL, body TEXT NOT NULL, because TEXT NOT NULL, asked_at TEXT NOT NULL, asked_by TEXT NOT NULL,
    state TEXT NOT NULL, decided_at TEXT, decided_by TEXT, reason TEXT)`,
  `CREATE INDEX sub_account_request_state ON sub_account_request (tenant, state, account)`,
]

export async function up(catalog: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(catalog)
}

/** The same tables, empty and of this connection alone, for whoever reads a catalog of before and may not change it. */
export async function standIn<T>(catalog: Kysely<T>): Promise<void> {
  for (const statement of STATEMENTS)
    if (statement.startsWith('CREATE TABLE'))
      await sql.raw(statement.replace('CREATE TABLE', 'CREATE TEMP TABLE')).execute(catalog)
}
