// What one bill of a master account costs, with every sub-account a section and every call listed, beside the least that any
// report over the legs does: one GROUP BY of account and user id, and one of the conferences. Same size, same rows, on every
// machine; every round measures all of them, one after the other.
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Period, parsePeriod } from '@spillway/core'
import { closePeriod, digestSql, initWorkspace, saveConfiguration, type Workspace, withBill } from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import { median, runSizes } from './run-sizes.ts'

type Size = { readonly legs: number; readonly userIds: number }
const SIZES: Readonly<Record<string, Size>> = {
  '50k': { legs: 50_000, userIds: 100 },
  '500k': { legs: 500_000, userIds: 1000 },
  '5m': { legs: 5_000_000, userIds: 10_000 },
}
const ROUNDS = 3
const LEGS_PER_CONFERENCE = 4
const OCTOBER = parsePeriod('2026-10') as Period
const NUMBER = 'R100-2026-10-01'
const ACTOR = { who: 'bench', now: () => new Date('2026-11-02T00:00:00Z'), codeVersion: 'bench' }

/** One row per leg: a conference of up to an hour in October whose participants join within five minutes. */
const legsSql = ({ legs, userIds }: Size, tenant: string) => `
  SELECT '${tenant}' AS tenant, 1 AS doc, i::INTEGER AS ordinal, (i + 2)::INTEGER AS line, 'bridge' AS source, 'L' || i AS id,
    'R100' AS account, printf('user%05d', hash(c) % ${userIds}) AS service, 'conference' AS usage_type,
    starts + to_seconds((hash(i) % 300)::BIGINT) AS started_at,
    starts + to_seconds((300 + hash(i + 1) % lasts)::BIGINT) AS ended_at, true AS is_wall_time,
    (60 * (1 + hash(i + 1) % 60))::BIGINT AS quantity_base, '' AS quantity, 'min' AS unit, '' AS zone, '' AS time_band,
    'off-net' AS network, '' AS account_code, '' AS peer, '' AS app, '' AS pool, 1 AS participants, 'itemised' AS view,
    NULL AS cycle_on, '' AS extra, 'C' || c AS conference, printf('Person %03d', hash(i + 2) % 500) AS participant
  FROM (SELECT i, i // ${LEGS_PER_CONFERENCE} AS c, (600 + hash(c + 1) % 3000)::BIGINT AS lasts,
      TIMESTAMP '2026-10-01 00:00:00' + to_seconds((hash(c + 2) % ${31 * 86_400 - 7200})::BIGINT) AS starts
    FROM range(${legs}) AS r(i))`

const servicesSql = ({ userIds }: Size, tenant: string) => `
  SELECT '${tenant}' AS tenant, 2 AS doc, i::INTEGER AS ordinal, (i + 2)::INTEGER AS line, printf('user%05d', i) AS service,
    'own' AS vendor, 'R100' AS account, 'seat' AS product, '' AS service_type, '' AS person, '' AS cost_centre, '' AS project,
    NULL AS from_on, NULL AS to_on, NULL AS share_ppm, '' AS device_type, '' AS extra FROM range(${userIds}) AS r(i)`

const DOCUMENTS = [
  { kind: 'Account', name: 'R100', id: 'R100', currency: 'USD', 'time-zone': 'America/New_York' },
  {
    kind: 'RatePlan',
    name: 'calls',
    id: 'calls',
    rates: [{ 'usage-type': 'conference', price: '0.035', per: '1 min' }],
  },
  {
    ...{ kind: 'Product', name: 'seat', id: 'seat', 'service-type': 'seat', 'rate-plan': 'calls' },
    recurring: { amount: '9.90', in: 'arrears' },
  },
]

async function build(directory: string, size: Size): Promise<Workspace> {
  const workspace = await initWorkspace(directory, { actor: ACTOR, holder: 'one-bill.bench' })
  const { catalog, tenant, warehouse } = workspace
  const counts = { rows_read: 0, rows_accepted: 0, rows_quarantined: 0, rows_duplicate: 0 }
  const file = { file: 'bench', file_path: 'bench', file_digest: '', file_bytes: 0, importer: 'bench', source: '' }
  const imported = { imported_at: ACTOR.now().toISOString(), imported_by: 'bench' }
  await catalog
    .insertInto('batch')
    .values({ tenant, id: 'bench', state: 'complete', ...file, ...imported, ...counts })
    .execute()
  const names = { vendor: '', account: '', invoice: '', member: '', sheet: '', source: '' }
  for (const [id, table, sql, row_count] of [
    [1, 'usage', legsSql(size, tenant), size.legs],
    [2, 'service', servicesSql(size, tenant), size.userIds],
  ] as const) {
    await warehouse.run(`INSERT INTO ${table} BY NAME SELECT *, ${digestSql(table)} AS digest FROM (${sql})`)
    const document = { id, tenant, batch: 'bench', part: table, live: 1, superseded_by: null, digest: '0' } as const
    await catalog
      .insertInto('document')
      .values({ ...document, ...names, row_count })
      .execute()
  }
  for (const { kind, name, ...rest } of DOCUMENTS)
    await saveConfiguration(workspace, { kind, name, body: { kind, ...rest } })
  await saveSubAccounts(workspace, size)
  await closePeriod(workspace, { period: OCTOBER })
  return workspace
}

/** As `apply` saves them, in one transaction: ten thousand one by one are ten thousand commits. */
async function saveSubAccounts({ catalog, tenant }: Workspace, { userIds }: Size): Promise<void> {
  const saved = { tenant, kind: 'SubAccount', version: 1, digest: '', deleted: 0, saved_by: 'bench' } as const
  await catalog.transaction().execute(async (transaction) => {
    for (let user = 0; user < userIds; user += 1) {
      const userId = `user${String(user).padStart(5, '0')}`
      const owner = { project: String(4000 + (user % 50)) }
      const body = JSON.stringify({
        kind: 'SubAccount',
        name: `User ${user}`,
        account: 'R100',
        'user-id': userId,
        owner,
      })
      const row = { ...saved, name: `R100 ${userId}`, body, saved_at: ACTOR.now().toISOString() }
      await transaction.insertInto('configuration').values(row).execute()
    }
  })
}

type Timed<T> = { readonly ms: number; readonly cpuMs: number; readonly result: T }

async function timed<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const [startedAt, before] = [performance.now(), process.cpuUsage()]
  const result = await work()
  const { user, system } = process.cpuUsage(before)
  return { ms: performance.now() - startedAt, cpuMs: (user + system) / 1000, result }
}

/** Every piece of the bill, as whoever writes the file does. */
async function readBill(workspace: Workspace, hasCalls: boolean) {
  return withBill(unscoped(workspace), { number: NUMBER, sections: 'user-id', hasCalls }, async (bill) => {
    let calls = 0
    for await (const piece of bill.pieces) if (piece.kind === 'calls') calls += piece.calls.length
    return { sections: bill.sections.length, calls }
  })
}

const GROUP_BY = `SELECT account, service, count(*) AS legs, sum(quantity_base) AS seconds FROM usage WHERE tenant = $tenant GROUP BY ALL`
const GROUP_BY_CONFERENCE = `SELECT account, service, conference, min(started_at) AS started, max(ended_at) AS ended,
    sum(quantity_base) AS seconds FROM usage WHERE tenant = $tenant GROUP BY ALL`

async function measure(size: Size) {
  const directory = mkdtempSync(join(tmpdir(), 'spillway-one-bill-'))
  try {
    const workspace = await build(directory, size)
    const { warehouse, tenant } = workspace
    const count = (sql: string) =>
      timed(() => warehouse.row<{ rows: bigint }>(`SELECT count(*) AS rows FROM (${sql})`, { tenant }))
    const rounds = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const group = await count(GROUP_BY)
      const conferences = await count(GROUP_BY_CONFERENCE)
      const summary = await timed(() => readBill(workspace, false))
      const bill = await timed(() => readBill(workspace, true))
      const of = ({ ms, cpuMs }: Timed<unknown>) => ({ ms, cpuMs })
      rounds.push({
        ...{ groupBy: of(group), groupByConference: of(conferences), withoutCalls: of(summary), bill: of(bill) },
        ...bill.result,
      })
    }
    await workspace.close()
    return { ...size, rounds, residentBytes: process.resourceUsage().maxRSS * 1024, load: loadavg()[0] as number }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

type Measured = Awaited<ReturnType<typeof measure>>

function summaryOf({ rounds, residentBytes, load }: Measured) {
  const of = (figure: (round: Measured['rounds'][number]) => number) => Number(median(rounds.map(figure)).toFixed(2))
  return {
    sections: rounds[0]?.sections,
    calls: rounds[0]?.calls,
    groupByMs: of(({ groupBy }) => groupBy.ms),
    groupByConferenceMs: of(({ groupByConference }) => groupByConference.ms),
    withoutCallsMs: of(({ withoutCalls }) => withoutCalls.ms),
    billMs: of(({ bill }) => bill.ms),
    withoutCallsRatio: of(({ withoutCalls, groupBy }) => withoutCalls.ms / groupBy.ms),
    billRatio: of(({ bill, groupBy }) => bill.ms / groupBy.ms),
    billRatioToConferences: of(({ bill, groupByConference }) => bill.ms / groupByConference.ms),
    billCpuRatioToConferences: of(({ bill, groupByConference }) => bill.cpuMs / groupByConference.cpuMs),
    residentMiB: Number((residentBytes / 2 ** 20).toFixed(0)),
    load: Number(load.toFixed(1)),
  }
}

await runSizes({ sizes: SIZES, measure, summaryOf, script: import.meta.url, resultFile: 'one-bill.json' })
