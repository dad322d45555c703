// Fills a folder with a provider's workspace for screens.bench.ts: the services, pools and share plans of rating.bench.ts, and a
// master account with sub-accounts, their passcodes and their conferences. September is closed with its bills and published,
// a hundredth of its usage comes late, then October: `provider-workspace.ts DIRECTORY [SERVICES [USAGE ROWS OF A MONTH]]`.
import {
  applyConfiguration,
  closePeriod,
  createSubAccounts,
  openWorkspace,
  periodNamed,
  publishPeriod,
  type Workspace,
} from '@spillway/engine'
import { type LegsSize, legsSql, spent } from './conference-legs.ts'
import {
  BENCH,
  buildRatingWorkspace,
  type RatingSize,
  type Source,
  storeRows,
  usageSource,
} from './rating-workspace.ts'

const [directory = '', services = '1000000', usageRows = services] = process.argv.slice(2)
const SIZE: RatingSize = { services: Number(services), usageRows: Number(usageRows), recurring: '2.50' }
const LEGS: LegsSize = { legs: SIZE.services / 5, userIds: Math.ceil(SIZE.services / 1000) }
const SEPTEMBER = { from: '2026-09-01', seconds: 2_592_000 }

const MASTER = [
  { kind: 'Account', id: 'R100', name: 'Conferences', currency: 'USD', 'time-zone': 'America/New_York' },
  { kind: 'RatePlan', id: 'calls', rates: [{ 'usage-type': 'conference', price: '0.035', per: '1 min' }] },
  {
    ...{ kind: 'Product', id: 'seat', 'service-type': 'seat', 'rate-plan': 'calls' },
    recurring: { amount: '9.90', in: 'arrears' },
  },
]

const seats: Source = {
  ...{ table: 'service', part: 'seats', rows: LEGS.userIds },
  select: `printf('user%05d', i) AS service, '' AS vendor, 'R100' AS account, 'seat' AS product, '' AS service_type, '' AS person,
    '' AS cost_centre, '' AS project, NULL AS from_on, NULL AS to_on, NULL AS share_ppm, '' AS device_type`,
}

function legs(tenant: string): Source {
  const sql = legsSql(LEGS, { tenant, from: SEPTEMBER.from, seconds: 61 * 86_400 - 7200 })
  return {
    ...{ table: 'usage', part: 'legs', rows: LEGS.legs, select: '* EXCLUDE (i)' },
    from: `(SELECT ordinal AS i, * EXCLUDE (tenant, doc, ordinal, line, extra) FROM (${sql}))`,
  }
}

async function saveSubAccounts(workspace: Workspace): Promise<void> {
  const documents = Array.from({ length: LEGS.userIds }, (_, user) => ({
    place: `user ${user}`,
    body: {
      ...{ kind: 'SubAccount', name: `User ${user}`, account: 'R100' },
      'user-id': `user${String(user).padStart(5, '0')}`,
      owner: { project: String(4000 + (user % 50)) },
      ...(user % 10 === 0 && { limits: { minutes: 2000 } }),
    },
  }))
  await createSubAccounts(workspace, { documents })
}

async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const { ms, cpuMs, result } = await spent(work)
  const residentMiB = Math.round(process.resourceUsage().maxRSS / 1024)
  process.stdout.write(
    `${name}: ${(ms / 1000).toFixed(1)} s, processor ${(cpuMs / 1000).toFixed(1)} s, most resident ${residentMiB} MiB\n`,
  )
  return result
}

async function closeAndPublish(workspace: Workspace, month: string): Promise<void> {
  const period = periodNamed(month)
  const { problemCounts } = await step(`close ${month}`, () => closePeriod(workspace, { period }))
  for (const { code, count } of problemCounts) process.stdout.write(`  ${code}: ${count}\n`)
  await step(`publish ${month}`, () => publishPeriod(workspace, period))
}

const built = await step('services and the usage of October', () => buildRatingWorkspace(directory, SIZE))
await step('the master account and September', async () => {
  const text = MASTER.map((document) => `${JSON.stringify(document)}\n`).join('---\n')
  await applyConfiguration(built, { files: [{ name: 'master.yaml', text }] })
  await saveSubAccounts(built)
  await storeRows(built, seats, 11)
  await storeRows(built, legs(built.tenant), 12)
  await storeRows(built, usageSource(SIZE, { ...SEPTEMBER, rows: SIZE.usageRows, ids: 'S' }), 13)
})
await built.close()
const workspace = await openWorkspace(directory, { access: 'write', ...BENCH })
await closeAndPublish(workspace, '2026-09')
await storeRows(workspace, usageSource(SIZE, { ...SEPTEMBER, rows: SIZE.usageRows / 100, ids: 'L' }), 14)
await closeAndPublish(workspace, '2026-10')
await step('close the workspace', () => workspace.close())
