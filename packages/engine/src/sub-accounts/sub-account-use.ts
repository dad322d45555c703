// What is known of the use of sub-accounts in a billing period of their master account: from the usage and the charges
// that are imported, and from what was rated. Usage counts that is told call by call.

import { Calendars, type LocalDate, type SubAccountUse } from '@spillway/core'
import { LastAsked } from '../catalog/last-asked.ts'
import { currentRuns } from '../queries/current-run.ts'
import { liveDocuments, liveDocumentsCte, runsOf } from '../warehouse/live-documents.ts'
import { literal } from '../warehouse/sql-literal.ts'
import type { Workspace } from '../workspace/workspace.ts'
import type { MasterAccount } from './load-sub-accounts.ts'

type Held = Pick<Workspace, 'catalog' | 'warehouse' | 'tenant'>

/** A billing period of a master account, half-open. */
export type MasterPeriod = {
  readonly startOn: LocalDate
  readonly endOn: LocalDate
  readonly startMicros: number
  readonly untilMicros: number
}

/** The one that contains an instant. */
export function periodAt(master: MasterAccount, now: Date): MasterPeriod {
  const calendar = new Calendars().billing(master)
  return calendar.period(calendar.indexAt(now.getTime() * 1000))
}

/** The one that begins in a month: year × 12 + month - 1. */
export function periodOfMonth(master: MasterAccount, monthIndex: number): MasterPeriod {
  return new Calendars().billing(master).period(monthIndex)
}

export const NO_USE: SubAccountUse = { usedSeconds: 0n, spentMinor: 0n, participantsMost: 0, longestCallSeconds: 0n }

type UseOf = { readonly account: string; readonly currency: string; readonly period: MasterPeriod }

const IN_PERIOD = `CASE WHEN is_wall_time THEN started_at >= $start_on::TIMESTAMP AND started_at < $end_on::TIMESTAMP
    ELSE started_at >= make_timestamp($start_micros::BIGINT) AND started_at < make_timestamp($until_micros::BIGINT) END`

const ONE = `($user_id = '' OR service = $user_id)`

/** Read once, however much is asked of it. */
const CALLS = `call AS MATERIALIZED (SELECT service, quantity_base, coalesce(nullif(conference, ''), id) AS conference, started_at, ended_at,
      coalesce(participants, 1) AS participants
    FROM usage WHERE tenant = $tenant AND doc IN (FROM live_document) AND account = $account AND ${ONE}
      AND usage_type IN ('conference', 'voice') AND view IN ('', 'itemised') AND ${IN_PERIOD})`

// One row per service of the account with anything used or charged. What we rated is what it costs; where we rate nothing,
// what the vendor charges.
const sumsSql = (runs: ReadonlyArray<string>) => `
  ${CALLS},
  used AS (SELECT service, sum(quantity_base) AS used_seconds FROM call GROUP BY service),
  charged AS (SELECT service, sum(amount_minor) AS charged_minor FROM charge
    WHERE tenant = $tenant AND doc IN (FROM live_document) AND account = $account AND ${ONE} AND currency = $currency
      AND category <> 'payment' AND period_start_on >= $start_on::DATE AND period_start_on < $end_on::DATE
    GROUP BY service),
  sold AS (SELECT service, sum(amount_minor) AS rated_minor FROM rated
    WHERE tenant = $tenant AND run IN (${runs.length === 0 ? 'NULL' : runs.map(literal).join(', ')})
      AND account = $account AND ${ONE} AND currency = $currency AND period_start_on = $start_on::DATE
    GROUP BY service),
  summed AS (SELECT service, coalesce(used_seconds, 0)::BIGINT AS used_seconds,
      coalesce(rated_minor, charged_minor, 0)::BIGINT AS spent_minor
    FROM used FULL JOIN charged USING (service) FULL JOIN sold USING (service))`

// One row per service with calls: of its conferences the most participants at once, and the longest. Who leaves as another
// comes is not at once with them. Where nobody leaves before the last has come all are there at once; only of other conferences
// everybody's coming and going is put in order.
const SHAPES = `
  leg AS (FROM call WHERE ended_at IS NOT NULL),
  meeting AS (SELECT service, conference, sum(participants) AS participants, date_diff('second', min(started_at), max(ended_at)) AS seconds,
      max(started_at) < min(ended_at) AND min(participants) >= 0 AS is_together FROM leg GROUP BY service, conference),
  other AS (FROM leg SEMI JOIN (FROM meeting WHERE NOT is_together) USING (service, conference)),
  step AS (SELECT service, conference, started_at AS moment, participants AS change FROM other
    UNION ALL SELECT service, conference, ended_at, -participants FROM other),
  present AS (SELECT service, sum(change) OVER (PARTITION BY service, conference ORDER BY moment, change
      ROWS UNBOUNDED PRECEDING) AS participants FROM step
    UNION ALL SELECT service, participants FROM meeting WHERE is_together),
  most AS (SELECT service, max(participants)::INTEGER AS participants_most FROM present GROUP BY service),
  longest AS (SELECT service, max(seconds)::BIGINT AS longest_seconds FROM meeting GROUP BY service)`

/** Seconds and money of one sub-account so far; nothing of single calls, which take longer to find out. */
export async function useSoFar(
  held: Held,
  { userId, ...of }: UseOf & { readonly userId: string },
): Promise<SubAccountUse> {
  const sql = `WITH ${liveDocumentsCte(await liveDocuments(held))}, ${sumsSql(await runIds(held))}
    SELECT sum(used_seconds)::BIGINT AS used_seconds, sum(spent_minor)::BIGINT AS spent_minor FROM summed`
  const row = await held.warehouse.row<{ used_seconds: bigint | null; spent_minor: bigint | null }>(
    sql,
    parametersOf(held, { ...of, userId }),
  )
  return {
    ...NO_USE,
    usedSeconds: row.used_seconds ?? NO_USE.usedSeconds,
    spentMinor: row.spent_minor ?? NO_USE.spentMinor,
  }
}

type UseRow = {
  service: string
  used_seconds: bigint
  spent_minor: bigint
  participants_most: number | null
  longest_seconds: bigint | null
}

type UseOfAll = UseOf & {
  /** What a run read, in place of what counts now. */
  readonly pins?: {
    readonly documents: ReadonlyArray<{ readonly doc: number }>
    readonly runs: ReadonlyArray<string>
  }
  /** Leaves out what single calls say, which takes longest. */
  readonly withoutCalls?: boolean
}

type Uses = ReadonlyMap<string, SubAccountUse>
/** A screen asks about one account with and without a search; of a master account these are ten thousand. */
const ACCOUNTS_KEPT = 4

const keptBy = new WeakMap<Workspace['catalog'], LastAsked<string, Promise<Uses>>>()

/** Of all services of the account, by service: the same for as long as the same documents and runs count. */
export async function useOfAccount(held: Held, { pins, ...of }: UseOfAll): Promise<Uses> {
  // A run that is under way may be broken off, and its number given to another.
  if (pins !== undefined) return readUses(held, { ...pins, ...of })
  const [documents, runs] = [await liveDocuments(held), await runIds(held)]
  const key = JSON.stringify([held.tenant, runsOf(documents.map(({ doc }) => doc)), runs, of])
  const kept = keptBy.get(held.catalog) ?? new LastAsked<string, Promise<Uses>>(ACCOUNTS_KEPT)
  keptBy.set(held.catalog, kept)
  const known = kept.get(key)
  if (known) return known
  const uses = readUses(held, { documents, runs, ...of })
  kept.set(key, uses)
  uses.catch(() => kept.delete(key))
  return uses
}

type ReadUses = Omit<UseOfAll, 'pins'> & Required<UseOfAll>['pins']

async function readUses(held: Held, { documents, runs, withoutCalls = false, ...of }: ReadUses): Promise<Uses> {
  const sums = `WITH ${liveDocumentsCte(documents)}, ${sumsSql(runs)}`
  const sql = withoutCalls
    ? `${sums} SELECT *, NULL::INTEGER AS participants_most, NULL::BIGINT AS longest_seconds FROM summed`
    : `${sums}, ${SHAPES} SELECT * FROM summed LEFT JOIN most USING (service) LEFT JOIN longest USING (service)`
  const rows = await held.warehouse.rows<UseRow>(sql, parametersOf(held, { ...of, userId: '' }))
  return new Map(
    rows.map((row) => [
      row.service,
      {
        usedSeconds: row.used_seconds,
        spentMinor: row.spent_minor,
        participantsMost: row.participants_most ?? NO_USE.participantsMost,
        longestCallSeconds: row.longest_seconds ?? NO_USE.longestCallSeconds,
      },
    ]),
  )
}

async function runIds(held: Held): Promise<string[]> {
  return (await currentRuns(held)).map(({ id }) => id)
}

function parametersOf({ tenant }: Held, { account, userId, currency, period }: UseOf & { readonly userId: string }) {
  return {
    tenant,
    account,
    user_id: userId,
    currency,
    start_on: period.startOn,
    end_on: period.endOn,
    start_micros: String(period.startMicros),
    until_micros: String(period.untilMicros),
  }
}
