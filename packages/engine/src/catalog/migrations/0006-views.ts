// What the screens keep for people: saved views and preferences; and wrong tries to sign in, so that a restart forgives nobody.
// No view gives a permission: it is a name for an address of a screen.
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  `CREATE TABLE saved_view (
    tenant TEXT NOT NULL, id TEXT NOT NULL, owner TEXT NOT NULL, name TEXT NOT NULL, path TEXT NOT NULL, search TEXT NOT NULL,
    is_shared INTEGER NOT NULL, version INTEGER NOT NULL, created_at TEXT NOT NULL, changed_at TEXT NOT NULL, PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, owner) REFERENCES app_user (tenant, id))`,
  `CREATE INDEX saved_view_owner ON saved_view (tenant, owner)`,
  // JSON: what a screen remembers grows with the screens, and nothing is ever looked for in it.
  `CREATE TABLE user_preference (
    tenant TEXT NOT NULL, user_id TEXT NOT NULL, body TEXT NOT NULL, changed_at TEXT NOT NULL, PRIMARY KEY (tenant, user_id),
    FOREIGN KEY (tenant, user_id) REFERENCES app_user (tenant, id))`,
  // What is counted is a subject made unreadable: people type a password where their address belongs.
  `CREATE TABLE sign_in_try (
    tenant TEXT NOT NULL, subject TEXT NOT NULL, count INTEGER NOT NULL, ends_at TEXT NOT NULL, PRIMARY KEY (tenant, subject))`,
  `CREATE INDEX sign_in_try_ends ON sign_in_try (tenant, ends_at)`,
  `CREATE INDEX job_created ON job (tenant, created_at, id)`,
]

export async function up(catalog: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(catalog)
}
