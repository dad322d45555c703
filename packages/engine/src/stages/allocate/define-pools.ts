// Which pools there are in a period and who is a member when: from pools.csv and pool_members.csv, and from documents of
// kind Pool, whose rules are answered by the inventory. A document replaces a pool of the same id that a file brought.
import {
  compareBytes,
  type Network,
  type PoolModel,
  Refusal,
  type TimeBand,
  toBaseUnits,
  type UsageType,
  type Zone,
} from '@spillway/core'
import type { Row } from '../../warehouse/warehouse.ts'
import { assignmentsSql } from '../roll-up/assignment-rows.ts'
import { factsOf, make, type PeriodScope, pinned } from './period-scope.ts'
import { type PoolDocument, parsePoolDocument } from './pool-document.ts'
import { storeServiceKeys } from './service-keys.ts'

export type DefinedPool = {
  /** Counts the pools in the order of their ids, so that sorting by it sorts by id. */
  readonly poolNo: number
  readonly pool: string
  readonly vendor: string
  readonly account: string
  readonly model: PoolModel
  readonly usageType: UsageType
  readonly allowanceBase: bigint | null
  readonly maxMembers: number | null
  readonly zone: Zone | ''
  readonly timeBand: TimeBand | ''
  readonly network: Network | ''
}

type PoolRow = Row & {
  pool: string
  vendor: string
  account: string
  model: PoolModel
  usage_type: UsageType
  allowance_base: bigint | null
  max_members: number | null
  zone: Zone | ''
  time_band: TimeBand | ''
  network: Network | ''
}

/** The ends of time for members without a first or last day; SQL compares them like any date. */
export const FIRST_DAY = '0001-01-01'
export const LAST_DAY = '9999-12-31'

export type PoolDefinitions = {
  readonly pools: ReadonlyArray<DefinedPool>
  readonly documents: ReadonlyArray<PoolDocument>
}

/**
 * Makes `pool`: one row per pool; `known`: what {@link readPools} gave of the scope, where somebody asked it before.
 *
 * @throws Refusal `bad-configuration` where a saved Pool document cannot be read.
 */
export async function definePools(scope: PeriodScope, known?: PoolDefinitions): Promise<PoolDefinitions> {
  const found = known ?? (await readPools(scope))
  await storePools(scope, found.pools)
  return found
}

/**
 * Every pool of the period, in the order of their ids; near some, those that their facts may find.
 *
 * @throws Refusal `bad-configuration` where a saved Pool document cannot be read.
 */
export async function readPools(scope: PeriodScope): Promise<PoolDefinitions> {
  const documents = readPoolDocuments(scope)
  const replaced = new Set(documents.map(({ name }) => name))
  const isNear = scope.near === undefined ? '' : `AND p.pool IN (FROM ${scope.scratch}.near_pool)`
  // One row per pool: the one imported last.
  const rows = await scope.warehouse.rows<PoolRow>(
    `SELECT DISTINCT ON (pool) pool, vendor, account, model, usage_type, allowance_base, max_members, zone, time_band, network
     FROM pool AS p WHERE ${pinned(scope, 'p')} ${isNear} ORDER BY pool, doc DESC, ordinal DESC`,
    { tenant: scope.tenant },
  )
  const unnumbered = [...rows.filter(({ pool }) => !replaced.has(pool)).map(fromRow), ...documents.map(fromDocument)]
  const pools = unnumbered
    .sort((left, right) => compareBytes(left.pool, right.pool))
    .map((pool, index): DefinedPool => ({ ...pool, poolNo: index + 1 }))
  return { pools, documents }
}

/** @throws Refusal `bad-configuration` where a saved Pool document cannot be read. */
export function readPoolDocuments({ configuration }: PeriodScope): PoolDocument[] {
  return configuration.filter(({ kind }) => kind === 'Pool').map(({ body }) => readDocument(body))
}

function readDocument(body: unknown): PoolDocument {
  const reading = parsePoolDocument(body)
  if (reading.ok) return reading.pool
  throw new Refusal('bad-configuration', `A saved Pool document cannot be read: ${reading.issues.join('; ')}.`, {
    hint: 'Apply a corrected document with `spillway apply -f FILE`.',
  })
}

function fromRow(row: PoolRow): Omit<DefinedPool, 'poolNo'> {
  return {
    pool: row.pool,
    vendor: row.vendor,
    account: row.account,
    model: row.model,
    usageType: row.usage_type,
    allowanceBase: row.allowance_base,
    maxMembers: row.max_members,
    zone: row.zone,
    timeBand: row.time_band,
    network: row.network,
  }
}

/** @throws Refusal `bad-configuration` where the body of a saved Pool document cannot be read. */
export const poolOfDocument = (body: unknown): Omit<DefinedPool, 'poolNo'> => fromDocument(readDocument(body))

function fromDocument(document: PoolDocument): Omit<DefinedPool, 'poolNo'> {
  return {
    pool: document.name,
    vendor: document.vendor ?? '',
    account: document.account ?? '',
    model: document.model,
    usageType: document['usage-type'],
    allowanceBase: toContribution(document.allowance ?? '', document.unit ?? '', document['usage-type']),
    maxMembers: document['max-members'] ?? null,
    zone: document.zone ?? '',
    timeBand: document['time-band'] ?? '',
    network: document.network ?? '',
  }
}

/** Base units; null where none is given. A quantity was checked when its row was imported or its document saved. */
function toContribution(text: string, unit: string, usageType: UsageType): bigint | null {
  if (text === '') return null
  const reading = toBaseUnits(text, unit, usageType)
  return reading.ok ? reading.base : null
}

/** The narrower of two pools has the greater narrowness, and takes what both could. */
async function storePools(scope: PeriodScope, pools: ReadonlyArray<DefinedPool>): Promise<void> {
  const texts = ['pool', 'vendor', 'account', 'model', 'usage_type', 'zone', 'time_band', 'network']
  const columns = ['pool_no', ...texts, 'max_members', 'narrowness']
  const typed = `pool_no INTEGER, ${texts.map((column) => `${column} VARCHAR`).join(', ')}, max_members INTEGER, narrowness INTEGER`
  await scope.warehouse.run(`CREATE TABLE ${scope.scratch}.pool (${typed})`)
  const writer = await scope.warehouse.writer('pool', columns, scope.scratch)
  for (const pool of pools)
    writer.append([
      pool.poolNo,
      pool.pool,
      pool.vendor,
      pool.account,
      pool.model,
      pool.usageType,
      pool.zone,
      pool.timeBand,
      pool.network,
      pool.maxMembers,
      (pool.zone === '' ? 0 : 4) + (pool.timeBand === '' ? 0 : 2) + (pool.network === '' ? 0 : 1),
    ])
  writer.close()
}

/**
 * Makes `service_key`, `repeated` (services with several rows in one pool), `member` (one row per pool, service and stretch
 * of days; the stretches of one service in one pool never overlap, and where rows do, the one that began last gives the
 * contribution) and `several` (services with several stretches in pools of one usage type).
 */
export async function storeMembers(scope: PeriodScope, { pools, documents }: PoolDefinitions): Promise<Members> {
  const { scratch, warehouse } = scope
  const columns = ['pool_no', 'service', 'contribution', 'unit', 'from_on', 'to_on']
  await warehouse.run(
    `CREATE TABLE ${scratch}.listed (pool_no INTEGER, service VARCHAR, contribution VARCHAR, unit VARCHAR, from_on DATE, to_on DATE)`,
  )
  const numbers = new Map(pools.map(({ pool, poolNo }) => [pool, poolNo]))
  const numberOf = (document: PoolDocument) => numbers.get(document.name) as number
  const writer = await warehouse.writer('listed', columns, scratch)
  for (const document of documents)
    for (const { service, contribution = '', unit = '', from = FIRST_DAY, to = LAST_DAY } of document.members ?? [])
      writer.append([numberOf(document), service, contribution, unit, from, to])
  writer.close()
  for (const document of documents) if (document.rule) await storeRuleMembers(scope, numberOf(document), document.rule)
  await storeServiceKeys(
    scope,
    `SELECT service FROM ${scratch}.listed UNION ALL SELECT m.service FROM ${factsOf(scope, 'pool_member')} AS m WHERE ${pinned(scope, 'm')}
     UNION ALL SELECT s.service FROM ${assignmentsSql(scope, 's')}`,
  )
  await storeContributions(scope, pools)
  return storeStretches(scope)
}

/** Whether `several` and `repeated` have any row. */
export type Members = { readonly hasSeveral: boolean; readonly hasRepeated: boolean }

/** A service belongs while the inventory says that it is what the rule asks for. */
async function storeRuleMembers(scope: PeriodScope, poolNo: number, rule: PoolRule): Promise<void> {
  const { where, parameters } = ruleSql(rule)
  await scope.warehouse.run(
    `INSERT INTO ${scope.scratch}.listed
     SELECT DISTINCT $pool_no::INTEGER, s.service, $contribution::VARCHAR, $unit::VARCHAR,
       coalesce(s.from_on, DATE '${FIRST_DAY}'), coalesce(s.to_on, DATE '${LAST_DAY}')
     FROM ${factsOf(scope, 'service')} AS s WHERE ${pinned(scope, 's')} ${where}`,
    {
      tenant: scope.tenant,
      pool_no: poolNo,
      contribution: rule.contribution ?? '',
      unit: rule.unit ?? '',
      ...parameters,
    },
  )
}

type PoolRule = NonNullable<PoolDocument['rule']>

/** What a rule asks of rows `s` of the inventory: conditions that begin with AND, and what they bind. */
export function ruleSql({ vendor, account, product, 'service-type': service_type }: PoolRule): {
  readonly where: string
  readonly parameters: Readonly<Record<string, string>>
} {
  const given = Object.entries({ vendor, account, product, service_type }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return {
    where: given.map(([column]) => `AND s.${column} = $${column}`).join(' '),
    parameters: Object.fromEntries(given),
  }
}

/** Makes `contribution`: base units of each text, unit and usage type that occur. */
async function storeContributions(scope: PeriodScope, pools: ReadonlyArray<DefinedPool>): Promise<void> {
  const { scratch, warehouse } = scope
  await warehouse.run(
    `CREATE TABLE ${scratch}.contribution (contribution VARCHAR, unit VARCHAR, usage_type VARCHAR, contribution_base BIGINT)`,
  )
  const usageTypes = new Set(pools.map(({ usageType }) => usageType))
  const distinct = await warehouse.rows<{ contribution: string; unit: string }>(
    `SELECT contribution, unit FROM ${scratch}.listed
     UNION SELECT m.contribution, m.unit FROM ${factsOf(scope, 'pool_member')} AS m WHERE ${pinned(scope, 'm')} ORDER BY ALL`,
    { tenant: scope.tenant },
  )
  const columns = ['contribution', 'unit', 'usage_type', 'contribution_base']
  const writer = await warehouse.writer('contribution', columns, scratch)
  for (const { contribution, unit } of distinct)
    for (const usageType of usageTypes)
      writer.append([contribution, unit, usageType, toContribution(contribution, unit, usageType) ?? 0n])
  writer.close()
}

async function storeStretches(scope: PeriodScope): Promise<Members> {
  const { scratch, warehouse } = scope
  await make(
    scope,
    'stint',
    `WITH row_of_member AS (
       SELECT pool_no, p.usage_type, l.service, l.contribution, l.unit, l.from_on, l.to_on
       FROM ${scratch}.listed AS l JOIN ${scratch}.pool AS p USING (pool_no)
       UNION ALL
       SELECT p.pool_no, p.usage_type, m.service, m.contribution, m.unit, coalesce(m.from_on, DATE '${FIRST_DAY}'), coalesce(m.to_on, DATE '${LAST_DAY}')
       FROM ${factsOf(scope, 'pool_member')} AS m JOIN ${scratch}.pool AS p ON p.pool = m.pool WHERE ${pinned(scope, 'm')})
     SELECT l.pool_no, k.service_no, l.from_on, l.to_on, c.contribution_base, l.usage_type
     FROM row_of_member AS l JOIN ${scratch}.contribution AS c
       ON c.contribution = l.contribution AND c.unit = l.unit AND c.usage_type = l.usage_type
     JOIN ${scratch}.service_key AS k ON k.service = l.service
     WHERE l.from_on < l.to_on`,
  )
  const several = await storeSeveral(scope, 'stint')
  // Rows of one service in one pool are rows of one usage type.
  const ofSeveral = several === 0 ? 'false' : `service_no IN (SELECT service_no FROM ${scratch}.several)`
  const repeated = await make(
    scope,
    'repeated',
    `SELECT pool_no, service_no FROM ${scratch}.stint WHERE ${ofSeveral} GROUP BY ALL HAVING count(*) > 1`,
  )
  if (repeated === 0) {
    await warehouse.run(`ALTER TABLE ${scratch}.stint RENAME TO member`)
    return { hasSeveral: several > 0, hasRepeated: false }
  }
  // Services with several rows in one pool are cut at every bound; of the rows in force the one that began last counts.
  await make(
    scope,
    'member',
    `WITH counted AS (SELECT s.* FROM ${scratch}.stint AS s SEMI JOIN ${scratch}.repeated USING (pool_no, service_no)),
     bound AS (SELECT DISTINCT pool_no, service_no, unnest([from_on, to_on]) AS on_date FROM counted),
     piece AS (SELECT pool_no, service_no, on_date AS from_on,
         lead(on_date) OVER (PARTITION BY pool_no, service_no ORDER BY on_date) AS to_on FROM bound),
     cut AS (SELECT p.pool_no, p.service_no, p.from_on, p.to_on,
         max({'from_on': s.from_on, 'to_on': s.to_on, 'contribution_base': s.contribution_base}).contribution_base AS contribution_base,
         any_value(s.usage_type) AS usage_type
       FROM piece AS p JOIN counted AS s
         ON s.pool_no = p.pool_no AND s.service_no = p.service_no AND s.from_on <= p.from_on AND p.to_on <= s.to_on
       WHERE p.to_on IS NOT NULL GROUP BY p.pool_no, p.service_no, p.from_on, p.to_on)
     SELECT pool_no, service_no, from_on, to_on, contribution_base, usage_type
     FROM ${scratch}.stint ANTI JOIN ${scratch}.repeated USING (pool_no, service_no)
     UNION ALL SELECT pool_no, service_no, from_on, to_on, contribution_base, usage_type FROM cut`,
  )
  await warehouse.run(`DROP TABLE ${scratch}.several`)
  return { hasSeveral: (await storeSeveral(scope, 'member')) > 0, hasRepeated: true }
}

/** Makes `several`: services with several rows in pools of one usage type; contested where the pools are several too. */
async function storeSeveral(scope: PeriodScope, table: 'stint' | 'member'): Promise<number> {
  const { scratch } = scope
  return make(
    scope,
    'several',
    `WITH repeats AS (SELECT service_no FROM ${scratch}.${table} GROUP BY service_no HAVING count(*) > 1)
     SELECT service_no, usage_type, min(pool_no) <> max(pool_no) AS is_contested
     FROM ${scratch}.${table} SEMI JOIN repeats USING (service_no) GROUP BY service_no, usage_type HAVING count(*) > 1`,
  )
}
