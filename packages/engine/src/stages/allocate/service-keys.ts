// Numbers for the services of a period, so that millions of rows are joined and grouped by integers and the ids stand in
// one table. A number means nothing outside its scratch database, and no result depends on which service has which.
import { make, type PeriodScope, stopIfCancelled } from './period-scope.ts'

/** The number of the empty service: an account-level charge. */
export const NO_SERVICE = 0

/** Makes `service_key`: one row per service that the query names (one column, `service`; binds `$tenant`), and one for ''. */
export async function storeServiceKeys(scope: PeriodScope, query: string): Promise<void> {
  await make(
    scope,
    'service_key',
    `SELECT (row_number() OVER ())::INTEGER AS service_no, service FROM (SELECT DISTINCT service FROM (${query})) WHERE service <> ''
     UNION ALL SELECT ${NO_SERVICE}, ''`,
  )
}

/** Adds the services of the query that have no number yet. */
export async function addServiceKeys(scope: PeriodScope, query: string): Promise<void> {
  const { scratch, tenant } = scope
  stopIfCancelled(scope.signal)
  await scope.warehouse.run(
    `INSERT INTO ${scratch}.service_key
     SELECT ((SELECT max(service_no) FROM ${scratch}.service_key) + row_number() OVER ())::INTEGER, service
     FROM (SELECT DISTINCT q.service FROM (${query}) AS q ANTI JOIN ${scratch}.service_key AS s ON s.service = q.service)`,
    query.includes('$tenant') ? { tenant } : {},
  )
}
