// Up to which instant usage is known, of all who hold a bucket. A thousand accounts may hold it: whose event may be the last is read
// from the end of usage, and whether it counts is for a replay of these accounts to say.
import { Calendars, type IndexedCatalogue } from '@spillway/core'
import { LastAsked } from '../../catalog/last-asked.ts'
import { type PeriodScope, pinned } from '../../stages/allocate/period-scope.ts'
import { pinnedCatalogue } from '../../stages/rate/pinned-catalogue.ts'
import { billingPeriod } from '../../stages/rate/rating-groups.ts'
import type { Replay } from '../../stages/rate/replay.ts'
import { accountsAsked, accountsTogether } from '../../stages/rate/sold-near.ts'
import { runsOf } from '../../warehouse/live-documents.ts'
import { holdersOf } from '../bucket-draws-report.ts'

type KnownUntil = Map<string, number>

/** Of runs that read the same versions of configuration. */
const RUNS_KEPT = 13
const knownBy = new WeakMap<PeriodScope['configuration'], LastAsked<string, KnownUntil>>()

/** By bucket, for as long as what the run read is kept: who asks about one account need not look at others that hold the bucket. */
export function knownOf({ configuration, tenant, period, documents, rating }: PeriodScope): KnownUntil {
  const runs = knownBy.get(configuration) ?? new LastAsked<string, KnownUntil>(RUNS_KEPT)
  knownBy.set(configuration, runs)
  const run = JSON.stringify([tenant, period.name, rating?.stored, rating?.before, runsOf(documents)])
  const known = runs.get(run) ?? new Map<string, number>()
  runs.set(run, known)
  return known
}

/** Usage up to this instant is known, of the groups of a replay. */
export async function lastKnown({ scope, usage }: Replay): Promise<number> {
  if (usage === null) return 0
  const { last } = await scope.warehouse.row<{ last: bigint }>(
    `SELECT coalesce(max(start_micros), 0)::BIGINT AS last FROM (${usage.events})`,
    { tenant: scope.tenant },
  )
  return Number(last) + 1
}

export type LastOf = {
  /** Who may have the last event. */
  readonly accounts: ReadonlyArray<string>
  /** No event of anybody else counts at this instant or later. */
  readonly othersUntilMicros: number
}

/** So many of the accounts of the last events are drawn. */
const ACCOUNTS_MAX = 2
const DAY_MICROS = 86_400_000_000

/** null where no holder has usage on the last day that can count: then all holders have to be drawn. */
export async function whoMayBeLast(scope: PeriodScope, bucket: string): Promise<LastOf | null> {
  const index = await pinnedCatalogue(scope)
  const holders = accountsTogether(index, await accountsAsked(scope, holdersOf(index, bucket)))
  const untilMicros = latestEnd(scope, index, holders)
  const last = (await readLast(scope, untilMicros)).filter(({ account }) => holders.has(account))
  if (last.length === 0) return null
  const next = last[ACCOUNTS_MAX]
  const othersLastMicros = next === undefined ? untilMicros - DAY_MICROS : Number(next.last_micros)
  return {
    accounts: last.slice(0, ACCOUNTS_MAX).map(({ account }) => account),
    othersUntilMicros: othersLastMicros + 1,
  }
}

/** At which no group of these accounts draws any more. */
function latestEnd({ period }: PeriodScope, index: IndexedCatalogue, accounts: ReadonlySet<string>): number {
  const of = { calendars: new Calendars(), month: period }
  const billed = new Map(
    [...accounts]
      .flatMap((account) => [index.account(account), index.billedTo(account)])
      .map((one) => [`${one.timeZone} ${one.cycleDay}`, one] as const),
  )
  return Math.max(0, ...[...billed.values()].map((one) => billingPeriod(of, one).untilMicros))
}

type LastRow = { readonly account: string; readonly last_micros: bigint }

/**
 * One row per account with usage in the day before an instant, the latest first: no event of its services is later than `last_micros`.
 * A wall time is an instant less than a day away.
 */
function readLast(scope: PeriodScope, untilMicros: number): Promise<LastRow[]> {
  const [before, after] = [untilMicros - 2 * DAY_MICROS, untilMicros + DAY_MICROS]
  const latest = `epoch_us(u.started_at) + CASE WHEN u.is_wall_time THEN ${DAY_MICROS} ELSE 0 END`
  return scope.warehouse.rows<LastRow>(
    `SELECT s.account, max(u.last_micros)::BIGINT AS last_micros
     FROM (SELECT u.service, ${latest} AS last_micros FROM usage AS u WHERE ${pinned(scope, 'u')}
         AND u.started_at >= make_timestamp(${before}) AND u.started_at < make_timestamp(${after})
         AND (u.is_wall_time OR (u.started_at >= make_timestamp(${untilMicros - DAY_MICROS}) AND u.started_at < make_timestamp(${untilMicros})))) AS u
     JOIN service AS s ON s.service = u.service WHERE ${pinned(scope, 's')}
     GROUP BY s.account ORDER BY last_micros DESC, s.account`,
    { tenant: scope.tenant },
  )
}
