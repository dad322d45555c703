// What finding conferences at once costs beside the least that any report over the legs does: one GROUP BY of account and
// user id over the same rows. Same size, same rows, on every machine; every round measures both, one after the other.
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LocalDate, Report } from '@spillway/core'
import { conflictsReport, digestSql, initWorkspace, type Workspace } from '@spillway/engine'
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
const [FROM, UNTIL] = ['2026-08-03', '2026-11-01'] as [LocalDate, LocalDate]
const WINDOW_SECONDS = 90 * 86_400

/** One row per leg: a conference of up to an hour whose participants join within five minutes and leave when they like. */
const legsSql = ({ legs, userIds }: Size, tenant: string) => `
  SELECT '${tenant}' AS tenant, 1 AS doc, i::INTEGER AS ordinal, (i + 2)::INTEGER AS line, 'bridge' AS source, 'L' || i AS id,
    'R100' AS account, printf('user%05d', hash(c) % ${userIds}) AS service, 'conference' AS usage_type,
    starts + to_seconds((hash(i) % 300)::BIGINT) AS started_at,
    starts + to_seconds((300 + hash(i + 1) % lasts)::BIGINT) AS ended_at, true AS is_wall_time,
    (60 * (1 + hash(i + 1) % 60))::BIGINT AS quantity_base, '' AS quantity, 'min' AS unit, '' AS zone, '' AS time_band,
    'off-net' AS network, '' AS account_code, '' AS peer, '' AS app, '' AS pool, 1 AS participants, 'itemised' AS view,
    NULL AS cycle_on, '' AS extra, 'C' || c AS conference, printf('Person %03d', hash(i + 2) % 500) AS participant
  FROM (SELECT i, i // ${LEGS_PER_CONFERENCE} AS c, (600 + hash(c + 1) % 3000)::BIGINT AS lasts,
      TIMESTAMP '${FROM} 00:00:00' + to_seconds((hash(c + 2) % ${WINDOW_SECONDS})::BIGINT) AS starts FROM range(${legs}) AS r(i))`

const ACTOR = { who: 'bench', now: () => new Date('2026-11-02T00:00:00Z'), codeVersion: 'bench' }

async function build(directory: string, size: Size): Promise<Workspace> {
  const workspace = await initWorkspace(directory, { actor: ACTOR, holder: 'conferencing.bench' })
  const { catalog, tenant, warehouse } = workspace
  const rows = { rows_read: 0, rows_accepted: 0, rows_quarantined: 0, rows_duplicate: 0 }
  const file = { file: 'bench', file_path: 'bench', file_digest: '', file_bytes: 0, importer: 'bench', source: '' }
  const imported = { imported_at: ACTOR.now().toISOString(), imported_by: 'bench' }
  const batch = { tenant, id: 'bench', state: 'complete', ...file, ...imported, ...rows } as const
  await catalog.insertInto('batch').values(batch).execute()
  await warehouse.run(
    `INSERT INTO usage BY NAME SELECT *, ${digestSql('usage')} AS digest FROM (${legsSql(size, tenant)})`,
  )
  const names = { vendor: '', account: '', invoice: '', member: '', sheet: '', source: '' }
  const document = { id: 1, tenant, batch: 'bench', part: 'usage', live: 1, superseded_by: null, digest: '0' } as const
  await catalog
    .insertInto('document')
    .values({ ...document, ...names, row_count: size.legs })
    .execute()
  return workspace
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly ms: number; readonly result: T }> {
  const startedAt = performance.now()
  const result = await work()
  return { ms: performance.now() - startedAt, result }
}

/** Every row, as whoever writes the file does. */
async function countRows({ rows }: Report): Promise<number> {
  let count = 0
  for await (const batch of rows) count += batch.length
  return count
}

/** The yardsticks: one row per account and user id; and one per conference, the least that knows when each one was. */
const GROUP_BY = `SELECT account, service, count(*) AS legs, sum(quantity_base) AS seconds FROM usage WHERE tenant = $tenant GROUP BY ALL`
const GROUP_BY_CONFERENCE = `SELECT account, service, conference, min(started_at) AS started, max(ended_at) AS ended FROM usage
  WHERE tenant = $tenant GROUP BY ALL`

async function measure(size: Size) {
  const directory = mkdtempSync(join(tmpdir(), 'spillway-conferencing-'))
  try {
    const workspace = await build(directory, size)
    const { warehouse, tenant } = workspace
    const scoped = unscoped(workspace)
    const window = { from: FROM, until: UNTIL }
    const count = (sql: string) =>
      timed(() => warehouse.row<{ rows: bigint }>(`SELECT count(*) AS rows FROM (${sql})`, { tenant }))
    const rounds = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const group = await count(GROUP_BY)
      const groupOfConferences = await count(GROUP_BY_CONFERENCE)
      const byUserId = await timed(async () => countRows(await conflictsReport(scoped, { ...window, by: 'user-id' })))
      const each = await timed(async () => countRows(await conflictsReport(scoped, window)))
      rounds.push({
        groupByMs: group.ms,
        groupByConferenceMs: groupOfConferences.ms,
        byUserIdMs: byUserId.ms,
        conflictsMs: each.ms,
        userIds: byUserId.result,
        conflicts: each.result,
        conferences: Number(groupOfConferences.result.rows),
      })
    }
    await workspace.close()
    return { ...size, rounds, residentBytes: process.resourceUsage().maxRSS * 1024, load: loadavg()[0] as number }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

type Measured = Awaited<ReturnType<typeof measure>>

function summaryOf({ rounds, residentBytes }: Measured) {
  const of = (figure: (round: Measured['rounds'][number]) => number) => Number(median(rounds.map(figure)).toFixed(2))
  return {
    conferences: rounds[0]?.conferences,
    conflicts: rounds[0]?.conflicts,
    groupByMs: of(({ groupByMs }) => groupByMs),
    byUserIdMs: of(({ byUserIdMs }) => byUserIdMs),
    conflictsMs: of(({ conflictsMs }) => conflictsMs),
    byUserIdRatio: of(({ byUserIdMs, groupByMs }) => byUserIdMs / groupByMs),
    conflictsRatio: of(({ conflictsMs, groupByMs }) => conflictsMs / groupByMs),
    conflictsRatioToConferences: of(({ conflictsMs, groupByConferenceMs }) => conflictsMs / groupByConferenceMs),
    residentMiB: Number((residentBytes / 2 ** 20).toFixed(0)),
  }
}

await runSizes({ sizes: SIZES, measure, summaryOf, script: import.meta.url, resultFile: 'conferencing.json' })
