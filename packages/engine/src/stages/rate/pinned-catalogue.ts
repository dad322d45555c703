// The catalogue that a run read: its documents, and the accounts of files with their currency. Kept beside the list of documents
// that it was made of, for as long as somebody keeps that.

import {
  type Catalogue,
  type CustomerAccount,
  IndexedCatalogue,
  readCatalogue,
  toCustomerAccount,
} from '@spillway/core'
import type { ConfigurationDocument } from '../../catalog/configuration.ts'
import { LastAsked } from '../../catalog/last-asked.ts'
import { catalogueDocuments } from '../../catalog/provider-catalogue.ts'
import { liveDocumentsCte, runsOf } from '../../warehouse/live-documents.ts'
import type { TypedBatch } from '../../warehouse/warehouse.ts'
import type { PeriodScope } from '../allocate/period-scope.ts'

/** A published month is asked for as it was closed, and as it is with what came late. */
const SETS_KEPT = 2

/** By tenant and documents. */
type Kept = LastAsked<string, Promise<IndexedCatalogue>>

const keptBy = new WeakMap<ReadonlyArray<ConfigurationDocument>, Kept>()

/** Without what selling products bring. */
export function pinnedCatalogue(scope: PeriodScope): Promise<IndexedCatalogue> {
  const { configuration, tenant } = scope
  const kept = keptBy.get(configuration) ?? (new LastAsked(SETS_KEPT) as Kept)
  keptBy.set(configuration, kept)
  const set = JSON.stringify([tenant, runsOf(scope.documents)])
  const known = kept.get(set)
  if (known !== undefined) return known
  const index = read(scope).then((catalogue) => new IndexedCatalogue(catalogue))
  kept.set(set, index)
  index.catch(() => kept.delete(set))
  return index
}

async function read(scope: PeriodScope): Promise<Catalogue> {
  // One row per account that a file names with its currency: the newest.
  const batches = scope.warehouse.readTyped(
    `WITH ${liveDocumentsCte(scope.documents)}
     SELECT DISTINCT ON (account) account, parent, usage_invoicer, name, currency, time_zone,
       coalesce(cycle_day, ${NO_DAY})::INTEGER AS cycle_day
     FROM account WHERE tenant = $tenant AND doc IN (FROM live_document) AND currency <> ''
     ORDER BY account, doc DESC, ordinal DESC`,
    { tenant: scope.tenant },
  )
  const accounts: CustomerAccount[] = []
  for await (const batch of batches) accounts.push(...toAccounts(batch))
  return readCatalogue(catalogueDocuments(scope.configuration), accounts).catalogue
}

/** In place of NULL, of which columns have none. */
const NO_DAY = 0

function toAccounts({ count, columns }: TypedBatch): CustomerAccount[] {
  const [names, parents, invoicers, titles, currencies, zones] = columns as ReadonlyArray<string[]> as Texts
  const days = columns[6] as Int32Array
  const found: CustomerAccount[] = []
  for (let at = 0; at < count; at += 1) {
    const customer = toCustomerAccount({
      fact: 'account',
      account: names[at] as string,
      parent: parents[at] as string,
      usageInvoicer: invoicers[at] as string,
      name: titles[at] as string,
      currency: currencies[at] as string,
      timeZone: zones[at] as string,
      cycleDay: days[at] === NO_DAY ? null : (days[at] as number),
      extra: {},
    })
    if (customer !== null) found.push(customer)
  }
  return found
}

type Texts = readonly [string[], string[], string[], string[], string[], string[]]
