// What a run has of one service, read by its number: a look for its name would read the names of all.
import type { RunTable } from '../../catalog/tables.ts'
import { type ResultView, rowsOfViewSql } from '../../warehouse/result-tables.ts'
import { unscoped } from '../../workspace/scopes.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { servicePlaces } from '../filter/service-places.ts'

/** A query of the columns of a view; binds $tenant and $run, and $service where it reads names. */
export type OwnRowsSql = (view: ResultView) => string

export async function ownRows(
  workspace: Workspace,
  { run, service }: { readonly run: RunTable; readonly service: string },
): Promise<OwnRowsSql> {
  const filter = new Map([['service', [service]]])
  const [place] = (await servicePlaces(unscoped(workspace), { runs: [run.id], filter })) ?? []
  if (place === undefined)
    return (view) => `SELECT * FROM ${view} WHERE tenant = $tenant AND run = $run AND service = $service`
  const own = `service_no = ${place.serviceNo}`
  const { runNo } = place
  const parts = `part_no IN (SELECT part_no FROM allocation_row_stored WHERE run_no = ${runNo} AND ${own})`
  return (view) => rowsOfViewSql(view, { runNo, where: own, services: own, parts })
}
