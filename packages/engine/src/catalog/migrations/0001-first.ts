// The catalog's first tables. A migration that was ever released is never edited: a later one changes what it made.
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  `CREATE TABLE tenant (id TEXT PRIMARY KEY, name TEXT NOT NULL, created_at TEXT NOT NULL)`,
  `CREATE TABLE configuration (
    tenant TEXT NOT NULL REFERENCES tenant (id), kind TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL,
    body TEXT NOT NULL, digest TEXT NOT NULL, deleted INTEGER NOT NULL DEFAULT 0, saved_at TEXT NOT NULL, saved_by TEXT NOT NULL,
    PRIMARY KEY (tenant, kind, name, version))`,
  `CREATE TABLE batch (
    tenant TEXT NOT NULL REFERENCES tenant (id), id TEXT NOT NULL, state TEXT NOT NULL, file TEXT NOT NULL, file_path TEXT NOT NULL,
    file_digest TEXT NOT NULL, file_bytes INTEGER NOT NULL, importer TEXT NOT NULL, source TEXT NOT NULL, imported_at TEXT NOT NULL,
    imported_by TEXT NOT NULL, rows_read INTEGER NOT NULL, rows_accepted INTEGER NOT NULL, rows_quarantined INTEGER NOT NULL,
    rows_duplicate INTEGER NOT NULL, PRIMARY KEY (tenant, id))`,
  // AUTOINCREMENT: the id of a document whose import was interrupted is never given again.
  `CREATE TABLE document (
    id INTEGER PRIMARY KEY AUTOINCREMENT, tenant TEXT NOT NULL REFERENCES tenant (id), batch TEXT NOT NULL, member TEXT NOT NULL,
    sheet TEXT NOT NULL, part TEXT NOT NULL, source TEXT NOT NULL, vendor TEXT NOT NULL, account TEXT NOT NULL, invoice TEXT NOT NULL,
    live INTEGER NOT NULL, superseded_by INTEGER, row_count INTEGER NOT NULL, digest TEXT NOT NULL)`,
  `CREATE INDEX document_live ON document (tenant, part, vendor, account, invoice, source) WHERE live = 1`,
  `CREATE TABLE accepted_difference (
    tenant TEXT NOT NULL REFERENCES tenant (id), vendor TEXT NOT NULL, account TEXT NOT NULL, invoice TEXT NOT NULL,
    currency TEXT NOT NULL, difference_minor TEXT NOT NULL, reason TEXT NOT NULL, accepted_at TEXT NOT NULL, accepted_by TEXT NOT NULL,
    PRIMARY KEY (tenant, vendor, account, invoice, currency))`,
  `CREATE TABLE run (
    tenant TEXT NOT NULL REFERENCES tenant (id), id TEXT NOT NULL, period TEXT NOT NULL, state TEXT NOT NULL, code_version TEXT NOT NULL,
    inputs TEXT NOT NULL, outputs TEXT NOT NULL, closed_at TEXT NOT NULL, closed_by TEXT NOT NULL, published_at TEXT, published_by TEXT,
    reopened_at TEXT, reopened_by TEXT, reopen_reason TEXT, PRIMARY KEY (tenant, id))`,
  `CREATE INDEX run_period ON run (tenant, period, state)`,
  `CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT, tenant TEXT NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL,
    subject TEXT NOT NULL, details TEXT NOT NULL)`,
]

export async function up(catalog: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(catalog)
}
