// The heads of the audit log's chain, in a file beside the database: one line per publication. Copied elsewhere now and then,
// it proves that nobody wrote the database anew.
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { invariant } from '@spillway/core'
import type { Workspace } from '../workspace/workspace.ts'
import { type AuditHead, headOf } from './audit.ts'

export const AUDIT_HEADS_FILE = 'audit-heads.ndjson'

type RecordedHead = AuditHead & { readonly tenant: string; readonly at: string; readonly run: string }

/** After the publication is committed: a head that is missing after a crash proves less, a wrong one would prove nothing. */
export async function recordAuditHead(workspace: Workspace, { run }: { readonly run: string }): Promise<void> {
  const { directory, catalog, tenant, actor } = workspace
  const head = await headOf(catalog, tenant)
  invariant(head, 'a publication is in the audit log', { run })
  const line: RecordedHead = { tenant, at: actor.now().toISOString(), run, id: head.id, hash: head.hash }
  await appendFile(join(directory, AUDIT_HEADS_FILE), `${JSON.stringify(line)}\n`, { flush: true })
}

/** Those of the tenant. A last line that a crash cut off is not a head. */
export async function recordedAuditHeads({ directory, tenant }: Workspace): Promise<ReadonlyArray<AuditHead>> {
  const text = await readHeads(join(directory, AUDIT_HEADS_FILE))
  const lines = text.split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line) as RecordedHead).filter((head) => head.tenant === tenant)
}

async function readHeads(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}
