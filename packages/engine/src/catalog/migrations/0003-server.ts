// What the server needs: users and how they sign in, tokens, grants, answers to repeat, jobs; and the audit log as a chain.
// A secret is stored as its SHA-256 (of 32 random bytes), a password as an Argon2id text.
import { createHash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  `CREATE TABLE app_user (
    tenant TEXT NOT NULL REFERENCES tenant (id), id TEXT NOT NULL, email TEXT NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL,
    password_hash TEXT, created_at TEXT NOT NULL, created_by TEXT NOT NULL, PRIMARY KEY (tenant, id), UNIQUE (tenant, email))`,
  `CREATE TABLE identity (
    tenant TEXT NOT NULL, issuer TEXT NOT NULL, subject TEXT NOT NULL, user_id TEXT NOT NULL, created_at TEXT NOT NULL,
    PRIMARY KEY (tenant, issuer, subject), FOREIGN KEY (tenant, user_id) REFERENCES app_user (tenant, id))`,
  `CREATE TABLE session (
    digest TEXT PRIMARY KEY, tenant TEXT NOT NULL, user_id TEXT NOT NULL, agent TEXT NOT NULL, created_at TEXT NOT NULL,
    seen_at TEXT NOT NULL, FOREIGN KEY (tenant, user_id) REFERENCES app_user (tenant, id))`,
  `CREATE INDEX session_user ON session (tenant, user_id)`,
  `CREATE TABLE api_token (
    tenant TEXT NOT NULL, id TEXT NOT NULL, user_id TEXT NOT NULL, name TEXT NOT NULL, hint TEXT NOT NULL, digest TEXT NOT NULL UNIQUE,
    permissions TEXT NOT NULL, created_at TEXT NOT NULL, ends_at TEXT NOT NULL, used_at TEXT, revoked_at TEXT,
    PRIMARY KEY (tenant, id), FOREIGN KEY (tenant, user_id) REFERENCES app_user (tenant, id))`,
  `CREATE TABLE role_grant (
    tenant TEXT NOT NULL, id TEXT NOT NULL, user_id TEXT NOT NULL, role TEXT NOT NULL, scope_kind TEXT NOT NULL, scope_key TEXT NOT NULL,
    via TEXT NOT NULL, granted_at TEXT NOT NULL, granted_by TEXT NOT NULL, PRIMARY KEY (tenant, id),
    UNIQUE (tenant, user_id, role, scope_kind, scope_key, via), FOREIGN KEY (tenant, user_id) REFERENCES app_user (tenant, id))`,
  // The answer to a request that may be sent again; `status` is 0 while it is being done.
  `CREATE TABLE kept_answer (
    tenant TEXT NOT NULL, who TEXT NOT NULL, key TEXT NOT NULL, request_digest TEXT NOT NULL, status INTEGER NOT NULL,
    headers TEXT NOT NULL, body TEXT NOT NULL, kept_at TEXT NOT NULL, PRIMARY KEY (tenant, who, key))`,
  `CREATE TABLE job (
    tenant TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, request TEXT NOT NULL, progress TEXT NOT NULL,
    outcome TEXT NOT NULL, attempt INTEGER NOT NULL, retry_of TEXT, created_at TEXT NOT NULL, created_by TEXT NOT NULL,
    started_at TEXT, ended_at TEXT, PRIMARY KEY (tenant, id))`,
  `CREATE INDEX job_state ON job (tenant, state, created_at)`,
  // A webhook's secret is made of its salt under a key that is in no database.
  `CREATE TABLE webhook_endpoint (
    tenant TEXT NOT NULL, id TEXT NOT NULL, url TEXT NOT NULL, events TEXT NOT NULL, salt TEXT NOT NULL, state TEXT NOT NULL,
    owner TEXT NOT NULL, created_at TEXT NOT NULL, PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, owner) REFERENCES app_user (tenant, id))`,
  // What happened, once, and to whom it is to be told: written with what happened, in one transaction.
  `CREATE TABLE outbox_event (
    tenant TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, subject TEXT NOT NULL, account TEXT NOT NULL, body TEXT NOT NULL,
    at TEXT NOT NULL, PRIMARY KEY (tenant, id))`,
  `CREATE TABLE webhook_delivery (
    tenant TEXT NOT NULL, id TEXT NOT NULL, endpoint TEXT NOT NULL, event TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL,
    next_at TEXT NOT NULL, last_at TEXT, last_status INTEGER, last_error TEXT NOT NULL, created_at TEXT NOT NULL,
    PRIMARY KEY (tenant, id), FOREIGN KEY (tenant, endpoint) REFERENCES webhook_endpoint (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, event) REFERENCES outbox_event (tenant, id) ON DELETE CASCADE)`,
  `CREATE INDEX webhook_delivery_due ON webhook_delivery (tenant, state, next_at)`,
  `CREATE TABLE schedule (
    tenant TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, cron TEXT NOT NULL, time_zone TEXT NOT NULL, request TEXT NOT NULL,
    state TEXT NOT NULL, next_at TEXT, last_at TEXT, last_job TEXT, saved_at TEXT NOT NULL, saved_by TEXT NOT NULL,
    PRIMARY KEY (tenant, name))`,
  // A statement that was mailed is not mailed again by the same run.
  `CREATE TABLE mailed_statement (
    tenant TEXT NOT NULL, run TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, address TEXT NOT NULL, mailed_at TEXT NOT NULL,
    PRIMARY KEY (tenant, run, kind, key))`,
  `ALTER TABLE audit ADD COLUMN before_value TEXT NOT NULL DEFAULT ''`,
  `ALTER TABLE audit ADD COLUMN after_value TEXT NOT NULL DEFAULT ''`,
  `ALTER TABLE audit ADD COLUMN hash TEXT NOT NULL DEFAULT ''`,
  `CREATE INDEX audit_tenant ON audit (tenant, id)`,
]

const APPEND_ONLY = ['UPDATE', 'DELETE'].map(
  (verb) =>
    `CREATE TRIGGER audit_no_${verb.toLowerCase()} BEFORE ${verb} ON audit
     BEGIN SELECT RAISE(ABORT, 'the audit log is appended to and never changed'); END`,
)

export async function up(catalog: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(catalog)
  await chainEntries(catalog)
  for (const statement of APPEND_ONLY) await sql.raw(statement).execute(catalog)
}

/** Jobs, none and of this connection alone, for whoever reads a catalog of before and may not change it. */
export async function standIn<T>(catalog: Kysely<T>): Promise<void> {
  for (const statement of STATEMENTS)
    if (statement.startsWith('CREATE TABLE job '))
      await sql.raw(statement.replace('CREATE TABLE', 'CREATE TEMP TABLE')).execute(catalog)
}

type Entry = {
  id: number
  tenant: string
  at: string
  who: string
  action: string
  subject: string
  details: string
}

/** Entries of before the chain; as catalog/audit.ts hashes them, and written here for itself: a migration is never edited. */
async function chainEntries(catalog: Kysely<unknown>): Promise<void> {
  const { rows } =
    await sql<Entry>`SELECT id, tenant, at, who, action, subject, details FROM audit ORDER BY id`.execute(catalog)
  const heads = new Map<string, string>()
  for (const { id, tenant, at, who, action, subject, details } of rows) {
    const content = JSON.stringify([heads.get(tenant) ?? '', tenant, at, who, action, subject, details, '', ''])
    const hash = createHash('sha256').update(content).digest('hex')
    heads.set(tenant, hash)
    await sql`UPDATE audit SET hash = ${hash} WHERE id = ${id}`.execute(catalog)
  }
}
