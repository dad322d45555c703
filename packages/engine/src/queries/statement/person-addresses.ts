// Where the statements of people go: the address of each in the directory, as the run of the period saw it.
import type { Period } from '@spillway/core'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { currentRun } from '../current-run.ts'
import { namesCte } from '../names.ts'

/** By employee; who has no address is not in it. @throws Refusal `period-not-closed`. */
export async function personAddresses(
  workspace: ScopedWorkspace,
  { period }: { readonly period: Period },
): Promise<ReadonlyMap<string, string>> {
  const { warehouse, tenant } = workspace
  const run = await currentRun(workspace, period)
  // One row per employee: the address that holds last.
  const rows = await warehouse.rows<{ employee: string; email: string }>(
    `WITH ${namesCte(run)} SELECT employee, arg_max(email, coalesce(from_on, DATE '0001-01-01')) AS email
     FROM person WHERE tenant = $tenant AND doc IN (FROM live_document) AND email <> '' GROUP BY employee`,
    { tenant },
  )
  return new Map(rows.map(({ employee, email }) => [employee, email]))
}
