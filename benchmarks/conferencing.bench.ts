// What finding conferences at once costs beside one GROUP BY over the same legs: of the conferences, which any answer needs, and
// of the user ids alone. Same size, same rows, on every machine; every round measures all, one after the other.
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LocalDate, Report } from '@spillway/core'
import { conflictsReport, digestSql, initWorkspace, type Workspace } from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import { LEGS_SIZES, type LegsSize, legsSql, spent, spentOnYardsticks } from './conference-legs.ts'
import { median, runSizes } from './run-sizes.ts'

const ROUNDS = 5
const [FROM, UNTIL] = ['2026-08-03', '2026-11-01'] as [LocalDate, LocalDate]
const WINDOW_SECONDS = 90 * 86_400
const ACTOR = { who: 'bench', now: () => new Date('2026-11-02T00:00:00Z'), codeVersion: 'bench' }

async function build(directory: string, size: LegsSize): Promise<Workspace> {
  const workspace = await initWorkspace(directory, { actor: ACTOR, holder: 'conferencing.bench' })
  const { catalog, tenant, warehouse } = workspace
  const rows = { rows_read: 0, rows_accepted: 0, rows_quarantined: 0, rows_duplicate: 0 }
  const file = { file: 'bench', file_path: 'bench', file_digest: '', file_bytes: 0, importer: 'bench', source: '' }
  const imported = { imported_at: ACTOR.now().toISOString(), imported_by: 'bench' }
  const batch = { tenant, id: 'bench', state: 'complete', ...file, ...imported, ...rows } as const
  await catalog.insertInto('batch').values(batch).execute()
  const legs = legsSql(size, { tenant, from: FROM, seconds: WINDOW_SECONDS })
  await warehouse.run(`INSERT INTO usage BY NAME SELECT *, ${digestSql('usage')} AS digest FROM (${legs})`)
  const names = { vendor: '', account: '', invoice: '', member: '', sheet: '', source: '' }
  const document = { id: 1, tenant, batch: 'bench', part: 'usage', live: 1, superseded_by: null, digest: '0' } as const
  await catalog
    .insertInto('document')
    .values({ ...document, ...names, row_count: size.legs })
    .execute()
  return workspace
}

/** Every row, as whoever writes the file does. */
async function countRows({ rows }: Report): Promise<number> {
  let count = 0
  for await (const batch of rows) count += batch.length
  return count
}

async function measure(size: LegsSize) {
  const directory = mkdtempSync(join(tmpdir(), 'spillway-conferencing-'))
  try {
    const workspace = await build(directory, size)
    const scoped = unscoped(workspace)
    const window = { from: FROM, until: UNTIL }
    const rounds = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const yardsticks = await spentOnYardsticks(workspace)
      const byUserId = await spent(async () => countRows(await conflictsReport(scoped, { ...window, by: 'user-id' })))
      const conflicts = await spent(async () => countRows(await conflictsReport(scoped, window)))
      rounds.push({ yardsticks, byUserId, conflicts })
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
  const ratios = (part: 'byUserId' | 'conflicts', yardstick: 'byUserId' | 'byConference') => ({
    elapsed: of((round) => round[part].ms / round.yardsticks[yardstick].ms),
    processor: of((round) => round[part].cpuMs / round.yardsticks[yardstick].cpuMs),
  })
  return {
    userIds: rounds[0]?.byUserId.result,
    conflicts: rounds[0]?.conflicts.result,
    groupByUserIdMs: of(({ yardsticks }) => yardsticks.byUserId.ms),
    groupByConferenceMs: of(({ yardsticks }) => yardsticks.byConference.ms),
    byUserIdMs: of(({ byUserId }) => byUserId.ms),
    conflictsMs: of(({ conflicts }) => conflicts.ms),
    toGroupByConference: {
      byUserId: ratios('byUserId', 'byConference'),
      conflicts: ratios('conflicts', 'byConference'),
    },
    toGroupByUserId: { byUserId: ratios('byUserId', 'byUserId'), conflicts: ratios('conflicts', 'byUserId') },
    residentMiB: Number((residentBytes / 2 ** 20).toFixed(0)),
    load: Number(load.toFixed(1)),
  }
}

await runSizes({ sizes: LEGS_SIZES, measure, summaryOf, script: import.meta.url, resultFile: 'conferencing.json' })
