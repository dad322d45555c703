// Legs of conferences under one master account, and the yardsticks of whatever reads all of them: one GROUP BY, its rows kept in
// a table, so that nothing which the statement asks for can be left out.
import type { Workspace } from '@spillway/engine'

export type LegsSize = { readonly legs: number; readonly userIds: number }

export const LEGS_SIZES: Readonly<Record<string, LegsSize>> = {
  '50k': { legs: 50_000, userIds: 100 },
  '500k': { legs: 500_000, userIds: 1000 },
  '5m': { legs: 5_000_000, userIds: 10_000 },
}

const LEGS_PER_CONFERENCE = 4

type Within = { readonly tenant: string; readonly from: string; readonly seconds: number }

/** One row per leg: a conference of up to an hour whose participants join within five minutes and leave when they like. */
export const legsSql = ({ legs, userIds }: LegsSize, { tenant, from, seconds }: Within) => `
  SELECT '${tenant}' AS tenant, 1 AS doc, i::INTEGER AS ordinal, (i + 2)::INTEGER AS line, 'bridge' AS source, 'L' || i AS id,
    'R100' AS account, printf('user%05d', hash(c) % ${userIds}) AS service, 'conference' AS usage_type,
    starts + to_seconds((hash(i) % 300)::BIGINT) AS started_at,
    starts + to_seconds((300 + hash(i + 1) % lasts)::BIGINT) AS ended_at, true AS is_wall_time,
    (60 * (1 + hash(i + 1) % 60))::BIGINT AS quantity_base, '' AS quantity, 'min' AS unit, '' AS zone, '' AS time_band,
    'off-net' AS network, '' AS account_code, '' AS peer, '' AS app, '' AS pool, 1 AS participants, 'itemised' AS view,
    NULL AS cycle_on, '' AS extra, 'C' || c AS conference, printf('Person %03d', hash(i + 2) % 500) AS participant
  FROM (SELECT i, i // ${LEGS_PER_CONFERENCE} AS c, (600 + hash(c + 1) % 3000)::BIGINT AS lasts,
      TIMESTAMP '${from} 00:00:00' + to_seconds((hash(c + 2) % ${seconds})::BIGINT) AS starts FROM range(${legs}) AS r(i))`

const YARDSTICKS = {
  /** Who used how much: the least that reads every leg. */
  byUserId: `SELECT account, service, count(*) AS legs, sum(quantity_base) AS seconds FROM usage
    WHERE tenant = $tenant GROUP BY ALL`,
  /** Who had which conferences, and when: what legs are of, and what a person would ask first. */
  byConference: `SELECT account, service, conference, count(*) AS legs, sum(quantity_base) AS seconds, min(started_at) AS started,
      max(ended_at) AS ended FROM usage WHERE tenant = $tenant GROUP BY ALL`,
}

/** Processor time is that of all threads. */
export type Spent = { readonly ms: number; readonly cpuMs: number }

export async function spent<T>(work: () => Promise<T>): Promise<Spent & { readonly result: T }> {
  const [startedAt, before] = [performance.now(), process.cpuUsage()]
  const result = await work()
  const { user, system } = process.cpuUsage(before)
  return { ms: performance.now() - startedAt, cpuMs: (user + system) / 1000, result }
}

export async function spentOnYardsticks({
  warehouse,
  tenant,
}: Workspace): Promise<Record<keyof typeof YARDSTICKS, Spent>> {
  const of = async (sql: string): Promise<Spent> => {
    const { ms, cpuMs } = await spent(() =>
      warehouse.run(`CREATE OR REPLACE TEMP TABLE yardstick AS ${sql}`, { tenant }),
    )
    await warehouse.run('DROP TABLE yardstick')
    return { ms, cpuMs }
  }
  return { byUserId: await of(YARDSTICKS.byUserId), byConference: await of(YARDSTICKS.byConference) }
}
