// What is wrong with one of the provider's documents.

export type CatalogueKind =
  | 'Account'
  | 'AccountSharePlan'
  | 'BaseBucket'
  | 'Bucket'
  | 'Product'
  | 'Provider'
  | 'RatePlan'
  | 'ServiceType'
  | 'SharePlan'

/** `name` as catalogueDocumentName gives it; `message` is one sentence that begins with where it stands. */
export type CatalogueIssue = { readonly kind: CatalogueKind; readonly name: string; readonly message: string }
