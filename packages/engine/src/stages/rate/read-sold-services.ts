// Who we sell to and what: the pinned catalogue, and the services of services.csv whose product is one of ours, each with
// the days on which it is in force. Rows of other vendors are not ours, and are left alone.

import {
  type AccountSharePlan,
  type Catalogue,
  compareBytes,
  IndexedCatalogue,
  invariant,
  type LocalDate,
  type Problem,
  problem,
  type RatedService,
} from '@spillway/core'
import type { Row, Warehouse } from '../../warehouse/warehouse.ts'
import { beside, make, type PeriodScope, pinned, show, soldFacts } from '../allocate/period-scope.ts'
import { makeTable } from './make-table.ts'
import { pinnedCatalogue } from './pinned-catalogue.ts'
import type { RatingState } from './rating-state.ts'
import type { ReadAhead } from './reading-ahead.ts'
import { emptyColumns, NAMES_AT_ONCE, OPEN_DAY, type SoldColumns, SoldList, type SoldNames } from './sold-list.ts'

export type SoldServices = {
  readonly index: IndexedCatalogue
  /** No two rows of one service are in force on the same day. */
  readonly list: SoldList
  /** Plans that selling products brought, for the next run. */
  readonly broughtPlans: ReadonlySet<string>
  readonly problems: ReadonlyArray<Problem>
}

export async function readSoldServices(
  scope: PeriodScope,
  opening: RatingState,
  ahead?: Pick<ReadAhead, 'isEachOnce'>,
): Promise<SoldServices> {
  const pinnedIndex = await pinnedCatalogue(scope)
  const { catalogue } = pinnedIndex
  const { list, problems } = await readRows(scope, catalogue, (await ahead?.isEachOnce) === true)
  const brought = bringPlans(list, catalogue, opening)
  const accountSharePlans = [...catalogue.accountSharePlans, ...brought.added]
  return {
    index: brought.added.length === 0 ? pinnedIndex : new IndexedCatalogue({ ...catalogue, accountSharePlans }),
    list,
    broughtPlans: brought.names,
    problems: [...problems, ...brought.problems],
  }
}

/** What many services have in common, by the numbers that rows of services name it by. */
type Shared = {
  readonly accounts: ReadonlyArray<string>
  readonly products: ReadonlyArray<string>
  readonly types: ReadonlyArray<string>
}

/**
 * Makes `sold_service`: one row per row of a service on an account of ours, by its number in the order of accounts, services
 * and first days; `service_no` is one for all rows of a service on an account, `is_first` true for the first of them. Shares and owners of a service are rows of their own in the inventory; they are one row here.
 */
async function readRows(scope: PeriodScope, catalogue: Catalogue, isEachOnce: boolean) {
  const { scratch, warehouse } = scope
  const shared = await storeShared(scope, catalogue)
  const inventory = `SELECT s.service, a.account_no, p.product_no,
      CASE s.service_type WHEN '' THEN p.type_no ELSE t.type_no END AS type_no, s.from_on, s.to_on, s.account
    FROM ${soldFacts(scope, 'service')} AS s JOIN ${scratch}.sold_product AS p ON p.product = s.product
    LEFT JOIN ${scratch}.sold_account AS a ON a.account = s.account
    LEFT JOIN ${scratch}.sold_type AS t ON t.service_type = s.service_type
    WHERE ${pinned(scope, 's')}`
  if (isEachOnce) {
    const count = await sortServices(scope, `(${inventory})`)
    const list = await readList(scope, shared, { count, several: NONE })
    return { list, problems: await withoutAccount(scope, { ...shared, inventory: 'sorted_service' }) }
  }
  await make(scope, 'sold_inventory', inventory)
  const separated = await separateServices(scope, shared)
  const count = await (separated === null
    ? sortServices(scope, `${scratch}.sold_inventory`)
    : numberServices(scope, separated))
  const list = await readList(scope, shared, { count, several: separated?.several ?? NONE })
  const others = await withoutAccount(scope, { ...shared, inventory: 'sold_inventory' })
  await warehouse.run(`DROP TABLE ${scratch}.sold_inventory`)
  return { list, problems: [...others, ...(separated?.problems ?? [])] }
}

type Separated = { readonly numbers: string; readonly rest: string }

/**
 * Makes `sold_service` where a service has one row: the rows of a sorted table are numbered already. Those that are on no account
 * of ours are behind them.
 */
async function sortServices(scope: PeriodScope, inventory: string): Promise<number> {
  const { scratch } = scope
  await make(
    scope,
    'sorted_service',
    `SELECT service, account_no, product_no, type_no, from_on, to_on, CASE WHEN account_no IS NULL THEN account END AS account
     FROM ${inventory} ORDER BY account_no NULLS LAST, service, from_on NULLS FIRST`,
  )
  await show(
    scope,
    'sold_service',
    `SELECT rowid::INTEGER AS row_key, (rowid + 1)::INTEGER AS service_no, true AS is_first, service, account_no, product_no, type_no,
       from_on, to_on FROM ${scratch}.sorted_service WHERE account_no IS NOT NULL`,
  )
  const { sold } = await scope.warehouse.row<{ sold: bigint }>(
    `SELECT count(account_no) AS sold FROM ${scratch}.sorted_service`,
  )
  return Number(sold)
}

/** Makes `sold_service` where some have several. */
function numberServices(scope: PeriodScope, { numbers, rest }: Separated): Promise<number> {
  const { scratch } = scope
  // One row per row of a service.
  return make(
    scope,
    'sold_service',
    `SELECT (row_number() OVER (ORDER BY account_no, service, from_on NULLS FIRST) - 1)::INTEGER AS row_key, ${numbers}, *
     FROM (SELECT service, account_no, product_no, type_no, from_on, to_on FROM ${scratch}.sold_inventory
       WHERE account_no IS NOT NULL AND ${rest}
       UNION ALL FROM ${scratch}.separate_service) ORDER BY row_key`,
  )
}

/** Makes `sold_account`, `sold_product` and `sold_type`: names and numbers, accounts in their order. */
async function storeShared(scope: PeriodScope, catalogue: Catalogue): Promise<Shared> {
  const { warehouse, scratch, tenant } = scope
  // One row per service type that the inventory says.
  const said = await warehouse.rows<{ service_type: string }>(
    `SELECT DISTINCT service_type FROM ${soldFacts(scope, 'service')} AS s WHERE ${pinned(scope, 's')} AND service_type <> ''`,
    { tenant },
  )
  const products = [...catalogue.products.values()]
  const types = new Set([...said.map(({ service_type }) => service_type), ...products.map((one) => one.serviceType)])
  const shared: Shared = {
    accounts: (await accountsOf(scope, catalogue)).sort(compareBytes),
    products: products.map(({ product }) => product),
    types: [...types].sort(compareBytes),
  }
  const typeNo = new Map(shared.types.map((type, number) => [type, number]))
  const tables = {
    sold_account: { columns: { account: 'VARCHAR', account_no: 'INTEGER' }, rows: shared.accounts.map(numbered) },
    sold_type: { columns: { service_type: 'VARCHAR', type_no: 'INTEGER' }, rows: shared.types.map(numbered) },
    sold_product: {
      columns: { product: 'VARCHAR', product_no: 'INTEGER', type_no: 'INTEGER' },
      rows: products.map(({ product, serviceType }, number) => [product, number, typeNo.get(serviceType) as number]),
    },
    separate_service: {
      columns: {
        ...{ service: 'VARCHAR', account_no: 'INTEGER', product_no: 'INTEGER', type_no: 'INTEGER' },
        ...{ from_on: 'DATE', to_on: 'DATE' },
      },
      rows: [],
    },
  }
  for (const [table, { columns, rows }] of Object.entries(tables)) {
    const writer = await warehouse.writer(table, await makeTable(scope, table, columns), scratch)
    for (const cells of rows) writer.append(cells)
    writer.close()
  }
  return shared
}

/** Those that a service can be on. */
async function accountsOf(scope: PeriodScope, { accounts }: Catalogue): Promise<string[]> {
  if (scope.soldTo === undefined) return [...accounts.keys()]
  const rows = await scope.warehouse.rows<{ account: string }>(`SELECT DISTINCT account FROM ${scope.soldTo.service}`)
  return rows.flatMap(({ account }) => (accounts.has(account) ? [account] : []))
}

function numbered(name: string, number: number): [string, number] {
  return [name, number]
}

type SoldRow = Row & {
  service: string
  account_no: number
  product_no: number
  type_no: number
  from_on: LocalDate | null
  to_on: LocalDate | null
}

/** Fills `separate_service` with the services of more than one row, once no two rows of one are in force on one day; null for none. */
async function separateServices(scope: PeriodScope, { accounts, products, types }: Shared) {
  const { warehouse, scratch } = scope
  const several = `SELECT service FROM ${scratch}.sold_inventory WHERE account_no IS NOT NULL GROUP BY service HAVING count(*) > 1`
  const rows = await warehouse.rows<SoldRow>(
    `SELECT DISTINCT service, account_no, product_no, type_no, from_on, to_on FROM ${scratch}.sold_inventory
     WHERE account_no IS NOT NULL AND service IN (${several}) ORDER BY ALL`,
  )
  if (rows.length === 0) return null
  const { services, problems } = separate(
    rows.map(
      (row): RatedService => ({
        service: row.service,
        account: accounts[row.account_no] as string,
        product: products[row.product_no] as string,
        serviceType: types[row.type_no] as string,
        from: row.from_on,
        until: row.to_on,
      }),
    ),
  )
  const [accountNo, productNo, typeNo] = [accounts, products, types].map(
    (names) => new Map(names.map((name, number) => [name, number])),
  ) as [Map<string, number>, Map<string, number>, Map<string, number>]
  const columns = ['service', 'account_no', 'product_no', 'type_no', 'from_on', 'to_on']
  const writer = await warehouse.writer('separate_service', columns, scratch)
  for (const { service, account, product, serviceType, from, until } of services)
    writer.append([
      ...[service, accountNo.get(account) as number, productNo.get(product) as number],
      ...[typeNo.get(serviceType) as number, from, until],
    ])
  writer.close()
  const numbers = `dense_rank() OVER (ORDER BY account_no, service)::INTEGER AS service_no,
    row_number() OVER (PARTITION BY account_no, service ORDER BY from_on NULLS FIRST) = 1 AS is_first`
  const rest = `service NOT IN (SELECT service FROM ${scratch}.separate_service)`
  return { problems, several: severalOf(services), rest, numbers }
}

const EPOCH = '1970-01-01' as LocalDate

const NONE: ReadonlySet<string> = new Set()

/** Names that stand in more rows than one. */
function severalOf(rows: ReadonlyArray<RatedService>): ReadonlySet<string> {
  const seen = new Set<string>()
  const several = new Set<string>()
  for (const { service } of rows) (seen.has(service) ? several : seen).add(service)
  return several
}

type ListOf = { readonly count: number; readonly several: ReadonlySet<string> }

async function readList(scope: PeriodScope, shared: Shared, { count, several }: ListOf): Promise<SoldList> {
  const [columns, services] = await beside(
    scope,
    (first) => readColumns(first, count),
    ({ warehouse, scratch }) => readNames(warehouse, `${scratch}.sold_service`),
  )
  return new SoldList(columns, { ...shared, services }, several)
}

/** More rows would take too much memory twice. */
const WHOLE_MAX = 4_000_000

async function readColumns({ warehouse, scratch }: PeriodScope, rowCount: number): Promise<SoldColumns> {
  const day = (column: string) => `coalesce(${column} - DATE '${EPOCH}', ${OPEN_DAY})::INTEGER`
  const of = emptyColumns(rowCount)
  const found = [of.serviceNo, of.account, of.product, of.type, of.from, of.until]
  const sql = `SELECT row_key, service_no, account_no, product_no, type_no, ${day('from_on')}, ${day('to_on')} FROM ${scratch}.sold_service`
  const numbers = rowCount <= WHOLE_MAX ? warehouse.readTyped(sql) : warehouse.streamTyped(sql)
  for await (const { count, columns } of numbers) {
    const [rows, ...cells] = columns as readonly [Int32Array, ...Int32Array[]]
    // They come in the order of the table, which is theirs.
    const first = rows[0] as number
    invariant(rows[count - 1] === first + count - 1, 'rows of services come in their order', { first, count })
    for (const [index, column] of found.entries()) column.set(cells[index] as Int32Array, first)
  }
  return of
}

/** By `row_key`. Names come many in one text: it takes as long to read as each of them. */
async function readNames(warehouse: Warehouse, table: string): Promise<SoldNames['services']> {
  const names: string[] = []
  const batches = warehouse.stream<{ lines: string; has_breaks: boolean }>(
    `SELECT string_agg(service, chr(10) ORDER BY row_key) AS lines, bool_or(contains(service, chr(10))) AS has_breaks
     FROM ${table}
     GROUP BY row_key // ${NAMES_AT_ONCE} ORDER BY row_key // ${NAMES_AT_ONCE}`,
  )
  for await (const batch of batches)
    for (const { lines, has_breaks: hasBreaks } of batch) {
      if (hasBreaks) return readNamesOneByOne(warehouse, table)
      names.push(lines)
    }
  return names
}

/** Where a name has a line break in it. */
async function readNamesOneByOne(warehouse: Warehouse, table: string): Promise<SoldNames['services']> {
  const lists: string[][] = []
  for await (const [column = []] of warehouse.streamColumns(`SELECT service FROM ${table} ORDER BY row_key`))
    for (const name of column) {
      const last = lists.at(-1)
      if (last !== undefined && last.length < NAMES_AT_ONCE) last.push(name as string)
      else lists.push([name as string])
    }
  return lists
}

async function withoutAccount(
  { warehouse, scratch, soldTo }: PeriodScope,
  { products, inventory }: Shared & { readonly inventory: string },
): Promise<Problem[]> {
  // One row per account that is not ours, with the product of its first service.
  const rows = await warehouse.rows<{ account: string; product_no: number; services: bigint }>(
    `SELECT account, first(product_no ORDER BY service, product_no) AS product_no, count(*) AS services
     FROM (SELECT DISTINCT service, account, product_no, type_no, from_on, to_on FROM ${scratch}.${inventory}
       WHERE account_no IS NULL) GROUP BY account ORDER BY account`,
  )
  // Of accounts that nobody asks about not all services are here.
  const asked = rows.filter(({ account }) => soldTo?.accounts.has(account) !== false)
  return asked.map(({ account, product_no, services }) =>
    problem('account-not-ours', { account, product: products[product_no] as string, services: Number(services) }),
  )
}

const FIRST_DAY = '0000-01-01' as LocalDate
const LAST_DAY = '9999-12-31' as LocalDate

/** Joins what meets or overlaps of one service, account and product; of two at once, the one that began first goes on. */
function separate(rows: ReadonlyArray<RatedService>) {
  const byService = new Map<string, RatedService[]>()
  for (const row of rows) {
    const list = byService.get(row.service)
    if (list) list.push(row)
    else byService.set(row.service, [row])
  }
  const services: RatedService[] = []
  const problems: Problem[] = []
  for (const list of byService.values()) {
    if (list.length === 1) services.push(...list)
    else separateService(list, { services, problems })
  }
  services.sort(
    (a, b) =>
      compareBytes(a.account, b.account) ||
      compareBytes(a.service, b.service) ||
      compareBytes(a.from ?? FIRST_DAY, b.from ?? FIRST_DAY),
  )
  return { services, problems }
}

type Found = { readonly services: RatedService[]; readonly problems: Problem[] }

function separateService(rows: RatedService[], { services, problems }: Found): void {
  const begins = (row: RatedService) => row.from ?? FIRST_DAY
  const ends = (row: RatedService) => row.until ?? LAST_DAY
  rows.sort((a, b) => compareBytes(begins(a), begins(b)) || compareBytes(keyOf(a), keyOf(b)))
  let last = rows[0] as RatedService
  for (const row of rows.slice(1)) {
    if (keyOf(row) === keyOf(last) && begins(row) <= ends(last)) {
      if (ends(row) > ends(last)) last = { ...last, until: row.until }
      continue
    }
    if (begins(row) < ends(last)) {
      const to = ends(row) < ends(last) ? ends(row) : ends(last)
      problems.push(problem('overlapping-stints', { kind: 'service', id: row.service, from: begins(row), to }))
      if (ends(row) <= ends(last)) continue
    }
    services.push(last)
    last = { ...row, from: begins(row) < ends(last) ? ends(last) : row.from }
  }
  services.push(last)
}

function keyOf({ account, product, serviceType }: RatedService): string {
  return JSON.stringify([account, product, serviceType])
}

/**
 * A selling product activates its plan on the account while the product is there. An inactive plan is not activated, but
 * an account that had it keeps it.
 */
function bringPlans(list: SoldList, catalogue: Catalogue, opening: RatingState) {
  const sold = new Map<string, string[]>()
  for (const { plan, sellingProduct } of catalogue.sharePlans.values()) {
    if (sellingProduct !== '') sold.set(sellingProduct, [...(sold.get(sellingProduct) ?? []), plan])
  }
  const added: AccountSharePlan[] = []
  const names = new Set<string>()
  const inactive = new Map<string, Problem>()
  if (sold.size === 0) return { added, names, problems: [] }
  for (const { account, product, service, from, until } of list.all) {
    for (const plan of sold.get(product) ?? []) {
      const name = JSON.stringify([account, plan])
      if (catalogue.sharePlans.get(plan)?.isActive !== true && !opening.broughtPlans.has(name)) {
        inactive.set(name, problem('plan-inactive', { plan, account, product, service }))
        continue
      }
      names.add(name)
      const day = (on: LocalDate) => ({ kind: 'date', on }) as const
      added.push({ account, plan, from: day(from ?? EPOCH), until: until === null ? null : day(until) })
    }
  }
  return { added, names, problems: [...inactive.values()] }
}
