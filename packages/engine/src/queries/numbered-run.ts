// By which number the rows of a run are found.
import type { RunTable } from '../catalog/tables.ts'
import type { NumberedRun } from '../warehouse/run-numbers.ts'
import type { ScopedWarehouse, ScopedWorkspace } from '../workspace/scope.ts'

type Held = Pick<ScopedWorkspace, 'tenant'> & { readonly warehouse: Pick<ScopedWarehouse, 'rows' | 'hasRunNumbers'> }

/** null for a run whose rows have names in place of it, as those of earlier versions of the warehouse, and for one without rows. */
export async function numberedRun(
  { warehouse, tenant }: Held,
  { id: run }: Pick<RunTable, 'id'>,
): Promise<NumberedRun | null> {
  if (!warehouse.hasRunNumbers) return null
  const [numbered] = await warehouse.rows<{ run_no: number }>(
    'SELECT run_no FROM run_number WHERE tenant = $tenant AND run = $run',
    { tenant, run },
  )
  return numbered ? { run, runNo: numbered.run_no } : null
}
