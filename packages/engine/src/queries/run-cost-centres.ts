// The cost centres as a run saw them: those of the documents that it pinned.
import type { CostCentre } from '@spillway/core'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { namesCte } from './names.ts'

type CentreRow = { cost_centre: string; parent: string; name: string; gl_code: string; budget: string }

/** One per id, ordered by id: a later document replaces an earlier one. */
export async function costCentresOfRun(
  { warehouse, tenant }: Pick<ScopedWorkspace, 'warehouse' | 'tenant'>,
  run: { readonly inputs: string },
): Promise<CostCentre[]> {
  // One row per cost centre.
  const rows = await warehouse.rows<CentreRow>(
    `WITH ${namesCte(run)} SELECT DISTINCT ON (cost_centre) cost_centre, parent, name, gl_code, budget FROM cost_centre
     WHERE tenant = $tenant AND doc IN (FROM live_document) ORDER BY cost_centre, doc DESC, ordinal DESC`,
    { tenant },
  )
  return rows.map(({ cost_centre, parent, name, gl_code, budget }) => ({
    fact: 'cost-centre',
    costCentre: cost_centre,
    parent,
    name,
    glCode: gl_code,
    budget,
    extra: {},
  }))
}
