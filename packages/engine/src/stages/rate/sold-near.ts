// The services and the usage of a few accounts, taken once out of those of all: rated alone they come to what they come to among
// all others, so that nobody rates a million services to say what became of one. With an account come those that are rated
// together with it.

import { IndexedCatalogue, type LocalDate } from '@spillway/core'
import { literal } from '../../warehouse/sql-literal.ts'
import { FIRST_DAY } from '../allocate/define-pools.ts'
import { askTexts, atPlaces, makeNearRows } from '../allocate/near-rows.ts'
import { type PeriodScope, pinned, type SoldFacts, show } from '../allocate/period-scope.ts'
import { makeTable } from './make-table.ts'
import { groupsOf, type RatingGroup } from './rating-groups.ts'

/** The accounts, and every account of their groups; more where it depends on what selling products bring. */
export function accountsTogether(index: IndexedCatalogue, accounts: Iterable<string>): Set<string> {
  const groupOf = groupsOf(withBroughtPlans(index))
  const found = new Set(accounts)
  const groups = new Set([...found].flatMap((account) => groupOf.get(account) ?? []))
  for (const [account, group] of groupOf) if (groups.has(group)) found.add(account)
  return found
}

const withBroughtBy = new WeakMap<IndexedCatalogue, IndexedCatalogue>()

/** Every invoicer has the plans that a product can bring it, as if it were sold there. Made once for a catalogue. */
function withBroughtPlans(index: IndexedCatalogue): IndexedCatalogue {
  const known = withBroughtBy.get(index) ?? addBroughtPlans(index)
  withBroughtBy.set(index, known)
  return known
}

function addBroughtPlans(index: IndexedCatalogue): IndexedCatalogue {
  const { catalogue } = index
  const brought = [...catalogue.sharePlans.values()].filter(
    ({ sellingProduct, shareLevel }) => sellingProduct !== '' && shareLevel === 'usage-invoicer',
  )
  if (brought.length === 0) return index
  const invoicers = new Set([...catalogue.accounts.values()].map(({ usageInvoicer }) => usageInvoicer))
  const from = { kind: 'date', on: FIRST_DAY as LocalDate } as const
  const added = [...invoicers].flatMap((account) => brought.map(({ plan }) => ({ account, plan, from, until: null })))
  return new IndexedCatalogue({ ...catalogue, accountSharePlans: [...catalogue.accountSharePlans, ...added] })
}

/** Whom somebody asks about: accounts by their ids, and those that have such services at some time. */
export type AskedAbout = {
  readonly accounts?: Iterable<string>
  readonly services?: ReadonlyArray<string>
  readonly products?: ReadonlyArray<string>
  readonly serviceTypes?: ReadonlyArray<string>
}

export async function accountsAsked(scope: PeriodScope, asked: AskedAbout): Promise<Set<string>> {
  const { accounts = [], services = [], products = [], serviceTypes = [] } = asked
  const conditions = [
    ['service', services],
    ['product', products],
    ['service_type', serviceTypes],
  ] as const
  const found = new Set(accounts)
  const said = conditions.flatMap(([column, values]) =>
    values.length === 0 ? [] : [`s.${column} IN (${values.map(literal).join(', ')})`],
  )
  if (said.length === 0) return found
  const rows = await scope.warehouse.rows<{ account: string }>(
    `SELECT DISTINCT account FROM service AS s WHERE ${pinned(scope, 's')} AND (${said.join(' OR ')})`,
    { tenant: scope.tenant },
  )
  for (const { account } of rows) found.add(account)
  return found
}

/** So many rows of usage are read where they stand and kept; of more, columns are read when somebody asks for them. */
const PLACES_MAX = 10_000

/**
 * The scope with the facts of these accounts alone, as tables of its scratch database; a service that is on another account at
 * another time is there with all of its rows.
 */
export async function nearAccounts(
  scope: PeriodScope,
  accounts: ReadonlySet<string>,
  { placesMax = PLACES_MAX }: { readonly placesMax?: number } = {},
): Promise<PeriodScope> {
  const near = await nearServices(scope, accounts)
  await storeNearUsage(near, { placesMax })
  return near
}

/** The same but for its usage, for those who may find that they need none; else {@link storeNearUsage} follows. */
export async function nearServices(scope: PeriodScope, accounts: ReadonlySet<string>): Promise<PeriodScope> {
  const { scratch, warehouse } = scope
  const writer = await warehouse.writer(
    'near_account',
    await makeTable(scope, 'near_account', { account: 'VARCHAR' }),
    scratch,
  )
  for (const account of accounts) writer.append([account])
  writer.close()
  await atPlaces(scope, async () => {
    const accountsOf = await askTexts(scope, `SELECT account AS text FROM ${scratch}.near_account`)
    const services = { table: 'service', as: 'service_of_account', only: 'service' } as const
    await makeNearRows(scope, { ...services, column: 'account', texts: accountsOf })
    const texts = await askTexts(scope, `SELECT DISTINCT service AS text FROM ${scratch}.service_of_account`)
    await makeNearRows(scope, { table: 'service', column: 'service', as: 'near_service', texts })
  })
  const table = (name: string) => `${scratch}.near_${name}`
  const soldTo: SoldFacts = { accounts, account: table('account'), service: table('service'), usage: table('usage') }
  return { ...scope, soldTo }
}

type UsageOf = {
  readonly placesMax?: number
  /** Columns beside `tenant`, `doc` and `service`; all where nothing is said. */
  readonly only?: ReadonlyArray<string> | undefined
}

/** Makes the usage of {@link nearServices}. Of very many rows no column is read before it is asked for. */
export async function storeNearUsage(
  scope: PeriodScope,
  { placesMax = PLACES_MAX, only }: UsageOf = {},
): Promise<void> {
  const { scratch, warehouse } = scope
  const usage = { table: 'usage', column: 'service', as: 'near_usage', most: placesMax } as const
  const count = await atPlaces(scope, async () => {
    const texts = await askTexts(scope, `SELECT DISTINCT service AS text FROM ${scratch}.service_of_account`)
    return makeNearRows(scope, { ...usage, texts, ...(only === undefined ? {} : { only: only.join(', ') }) })
  })
  if (count <= placesMax) return
  await warehouse.run(`DROP TABLE ${scratch}.near_usage`)
  await show(
    scope,
    'near_usage',
    `SELECT u.*, u.rowid FROM main.usage AS u WHERE u.service IN (SELECT service FROM ${scratch}.near_service)`,
  )
}

/** Whether all services of a group are here. */
export function isNear({ soldTo }: PeriodScope, { accounts }: Pick<RatingGroup, 'accounts'>): boolean {
  return soldTo === undefined || accounts.every(({ account }) => soldTo.accounts.has(account))
}
