// The facts that a few pools and a service stand on, taken once out of all facts of a period: placed alone they come to what
// they come to among all others, so that nobody places a million services to say why one carries what it carries.
import { runsOf } from '../../warehouse/live-documents.ts'
import { readPoolDocuments, ruleSql } from './define-pools.ts'
import { make, type Near, type PeriodScope, pinned, RUNS_MAX, SERVICE_FACTS, stopIfCancelled } from './period-scope.ts'

/** So many rows are read where they stand, in place of all rows of their table. */
const PLACES_MAX = 20_000

/**
 * Makes `asked_service` (members of the pools on any day, services with charges that name them, the service, and '' for
 * charges on nobody) and the facts of these services, each table as `near_` and its name; then `near_pool`: every
 * pool that any of these may find.
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
     UNION SELECT c.service FROM charge AS c WHERE ${among(scope, 'charge', 'c')} AND c.pool IN (FROM ${scratch}.asked_pool)`,
    { tenant },
  )
  await readNear(scope)
  await storeNearPools(scope)
}

/** Condition on the rows of a fact, of which those of bills of other months are none. */
function among(scope: PeriodScope, table: (typeof SERVICE_FACTS)[number], alias: string): string {
  const billed = table === 'charge' ? scope.near?.billed : undefined
  const isShort = billed !== undefined && runsOf(billed).length <= RUNS_MAX
  return pinned(isShort ? { ...scope, documents: billed } : scope, alias)
}

/** The columns of a fact are read where a service is found, not in every row. */
async function readNear(scope: PeriodScope): Promise<void> {
  const { scratch, warehouse } = scope
  await warehouse.run(`SET dynamic_or_filter_threshold = ${PLACES_MAX}`)
  try {
    for (const table of SERVICE_FACTS)
      await make(
        scope,
        `near_${table}`,
        `SELECT * FROM ${table} WHERE rowid IN (
           SELECT f.rowid FROM ${table} AS f WHERE ${among(scope, table, 'f')} AND f.service IN (FROM ${scratch}.asked_service))`,
      )
  } finally {
    await warehouse.run('RESET dynamic_or_filter_threshold')
  }
}

/**
 * Pools are found by membership and by name; a charge on nobody looks among those of its account, and so may a line of a bill
 * of ours.
 */
async function storeNearPools(scope: PeriodScope): Promise<void> {
  const { scratch } = scope
  await make(
    scope,
    'near_pool',
    scope.rating?.areBillsCharges
      ? `SELECT DISTINCT p.pool FROM pool AS p WHERE ${pinned(scope, 'p')}`
      : `SELECT text AS pool FROM ${scratch}.asked_pool UNION SELECT pool FROM ${scratch}.near_pool_member
         UNION SELECT pool FROM ${scratch}.near_charge UNION SELECT pool FROM ${scratch}.near_usage
         UNION SELECT p.pool FROM pool AS p WHERE ${pinned(scope, 'p')} AND p.account IN (
           SELECT c.account FROM ${scratch}.near_charge AS c WHERE c.service = '')`,
  )
}

/** Makes a table of one column. */
async function storeTexts({ warehouse, scratch }: PeriodScope, table: string, texts: Iterable<string>): Promise<void> {
  await warehouse.run(`CREATE TABLE ${scratch}.${table} (text VARCHAR)`)
  const writer = await warehouse.writer(table, ['text'], scratch)
  for (const text of texts) writer.append([text])
  writer.close()
}
