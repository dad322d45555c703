// What rating stored of one account, one service or some services of a run, read by numbers: a look for names in every row would put
// those of a million services beside them.
import type { RunTable } from '../catalog/tables.ts'
import { isOfSubjectSql, type RatedRowsOf, type RatedView, ratedRowsOfSql } from '../warehouse/rated-tables.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { numberedRun } from './numbered-run.ts'

/** Without a scope everything may be seen. */
type Held = Pick<ScopedWorkspace, 'warehouse' | 'tenant'> & { readonly scope?: ScopedWorkspace['scope'] }
type Asked = Pick<RatedRowsOf, 'of' | 'accounts'> & { readonly view: RatedView; readonly run: Pick<RunTable, 'id'> }

/**
 * A query of the columns of the view and no others; binds $tenant and $run, and $account or $service where it is of one. In a scope of some rows it is
 * the view, of which the scope shows its part.
 */
export async function ratedRowsSql(
  { warehouse, tenant, scope }: Held,
  { view, run, of, accounts }: Asked,
): Promise<string> {
  const isWhole = scope?.isWholeTenant !== false && warehouse.hasRatedRunNumbers
  const numbered = isWhole ? await numberedRun({ warehouse, tenant }, run) : null
  return numbered === null
    ? `SELECT * EXCLUDE (tenant, run) FROM ${view} WHERE tenant = $tenant AND run = $run AND ${isOfSubjectSql(of)}`
    : ratedRowsOfSql(view, { runNo: numbered.runNo, of, accounts })
}
