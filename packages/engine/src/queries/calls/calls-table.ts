// Calls from rows of usage. Rows of one service with one conference are its legs; a row without one is a call of its own.
// Times are as stored: wall time or instant. A summary is no call, nor is a correction.
import { addDays, type LocalDate } from '@spillway/core'
import { liveDocuments, liveDocumentsCte, runsOf } from '../../warehouse/live-documents.ts'
import { ADDED_USAGE_COLUMNS } from '../../warehouse/schema.ts'
import type { Workspace } from '../../workspace/workspace.ts'

/** Usage that lasts. */
export const CALL_TYPES = ['conference', 'voice'] as const
export type CallType = (typeof CALL_TYPES)[number]

export type CallWindow = {
  readonly usageTypes: ReadonlyArray<CallType>
  /** Local days; calls of the days around them are read too, because zones differ and calls last. */
  readonly from: LocalDate
  readonly until: LocalDate
  /** Of the columns of `usage`; all rows where it is left out. */
  readonly where?: string
}

/** As many days before a window a conference may have begun that goes on in it. */
const DAYS_BEFORE = 2
const DAYS_AFTER = 1

/** The stored times that rows of a window's calls may have, half-open, as SQL. */
export function daysRead({ from, until }: Pick<CallWindow, 'from' | 'until'>): {
  readonly from: string
  readonly until: string
} {
  return { from: `DATE '${addDays(from, -DAYS_BEFORE)}'`, until: `DATE '${addDays(until, DAYS_AFTER)}'` }
}

/** A conference that was empty for so long and is used again is another one: rooms keep their number. */
export const IDLE_HOURS = 4

/** A row without a conference that lasts as long is a summary. */
const SUMMARY_HOURS = 24

/** `leg`: one row per row of usage that is a leg of a call, with its end; a leg without one ends after what it used. */
export async function legsCte(
  workspace: Workspace,
  { usageTypes, from, until, where = 'true' }: CallWindow,
): Promise<string> {
  const documents = await liveDocuments(workspace)
  const stored = await storedColumns(workspace)
  const days = daysRead({ from, until })
  const added = ADDED_USAGE_COLUMNS.map((column) => (stored.has(column) ? column : `'' AS ${column}`))
  // Rows without a conference apart: where there are none, their ids are not even read.
  return `${liveDocumentsCte(documents)}, usage_row AS NOT MATERIALIZED (
      SELECT account, service, source, usage_type, id, is_wall_time, started_at, quantity_base, account_code, peer, participants,
        ${added.join(', ')},
        coalesce(ended_at, started_at + to_microseconds(quantity_base * 1000000)) AS ended_at
      FROM usage WHERE tenant = $tenant AND ${isOfDocuments(documents)}
        AND usage_type IN (${usageTypes.map((type) => `'${type}'`).join(', ')}) AND view IN ('', 'itemised') AND quantity_base >= 0
        AND started_at >= ${days.from} AND started_at < ${days.until} AND (${where})),
    leg AS (
      SELECT *, false AS is_single FROM usage_row WHERE conference <> ''
      UNION ALL SELECT * REPLACE (id AS conference), true FROM usage_row
      WHERE conference = '' AND ended_at < started_at + INTERVAL ${SUMMARY_HOURS} HOUR)`
}

/** As many runs of documents are asked for by their bounds, which a whole row group can answer; more are looked up. */
const RUNS_AT_ONCE = 8

function isOfDocuments(documents: ReadonlyArray<{ readonly doc: number }>): string {
  const runs = runsOf(documents.map(({ doc }) => doc))
  if (runs.length === 0 || runs.length > RUNS_AT_ONCE) return 'doc IN (FROM live_document)'
  return `(${runs.map(([first, last]) => `doc BETWEEN ${first} AND ${last}`).join(' OR ')})`
}

/** A warehouse that is open to read may be of a version without them. */
async function storedColumns({ warehouse }: Workspace): Promise<ReadonlySet<string>> {
  const rows = await warehouse.rows<{ column_name: string }>(
    "SELECT column_name FROM duckdb_columns() WHERE table_name = 'usage' AND database_name = current_database()",
  )
  return new Set(rows.map(({ column_name }) => column_name))
}

/** What makes rows legs of one call, but for the time between them. */
const KEYS = ['account', 'service', 'source', 'usage_type', 'conference', 'is_single', 'is_wall_time'] as const
const KEY_LIST = KEYS.join(', ')
const SPAN =
  'min(started_at) AS started_at, max(ended_at) AS ended_at, count(*)::INTEGER AS legs, sum(quantity_base)::BIGINT AS seconds'

/** Who is in a leg: the name, else the number called from. */
const WHO = "CASE WHEN participant = '' THEN peer ELSE participant END"

/** The code that was dialled first: a conference has one, whoever dialled it. Names by their bytes, each once. */
const DETAILS = `, coalesce(min_by(account_code, (started_at, id)) FILTER (account_code <> ''), '') AS account_code,
    coalesce(list_sort(list(DISTINCT ${WHO}) FILTER (${WHO} <> '')), []) AS people,
    coalesce(list_sort(list(DISTINCT peer) FILTER (peer <> '')), []) AS peers,
    greatest(count(DISTINCT ${WHO}) FILTER (${WHO} <> '') + count(*) FILTER (${WHO} = ''), coalesce(max(participants), 0))::INTEGER
      AS participants, min(id) AS first_id`

/**
 * Makes `call` in a scratch database: one row per call, with its legs' earliest start and latest end, their number and their
 * used seconds; with `details` also who was in it, its code and the smallest id of its legs.
 */
export async function makeCalls(
  workspace: Workspace,
  { scratch, hasDetails, ...window }: CallWindow & { readonly scratch: string; readonly hasDetails: boolean },
): Promise<void> {
  const { warehouse, tenant } = workspace
  const legs = await legsCte(workspace, window)
  const columns = `${SPAN}${hasDetails ? DETAILS : ''}`
  await warehouse.run(
    `CREATE TABLE ${scratch}.call AS WITH ${legs} SELECT ${KEY_LIST}, ${columns} FROM leg GROUP BY ${KEY_LIST}`,
    { tenant },
  )
  const long = `legs > 1 AND ended_at >= started_at + INTERVAL ${IDLE_HOURS} HOUR`
  const { calls } = await warehouse.row<{ calls: bigint }>(
    `SELECT count(*) AS calls FROM ${scratch}.call WHERE ${long}`,
  )
  if (calls === 0n) return
  // One row per sitting: legs of one number that begin before it was empty for hours.
  await warehouse.run(
    `CREATE TABLE ${scratch}.sitting AS WITH ${legs},
       long_call AS (SELECT ${KEY_LIST} FROM ${scratch}.call WHERE ${long}),
       reached AS (SELECT leg.*, max(ended_at) OVER (PARTITION BY ${KEY_LIST} ORDER BY started_at, id
           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached_at FROM leg SEMI JOIN long_call USING (${KEY_LIST})),
       numbered AS (SELECT *, count(*) FILTER (reached_at IS NULL OR started_at >= reached_at + INTERVAL ${IDLE_HOURS} HOUR)
           OVER (PARTITION BY ${KEY_LIST} ORDER BY started_at, id) AS sitting_no FROM reached)
     SELECT ${KEY_LIST}, ${columns} FROM numbered GROUP BY ${KEY_LIST}, sitting_no`,
    { tenant },
  )
  await warehouse.run(`DELETE FROM ${scratch}.call WHERE ${long}`)
  await warehouse.run(`INSERT INTO ${scratch}.call BY NAME SELECT * FROM ${scratch}.sitting`)
}

/** Who is in a leg: the name, else the number called from. */
export const WHO_IN_LEG = WHO
