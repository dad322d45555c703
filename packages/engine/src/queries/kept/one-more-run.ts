// What services carry in a run that speaks for its month no more, such as the one that a later close is compared with: of one such
// run at a time, beside those that are kept for good.
import type { RunTable } from '../../catalog/tables.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { wholeWorkspaceOf } from '../../workspace/scopes.ts'
import type { KeptSums } from '../kept-sums.ts'
import { numberedRun } from '../numbered-run.ts'
import { readServiceSums } from './read-service-sums.ts'
import { readRunNames } from './run-names.ts'
import type { ServiceSums } from './service-sums.ts'

type OneMore = { readonly run: string; readonly services: Promise<ServiceSums | null> }
const kept = new WeakMap<KeptSums, OneMore>()

/** Made by whoever asks first, in place of that of another run; null for a run in words alone, and for what is not added in memory. */
export async function servicesOfOneMore(
  workspace: ScopedWorkspace,
  run: Pick<RunTable, 'id'>,
): Promise<ServiceSums | null> {
  const { sums } = workspace
  if (!sums) return null
  const known = kept.get(sums)
  if (known?.run === run.id) return known.services
  const services = read(workspace, run)
  kept.set(sums, { run: run.id, services })
  // What failed, as that of somebody who went away, is asked for again.
  services.catch(() => kept.delete(sums))
  return services
}

async function read(workspace: ScopedWorkspace, { id: run }: Pick<RunTable, 'id'>): Promise<ServiceSums | null> {
  // Who has sums sees the whole tenant.
  const { warehouse, tenant } = wholeWorkspaceOf(workspace)
  const numbered = await numberedRun({ warehouse, tenant }, { id: run })
  const names = numbered ? await readRunNames(warehouse, { tenant, run }) : null
  return numbered && names ? readServiceSums(warehouse, { tenant, run, runNo: numbered.runNo, names }) : null
}
