// Whose bills and buckets tried documents can change: the accounts that they are about, whoever is rated together with these, and
// whoever is on a bill with them. All others come to what the run came to.
import type { Catalogue, IndexedCatalogue } from '@spillway/core'
import type { PeriodScope } from '../../stages/allocate/period-scope.ts'
import { pinnedCatalogue } from '../../stages/rate/pinned-catalogue.ts'
import { type AskedAbout, accountsAsked, accountsTogether } from '../../stages/rate/sold-near.ts'

type Tried = { readonly kind: string; readonly name: string; readonly body: unknown }

export type TouchedBy = {
  /** That were tried, and that these brought. */
  readonly documents: ReadonlyArray<Tried>
  /** What the run read; `scope` is of what is tried. */
  readonly before: PeriodScope
}

/** null where that may be anybody's. */
export async function touchedAccounts(
  scope: PeriodScope,
  { documents, before }: TouchedBy,
): Promise<Set<string> | null> {
  const [now, then] = [await pinnedCatalogue(scope), await pinnedCatalogue(before)]
  const asked = documents.flatMap((document) =>
    [now, then].map(({ catalogue }) => ASKED[document.kind]?.(catalogue, document) ?? null),
  )
  const found = new Set<string>()
  for (const one of asked) {
    if (one === null) return null
    for (const account of await accountsAsked(scope, one)) found.add(account)
  }
  const corrected = (scope.rating?.corrected ?? []).map(async ({ readConfiguration, documents: docs }) =>
    pinnedCatalogue({ ...scope, configuration: await readConfiguration(), documents: docs }),
  )
  return closed(found, [now, then, ...(await Promise.all(corrected))])
}

/** With all who are rated with them, or are on one bill, by any of the catalogues. */
function closed(accounts: Set<string>, indexes: ReadonlyArray<IndexedCatalogue>): Set<string> {
  let found = accounts
  for (let before = -1; found.size > before; ) {
    before = found.size
    for (const index of indexes) {
      found = accountsTogether(index, found)
      const bills = new Set([...found].map((account) => billOf(index, account)))
      for (const account of index.catalogue.accounts.keys())
        if (bills.has(billOf(index, account)) || bills.has(account)) found.add(account)
    }
  }
  return found
}

function billOf({ catalogue }: IndexedCatalogue, account: string): string {
  const invoicer = catalogue.accounts.get(account)?.usageInvoicer ?? ''
  return invoicer === '' ? account : invoicer
}

type Asking = (catalogue: Catalogue, document: Tried) => AskedAbout

/** By kind of document; of a kind that is not here it may be anybody. */
const ASKED: Readonly<Record<string, Asking>> = {
  Account: (catalogue, { name }) => ({ accounts: [name, ...dependents(catalogue, name)] }),
  AccountSharePlan: (catalogue, { body }) => {
    const account = String((body as { readonly account?: unknown }).account ?? '')
    return { accounts: [account, ...dependents(catalogue, account)] }
  },
  BaseBucket: (catalogue, { name }) =>
    together([
      ...[...catalogue.buckets.values()].flatMap((one) => (one.base === name ? [ofBucket(catalogue, one.bucket)] : [])),
      ...[...catalogue.sharePlans.values()].flatMap((plan) =>
        plan.buckets.some(({ base }) => base === name) ? [ofPlan(catalogue, plan.plan)] : [],
      ),
    ]),
  Bucket: (catalogue, { name }) => ofBucket(catalogue, name),
  Product: (_, { name }) => ({ products: [name] }),
  Provider: () => ({}),
  RatePlan: (catalogue, { name }) => ({
    products: [...catalogue.products.values()].flatMap((one) => (one.ratePlan === name ? [one.product] : [])),
  }),
  ServiceType: (catalogue, { name }) => ofTypes(catalogue, [name]),
  SharePlan: (catalogue, { name }) => ofPlan(catalogue, name),
}

/** Beneath it in the tree, or billed there. */
function dependents({ accounts }: Catalogue, account: string): string[] {
  const above = (id: string): boolean => {
    const passed = new Set<string>()
    for (let at = accounts.get(id)?.parent ?? ''; at !== '' && !passed.has(at); at = accounts.get(at)?.parent ?? '') {
      if (at === account) return true
      passed.add(at)
    }
    return false
  }
  return [...accounts.values()].flatMap((one) =>
    one.usageInvoicer === account || above(one.account) ? [one.account] : [],
  )
}

function ofBucket({ buckets, products }: Catalogue, id: string): AskedAbout {
  const on = buckets.get(id)?.on?.account
  return {
    accounts: on === undefined ? [] : [on],
    products: [...products.values()].flatMap((one) => (one.buckets.includes(id) ? [one.product] : [])),
  }
}

/** Those who take part, wherever they are: a product that takes part here takes part in no plan by its type. */
function ofPlan(catalogue: Catalogue, id: string): AskedAbout {
  const plan = catalogue.sharePlans.get(id)
  if (plan === undefined) return {}
  const named = (by: string) => plan.participating.flatMap((one) => (one.by === by ? [one.id] : []))
  return together([
    {
      accounts: catalogue.accountSharePlans.flatMap((one) => (one.plan === id ? [one.account] : [])),
      products: [...named('product'), ...(plan.sellingProduct === '' ? [] : [plan.sellingProduct])],
    },
    ofTypes(catalogue, named('service-type')),
  ])
}

function ofTypes({ products }: Catalogue, types: ReadonlyArray<string>): AskedAbout {
  return {
    serviceTypes: types,
    products: [...products.values()].flatMap((one) => (types.includes(one.serviceType) ? [one.product] : [])),
  }
}

function together(all: ReadonlyArray<AskedAbout>): AskedAbout {
  return {
    accounts: all.flatMap(({ accounts = [] }) => [...accounts]),
    products: all.flatMap(({ products = [] }) => products),
    serviceTypes: all.flatMap(({ serviceTypes = [] }) => serviceTypes),
  }
}
