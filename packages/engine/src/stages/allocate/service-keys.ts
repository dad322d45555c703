// Numbers for the services of a period, so that millions of rows are joined and grouped by integers and the ids stand in
// one table. Members of pools are numbered in the order of their ids, which ties go by, and before all others.
import { make, type PeriodScope, stopIfCancelled } from './period-scope.ts'

/** The number of the empty service: an account-level charge. */
export const NO_SERVICE = 0

/** Makes `service_key`: one row per service that the query names (one column, `service`; binds `$tenant`), and one for ''. */
export async function storeServiceKeys(scope: PeriodScope, query: string): Promise<void> {
  await make(
    scope,
    'service_key',
    `SELECT (row_number() OVER (ORDER BY service))::INTEGER AS service_no, service
     FROM (SELECT DISTINCT service FROM (${query})) WHERE service <> '' UNION ALL SELECT ${NO_SERVICE}, ''`,
  )
}

/**
 * Numbers the services in `new_service` of a table, which have none yet, and fills them in as its `service_no`. Says whether
 * any row is about no service.
 */
export async function giveNumbers(scope: PeriodScope, table: string): Promise<{ readonly hasNobodys: boolean }> {
  const { scratch, warehouse } = scope
  stopIfCancelled(scope.signal)
  const { has_new: hasNew, has_nobodys: hasNobodys } = await warehouse.row<{ has_new: boolean; has_nobodys: boolean }>(
    `SELECT count(new_service) > 0 AS has_new, coalesce(bool_or(service_no = ${NO_SERVICE}), false) AS has_nobodys
     FROM ${scratch}.${table}`,
  )
  if (!hasNew) return { hasNobodys }
  await warehouse.run(
    `INSERT INTO ${scratch}.service_key
     SELECT ((SELECT max(service_no) FROM ${scratch}.service_key) + row_number() OVER (ORDER BY service))::INTEGER, service
     FROM (SELECT DISTINCT new_service AS service FROM ${scratch}.${table} WHERE new_service IS NOT NULL)`,
  )
  await warehouse.run(
    `UPDATE ${scratch}.${table} SET service_no = s.service_no FROM ${scratch}.service_key AS s WHERE s.service = new_service`,
  )
  return { hasNobodys }
}
