// Who we sell to and what: the pinned catalogue, and the services of services.csv whose product is one of ours, each with
// the days on which it is in force. Rows of other vendors are not ours, and are left alone.

import {
  type Account,
  type AccountSharePlan,
  addDays,
  type Catalogue,
  type CatalogueDocument,
  compareBytes,
  IndexedCatalogue,
  type LocalDate,
  type Problem,
  problem,
  type RatedService,
  readCatalogue,
  toCustomerAccount,
} from '@spillway/core'
import { isCatalogueKind } from '../../catalog/provider-catalogue.ts'
import { fromDirectoryRow } from '../../warehouse/fact-rows.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import { type PeriodScope, pinned } from '../allocate/period-scope.ts'
import type { RatingState } from './rating-state.ts'

export type SoldServices = {
  readonly index: IndexedCatalogue
  /** By account, service and first day; no two rows of one service are in force on the same day. */
  readonly services: ReadonlyArray<RatedService>
  /** Plans that selling products brought, for the next run. */
  readonly broughtPlans: ReadonlySet<string>
  readonly problems: ReadonlyArray<Problem>
}

export async function readSoldServices(scope: PeriodScope, opening: RatingState): Promise<SoldServices> {
  const catalogue = await readPinnedCatalogue(scope)
  const { rows, problems } = await readRows(scope, catalogue)
  const { services, problems: overlaps } = separate(rows)
  const brought = bringPlans(services, catalogue, opening)
  const accountSharePlans = [...catalogue.accountSharePlans, ...brought.added]
  return {
    index: new IndexedCatalogue({ ...catalogue, accountSharePlans }),
    services,
    broughtPlans: brought.names,
    problems: [...problems, ...overlaps, ...brought.problems],
  }
}

async function readPinnedCatalogue(scope: PeriodScope): Promise<Catalogue> {
  const documents = scope.configuration.flatMap(({ kind, body }): CatalogueDocument[] =>
    isCatalogueKind(kind) ? [{ kind, body }] : [],
  )
  // One row per account that a file names with its currency: the newest.
  const rows = await scope.warehouse.rows(
    `SELECT DISTINCT ON (account) * FROM account AS a WHERE ${pinned(scope, 'a')} AND currency <> ''
     ORDER BY account, doc DESC, ordinal DESC`,
    { tenant: scope.tenant },
  )
  const accounts = rows.flatMap((row) => {
    const account = toCustomerAccount(fromDirectoryRow('account', row) as Account)
    return account === null ? [] : [account]
  })
  return readCatalogue(documents, accounts).catalogue
}

type SoldRow = Row & {
  service: string
  account: string
  product: string
  service_type: string
  from_on: LocalDate | null
  to_on: LocalDate | null
}

/** Shares and owners of a service are rows of their own in the inventory; they are one row here. */
async function readRows(scope: PeriodScope, catalogue: Catalogue) {
  const names = [...catalogue.products.keys()].map((name) => `'${name.replaceAll("'", "''")}'`)
  const rows: RatedService[] = []
  const withoutAccount = new Map<string, { product: string; services: number }>()
  if (names.length === 0) return { rows, problems: [] }
  const batches = scope.warehouse.stream<SoldRow>(
    `SELECT DISTINCT s.service, s.account, s.product, s.service_type, s.from_on, s.to_on FROM service AS s
     WHERE ${pinned(scope, 's')} AND s.product IN (${names.join(', ')}) ORDER BY ALL`,
    { tenant: scope.tenant },
  )
  for await (const batch of batches)
    for (const { service, account, product, service_type, from_on, to_on } of batch) {
      if (!catalogue.accounts.has(account)) {
        const known = withoutAccount.get(account) ?? { product, services: 0 }
        withoutAccount.set(account, { ...known, services: known.services + 1 })
        continue
      }
      const serviceType = service_type === '' ? (catalogue.products.get(product)?.serviceType ?? '') : service_type
      rows.push({ service, account, product, serviceType, from: from_on, until: to_on })
    }
  const problems = [...withoutAccount].map(([account, { product, services }]) =>
    problem('account-not-ours', { account, product, services }),
  )
  return { rows, problems }
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

type Separated = { readonly services: RatedService[]; readonly problems: Problem[] }

function separateService(rows: RatedService[], { services, problems }: Separated): void {
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
function bringPlans(services: ReadonlyArray<RatedService>, catalogue: Catalogue, opening: RatingState) {
  const sold = new Map<string, string[]>()
  for (const { plan, sellingProduct } of catalogue.sharePlans.values()) {
    if (sellingProduct !== '') sold.set(sellingProduct, [...(sold.get(sellingProduct) ?? []), plan])
  }
  const added: AccountSharePlan[] = []
  const names = new Set<string>()
  const inactive = new Map<string, Problem>()
  for (const { account, product, service, from, until } of services) {
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

/** Plans count their periods from a first instant; before it nothing is rated. */
const EPOCH = addDays('1970-01-01' as LocalDate, 0)
