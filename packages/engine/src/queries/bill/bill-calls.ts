// The calls of a bill: what was drawn or rated on it of usage that lasts, leg by leg, as the conferences that the legs are of.
// Each call has what its service is charged for the class, in proportion to what it used (core's divideOverCalls).
import { type BillCall, divideOverCalls } from '@spillway/core'
import { literal, pinned } from '../../stages/allocate/period-scope.ts'
import type { Replay } from '../../stages/rate/replay.ts'
import type { TypedBatch } from '../../warehouse/warehouse.ts'
import type { AccountClock } from '../calls/account-facts.ts'
import { IDLE_HOURS, WHO_IN_LEG } from '../calls/calls-table.ts'
import type { FoundBill } from './find-bill.ts'

/** A class that is listed call by call. */
export type CallClass = { readonly classNo: number; readonly usageClass: string }

export type CallsOf = {
  readonly found: FoundBill
  readonly classes: ReadonlyArray<CallClass>
  /** Instants of the bill's days, in microseconds. */
  readonly fromMicros: number
  readonly untilMicros: number
  /** Whether wall times of every service on the bill are those of the bill's account. */
  readonly isOneZone: boolean
  /** Who was in each, for rules of projects. */
  readonly hasPeople: boolean
}

const MICROS_PER_SECOND = 1_000_000
const MICROS_PER_HOUR = 3_600_000_000
const KEYS = 'service_no, source, usage_type, conference, is_single, is_wall_time'
const MORE = [
  ...['conference', 'participant', 'peer', 'account_code', 'participants', 'usage_type'],
  ...['started_at', 'ended_at', 'is_wall_time'],
]

/**
 * Makes `bill_call` in the replay's scratch database: one row per call, with what it used of each class as `used_0`, `used_1`
 * and so on. Needs `bill_service`.
 */
export async function makeBillCalls({ scope, usage }: Replay, of: CallsOf): Promise<void> {
  const { warehouse, tenant, scratch } = scope
  if (usage === null) return
  await warehouse.run(
    `CREATE TABLE ${scratch}.bill_row AS SELECT r.* FROM ${scratch}.sold_row AS r SEMI JOIN ${scratch}.bill_service USING (service_no)`,
  )
  const isAsWritten = usage.canReadAsWritten && of.isOneZone
  const more = { columns: MORE, isAsWritten }
  const events = usage.eventsWhere("u.usage_type IN ('conference', 'voice')", 'bill_row', more)
  const ofDays = `start_micros >= ${of.fromMicros} AND start_micros < ${of.untilMicros}`
  const isOfBill = isAsWritten
    ? `CASE WHEN is_wall_time THEN started_at >= DATE '${of.found.from}' AND started_at < DATE '${of.found.until}' ELSE ${ofDays} END`
    : ofDays
  const legs = `SELECT service_no, source, usage_type, class_no, start_micros, billed_base, id, account_code, participant, peer,
      participants, conference = '' AS is_single, CASE WHEN conference = '' THEN id ELSE conference END AS conference,
      ${isAsWritten ? 'is_wall_time' : 'false AS is_wall_time'},
      start_micros + CASE WHEN ended_at IS NULL THEN billed_base * ${MICROS_PER_SECOND}
        ELSE greatest(0, epoch_us(ended_at) - epoch_us(started_at)) END AS end_micros
    FROM (${events}) WHERE ${isOfBill} AND class_no IN (${of.classes.map(({ classNo }) => classNo).join(', ')})`
  const columns = columnsOf(of, await hasCodes(scope))
  await warehouse.run(`CREATE TABLE ${scratch}.bill_call AS ${callsSql({ legs, columns, keys: KEYS })}`, { tenant })
  await separateSittings({ scope, legs, columns })
}

/** Whether any usage of the run has an account code: where none has, no call is asked for its first one. */
async function hasCodes(scope: Replay['scope']): Promise<boolean> {
  const { found } = await scope.warehouse.row<{ found: boolean }>(
    `SELECT coalesce(max(u.account_code), '') <> '' AS found FROM usage AS u WHERE ${pinned(scope, 'u')}`,
    { tenant: scope.tenant },
  )
  return found
}

function columnsOf({ classes, hasPeople }: CallsOf, hasCode: boolean): string {
  const used = classes.map(
    ({ classNo }, at) => `coalesce(sum(billed_base) FILTER (class_no = ${classNo}), 0)::DOUBLE AS used_${at}`,
  )
  const people = hasPeople
    ? `, coalesce(list_sort(list(DISTINCT ${WHO_IN_LEG}) FILTER (${WHO_IN_LEG} <> '')), []) AS people,
       coalesce(list_sort(list(DISTINCT peer) FILTER (peer <> '')), []) AS peers`
    : ''
  return `min(start_micros) AS start_micros, max(end_micros) AS end_micros, count(*)::INTEGER AS legs,
    ${hasCode ? `min(${CODE_OF_LEG})` : 'NULL::VARCHAR'} AS first_code,
    list(hash(${WHO_IN_LEG})) FILTER (${WHO_IN_LEG} <> '') AS named, bit_or(1::UBIGINT << (hash(${WHO_IN_LEG}) >> 58)) FILTER (${WHO_IN_LEG} <> '') AS named_bits,
    count(*) FILTER (${WHO_IN_LEG} = '') AS unnamed, max(participants) AS participants_told,
    ${used.join(', ')}${people}`
}

type SumsOfCalls = { readonly legs: string; readonly columns: string; readonly keys: string }

/**
 * One row per call. Who is in it is counted by one bit of each name's hash: as many bits as names are as many people. Fewer
 * are looked at name by name, which takes ten times as long.
 */
function callsSql({ legs, columns, keys }: SumsOfCalls): string {
  return `SELECT * EXCLUDE (named, named_bits, unnamed, participants_told),
      greatest(unnamed + CASE WHEN named IS NULL THEN 0 WHEN bit_count(named_bits) = len(named) THEN len(named)
        ELSE list_unique(named) END, coalesce(participants_told, 0))::INTEGER AS participants
    FROM (SELECT ${KEYS}, ${columns} FROM (${legs}) GROUP BY ${keys})`
}

/** A code with when it was dialled before it, so that the first of a call is the smallest; no leg of most calls has one. */
const CODE_OF_LEG =
  "CASE WHEN account_code <> '' THEN printf('%020d', start_micros) || id || chr(1) || account_code END"
const FIRST_CODE = "coalesce(regexp_extract(c.first_code, '\u0001([^\u0001]*)$', 1), '')"

type SittingsOf = { readonly scope: Replay['scope']; readonly legs: string; readonly columns: string }

/** Rooms keep their number: one that was empty for hours and is used again is another call (decision 0029). */
async function separateSittings({ scope, legs, columns }: SittingsOf): Promise<void> {
  const { warehouse, scratch, tenant } = scope
  const idle = IDLE_HOURS * MICROS_PER_HOUR
  const long = `legs > 1 AND end_micros >= start_micros + ${idle}`
  const { calls } = await warehouse.row<{ calls: bigint }>(
    `SELECT count(*) AS calls FROM ${scratch}.bill_call WHERE ${long}`,
  )
  if (calls === 0n) return
  await warehouse.run(
    `CREATE TABLE ${scratch}.bill_sitting AS WITH
       reached AS (SELECT leg.*, max(end_micros) OVER (PARTITION BY ${KEYS} ORDER BY start_micros, id
           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached_micros
         FROM (${legs}) AS leg SEMI JOIN (SELECT ${KEYS} FROM ${scratch}.bill_call WHERE ${long}) USING (${KEYS})),
       numbered AS (SELECT *, count(*) FILTER (reached_micros IS NULL OR start_micros >= reached_micros + ${idle})
           OVER (PARTITION BY ${KEYS} ORDER BY start_micros, id) AS sitting_no FROM reached)
     ${callsSql({ legs: 'FROM numbered', columns, keys: `${KEYS}, sitting_no` })}`,
    { tenant },
  )
  await warehouse.run(`DELETE FROM ${scratch}.bill_call WHERE ${long}`)
  await warehouse.run(`INSERT INTO ${scratch}.bill_call BY NAME SELECT * FROM ${scratch}.bill_sitting`)
}

/** The calls of one service, with what each is charged by class. */
export type ServiceCalls = {
  readonly place: number
  readonly account: string
  readonly service: string
  readonly section: string
  readonly calls: ReadonlyArray<BillCall>
  /** What sections are told by, of the call at a place of `calls`. */
  readonly detailsOf: (at: number) => CallDetails
}

export type CallDetails = {
  readonly source: string
  readonly startMicros: number
  /** In the order of the classes of the bill; of classes that it has nothing of, 0. */
  readonly byClass: ReadonlyArray<{ readonly quantityBase: bigint; readonly amountMinor: bigint }>
  readonly people: ReadonlyArray<string>
  readonly peers: ReadonlyArray<string>
}

/** Figures come as they lie in memory: an object for each of millions of calls takes most of the time. */
const COLUMNS = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const
const [PLACE, START, END, PARTICIPANTS, IS_WALL, CODE, CALL, DETAILS, USED] = COLUMNS

/** Services in the order of `place`, each with its calls in order of time. Holds the calls of one service. */
export async function* readServiceCalls(
  replay: Replay,
  { classes, found, clock, hasPeople }: CallsOf & { readonly clock: AccountClock },
): AsyncGenerator<ServiceCalls> {
  if (replay.usage === null) return
  const { warehouse, scratch } = replay.scope
  const used = classes.map((_, at) => `c.used_${at}`).join(', ')
  const details = hasPeople ? '{source: c.source, people: c.people, peers: c.peers}::JSON::VARCHAR' : "''"
  const batches = warehouse.streamTyped(
    `SELECT s.place, c.start_micros::DOUBLE, c.end_micros::DOUBLE, c.participants, c.is_wall_time::INTEGER, ${FIRST_CODE},
       c.conference, ${details}, ${used}
     FROM ${scratch}.bill_call AS c JOIN ${scratch}.bill_service AS s USING (service_no)
     ORDER BY s.place, c.start_micros, c.source, c.conference, c.usage_type, c.is_single, c.is_wall_time`,
  )
  const charges = new ServiceCharges(replay, { classes, found })
  const of = { classes, clock, hasDetails: hasPeople }
  let place: number | null = null
  let held: TypedBatch['columns'][] = []
  try {
    for await (const { columns, count } of batches) {
      const places = columns[PLACE] as Int32Array
      for (let from = 0; from < count; ) {
        if (place !== null && place !== places[from]) {
          yield priced(held, { charge: await charges.of(place), ...of })
          held = []
        }
        place = places[from] as number
        let until = from + 1
        while (until < count && places[until] === place) until += 1
        held.push(columns.map((column) => column.slice(from, until)))
        from = until
      }
    }
    if (place !== null) yield priced(held, { charge: await charges.of(place), ...of })
  } finally {
    await charges.close()
  }
}

type Charge = {
  readonly place: number
  readonly account: string
  readonly service: string
  readonly section: string
  /** Minor units by the place of the class. */
  readonly amounts: ReadonlyArray<bigint>
}
type ChargeRow = {
  place: number
  account: string
  service: string
  section: string
  about: string
  amount_minor: bigint
}

/** What each service is charged for calls, walked beside the calls in the order of `place`. */
class ServiceCharges {
  readonly #rows: AsyncGenerator<ChargeRow[]>
  readonly #at: ReadonlyMap<string, number>
  #batch: ReadonlyArray<ChargeRow> = []
  #next = 0

  constructor({ scope }: Replay, { classes, found }: Pick<CallsOf, 'classes' | 'found'>) {
    this.#at = new Map(classes.map(({ usageClass }, at) => [usageClass, at]))
    const { warehouse, scratch, tenant } = scope
    // One row per service and class.
    this.#rows = warehouse.stream<ChargeRow>(
      `SELECT s.place, s.account, s.service, s.section, l.about, sum(l.amount_minor)::BIGINT AS amount_minor
       FROM customer_bill_line AS l JOIN ${scratch}.bill_service AS s USING (account, service)
       WHERE l.tenant = $tenant AND l.run = $run AND l.number = $bill AND l.kind = 'usage'
         AND l.about IN (${classes.map(({ usageClass }) => literal(usageClass)).join(', ')})
       GROUP BY ALL ORDER BY s.place`,
      { tenant, run: found.run.id, bill: found.bill },
    )
  }

  async of(place: number): Promise<Charge> {
    const amounts = [...this.#at].map(() => 0n)
    let named = { account: '', service: '', section: '' }
    for (let row = await this.#peek(); row !== undefined && row.place <= place; row = await this.#peek()) {
      this.#next += 1
      if (row.place < place) continue
      named = { account: row.account, service: row.service, section: row.section }
      amounts[this.#at.get(row.about) as number] = row.amount_minor
    }
    return { place, ...named, amounts }
  }

  async close(): Promise<void> {
    await this.#rows.return(undefined)
  }

  async #peek(): Promise<ChargeRow | undefined> {
    while (this.#next >= this.#batch.length) {
      const { value, done } = await this.#rows.next()
      if (done) return undefined
      this.#batch = value
      this.#next = 0
    }
    return this.#batch[this.#next]
  }
}

type PricingOf = {
  readonly charge: Charge
  readonly classes: ReadonlyArray<CallClass>
  readonly clock: AccountClock
  readonly hasDetails: boolean
}

function priced(held: ReadonlyArray<TypedBatch['columns']>, of: PricingOf): ServiceCalls {
  const { charge, classes, clock } = of
  const { place, account, service, section } = charge
  const numbers = (column: number) => joined(held.map((columns) => columns[column] as Int32Array | Float64Array))
  const texts = (column: number) => held.flatMap((columns) => columns[column] as string[])
  const used = classes.map((_, at) => numbers(USED + at))
  const amounts = used.map((quantities, at) => divideOverUsers(charge.amounts[at] as bigint, quantities))
  const classText = classTexts(classes)
  const [starts, ends, participants] = [numbers(START), numbers(END), numbers(PARTICIPANTS)]
  const walls = numbers(IS_WALL)
  const [codes, names] = [texts(CODE), texts(CALL)]
  const instantAt = (times: ArrayLike<number>, at: number) =>
    clock.instantOf(times[at] as number, { isWallTime: walls[at] === 1 })
  const calls: BillCall[] = []
  for (let at = 0; at < starts.length; at += 1) {
    const startMicros = instantAt(starts, at)
    let [quantity, amountMinor] = [0, 0n]
    for (let index = 0; index < used.length; index += 1) {
      quantity += used[index]?.[at] as number
      amountMinor += amounts[index]?.[at] as bigint
    }
    calls.push({
      account,
      service,
      start: clock.text(startMicros),
      seconds: Math.max(0, Math.ceil((instantAt(ends, at) - startMicros) / MICROS_PER_SECOND)),
      participants: participants[at] as number,
      accountCode: codes[at] as string,
      usageClass: classText(used, at),
      call: names[at] as string,
      quantityBase: BigInt(quantity),
      amountMinor,
    })
  }
  const details = of.hasDetails ? texts(DETAILS) : []
  const detailsOf = (at: number): CallDetails => ({
    ...(JSON.parse(details[at] as string) as Pick<CallDetails, 'source' | 'people' | 'peers'>),
    startMicros: instantAt(starts, at),
    byClass: used.map((quantities, index) => ({
      quantityBase: BigInt(quantities[at] as number),
      amountMinor: amounts[index]?.[at] as bigint,
    })),
  })
  return { place, account, service, section, calls, detailsOf }
}

/** The parts of a column that lay in several batches. */
function joined(parts: ReadonlyArray<Int32Array | Float64Array>): ArrayLike<number> {
  const [first] = parts
  if (parts.length === 1 && first !== undefined) return first
  return parts.flatMap((part) => [...part])
}

/** As {@link divideOverCalls}, over calls of which some used nothing of the class; those have no part. */
function divideOverUsers(total: bigint, quantities: ArrayLike<number>): ReadonlyArray<bigint> {
  const used = Array.from(quantities)
  if (used.every((one) => one > 0)) return divideOverCalls(total, used)
  const having = used.flatMap((one, at) => (one > 0 ? [at] : []))
  const parts =
    having.length === 0
      ? []
      : divideOverCalls(
          total,
          having.map((at) => used[at] as number),
        )
  const amounts = used.map(() => 0n)
  for (const [order, at] of having.entries()) amounts[at] = parts[order] as bigint
  return amounts
}

/** The classes that a call has anything of, as one text. */
function classTexts(classes: ReadonlyArray<CallClass>) {
  const [only] = classes
  if (classes.length === 1 && only !== undefined) return () => only.usageClass
  return (used: ReadonlyArray<ArrayLike<number>>, at: number) =>
    classes
      .filter((_, index) => (used[index]?.[at] as number) > 0)
      .map(({ usageClass }) => usageClass)
      .join('; ')
}
