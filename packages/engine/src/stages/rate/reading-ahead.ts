// What rating asks of the database before it knows what is sold: the catalogue is read by one thread, and the other cores are
// idle meanwhile. An answer that turns out to be of another question is not used.

import { Calendars } from '@spillway/core'
import { type PeriodScope, pinned, soldFacts } from '../allocate/period-scope.ts'
import { monthIndex } from './rating-groups.ts'
import type { RatingState } from './rating-state.ts'
import { nearSql, readSeen, type SeenUsage, type Window } from './seen-usage.ts'

export type ReadAhead = {
  /** Whether no service has two rows in services.csv, whoever sells it. */
  readonly isEachOnce: Promise<boolean>
  /** What usage there is near a time that the groups may turn out to have; null where nobody can tell it yet. */
  readonly seen: Promise<SeenNear | null>
}

export type SeenNear = { readonly near: string; readonly seen: SeenUsage }

/** Runs `work` while it is asked, and waits for both. */
export async function readingAhead<T>(
  scope: PeriodScope,
  opening: RatingState,
  work: (ahead: ReadAhead) => Promise<T>,
): Promise<T> {
  const other = <A>(ask: (scope: PeriodScope) => Promise<A>) =>
    scope.warehouse.withConnection((warehouse) => ask({ ...scope, warehouse }))
  const ahead = { isEachOnce: other(isEachOnce), seen: other((one) => readSeenNear(one, opening)) }
  // Whoever asks for an answer hears of what failed.
  const settled = Promise.allSettled([ahead.isEachOnce, ahead.seen])
  try {
    return await work(ahead)
  } finally {
    // What they read must not be taken away under them.
    await settled
  }
}

async function isEachOnce(scope: PeriodScope): Promise<boolean> {
  // One row per service that stands in several.
  const several = await scope.warehouse.rows(
    `SELECT service FROM ${soldFacts(scope, 'service')} AS s WHERE ${pinned(scope, 's')}
     GROUP BY service HAVING count(*) > 1 LIMIT 1`,
    { tenant: scope.tenant },
  )
  return several.length === 0
}

async function readSeenNear(scope: PeriodScope, opening: RatingState): Promise<SeenNear | null> {
  const window = await guessWindow(scope, opening)
  if (window === null) return null
  const near = nearSql(window)
  return { near, seen: await readSeen(scope, near) }
}

/** The billing period of the month, where all accounts have one; begun where the run before ended. */
async function guessWindow(scope: PeriodScope, { checkpoints }: RatingState): Promise<Window | null> {
  // One row per time zone and cycle day.
  const rows = await scope.warehouse.rows<{ time_zone: string; cycle_day: number | null }>(
    `SELECT DISTINCT time_zone, cycle_day FROM account AS a WHERE ${pinned(scope, 'a')} AND currency <> ''`,
    { tenant: scope.tenant },
  )
  const said = scope.configuration.flatMap(({ kind, body }) => (kind === 'Account' ? [cycleOf(body)] : []))
  const cycles = [...said, ...rows.map((row) => ({ zone: row.time_zone, day: row.cycle_day }))].map(
    ({ zone, day }) => ({ timeZone: zone || 'UTC', cycleDay: day ?? 1 }),
  )
  const [first] = cycles
  if (first === undefined) return null
  if (!cycles.every((one) => one.timeZone === first.timeZone && one.cycleDay === first.cycleDay)) return null
  const { startMicros, untilMicros } = new Calendars().billing(first).period(monthIndex(scope.period))
  let fromMicros = startMicros
  for (const { atMicros } of checkpoints.values()) if (atMicros < fromMicros) fromMicros = atMicros
  return { fromMicros, untilMicros }
}

function cycleOf(body: unknown): { readonly zone: string | undefined; readonly day: number | undefined } {
  const said = body as { readonly 'time-zone'?: string; readonly 'cycle-day'?: number }
  return { zone: said['time-zone'], day: said['cycle-day'] }
}
