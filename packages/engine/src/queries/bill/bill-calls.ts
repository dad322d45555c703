// The calls of a bill as a table: what was drawn or rated on it of usage that lasts, leg by leg, as the conferences that the
// legs are of. SQL only adds here; what each call is charged is divided where they are read.

import { pinned } from '../../stages/allocate/period-scope.ts'
import type { Replay } from '../../stages/rate/replay.ts'
import type { SoldUsage } from '../../stages/rate/sold-usage.ts'
import { runsOf } from '../../warehouse/live-documents.ts'
import { literal } from '../../warehouse/sql-literal.ts'
import { IDLE_HOURS, WHO_IN_LEG } from '../calls/calls-table.ts'
import type { FoundBill } from './find-bill.ts'

/** A class that is listed call by call. */
export type CallClass = { readonly classNo: number; readonly usageClass: string }

export type CallsOf = {
  readonly found: FoundBill
  readonly classes: ReadonlyArray<CallClass>
  /** How many `bill_service` has. */
  readonly services: number
  /** Instants of the bill's days, in microseconds. */
  readonly fromMicros: number
  readonly untilMicros: number
  /** Whether wall times of every service on the bill are those of the bill's account. */
  readonly isOneZone: boolean
  /** Who was in each, for rules of projects. */
  readonly hasPeople: boolean
}

/**
 * `bill_call`, one row per call: `service_no` (the `place` in `bill_service`), `conference`, `start_micros`, `end_micros`, `participants`, what it used of each
 * class as `used_0` and so on; with `hasCodes` also `first_code`, with people `people` and `peers`.
 */
export type BillCalls = {
  /** What else makes legs one call, in the order of {@link KEYS}: as columns, or as literals where all rows have the same. */
  readonly keys: ReadonlyMap<Key, string | null>
  readonly hasCodes: boolean
}

/** Beside the service; calls of one instant are in this order. */
const KEYS = ['source', 'conference', 'usage_type', 'is_single', 'is_wall_time'] as const
type Key = (typeof KEYS)[number]

const MICROS_PER_SECOND = 1_000_000
const MICROS_PER_HOUR = 3_600_000_000
const MORE = [
  ...['conference', 'participant', 'peer', 'account_code', 'participants', 'usage_type'],
  ...['started_at', 'ended_at', 'is_wall_time', 'rowid'],
]

/** Makes `bill_call` in the replay's scratch database. Needs `bill_service`. */
export async function makeBillCalls({ scope, usage }: Replay, of: CallsOf): Promise<BillCalls | null> {
  const { warehouse, tenant, scratch } = scope
  if (usage === null) return null
  await warehouse.run(
    `CREATE TABLE ${scratch}.bill_row AS SELECT r.* REPLACE (s.place AS service_no)
     FROM ${scratch}.sold_row AS r JOIN ${scratch}.bill_service AS s ON s.service_no = r.service_no`,
  )
  const types = [...new Set(of.classes.map(({ usageClass }) => usageClass.split('/')[0] as string))]
  const isAsWritten = usage.canReadAsWritten && of.isOneZone
  const isWritten = (condition: string) => isThere(scope, `${isOfTypes(types)} AND ${condition}`)
  const hasCodes = await isWritten("u.account_code <> ''")
  // Bounds that the warehouse keeps of each block leave little to look through, of what is less, not of what is equal.
  const hasSingles = (await isWritten("u.conference < '!'")) && (await isWritten("u.conference = ''"))
  const hasTold = await isWritten('u.participants > 1')
  const kinds = usage.kinds.filter(({ usageType }) => types.includes(usageType))
  const keys = keysOf({ kinds, isAsWritten, hasSingles })
  const legs = legsSql(usage, { ...of, types, isAsWritten, hasSingles, keys })
  const sums = { legs, hasTold, columns: columnsOf(of, { hasCodes, hasTold }), keys: ['service_no', ...grouped(keys)] }
  await warehouse.run(`CREATE TABLE ${scratch}.bill_call AS ${callsSql(sums)}`, { tenant })
  await separateSittings(scope, { ...sums, keys })
  return { keys, hasCodes }
}

function isOfTypes(types: ReadonlyArray<string>): string {
  return `u.usage_type IN (${types.map(literal).join(', ')})`
}

/** By question, for as long as what the run read is kept: its usage never changes, and the next bill asks the same. */
const thereBy = new WeakMap<Replay['scope']['configuration'], Map<string, boolean>>()

/** Whether the run read a row of usage of which a condition is true. */
async function isThere(scope: Replay['scope'], condition: string): Promise<boolean> {
  const { warehouse, tenant, documents, configuration } = scope
  const known = thereBy.get(configuration) ?? new Map<string, boolean>()
  thereBy.set(configuration, known)
  const question = JSON.stringify([tenant, runsOf(documents), condition])
  const answer = known.get(question)
  if (answer !== undefined) return answer
  const rows = await warehouse.rows(
    `SELECT 1 AS found FROM usage AS u WHERE ${pinned(scope, 'u')} AND ${condition} LIMIT 1`,
    { tenant },
  )
  known.set(question, rows.length > 0)
  return rows.length > 0
}

type KeysOf = { readonly kinds: SoldUsage['kinds']; readonly isAsWritten: boolean; readonly hasSingles: boolean }

/** Most bills are of one bridge: a column that all rows have the same in takes time in every sum and every order. */
function keysOf({ kinds, isAsWritten, hasSingles }: KeysOf): BillCalls['keys'] {
  const only = <T>(values: ReadonlyArray<T>, text: (value: T) => string) => {
    const [first, ...others] = new Set(values)
    return first !== undefined && others.length === 0 ? text(first) : null
  }
  const isWallTime = isAsWritten
    ? only(
        kinds.map((one) => one.isWallTime),
        String,
      )
    : 'false'
  const values: Readonly<Record<Key, string | null>> = {
    source: only(
      kinds.map((one) => one.source),
      literal,
    ),
    conference: null,
    usage_type: only(
      kinds.map((one) => one.usageType),
      literal,
    ),
    is_single: hasSingles ? null : 'false',
    is_wall_time: isWallTime,
  }
  return new Map(KEYS.map((key) => [key, values[key]]))
}

/** Those that are columns. */
export function grouped(keys: BillCalls['keys']): ReadonlyArray<Key> {
  return [...keys].flatMap(([key, value]) => (value === null ? [key] : []))
}

type LegsOf = CallsOf &
  Pick<BillCalls, 'keys'> & {
    readonly types: ReadonlyArray<string>
    readonly isAsWritten: boolean
    readonly hasSingles: boolean
  }

/** One row per leg on the bill. */
function legsSql(usage: SoldUsage, of: LegsOf): string {
  const { classes, types, isAsWritten, hasSingles, keys } = of
  const events = usage.eventsWhere(isOfTypes(types), 'bill_row', { columns: MORE, isAsWritten })
  const ended = isAsWritten ? 'epoch_us(ended_at)' : 'start_micros + epoch_us(ended_at) - epoch_us(started_at)'
  const ofTypes = usage.classes.filter(({ usageType }) => types.includes(usageType))
  const isOfClass =
    ofTypes.length === classes.length ? '' : `AND class_no IN (${classes.map(({ classNo }) => classNo).join(', ')})`
  return `SELECT service_no, source, usage_type, class_no, start_micros, billed_base, id, account_code, participant, peer,
      participants, ${hasSingles ? "conference = ''" : 'false'} AS is_single,
      ${hasSingles ? "CASE WHEN conference = '' THEN id ELSE conference END" : 'conference'} AS conference,
      ${keys.get('is_wall_time') ?? 'is_wall_time'} AS is_wall_time, ${WHO_NO} AS who_no,
      greatest(start_micros, coalesce(${ended}, start_micros + billed_base * ${MICROS_PER_SECOND})) AS end_micros
    FROM (${events}) WHERE ${isOfBill(of)} ${isOfClass}`
}

function isOfBill({ found, fromMicros, untilMicros, isAsWritten, keys }: LegsOf): string {
  const ofInstants = `start_micros >= ${fromMicros} AND start_micros < ${untilMicros}`
  const ofWalls = `started_at >= DATE '${found.from}' AND started_at < DATE '${found.until}'`
  const isWallTime = keys.get('is_wall_time')
  if (!isAsWritten || isWallTime === 'false') return ofInstants
  return isWallTime === 'true' ? ofWalls : `CASE WHEN is_wall_time THEN ${ofWalls} ELSE ${ofInstants} END`
}

/** Who is in a leg as a number; somebody without a name is somebody else in each. */
const WHO_NO = `CASE WHEN participant <> '' THEN hash(participant) WHEN peer <> '' THEN hash(peer) ELSE hash(rowid, true) END`

type Written = { readonly hasCodes: boolean; readonly hasTold: boolean }

function columnsOf({ classes, hasPeople }: CallsOf, { hasCodes, hasTold }: Written): string {
  const used = classes.map(({ classNo }, at) =>
    classes.length === 1
      ? `sum(billed_base)::DOUBLE AS used_${at}`
      : `coalesce(sum(billed_base) FILTER (class_no = ${classNo}), 0)::DOUBLE AS used_${at}`,
  )
  const people = hasPeople
    ? `, coalesce(list_sort(list(DISTINCT ${WHO_IN_LEG}) FILTER (${WHO_IN_LEG} <> '')), []) AS people,
       coalesce(list_sort(list(DISTINCT peer) FILTER (peer <> '')), []) AS peers`
    : ''
  return `min(start_micros) AS start_micros, max(end_micros) AS end_micros, list(who_no) AS who,
    ${hasTold ? 'max(participants) AS participants_told,' : ''} ${hasCodes ? `min(${CODE_OF_LEG}) AS first_code,` : ''} ${used.join(', ')}${people}`
}

type SumsOfCalls = {
  readonly legs: string
  readonly columns: string
  readonly keys: ReadonlyArray<string>
  /** Whether a leg says that it is of several. */
  readonly hasTold: boolean
}

function callsSql({ legs, columns, keys, hasTold }: SumsOfCalls): string {
  const [more, participants] = hasTold
    ? [', participants_told', `greatest(${DIFFERENT}, coalesce(participants_told, 0))`]
    : ['', DIFFERENT]
  return `SELECT * EXCLUDE (who${more}), (${participants})::INTEGER AS participants
    FROM (SELECT ${keys.join(', ')}, ${columns} FROM (${legs}) GROUP BY ${keys.join(', ')})`
}

/** So many names are compared with each other, which takes a tenth of the time of a table of names for each call. */
const COMPARED_MAX = 4

/** How many different numbers the list `who` has. */
const DIFFERENT = `CASE WHEN len(who) <= ${COMPARED_MAX} THEN 1 ${Array.from(
  { length: COMPARED_MAX - 1 },
  (_, index) => {
    const before = Array.from({ length: index + 1 }, (_none, at) => `who[${index + 2}] <> who[${at + 1}]`)
    return `+ coalesce((${before.join(' AND ')})::INTEGER, 0)`
  },
).join(' ')} ELSE list_unique(who) END`

/** A code with when it was dialled before it, so that the first of a call is the smallest; no leg of most calls has one. */
const CODE_OF_LEG =
  "CASE WHEN account_code <> '' THEN printf('%020d', start_micros) || id || chr(1) || account_code END"

type SittingsOf = Pick<SumsOfCalls, 'legs' | 'columns' | 'hasTold'> & Pick<BillCalls, 'keys'>

/** Rooms keep their number: one that was empty for hours and is used again is another call (decision 0029). */
async function separateSittings(scope: Replay['scope'], { legs, columns, hasTold, keys }: SittingsOf): Promise<void> {
  const { warehouse, scratch, tenant } = scope
  const idle = IDLE_HOURS * MICROS_PER_HOUR
  const isSingle = keys.get('is_single') ?? 'is_single'
  const long = `NOT ${isSingle} AND end_micros >= start_micros + ${idle}`
  const { calls } = await warehouse.row<{ calls: bigint }>(
    `SELECT count(*) AS calls FROM ${scratch}.bill_call WHERE ${long}`,
  )
  if (calls === 0n) return
  const ofCall = ['service_no', ...grouped(keys)]
  const names = ofCall.join(', ')
  await warehouse.run(
    `CREATE TABLE ${scratch}.bill_sitting AS WITH
       reached AS (SELECT leg.*, max(end_micros) OVER (PARTITION BY ${names} ORDER BY start_micros, id
           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached_micros
         FROM (${legs}) AS leg SEMI JOIN (SELECT ${names} FROM ${scratch}.bill_call WHERE ${long}) USING (${names})),
       numbered AS (SELECT *, count(*) FILTER (reached_micros IS NULL OR start_micros >= reached_micros + ${idle})
           OVER (PARTITION BY ${names} ORDER BY start_micros, id) AS sitting_no FROM reached)
     SELECT * EXCLUDE (sitting_no) FROM (${callsSql({ legs: 'FROM numbered', columns, hasTold, keys: [...ofCall, 'sitting_no'] })})`,
    { tenant },
  )
  await warehouse.run(`DELETE FROM ${scratch}.bill_call WHERE ${long}`)
  await warehouse.run(`INSERT INTO ${scratch}.bill_call BY NAME SELECT * FROM ${scratch}.bill_sitting`)
}
