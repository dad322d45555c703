// The facts that a few pools and a service stand on, taken once out of all facts of a period: placed alone they come to what
// they come to among all others, so that nobody places a million services to say why one carries what it carries.
import { runsOf } from '../../warehouse/live-documents.ts'
import { literal } from '../../warehouse/sql-literal.ts'
import { type PoolDefinitions, readPoolDocuments, readPools, ruleSql } from './define-pools.ts'
import { askTexts, atPlaces, makeNearRows } from './near-rows.ts'
import {
  beside,
  make,
  type Near,
  type PeriodScope,
  pinned,
  RUNS_MAX,
  SERVICE_FACTS,
  stopIfCancelled,
  storeTexts,
} from './period-scope.ts'
import type { PoolDocument } from './pool-document.ts'

/**
 * Makes `asked_service` (members of the pools on any day, services with charges that name them, the service, and '' for
 * charges on nobody) and the facts of these services, each table as `near_` and its name; then `near_pool`: every
 * pool that any of these may find.
 *
 * Where a charge or a usage row goes depends on the memberships of its own service, which are all here; so what the pools have
 * and the days that they are about are those of the whole period. Of other pools they are not, but for their rivals.
 *
 * Gives the pools where they were read with no more facts than these.
 *
 * @throws Refusal `bad-configuration` where a saved Pool document cannot be read, `cancelled`.
 */
export async function storeNearFacts(scope: PeriodScope, near: Near): Promise<PoolDefinitions | undefined> {
  const { scratch, warehouse } = scope
  stopIfCancelled(scope.signal)
  await askAbout(scope, { pools: near.pools, service: near.service })
  const defined = await readPools(scope)
  const rivals = await rivalPools(scope, near.pools, defined)
  if (rivals.length === 0) return defined
  const tables = ['asked_pool', 'asked_service', 'near_pool', ...SERVICE_FACTS.map((table) => `near_${table}`)]
  await warehouse.run(tables.map((table) => `DROP TABLE ${scratch}.${table}`).join('; '))
  await askAbout(scope, { pools: [...near.pools, ...rivals], service: near.service })
  return undefined
}

async function askAbout(scope: PeriodScope, { pools, service }: Pick<Near, 'pools' | 'service'>): Promise<void> {
  const { scratch, warehouse, tenant } = scope
  const asked = new Set(pools)
  const documents = readPoolDocuments(scope).filter(({ name }) => asked.has(name))
  await storeTexts(scope, 'asked_pool', pools)
  await storeTexts(scope, 'asked_service', [
    ...['', service ?? ''],
    ...documents.flatMap(({ members = [] }) => members.map((member) => member.service)),
  ])
  for (const { rule } of documents) {
    if (rule === undefined) continue
    const { where, parameters } = ruleSql(rule)
    await warehouse.run(
      `INSERT INTO ${scratch}.asked_service SELECT s.service FROM service AS s WHERE ${pinned(scope, 's')} ${where}`,
      { tenant, ...parameters },
    )
  }
  await atPlaces(scope, async () => {
    await askMembers(scope)
    await readNear(scope)
  })
  await storeNearPools(scope)
}

/**
 * Other pools of the same usage types that have a line of these too: usage goes to the narrowest that takes it, on the days that
 * one is about, and these follow from the bills that any of its own lines is on.
 */
async function rivalPools(
  scope: PeriodScope,
  asked: ReadonlyArray<string>,
  { pools, documents }: PoolDefinitions,
): Promise<ReadonlyArray<string>> {
  const { scratch, warehouse } = scope
  const own = new Set(asked)
  const usageTypes = new Set(pools.filter(({ pool }) => own.has(pool)).map(({ usageType }) => usageType))
  const others = pools.filter(({ pool, usageType }) => !own.has(pool) && usageTypes.has(usageType))
  if (others.length === 0) return []
  // One row per pool that a file gives a line of these.
  const rows = await warehouse.rows<{ pool: string }>(`SELECT DISTINCT pool FROM ${scratch}.near_pool_member`)
  const shared = new Set(rows.map(({ pool }) => pool))
  const candidates = new Set(others.map(({ pool }) => pool))
  for (const document of documents)
    if (candidates.has(document.name) && (await hasAsked(scope, document))) shared.add(document.name)
  return [...candidates].filter((pool) => shared.has(pool))
}

/** Whether a document gives its pool any of the services that are asked about. */
async function hasAsked(scope: PeriodScope, { members = [], rule }: PoolDocument): Promise<boolean> {
  const { scratch, warehouse, tenant } = scope
  const of: { sql: string; parameters: Readonly<Record<string, string>> }[] = []
  if (rule !== undefined) {
    const { where, parameters } = ruleSql(rule)
    of.push({
      sql: `SELECT 1 FROM ${scratch}.near_service AS s WHERE ${pinned(scope, 's')} ${where} LIMIT 1`,
      parameters: { tenant, ...parameters },
    })
  }
  if (members.length > 0) {
    const listed = members.map(({ service }) => literal(service)).join(', ')
    of.push({ sql: `SELECT 1 FROM ${scratch}.asked_service WHERE text IN (${listed}) LIMIT 1`, parameters: {} })
  }
  for (const { sql, parameters } of of) if ((await warehouse.rows(sql, parameters)).length > 0) return true
  return false
}

/** Services that a file gives the pools that are asked about, and those with charges that name one of these. */
async function askMembers(scope: PeriodScope): Promise<void> {
  const { scratch, warehouse } = scope
  const texts = await askTexts(scope, `SELECT text FROM ${scratch}.asked_pool`)
  const of = { column: 'pool', only: 'service', texts } as const
  const named = ['member_of_pool', 'charge_of_pool'] as const
  await makeNearRows(scope, { ...of, table: 'pool_member', as: named[0] })
  await makeNearRows(amongBilled(scope), { ...of, table: 'charge', as: named[1] })
  const [members, charges] = named.map((table) => `${scratch}.${table}`)
  await warehouse.run(
    `INSERT INTO ${scratch}.asked_service SELECT service FROM ${members} UNION SELECT service FROM ${charges};
     DROP TABLE ${members}; DROP TABLE ${charges}`,
  )
}

/** Charges of bills of other months are none of the period. */
function amongBilled(scope: PeriodScope): PeriodScope {
  const billed = scope.near?.billed
  return billed !== undefined && runsOf(billed).length <= RUNS_MAX ? { ...scope, documents: billed } : scope
}

/** About half of the work, so that the others take as long. */
const READ_BESIDE: ReadonlySet<(typeof SERVICE_FACTS)[number]> = new Set(['usage', 'service'])

/** What nobody reads of near facts: each column that is read of a few rows is unpacked for the thousands around each of them. */
const UNREAD: Readonly<Record<(typeof SERVICE_FACTS)[number], ReadonlyArray<string>>> = {
  charge: ['invoice_line', 'quantity', 'unit', 'extra', 'digest'],
  usage: ['account_code', 'peer', 'app', 'participants', 'extra', 'digest'],
  service: ['extra', 'digest'],
  pool_member: ['extra', 'digest'],
}

async function readNear(scope: PeriodScope): Promise<void> {
  const texts = await askTexts(scope, `SELECT text FROM ${scope.scratch}.asked_service`)
  const read = async (own: PeriodScope, tables: ReadonlyArray<(typeof SERVICE_FACTS)[number]>) => {
    for (const table of tables) {
      const among = table === 'charge' ? amongBilled(own) : own
      await makeNearRows(among, { table, column: 'service', as: `near_${table}`, texts, without: UNREAD[table] })
    }
  }
  await beside(
    scope,
    (first) =>
      read(
        first,
        SERVICE_FACTS.filter((table) => !READ_BESIDE.has(table)),
      ),
    (second) => atPlaces(second, () => read(second, [...READ_BESIDE])),
  )
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
