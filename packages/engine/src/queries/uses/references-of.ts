// Which other documents a document of configuration names, and where. It reads documents that were checked when they were
// saved, and says nothing about whether those that they name are there.

export type Reference = {
  /** Of what is named; a service type that only products say has no document. */
  readonly kind: string
  readonly name: string
  /** Where it is named: `participating[0].product`. */
  readonly path: string
}

type Body = Readonly<Record<string, unknown>>
type Named = readonly [kind: string, name: unknown, path: string]

const listOf = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [])
const bodyOf = (value: unknown): Body => (typeof value === 'object' && value !== null ? (value as Body) : {})

/** One per entry of a list of texts. */
const eachOf = (kind: string, value: unknown, path: string): Named[] =>
  listOf(value).map((name, at) => [kind, name, `${path}[${at}]`])

const REFERENCES: Readonly<Record<string, (body: Body) => ReadonlyArray<Named>>> = {
  Account: (body) => [
    ['Account', body.parent, 'parent'],
    ['Account', body['usage-invoicer'], 'usage-invoicer'],
  ],
  AccountCodes: (body) => [['Account', body.account, 'account']],
  AccountSharePlan: (body) => [
    ['Account', body.account, 'account'],
    ['SharePlan', body.plan, 'plan'],
  ],
  AllocationPolicy: (body) => eachOf('Pool', bodyOf(body['applies-to']).pools, 'applies-to.pools'),
  Bridge: (body) => eachOf('Account', body.accounts, 'accounts'),
  Bucket: (body) => [
    ['BaseBucket', body.base, 'base'],
    ['Account', bodyOf(body.on).account, 'on.account'],
  ],
  Product: (body) => [
    ['ServiceType', body['service-type'], 'service-type'],
    ['RatePlan', body['rate-plan'], 'rate-plan'],
    ...eachOf('Bucket', body.buckets, 'buckets'),
  ],
  ProjectRule: (body) => eachOf('Account', bodyOf(body.when).account, 'when.account'),
  RatePlan: (body) =>
    listOf(body.rates).map((rate, at): Named => ['Product', bodyOf(rate).product, `rates[${at}].product`]),
  SharePlan: (body) => [
    ['Product', body['selling-product'], 'selling-product'],
    ...listOf(body.participating).flatMap((one, at): Named[] => [
      ['Product', bodyOf(one).product, `participating[${at}].product`],
      ['ServiceType', bodyOf(one)['service-type'], `participating[${at}].service-type`],
    ]),
    ...listOf(body.buckets).map((one, at): Named => ['BaseBucket', bodyOf(one).base, `buckets[${at}].base`]),
  ],
  SubAccount: (body) => [['Account', body.account, 'account']],
}

/** In the order of the document; none of a kind that names no other. */
export function referencesOf({ kind, body }: { readonly kind: string; readonly body: unknown }): Reference[] {
  const named = REFERENCES[kind]?.(bodyOf(body)) ?? []
  return named.flatMap(([kindNamed, name, path]) =>
    typeof name === 'string' && name !== '' ? [{ kind: kindNamed, name, path }] : [],
  )
}
