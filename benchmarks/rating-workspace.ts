// Fills a workspace with a provider and a month of its usage, of any size: the catalogue as YAML through `apply`, accounts,
// services and usage straight into the warehouse, because the benchmark measures rating and not imports. Pools of 50
// services, by tenths: one whose plan runs out, one whose plan limits its services, two with buckets on the account and on
// its parent, three with buckets of the services' own, two with own buckets that roll over, one with a plan that does.
import { applyConfiguration, type FactTable, initWorkspace, type Workspace } from '@spillway/engine'

export type RatingSize = {
  readonly services: number
  /** Of a month. */
  readonly usageRows: number
  /** What each service costs in a month, in advance; nothing where it is left out. */
  readonly recurring?: string
}

const SERVICES_PER_POOL = 50
const KINDS = [
  ...['tight', 'limited', 'account', 'account', 'own'],
  ...['own', 'own', 'rollover', 'rollover', 'shared'],
]
const PLANS = ['tight', 'limited', 'rollover', 'shared']
/** The kinds whose events need order: their buckets run out, or limit what one service draws. */
export const ORDERED_KINDS = KINDS.slice(0, 2)

/** `ids` begins the id of each event. */
export type UsageOf = { readonly from: string; readonly seconds: number; readonly rows: number; readonly ids: string }

const octoberOf = ({ usageRows }: RatingSize): UsageOf => ({
  ...{ from: '2026-10-01', seconds: 2_678_400, rows: usageRows, ids: '' },
})

const accountOf = (pool: number) => `A${String(pool).padStart(6, '0')}`
const kindOf = (pool: number) => KINDS[pool % KINDS.length] as string
const poolsOf = ({ services }: RatingSize) => services / SERVICES_PER_POOL

/** Sizes are for ten events a service; with more events the buckets are larger. */
function documentsOf(size: RatingSize): Array<Readonly<Record<string, unknown>>> {
  const times = size.usageRows / size.services / 10
  const megabytes = (count: number) => `${count * times} MB`
  const minutes = (count: number) => `${count * times} min`
  const data = [{ 'usage-type': 'data' }]
  const voice = [{ 'usage-type': 'voice' }]
  const included = (id: string, accepts: unknown, amount: string) => ({
    ...{ id, accepts, type: 'fixed', life: 'recurring', tiers: [{ size: amount }] },
  })
  const plan = (id: string, buckets: ReadonlyArray<unknown>) => ({
    ...{ kind: 'SharePlan', id, name: id, active: true, participating: [{ product: id }], buckets },
  })
  const own = (id: string, amount: string, rest: Readonly<Record<string, unknown>> = {}) => ({
    ...{ kind: 'Bucket', id, accepts: data, amount, life: 'recurring', ...rest },
  })
  const rollover = { life: 'recurring-rollover', periods: 2 }
  const products = [
    ...[
      ['account'],
      ['own', 'own-data', 'own-voice'],
      ['rollover', 'own-rollover'],
      ['shared'],
      ['tight'],
      ['limited'],
    ],
  ].map(([id, ...buckets]) => ({
    kind: 'Product',
    id,
    'service-type': 'cellular',
    'rate-plan': 'standard',
    ...(buckets.length > 0 && { buckets }),
    ...(size.recurring !== undefined && { recurring: { amount: size.recurring } }),
  }))
  return [
    {
      ...{ kind: 'RatePlan', id: 'standard' },
      rates: [
        { 'usage-type': 'data', price: '0.10', per: '1 MB' },
        {
          ...{ 'usage-type': 'voice', price: '0.05', per: '1 min', increment: '60/60' },
          ...{ minimum: '0.10', connection: '0.02' },
        },
      ],
    },
    ...products,
    own('own-data', megabytes(1000)),
    own('own-voice', minutes(170), { accepts: voice }),
    own('own-rollover', megabytes(1000), { ...rollover, 'at-most': megabytes(500), priority: 10 }),
    plan('tight', [
      {
        ...{ id: 'tight-data', accepts: data, type: 'fixed', life: 'recurring' },
        tiers: [{ size: megabytes(8000) }, { size: megabytes(2000), flat: '5.00' }, { rate: '0.02', per: '1 MB' }],
      },
      included('tight-voice', voice, minutes(670)),
    ]),
    plan('limited', [
      { ...included('limited-data', data, megabytes(20_000)), limits: { limited: megabytes(260) } },
      included('limited-voice', voice, minutes(6700)),
    ]),
    plan('rollover', [included('rollover-voice', voice, minutes(6700))]),
    plan('shared', [
      {
        ...{ id: 'shared-data', accepts: data, type: 'variable-single-tier', ...rollover },
        contributions: { shared: megabytes(400) },
        tiers: [{ size: 'contributions' }, { rate: '0.02', per: '1 MB' }],
      },
      included('shared-voice', voice, minutes(6700)),
    ]),
    ...Array.from({ length: poolsOf(size) }, (_, pool) =>
      documentsOfPool(pool, { data, voice, megabytes, minutes, own }),
    ).flat(),
  ]
}

type Said = {
  readonly data: unknown
  readonly voice: unknown
  readonly megabytes: (count: number) => string
  readonly minutes: (count: number) => string
  readonly own: (
    id: string,
    amount: string,
    rest: Readonly<Record<string, unknown>>,
  ) => Readonly<Record<string, unknown>>
}

function documentsOfPool(pool: number, { voice, megabytes, minutes, own }: Said) {
  const account = accountOf(pool)
  const kind = kindOf(pool)
  if (PLANS.includes(kind)) return [{ kind: 'AccountSharePlan', account, plan: kind, from: '2026-09-01' }]
  if (kind !== 'account') return []
  return [
    own(`${account}-voice`, minutes(6700), { accepts: voice, on: { account } }),
    own(`${account}-data`, megabytes(50_000), { on: { account: `${account}-parent`, 'shared-to-children': true } }),
  ]
}

export type Source = {
  readonly table: FactTable
  readonly part: string
  readonly rows: number
  readonly select: string
  /** Rows that `select` is of, counted by `i`; without it as many as there are. */
  readonly from?: string
}

const service = (index: string) => `printf('%015d', 890000000000000 + (${index})::BIGINT) AS service`
const none = (...columns: ReadonlyArray<string>) => columns.map((column) => `'' AS ${column}`).join(', ')

/** One select list per table for all columns between `line` and `extra`; `i` counts from 0. */
function sourcesOf(size: RatingSize): ReadonlyArray<Source> {
  const { services } = size
  const kind = (pool: string) => `[${KINDS.map((one) => `'${one}'`).join(', ')}][1 + (${pool}) % ${KINDS.length}]`
  const pool = `i // ${SERVICES_PER_POOL}`
  const account = (suffix: string) => `printf('A%06d${suffix}', i)`
  const rest = `'USD' AS currency, 'UTC' AS time_zone, 1 AS cycle_day`
  return [
    {
      ...{ table: 'account', part: 'accounts', rows: poolsOf(size) },
      select: `${account('')} AS account, CASE WHEN ${kind('i')} = 'account' THEN ${account('-parent')} ELSE '' END AS parent,
        ${none('usage_invoicer', 'name')}, ${rest}`,
    },
    {
      ...{ table: 'account', part: 'parents', rows: poolsOf(size) },
      select: `${account('-parent')} AS account, ${none('parent', 'usage_invoicer', 'name')}, ${rest}`,
    },
    {
      ...{ table: 'service', part: 'services', rows: services },
      // One in ten began on some day of the year before.
      select: `${service('i')}, '' AS vendor, printf('A%06d', ${pool}) AS account, ${kind(pool)} AS product,
        ${none('service_type', 'person', 'cost_centre', 'project')},
        CASE WHEN i % 10 = 0 THEN DATE '2025-01-01' + (i % 300)::INTEGER END AS from_on, NULL AS to_on, NULL AS share_ppm,
        '' AS device_type`,
    },
    usageSource(size, octoberOf(size)),
  ]
}

/** Every other event is a call of up to ten minutes, the others are data of up to 100 MB. */
export function usageSource({ services }: RatingSize, { from, seconds, rows, ids }: UsageOf): Source {
  return {
    ...{ table: 'usage', part: 'usage', rows },
    select: `'cdr' AS source, '${ids}' || i AS id, '' AS account, ${service(`hash(i) % ${services}`)},
      CASE WHEN i % 2 = 0 THEN 'data' ELSE 'voice' END AS usage_type,
      TIMESTAMP '${from} 00:00:00' + to_seconds((hash(i + 1) % ${seconds})::BIGINT) AS started_at, NULL AS ended_at,
      false AS is_wall_time,
      CASE WHEN i % 2 = 0 THEN 1 + (hash(i + 2) % 100000000)::BIGINT ELSE 1 + (hash(i + 2) % 600)::BIGINT END AS quantity_base,
      '' AS quantity, '' AS unit, 'domestic' AS zone, ${none('time_band', 'network', 'account_code', 'peer', 'app', 'pool')},
      NULL AS participants, '' AS view, NULL AS cycle_on, ${none('conference', 'participant')}`,
  }
}

const ACTOR = { who: 'bench', now: () => new Date('2026-11-02T00:00:00Z'), codeVersion: 'bench' }
export const BENCH = { actor: ACTOR, holder: 'rating.bench' }

/** Makes the workspace in an empty folder; the caller closes it. */
export async function buildRatingWorkspace(directory: string, size: RatingSize): Promise<Workspace> {
  const workspace = await initWorkspace(directory, BENCH)
  await storeBatch(workspace)
  for (const [index, source] of sourcesOf(size).entries()) await storeRows(workspace, source, index + 1)
  const text = documentsOf(size).map((document) => `${JSON.stringify(document)}\n`)
  await applyConfiguration(workspace, { files: [{ name: 'provider.yaml', text: text.join('---\n') }] })
  return workspace
}

async function storeBatch({ catalog, tenant }: Workspace): Promise<void> {
  const rows = { rows_read: 0, rows_accepted: 0, rows_quarantined: 0, rows_duplicate: 0 }
  const file = { file: 'bench', file_path: 'bench', file_digest: '', file_bytes: 0, importer: 'bench', source: '' }
  const imported = { imported_at: ACTOR.now().toISOString(), imported_by: 'bench' }
  await catalog
    .insertInto('batch')
    .values({ tenant, id: 'bench', state: 'complete', ...file, ...imported, ...rows })
    .execute()
}

/** Rows have no digest: rating reads none, and digests of 100 million rows take longer than all else. */
export async function storeRows(
  { warehouse, catalog, tenant }: Workspace,
  { table, part, rows, select, from = `range(${rows})` }: Source,
  doc: number,
) {
  await warehouse.run(`INSERT INTO "${table}" BY NAME SELECT *, 0::UBIGINT AS digest FROM (
    SELECT '${tenant}' AS tenant, ${doc}::INTEGER AS doc, i::INTEGER AS ordinal, (i + 2)::INTEGER AS line, ${select}, '' AS extra
    FROM ${from} AS r(i))`)
  const source = part === 'usage' ? '' : part
  const names = { vendor: '', account: '', invoice: '', member: '', sheet: '' }
  await catalog
    .insertInto('document')
    .values({
      id: doc,
      tenant,
      batch: 'bench',
      part,
      source,
      ...names,
      live: 1,
      superseded_by: null,
      row_count: rows,
      digest: '0',
    })
    .execute()
}
