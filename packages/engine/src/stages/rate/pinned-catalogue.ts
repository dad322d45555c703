// The catalogue that a run read: its documents, and the accounts of files with their currency. Kept beside the list of documents
// that it was made of, for as long as somebody keeps that; runs that read the same versions and the same files have the same one.

import { type Catalogue, type CustomerAccount, catalogueOf, IndexedCatalogue, toCustomerAccount } from '@spillway/core'
import type { ConfigurationDocument } from '../../catalog/configuration.ts'
import { LastAsked } from '../../catalog/last-asked.ts'
import { catalogueDocuments } from '../../catalog/provider-catalogue.ts'
import { liveDocumentsCte, runsOf } from '../../warehouse/live-documents.ts'
import type { TypedBatch } from '../../warehouse/warehouse.ts'
import type { PeriodScope } from '../allocate/period-scope.ts'

/** A published month is asked for as it was closed, and as it is with what came late; several months may have one list. */
const SETS_KEPT = 6
const CATALOGUES_KEPT = 2

type Catalogues = LastAsked<string, Promise<IndexedCatalogue>>
/** By tenant and documents; and by tenant and those of them that have accounts, which are few. */
type Kept = { readonly sets: Catalogues; readonly catalogues: Catalogues }

const keptBy = new WeakMap<ReadonlyArray<ConfigurationDocument>, Kept>()

/** Without what selling products bring. */
export function pinnedCatalogue(scope: PeriodScope): Promise<IndexedCatalogue> {
  const { configuration, tenant } = scope
  const kept = keptBy.get(configuration) ?? {
    sets: new LastAsked(SETS_KEPT),
    catalogues: new LastAsked(CATALOGUES_KEPT),
  }
  keptBy.set(configuration, kept)
  return keep(kept.sets, JSON.stringify([tenant, runsOf(scope.documents)]), async () => {
    const documents = await documentsOfAccounts(scope)
    return keep(kept.catalogues, JSON.stringify([tenant, runsOf(documents)]), async () => {
      return new IndexedCatalogue(await read({ ...scope, documents }))
    })
  })
}

/** One that is kept of these versions, whichever accounts files name: what documents say of products, plans and buckets is the same. */
export async function keptCatalogue(
  configuration: PeriodScope['configuration'],
): Promise<Omit<Catalogue, 'accounts'> | undefined> {
  const [[, made] = []] = keptBy.get(configuration)?.catalogues.entries() ?? []
  return made && (await made).catalogue
}

function keep(kept: Catalogues, key: string, make: () => Promise<IndexedCatalogue>): Promise<IndexedCatalogue> {
  const known = kept.get(key)
  if (known !== undefined) return known
  const made = make()
  kept.set(key, made)
  made.catch(() => kept.delete(key))
  return made
}

async function documentsOfAccounts({ warehouse, tenant, documents }: PeriodScope): Promise<number[]> {
  // One row per document with an account of ours.
  const rows = await warehouse.rows<{ doc: number }>(
    `WITH ${liveDocumentsCte(documents)}
     SELECT DISTINCT doc FROM account WHERE tenant = $tenant AND doc IN (FROM live_document) AND currency <> '' ORDER BY doc`,
    { tenant },
  )
  return rows.map(({ doc }) => doc)
}

async function read(
  scope: Pick<PeriodScope, 'warehouse' | 'tenant' | 'documents' | 'configuration'>,
): Promise<Catalogue> {
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
  return catalogueOf(catalogueDocuments(scope.configuration), accounts)
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
