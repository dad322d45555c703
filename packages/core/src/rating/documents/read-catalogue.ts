// All documents of the provider's side together: what each says, and what is wrong with them beside each other. Refuses
// nothing itself: whoever saves them decides. Services and their usage are not here.

import { z } from 'zod'
import { formatIssue } from '../../configuration/format-issue.ts'
import type { BaseBucket } from '../bucket.ts'
import type { Catalogue, CustomerAccount, Provider } from '../catalogue.ts'
import {
  accountDocument,
  issuesOfAccount,
  issuesOfAccounts,
  providerDocument,
  toAccount,
  toProvider,
} from './account-document.ts'
import {
  baseBucketDocument,
  bucketDocument,
  issuesOfBaseBucket,
  issuesOfBucket,
  toBaseBucket,
  toBucket,
} from './bucket-document.ts'
import type { CatalogueIssue, CatalogueKind } from './catalogue-issue.ts'
import { issuesOfReferences } from './catalogue-references.ts'
import { issuesOfProduct, productDocument, serviceTypeDocument, toProduct, toServiceType } from './product-document.ts'
import { issuesOfRatePlan, ratePlanDocument, toRatePlan } from './rate-plan-document.ts'
import {
  accountSharePlanDocument,
  accountSharePlanName,
  issuesOfAccountSharePlan,
  issuesOfSharePlan,
  sharePlanDocument,
  toAccountSharePlan,
  toSharePlan,
} from './share-plan-document.ts'
import { readMoment } from './written-usage.ts'

/** The shape of each kind, for a JSON Schema. */
export const CATALOGUE_DOCUMENTS = {
  Account: accountDocument,
  AccountSharePlan: accountSharePlanDocument,
  BaseBucket: baseBucketDocument,
  Bucket: bucketDocument,
  Product: productDocument,
  Provider: providerDocument,
  RatePlan: ratePlanDocument,
  ServiceType: serviceTypeDocument,
  SharePlan: sharePlanDocument,
} as const satisfies Readonly<Record<CatalogueKind, z.ZodType>>
export const CATALOGUE_KINDS = Object.keys(CATALOGUE_DOCUMENTS) as ReadonlyArray<CatalogueKind>

/** A document as parsed from YAML. */
export type CatalogueDocument = { readonly kind: CatalogueKind; readonly body: unknown }

export type CatalogueReading = { readonly catalogue: Catalogue; readonly issues: ReadonlyArray<CatalogueIssue> }

/**
 * What a document is saved under: its `id`; of an AccountSharePlan its account, plan and beginning, because a plan can be
 * added, cancelled and added again. '' where that is not there.
 */
export function catalogueDocumentName(kind: CatalogueKind, body: unknown): string {
  const document = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {}
  const textOf = (key: string) => (typeof document[key] === 'string' ? document[key] : '')
  if (kind !== 'AccountSharePlan') return textOf('id')
  const from = readMoment(textOf('from'))
  if (textOf('account') === '' || textOf('plan') === '' || from === null) return ''
  return accountSharePlanName({ account: textOf('account'), plan: textOf('plan'), from })
}

/** What is wrong with one document, whatever the others say; references to others are {@link readCatalogue}'s. */
export function issuesOfCatalogueDocument({ kind, body }: CatalogueDocument): ReadonlyArray<string> {
  const reading = z.safeParse(CATALOGUE_DOCUMENTS[kind], body)
  return reading.success ? [] : reading.error.issues.map(formatIssue)
}

const readingsOf = new WeakMap<z.ZodType, WeakMap<object, z.ZodSafeParseResult<unknown>>>()

/** Of tens of thousands of documents a change is one: the others were read before, and no body is changed in place. */
function readBody<D>(schema: z.ZodType<D>, body: unknown): z.ZodSafeParseResult<D> {
  if (typeof body !== 'object' || body === null) return schema.safeParse(body)
  const ofSchema = readingsOf.get(schema) ?? new WeakMap<object, z.ZodSafeParseResult<unknown>>()
  readingsOf.set(schema, ofSchema)
  const reading = (ofSchema.get(body) as z.ZodSafeParseResult<D> | undefined) ?? schema.safeParse(body)
  ofSchema.set(body, reading)
  return reading
}

/**
 * Reads all documents in force. Those with issues of their own are left out of the catalogue; references to them are then
 * said to lead nowhere. `accounts` are those of accounts.csv; a document of the same id counts before them.
 */
export function readCatalogue(
  documents: ReadonlyArray<CatalogueDocument>,
  accounts: ReadonlyArray<CustomerAccount> = [],
): CatalogueReading {
  const { catalogue, issues } = readDocuments(documents, accounts)
  const ofAccounts = issuesOfAccounts(catalogue.accounts).map(({ account, message }) => ({
    kind: 'Account' as const,
    name: account,
    message,
  }))
  return { catalogue, issues: [...issues, ...ofAccounts, ...issuesOfReferences(catalogue)] }
}

/** The catalogue alone, of documents that were checked when they were saved: nothing looks where references lead. */
export function catalogueOf(
  documents: ReadonlyArray<CatalogueDocument>,
  accounts: ReadonlyArray<CustomerAccount> = [],
): Catalogue {
  return readDocuments(documents, accounts).catalogue
}

/** What is wrong with each document by itself. */
function readDocuments(
  documents: ReadonlyArray<CatalogueDocument>,
  accounts: ReadonlyArray<CustomerAccount>,
): CatalogueReading {
  const issues: CatalogueIssue[] = []
  const read = <D>(kind: CatalogueKind, schema: z.ZodType<D>): D[] =>
    documents.flatMap((document) => {
      if (document.kind !== kind) return []
      const reading = readBody(schema, document.body)
      if (reading.success) return [reading.data]
      const name = catalogueDocumentName(kind, document.body)
      issues.push(...reading.error.issues.map((issue) => ({ kind, name, message: formatIssue(issue) })))
      return []
    })
  /** Keeps those of which nothing is wrong. */
  const check = <D>(kind: CatalogueKind, found: ReadonlyArray<D>, issuesOf: (document: D) => ReadonlyArray<string>) =>
    found.filter((document) => {
      const messages = issuesOf(document)
      if (messages.length === 0) return true
      const name = catalogueDocumentName(kind, document)
      issues.push(...messages.map((message) => ({ kind, name, message })))
      return false
    })
  const bases = keyed(
    check('BaseBucket', read('BaseBucket', baseBucketDocument), issuesOfBaseBucket).map(toBaseBucket),
    (one) => one.baseBucket,
  )
  const [provider, ...others] = read('Provider', providerDocument).map(toProvider)
  if (provider) issues.push(...issuesOfProviders(provider, others))
  const written = check('Account', read('Account', accountDocument), issuesOfAccount).map(toAccount)
  const catalogue: Catalogue = {
    ...(provider ? { provider } : {}),
    accounts: keyed([...accounts, ...written], ({ account }) => account),
    serviceTypes: keyed(read('ServiceType', serviceTypeDocument).map(toServiceType), ({ serviceType }) => serviceType),
    products: keyed(
      check('Product', read('Product', productDocument), issuesOfProduct).map(toProduct),
      ({ product }) => product,
    ),
    ratePlans: keyed(
      check('RatePlan', read('RatePlan', ratePlanDocument), issuesOfRatePlan).map(toRatePlan),
      (one) => one.ratePlan,
    ),
    baseBuckets: bases,
    buckets: keyed(
      known(
        check('Bucket', read('Bucket', bucketDocument), (one) => issuesOfBucket(one, bases)),
        bases,
        toBucket,
      ),
      ({ bucket }) => bucket,
    ),
    sharePlans: keyed(
      known(
        check('SharePlan', read('SharePlan', sharePlanDocument), (one) => issuesOfSharePlan(one, bases)),
        bases,
        toSharePlan,
      ),
      ({ plan }) => plan,
    ),
    accountSharePlans: check(
      'AccountSharePlan',
      read('AccountSharePlan', accountSharePlanDocument),
      issuesOfAccountSharePlan,
    ).map(toAccountSharePlan),
  }
  return { catalogue, issues }
}

/** We are one: of two names nobody could tell which stands on the bills. */
function issuesOfProviders({ provider }: Provider, others: ReadonlyArray<Provider>): ReadonlyArray<CatalogueIssue> {
  const message = `id: the provider is ${provider} already, and there is one; delete that document first`
  return others.map((other) => ({ kind: 'Provider', name: other.provider, message }))
}

function known<D, T>(
  documents: ReadonlyArray<D>,
  bases: ReadonlyMap<string, BaseBucket>,
  toValue: (document: D, bases: ReadonlyMap<string, BaseBucket>) => T | null,
): T[] {
  return documents.flatMap((document) => {
    const value = toValue(document, bases)
    return value === null ? [] : [value]
  })
}

function keyed<T>(values: ReadonlyArray<T>, keyOf: (value: T) => string): Map<string, T> {
  return new Map(values.map((value) => [keyOf(value), value]))
}
