// The facts that a few pools and a service stand on, taken once out of all facts of a period: placed alone they come to what
// they come to among all others, so that nobody places a million services to say why one carries what it carries.
import { readPoolDocuments, ruleSql } from './define-pools.ts'
import { make, type Near, type PeriodScope, pinned, SERVICE_FACTS, stopIfCancelled } from './period-scope.ts'

/**
 * Makes `asked_service` (members of the pools on any day, services with charges that name them, the service, and '' for
 * charges on nobody) and the facts of these services, each table as `near_` and its name.
 *
 * Where a charge or a usage row goes depends on the memberships of its own service, which are all here; so what the pools have
 * and the days that they are about are those of the whole period. Of other pools they are not.
 *
 * @throws Refusal `bad-configuration` where a saved Pool document cannot be read, `cancelled`.
 */
export async function storeNearFacts(scope: PeriodScope, near: Near): Promise<void> {
  const { scratch, warehouse, tenant } = scope
  stopIfCancelled(scope.signal)
  const documents = readPoolDocuments(scope).filter(({ name }) => near.pools.includes(name))
  await storeTexts(scope, 'asked_pool', near.pools)
  await storeTexts(scope, 'asked_service', [
    ...['', near.service ?? ''],
    ...documents.flatMap(({ members = [] }) => members.map(({ service }) => service)),
  ])
  for (const { rule } of documents) {
    if (rule === undefined) continue
    const { where, parameters } = ruleSql(rule)
    await warehouse.run(
      `INSERT INTO ${scratch}.asked_service SELECT s.service FROM service AS s WHERE ${pinned(scope, 's')} ${where}`,
      { tenant, ...parameters },
    )
  }
  await warehouse.run(
    `INSERT INTO ${scratch}.asked_service
     SELECT m.service FROM pool_member AS m WHERE ${pinned(scope, 'm')} AND m.pool IN (FROM ${scratch}.asked_pool)
     UNION SELECT c.service FROM charge AS c WHERE ${pinned(scope, 'c')} AND c.pool IN (FROM ${scratch}.asked_pool)`,
    { tenant },
  )
  for (const table of SERVICE_FACTS)
    await make(
      scope,
      `near_${table}`,
      `SELECT f.* FROM ${table} AS f WHERE ${pinned(scope, 'f')} AND f.service IN (FROM ${scratch}.asked_service)`,
    )
}

/** Makes a table of one column. */
async function storeTexts({ warehouse, scratch }: PeriodScope, table: string, texts: Iterable<string>): Promise<void> {
  await warehouse.run(`CREATE TABLE ${scratch}.${table} (text VARCHAR)`)
  const writer = await warehouse.writer(table, ['text'], scratch)
  for (const text of texts) writer.append([text])
  writer.close()
}
