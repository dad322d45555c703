// What screens.bench.ts visits and presses, and of what: the first service, pool, plan and so on of the workspace's newest month. A
// screen whose subject the workspace has not is left out.
import type { Page } from 'playwright-core'

/** `{service}` and the like: see {@link findSubjects}. `{before}` and `{oldest}` are months, `{since}` the run of the month before. */
export const SCREENS: ReadonlyArray<string> = [
  ...['/', '/?view=actual', '/?period={before}', '/?period={oldest}'],
  ...['/explore', '/explore?by=service', '/explore?by=vendor', '/explore?by=person', '/explore?by=pool'],
  ...[
    '/explore?by=service&period={before}',
    '/explore?by=service&period={oldest}',
    '/explore?by=person&period={before}',
  ],
  ...['/explore?by=service&where=cost-centre%3D{cost-centre}', '/explore?by=service&where=vendor%3D{vendor}'],
  ...['/explore?by=service&q={service}', '/explore?by=service&sort=-adjusted', '/explore?by=person&q={person}'],
  ...['/lines', '/lines?period={before}', '/lines?period={oldest}', '/lines?view=actual', '/lines?sort=-actual'],
  ...['/lines?where=service%3D{service}', '/lines?where=person%3D{person}', '/lines?where=pool%3D{pool}'],
  ...[
    '/lines?where=vendor%3D{vendor}',
    '/lines?where=cost-centre%3D{cost-centre}',
    '/lines?where=category%3D{category}',
  ],
  ...['/lines?q={service}', '/lines?where=cost-centre%3D{cost-centre}&period={before}'],
  ...['/services/{service}', '/services/{service}?explain={service}', '/services/{service}?period={oldest}'],
  ...[
    '/bills',
    '/bills?period={before}',
    '/bills?of=all',
    '/bills?tab=missing',
    '/bills?tab=quarantine',
    '/bills/imports',
  ],
  ...['/bills/{invoice}?where=vendor%3D{invoice-vendor}&where=account%3D{invoice-account}', '/bills/import'],
  ...['/pools', '/pools?period={before}', '/pools?period={oldest}', '/pools?q={pool}', '/pools/{pool}'],
  ...[
    '/pools/{pool}?tab=usage',
    '/pools/{pool}?tab=division',
    '/pools/{pool}?tab=months',
    '/pools/{pool}?period={oldest}',
  ],
  ...['/policies', '/policies/{policy}', '/policies?of=new', '/people', '/people?period={before}', '/people/{person}'],
  ...[
    '/people/{person}?period={oldest}',
    '/cost-centres',
    '/cost-centres?period={before}',
    '/cost-centres/{cost-centre}',
  ],
  ...['/cost-centres/{cost-centre}?period={oldest}', '/projects', '/projects?tab=costs', '/projects?tab=uncoded'],
  ...['/projects?period={before}', '/projects/{project}', '/projects/{project}?period={before}'],
  ...['/runs', '/runs/{run}', '/runs/{run}?tab=compare&since={since}&by=service', '/runs/{run}?tab=checks'],
  ...['/runs/{run}?tab=problems', '/jobs', '/settings', '/settings?tab=users', '/settings?tab=audit'],
  ...['/share-plans', '/share-plans/{plan}', '/catalogue', '/accounts', '/accounts/{account}', '/sub-accounts'],
  ...['/alerts', '/conflicts', '/conflicts?tab=conferences', '/customer-bills', '/customer-bills/{bill}'],
  ...['participants', 'buckets', 'preview', 'uses'].map((panel) => `/share-plans/{plan}?panel=${panel}`),
  ...[
    '/share-plans/{plan}?chosen={bucket}',
    '/share-plans/{plan}?chosen={bucket}&panel=month',
    '/share-plans?q={plan}',
  ],
  ...['/catalogue?tab=products&chosen={product}', '/catalogue?tab=rate-plans&chosen={rate-plan}'],
  ...['account-buckets', 'accounts', 'plans-of-accounts'].map((tab) => `/catalogue?tab=${tab}`),
  ...['/accounts?q={account}', ...['buckets', 'bills', 'alerts'].map((tab) => `/accounts/{account}?tab=${tab}`)],
  ...['/customer-bills?q={bill}', '/customer-bills/{bill}?by=service', '/customer-bills/{bill}?by=cost-centre'],
  ...['/customer-bills/{bill}?by=service&key={service}&panel=calls', '/sub-accounts?of={master}&chosen={user-id}'],
  ...['/customer-bills/{master-bill}', '/customer-bills/{master-bill}?by=user-id&key={user-id}&panel=calls'],
  ...['/alerts', '/conflicts', '/customer-bills', '/sub-accounts', '/accounts'].map((at) => `${at}?period={before}`),
  ...['/accounts/{account}?period={before}', '/share-plans/{plan}?chosen={bucket}&panel=month&period={before}'],
]

export type Press = {
  readonly at: string
  readonly role: 'radiogroup' | 'button' | 'tab' | 'link' | 'combobox' | 'option' | 'columnheader' | 'textbox'
  readonly name: string | RegExp
  /** The name of the navigation that it is in, where that is not the first that has one. */
  readonly within?: string
  /** Typed then, a key after the other. */
  readonly types?: string
  /** Pressed before it, to come to it. */
  readonly after?: Pick<Press, 'role' | 'name'>
}

/** A press on a screen that stands, by the name of what is pressed. */
export const PRESSES: ReadonlyArray<Press> = [
  { at: '/', role: 'radiogroup', name: 'Actual' },
  { at: '/', role: 'link', name: 'Explore' },
  { at: '/', role: 'combobox', name: 'Month' },
  { at: '/', role: 'option', name: /./, after: { role: 'combobox', name: 'Month' } },
  { at: '/', role: 'button', name: /^Go to/ },
  { at: '/explore', role: 'radiogroup', name: 'Actual' },
  { at: '/explore?by=service', role: 'radiogroup', name: 'Actual' },
  { at: '/explore?by=service', role: 'button', name: 'Adjusted' },
  { at: '/explore?by=service', role: 'combobox', name: 'One row for each' },
  { at: '/explore?by=service&where=vendor%3D{vendor}', role: 'button', name: /^Remove the filter/ },
  { at: '/explore?by=service', role: 'button', name: 'Add a filter' },
  { at: '/explore?by=service', role: 'button', name: 'Views' },
  { at: '/lines', role: 'button', name: 'Actual' },
  { at: '/lines', role: 'radiogroup', name: 'Actual' },
  { at: '/services/{service}', role: 'button', name: 'Explain' },
  { at: '/pools/{pool}', role: 'tab', name: 'Who drew what' },
  { at: '/pools/{pool}', role: 'tab', name: 'How it was divided' },
  { at: '/pools/{pool}', role: 'tab', name: 'Month by month' },
  { at: '/bills', role: 'tab', name: 'Missing bills' },
  { at: '/runs/{run}', role: 'tab', name: 'Checks' },
  { at: '/runs/{run}', role: 'tab', name: 'Problems' },
  { at: '/policies/{policy}', role: 'button', name: /^Try / },
  { at: '/policies/{policy}', role: 'textbox', name: 'Description', types: 'Evenly, whoever uses it.' },
  { at: '/policies/{policy}', role: 'combobox', name: 'Pools', types: 'P-00012' },
  { at: '/policies/{policy}', role: 'textbox', name: 'Floor', types: '0.25' },
  { at: '/share-plans', role: 'link', name: /./, within: 'Share plans' },
  { at: '/share-plans', role: 'button', name: 'New share plan' },
  ...['Participants', 'Buckets', 'Preview', 'Used by', 'Versions'].map(
    (name) => ({ at: '/share-plans/{plan}', role: 'tab', name }) as const,
  ),
  { at: '/share-plans/{plan}?panel=buckets', role: 'button', name: 'Add a bucket' },
  { at: '/share-plans/{plan}?chosen={bucket}', role: 'tab', name: 'Month' },
  { at: '/share-plans/{plan}', role: 'button', name: 'Delete this plan' },
  { at: '/share-plans/{plan}?panel=preview', role: 'button', name: /^Rate / },
  {
    at: '/share-plans/{plan}?panel=preview',
    role: 'button',
    name: 'Cancel',
    after: { role: 'button', name: /^Rate / },
  },
  { at: '/catalogue', role: 'tab', name: 'Accounts' },
  { at: '/catalogue?tab=products', role: 'tab', name: 'Rate plans' },
  { at: '/catalogue', role: 'button', name: /^New / },
  { at: '/customer-bills/{bill}', role: 'tab', name: 'By service' },
  { at: '/customer-bills/{master-bill}', role: 'tab', name: 'By project' },
  { at: '/sub-accounts?of={master}', role: 'columnheader', name: /./ },
]

export type Subjects = ReadonlyMap<string, string>
type Row = Readonly<Record<string, string | null>>

/** By kind the first there is, written for an address; what there is none of is not among them. */
export async function findSubjects(page: Page): Promise<Subjects> {
  const found = new Map<string, string>()
  const note = (kind: string, key: string | null | undefined) => {
    if (key) found.set(kind, encodeURIComponent(key))
  }
  const ask = (path: string): Promise<{ readonly items?: Row[]; readonly rows?: Row[] }> =>
    page.evaluate(async (at) => {
      const answer = await fetch(at)
      return answer.ok ? ((await answer.json()) as { items?: []; rows?: [] }) : {}
    }, path)
  const { items: months = [] } = await ask('/v1/periods?sort=-period&limit=120')
  const [last, before] = months
  const period = last?.period ?? ''
  note('run', last?.run)
  note('since', before?.run)
  note('before', before?.period)
  note('oldest', months.length > 2 ? months.at(-1)?.period : undefined)
  const first = async (report: string, of: (row: Row) => string | null | undefined) =>
    (await ask(`/v1/reports/${report}limit=20`)).rows?.find((row) => (of(row) ?? '') !== '')
  for (const kind of ['service', 'person', 'cost-centre', 'account', 'project', 'vendor', 'category'])
    note(kind, (await first(`charges?by=${kind}&period=${period}&`, (row) => row.key))?.key)
  // Of projects that cost nothing there may be calls all the same.
  if (!found.has('project'))
    note('project', (await first(`billable-time?by=project&period=${period}&`, (row) => row.project))?.project)
  note('pool', (await first(`pools?period=${period}&`, (row) => row.pool))?.pool)
  const invoice = await first(`reconciliation?period=${period}&`, (row) => row.invoice)
  for (const [kind, key] of [
    ['invoice', 'invoice'],
    ['invoice-vendor', 'vendor'],
    ['invoice-account', 'account'],
  ] as const)
    note(kind, invoice?.[key])
  for (const [kind, of] of [
    ['AllocationPolicy', 'policy'],
    ['SharePlan', 'plan'],
    ['Product', 'product'],
    ['RatePlan', 'rate-plan'],
  ] as const)
    note(of, (await ask(`/v1/configuration?kind=${kind}&limit=1`)).items?.[0]?.name)
  const master = await first('accounts?sort=-sub_accounts&', (row) => (row.sub_accounts === '0' ? '' : row.account))
  note('master', master?.account)
  note(
    'user-id',
    (await first(`sub-accounts?period=${period}&account=${master?.account}&`, (row) => row.user_id))?.user_id,
  )
  note('master-bill', (await first(`bills?period=${period}&account=${master?.account}&`, (row) => row.bill))?.bill)
  const plan = decodeURIComponent(found.get('plan') ?? '')
  const plans = (await ask(`/v1/share-plans?limit=1&text=${encodeURIComponent(plan)}`)).rows
  note('bucket', plans?.[0]?.buckets?.split(', ')[0])
  note('bill', (await first(`bills?period=${period}&`, (row) => row.bill))?.bill)
  return found
}

/** The address with its subjects; null where the workspace has not one of them. */
export function addressOf(path: string, subjects: Subjects): string | null {
  const kinds = [...path.matchAll(/\{([\w-]+)\}/g)].map(([, kind = '']) => kind)
  if (kinds.some((kind) => !subjects.has(kind))) return null
  return path.replace(/\{([\w-]+)\}/g, (_, kind: string) => subjects.get(kind) ?? '')
}
