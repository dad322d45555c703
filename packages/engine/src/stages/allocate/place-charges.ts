// Which charges belong to the period, and which pool each of them finds (spec, allocation, "Pools").
// A vendor may call pools of several usage types alike, or otherwise than they are defined here: a charge that names no
// pool of its usage type is placed as if it named none.
// Where pools narrowed to a zone meet wider ones: a charge of category roaming, international or long-distance goes to a
// pool narrowed to that zone before a pool without a zone, and never to one of another zone; any other charge goes to a
// pool without a zone, before a domestic one, before others. Within these, the pool without time band and network first.
import { BILL, type BillDates, billDatesSql, DISTINCT_DATES, datedPeriodCte } from '../../queries/bill-period.ts'
import { literal } from '../../warehouse/sql-literal.ts'
import type { Members } from './define-pools.ts'
import { leavePoolsOfOthers, type OwnBills, readOwnBills } from './own-bills.ts'
import { factsOf, make, type PeriodScope, pinned, show } from './period-scope.ts'
import { giveNumbers, NO_SERVICE } from './service-keys.ts'

/** The zone that a category of charge is about. */
const ZONE_OF_CHARGE = `CASE WHEN category IN ('roaming', 'international', 'long-distance') THEN category ELSE '' END`

const RANKS = [0, 1, 2, 3, 4, 5]

/** 0 is best; NULL where the pool cannot take the charge. `charge_zone` is the zone of the charge's category. */
const RANK = `CASE
    WHEN p.zone = k.charge_zone THEN 0
    WHEN k.charge_zone <> '' AND p.zone = '' THEN 2
    WHEN k.charge_zone <> '' THEN NULL
    WHEN p.zone = 'domestic' THEN 2
    ELSE 4 END + (p.time_band <> '' OR p.network <> '')::INTEGER`

/** The first and last pool number of the best rank that has any: one pool where they are the same. */
function bestOf(side: 'min' | 'max'): string {
  return `coalesce(${RANKS.map((rank) => `${side}(pool_no) FILTER (rank = ${rank})`).join(', ')})`
}

export type Bills = {
  readonly own: OwnBills
  /** The columns that tell a bill from another, and a kind of charge from another: any other has one value in all rows. */
  readonly keys: { readonly bill: ReadonlyArray<string>; readonly kind: ReadonlyArray<string> }
}

/**
 * Makes `bill` (one row per invoice of the period, numbered in the order of vendor, account and invoice) and `charge_kind`
 * (one row per combination of all that few charges differ in). Needs `pool`.
 */
export async function readBills(scope: PeriodScope): Promise<Bills> {
  const own = await readOwnBills(scope)
  await storeBills(scope, own)
  await storeKinds(scope, own)
  // Our own bills stand in no document, so that nothing is known of what they have in common with those that do.
  const bill = own.bills === '' ? await varying(scope, 'bill_dates', BILL_KEY) : BILL_KEY
  return { own, keys: { bill, kind: await varying(scope, 'charge_kind', KIND_KEY) } }
}

const BILL_KEY = ['invoice', 'account', 'vendor']
const KIND_KEY = ['category', 'usage_type', 'product', 'named_pool', 'currency']

/** The columns that have several values in a table, and its first: a million texts need not be compared with one. */
async function varying({ warehouse, scratch }: PeriodScope, table: string, columns: ReadonlyArray<string>) {
  const found = await warehouse.row<Record<string, boolean>>(
    `SELECT ${columns.map((column) => `coalesce(min(${column}) <> max(${column}), false) AS ${column}`).join(', ')} FROM ${scratch}.${table}`,
  )
  return columns.filter((column, index) => index === 0 || found[column])
}

/**
 * Makes `charge_row`: one row per charge of the period's invoices, payments left out, with `pool_no`, NULL where it finds no pool, and `candidates`, how many pools the best rank has (0, 1,
 * 2 for several) where the charge had to look for one. The view `charge` shows it with names.
 */
export async function placeCharges(scope: PeriodScope, { own, keys }: Bills, { hasSeveral }: Members): Promise<void> {
  const { hasNobodys } = await storeBilled(scope, { own, keys })
  const look = { bySeveral: hasSeveral, byAccount: hasNobodys }
  await findPools(scope, look)
  await make(scope, 'charge_row', placedSql(scope.scratch, look))
  await leavePoolsOfOthers(scope, own)
  await show(
    scope,
    'charge',
    `SELECT c.doc, c.ordinal, b.vendor, b.account, b.invoice, k.currency, s.service, k.named_pool, k.category, k.usage_type,
       k.product, c.amount_minor, c.start_on, c.end_on, c.pool_no, c.candidates
     FROM ${scope.scratch}.charge_row AS c JOIN ${scope.scratch}.bill AS b USING (bill_no)
     JOIN ${scope.scratch}.charge_kind AS k USING (kind_no) JOIN ${scope.scratch}.service_key AS s USING (service_no)`,
  )
}

/** Leaves out of `charge_row` what found no pool, or one without a segment among these. */
export async function leaveChargesOfOthers(
  { warehouse, scratch }: PeriodScope,
  segments: ReadonlyArray<{ readonly pool: { readonly poolNo: number } }>,
): Promise<void> {
  await warehouse.run(`CREATE TABLE ${scratch}.only_pool (pool_no INTEGER)`)
  const writer = await warehouse.writer('only_pool', ['pool_no'], scratch)
  for (const poolNo of new Set(segments.map(({ pool }) => pool.poolNo))) writer.append([poolNo])
  writer.close()
  await warehouse.run(
    `DELETE FROM ${scratch}.charge_row WHERE pool_no IS NULL OR pool_no NOT IN (FROM ${scratch}.only_pool)`,
  )
}

/** Of a bill of ours that was imported too there is one, so that no charge stands on two. */
const ONE_PER_BILL = 'SELECT DISTINCT ON (vendor, account, invoice, period) * FROM'
const EARLIER_DATES = 'ORDER BY vendor, account, invoice, period, period_start_on, period_end_on, issued_on'

async function storeBills(scope: PeriodScope, own: OwnBills): Promise<void> {
  const { scratch, period, warehouse } = scope
  await make(scope, 'bill_dates', scope.billDates ?? billDatesSql(pinned(scope, 'f')))
  const distinct = await warehouse.rows<BillDates>(DISTINCT_DATES.replace('bill_dates', `${scratch}.bill_dates`))
  await make(
    scope,
    'bill',
    `WITH bill_dates AS (FROM ${scratch}.bill_dates), ${datedPeriodCte(distinct)}, every AS (${own.bills === '' ? BILL : `${ONE_PER_BILL} (FROM (${BILL}) ${own.bills}) ${EARLIER_DATES}`})
     SELECT (row_number() OVER (ORDER BY vendor, account, invoice))::INTEGER AS bill_no, * EXCLUDE (period)
     FROM every WHERE period = ${literal(period.name)}`,
  )
}

/** `sort_no` counts currency, category and usage type in their order, `currency_no` currencies. */
async function storeKinds(scope: PeriodScope, own: OwnBills): Promise<void> {
  await make(
    scope,
    'charge_kind',
    `SELECT (row_number() OVER ())::INTEGER AS kind_no, k.*, p.pool_no AS named_no, ${ZONE_OF_CHARGE} AS charge_zone,
       (dense_rank() OVER (ORDER BY k.currency))::INTEGER AS currency_no,
       (dense_rank() OVER (ORDER BY k.currency, k.category, k.usage_type))::INTEGER AS sort_no
     FROM (SELECT DISTINCT c.currency, c.category, c.usage_type, c.product, c.pool AS named_pool
       FROM ${factsOf(scope, 'charge')} AS c WHERE ${pinned(scope, 'c')} AND c.category <> 'payment' ${own.kinds}) AS k
     LEFT JOIN ${scope.scratch}.pool AS p ON p.pool = k.named_pool AND k.usage_type IN ('', p.usage_type)`,
  )
}

/** Makes `billed`, one row per charge of the period's bills, and gives services that only charges name their numbers. */
async function storeBilled(scope: PeriodScope, { own, keys }: Bills): Promise<{ readonly hasNobodys: boolean }> {
  const { scratch } = scope
  await make(
    scope,
    'billed',
    `SELECT c.doc, c.ordinal, b.bill_no, k.kind_no, s.service_no, CASE WHEN s.service_no IS NULL THEN c.service END AS new_service,
       c.amount_minor, c.period_start_on AS start_on, c.period_end_on AS end_on
     FROM ${factsOf(scope, 'charge')} AS c
     JOIN ${scratch}.bill AS b ON ${keys.bill.map((column) => `b.${column} = c.${column}`).join(' AND ')}
     JOIN ${scratch}.charge_kind AS k ON ${keys.kind.map((column) => `k.${column} = c.${column === 'named_pool' ? 'pool' : column}`).join(' AND ')}
     LEFT JOIN ${scratch}.service_key AS s ON s.service = c.service
     WHERE ${pinned(scope, 'c')} AND c.category <> 'payment' ${own.charges}`,
  )
  return giveNumbers(scope, 'billed')
}

/** Where pools are looked for beside the service's only membership. */
type Look = { readonly bySeveral: boolean; readonly byAccount: boolean }

/** The pools of the charges that cannot be placed by their service's only membership. */
async function findPools(scope: PeriodScope, look: Look): Promise<void> {
  if (look.bySeveral) await findBySeveral(scope)
  if (look.byAccount) await findByAccount(scope)
}

async function findBySeveral(scope: PeriodScope): Promise<void> {
  const { scratch } = scope
  // One row per service with several memberships, kind and days that charges have. A membership on any of those days counts.
  await make(
    scope,
    'found_by_service',
    `WITH k AS (SELECT DISTINCT b.service_no, b.kind_no, b.start_on, b.end_on, h.usage_type, h.charge_zone
         FROM ${scratch}.billed AS b JOIN ${scratch}.charge_kind AS h USING (kind_no)
         SEMI JOIN ${scratch}.several AS v ON v.service_no = b.service_no AND v.usage_type = h.usage_type
         WHERE h.named_no IS NULL),
     candidate AS (SELECT k.*, m.pool_no, ${RANK} AS rank
       FROM k JOIN ${scratch}.member AS m ON m.service_no = k.service_no AND m.usage_type = k.usage_type
         AND m.from_on < k.end_on AND m.to_on > k.start_on
       JOIN ${scratch}.pool AS p ON p.pool_no = m.pool_no)
     SELECT service_no, kind_no, start_on, end_on, ${bestOf('min')} AS first_no, ${bestOf('max')} AS last_no
     FROM candidate WHERE rank IS NOT NULL GROUP BY ALL`,
  )
}

async function findByAccount(scope: PeriodScope): Promise<void> {
  const { scratch } = scope
  // One row per bill and kind that charges without a service have.
  await make(
    scope,
    'found_by_account',
    `WITH k AS (SELECT DISTINCT b.bill_no, b.kind_no, i.vendor, i.account, h.usage_type, h.charge_zone
         FROM ${scratch}.billed AS b JOIN ${scratch}.charge_kind AS h USING (kind_no) JOIN ${scratch}.bill AS i USING (bill_no)
         WHERE b.service_no = ${NO_SERVICE} AND h.named_no IS NULL AND h.usage_type <> ''),
     candidate AS (SELECT k.*, p.pool_no, ${RANK} AS rank
       FROM k JOIN ${scratch}.pool AS p ON p.usage_type = k.usage_type AND p.account = k.account
         AND (p.vendor = k.vendor OR p.vendor = ''))
     SELECT bill_no, kind_no, ${bestOf('min')} AS first_no, ${bestOf('max')} AS last_no
     FROM candidate WHERE rank IS NOT NULL GROUP BY ALL`,
  )
}

/** The pool of a service's only membership in one of its usage type, where it can take the charge. */
const ONLY = `CASE WHEN p.from_on < c.end_on AND p.to_on > c.start_on AND ${RANK} IS NOT NULL THEN p.pool_no END`

/**
 * One row per charge: the joins are by unique keys and repeat none. A condition on the charge alone stands in the CASE,
 * not in a join, which would make the join compare every pair.
 */
function placedSql(scratch: string, { bySeveral, byAccount }: Look): string {
  const found = (
    pool: 'first_no' | 'last_no',
  ) => `CASE WHEN c.service_no = ${NO_SERVICE} THEN ${byAccount ? `a.${pool}` : 'NULL'}
        ${bySeveral ? `WHEN s.service_no IS NOT NULL THEN s.${pool}` : ''} ELSE ${ONLY} END AS ${pool}`
  const ofSeveral = `ANTI JOIN ${scratch}.several AS v ON v.service_no = m.service_no AND v.usage_type = m.usage_type`
  const several = `LEFT JOIN ${scratch}.found_by_service AS s
      ON s.service_no = c.service_no AND s.kind_no = c.kind_no AND s.start_on = c.start_on AND s.end_on = c.end_on`
  const account = `LEFT JOIN ${scratch}.found_by_account AS a ON a.bill_no = c.bill_no AND a.kind_no = c.kind_no`
  return `
  WITH only_membership AS (
    SELECT m.service_no, m.usage_type, m.pool_no, m.from_on, m.to_on, p.zone, p.time_band, p.network
    FROM ${scratch}.member AS m ${bySeveral ? ofSeveral : ''}
    JOIN ${scratch}.pool AS p ON p.pool_no = m.pool_no),
  found AS (
    SELECT c.* EXCLUDE (new_service), k.named_no, ${found('first_no')}, ${found('last_no')}
    FROM ${scratch}.billed AS c JOIN ${scratch}.charge_kind AS k ON k.kind_no = c.kind_no
    LEFT JOIN only_membership AS p ON p.service_no = c.service_no AND p.usage_type = k.usage_type
    ${bySeveral ? several : ''} ${byAccount ? account : ''})
  SELECT * EXCLUDE (named_no, first_no, last_no),
    CASE WHEN named_no IS NOT NULL THEN named_no WHEN first_no = last_no THEN first_no END AS pool_no,
    CASE WHEN named_no IS NOT NULL THEN 1 WHEN first_no IS NULL THEN 0 WHEN first_no = last_no THEN 1 ELSE 2 END AS candidates
  FROM found`
}
