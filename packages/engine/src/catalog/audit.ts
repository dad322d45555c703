// The audit log: who did what, with before and after, appended in the transaction of what was done. Each entry carries a hash
// over itself and the entry before it, so that none can be changed, left out or put in later; the heads of the chain that
// stand outside of the database (audit-heads.ts) say that it was not made anew as a whole. Nothing here updates or deletes.
import { createHash } from 'node:crypto'
import { invariant } from '@spillway/core'
import type { CheckFailure } from '../stages/check/check-failure.ts'
import type { Catalog } from './open-catalog.ts'
import type { AuditTable } from './tables.ts'

export type AuditEntry = {
  readonly tenant: string
  /** ISO instant. */
  readonly at: string
  readonly who: string
  /** A verb: apply, import, publish, sign-in, export. */
  readonly action: string
  readonly subject: string
  readonly details?: object
  /** What was there, and what is there now; never a secret. Left out where nothing was, or is. */
  readonly before?: unknown
  readonly after?: unknown
}

export type AuditRow = Omit<AuditTable, 'id'> & { readonly id: number }

/** Appends inside the transaction of the change itself: a change without its entry is not kept. */
export async function appendAudit(transaction: Catalog, entry: AuditEntry): Promise<void> {
  await appendAudits(transaction, [entry])
}

/** SQLite takes 32,766 values in a statement; the rows of an entry have nine. */
const ENTRIES_PER_INSERT = 1000

/** As one by one, in their order; all of one tenant. */
export async function appendAudits(transaction: Catalog, entries: ReadonlyArray<AuditEntry>): Promise<void> {
  const [first] = entries
  if (first === undefined) return
  // Two writers that read the same head would fork the chain.
  invariant(transaction.isTransaction, 'an entry is appended in a transaction', { action: first.action })
  let previous = (await headOf(transaction, first.tenant))?.hash ?? ''
  const rows = entries.map((entry) => {
    invariant(entry.tenant === first.tenant, 'entries are of one tenant', { action: entry.action })
    const row = rowOf(entry)
    previous = auditHash(previous, row)
    return { ...row, hash: previous }
  })
  for (let start = 0; start < rows.length; start += ENTRIES_PER_INSERT)
    await transaction
      .insertInto('audit')
      .values(rows.slice(start, start + ENTRIES_PER_INSERT))
      .execute()
}

function rowOf({
  tenant,
  at,
  who,
  action,
  subject,
  details,
  before,
  after,
}: AuditEntry): Omit<AuditTable, 'id' | 'hash'> {
  const text = (value: unknown) => (value === undefined ? '' : JSON.stringify(value))
  return {
    ...{ tenant, at, who, action, subject, details: JSON.stringify(details ?? {}) },
    ...{ before_value: text(before), after_value: text(after) },
  }
}

/** SHA-256 over the hash before it and every column but the id, as hexadecimal text. */
function auditHash(previous: string, row: Omit<AuditTable, 'id' | 'hash'>): string {
  const { tenant, at, who, action, subject, details, before_value, after_value } = row
  const content = JSON.stringify([previous, tenant, at, who, action, subject, details, before_value, after_value])
  return createHash('sha256').update(content).digest('hex')
}

export type AuditHead = { readonly id: number; readonly hash: string }

/** The newest entry; undefined where there is none. */
export function headOf(catalog: Catalog, tenant: string): Promise<AuditHead | undefined> {
  return catalog
    .selectFrom('audit')
    .select(['id', 'hash'])
    .where('tenant', '=', tenant)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
}

const ROWS_AT_ONCE = 1000

export type AuditProof = { readonly entries: number; readonly failures: ReadonlyArray<CheckFailure> }

/** Computes every hash again; the first entry that does not follow from the one before it is named, and no later one. */
export async function proveAudit(
  { catalog, tenant }: { readonly catalog: Catalog; readonly tenant: string },
  heads: ReadonlyArray<AuditHead>,
): Promise<AuditProof> {
  const expected = new Map(heads.map(({ id, hash }) => [id, hash]))
  const failures: CheckFailure[] = []
  let entries = 0
  let previous = { id: 0, hash: '' }
  for (;;) {
    const rows = await rowsAfter(catalog, { tenant, after: previous.id })
    for (const row of rows) {
      entries += 1
      const hash = auditHash(previous.hash, row)
      const at = `catalog.audit ${row.id}`
      if (hash !== row.hash)
        return { entries, failures: [{ what: 'the chain of the audit log', row: at, expected: hash, found: row.hash }] }
      const head = expected.get(row.id)
      expected.delete(row.id)
      if (head !== undefined && head !== hash)
        failures.push({ what: 'a recorded head of the audit log', row: at, expected: head, found: hash })
      previous = row
    }
    if (rows.length < ROWS_AT_ONCE) break
  }
  for (const [id, hash] of expected)
    failures.push({
      what: 'a recorded head of the audit log',
      row: `catalog.audit ${id}`,
      expected: hash,
      found: 'no entry',
    })
  return { entries, failures }
}

function rowsAfter(catalog: Catalog, { tenant, after }: { tenant: string; after: number }): Promise<AuditRow[]> {
  return catalog
    .selectFrom('audit')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('id', '>', after)
    .orderBy('id')
    .limit(ROWS_AT_ONCE)
    .execute()
}
