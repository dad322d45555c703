// What others are told when files were imported, or were not.
import { announce, type Catalog, type JobTable } from '@spillway/engine'
import { outcomeOf, requestOf } from './job-row.ts'

/** Within the transaction that ends the job. Refused files make it a failure; files that held nothing new do not. */
export async function announceImport(transaction: Catalog, row: JobTable): Promise<void> {
  if (row.state === 'cancelled') return
  const { result, problem } = outcomeOf(row)
  const files = (result?.files ?? []) as ReadonlyArray<{ outcome: string }>
  const isFailed = row.state === 'failed' || files.some(({ outcome }) => outcome === 'refused')
  const { subject } = requestOf(row)
  const body = { job: row.id, subject, problem, result }
  const event = { tenant: row.tenant, at: row.ended_at ?? row.created_at, subject, body, identity: row.id }
  await announce(transaction, [{ ...event, type: isFailed ? 'import.failed' : 'import.finished' }])
}
