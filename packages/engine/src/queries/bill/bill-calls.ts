// The calls of a bill: what was drawn or rated on it of usage that lasts, leg by leg, as the conferences that the legs are of.
// Each call has what its service is charged for the class, in proportion to what it used (core's divideOverCalls).
import { type BillCall, divideOverCalls } from '@spillway/core'
import { literal } from '../../stages/allocate/period-scope.ts'
import type { Replay } from '../../stages/rate/replay.ts'
import type { Cell } from '../../warehouse/warehouse.ts'
import type { AccountClock } from '../calls/account-facts.ts'
import { IDLE_HOURS } from '../calls/calls-table.ts'
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
const WHO = "CASE WHEN participant = '' THEN peer ELSE participant END"
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
  const columns = columnsOf(of)
  await warehouse.run(
    `CREATE TABLE ${scratch}.bill_call AS SELECT ${KEYS}, ${columns} FROM (${legs}) GROUP BY ${KEYS}`,
    {
      tenant,
    },
  )
  await separateSittings({ scope, legs, columns })
}

function columnsOf({ classes, hasPeople }: CallsOf): string {
  const used = classes.map(
    ({ classNo }, at) => `coalesce(sum(billed_base) FILTER (class_no = ${classNo}), 0)::DOUBLE AS used_${at}`,
  )
  const people = hasPeople
    ? `, coalesce(list_sort(list(DISTINCT ${WHO}) FILTER (${WHO} <> '')), []) AS people,
       coalesce(list_sort(list(DISTINCT peer) FILTER (peer <> '')), []) AS peers`
    : ''
  return `min(start_micros) AS start_micros, max(end_micros) AS end_micros, count(*)::INTEGER AS legs,
    min(${CODE_OF_LEG}) AS first_code,
    greatest(len(list_distinct(list(hash(${WHO})) FILTER (${WHO} <> ''))) + count(*) FILTER (${WHO} = ''),
      coalesce(max(participants), 0))::INTEGER AS participants,
    ${used.join(', ')}${people}`
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
     SELECT ${KEYS}, ${columns} FROM numbered GROUP BY ${KEYS}, sitting_no`,
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
  readonly calls: ReadonlyArray<PricedCall>
}

export type PricedCall = {
  readonly call: BillCall
  readonly source: string
  readonly startMicros: number
  /** In the order of the classes of the bill; of classes that it has nothing of, 0. */
  readonly byClass: ReadonlyArray<{ readonly quantityBase: bigint; readonly amountMinor: bigint }>
  readonly people: ReadonlyArray<string>
  readonly peers: ReadonlyArray<string>
}

type CallRow = ReadonlyArray<Cell>
const COLUMNS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const
const [PLACE, START, END, PARTICIPANTS, CODE, CALL, SOURCE, IS_WALL, PEOPLE, PEERS, USED] = COLUMNS

/** Services in the order of `place`, each with its calls in order of time. Holds the calls of one service. */
export async function* readServiceCalls(
  replay: Replay,
  { classes, found, clock, hasPeople }: CallsOf & { readonly clock: AccountClock },
): AsyncGenerator<ServiceCalls> {
  if (replay.usage === null) return
  const { warehouse, scratch } = replay.scope
  const used = classes.map((_, at) => `c.used_${at}`).join(', ')
  const people = hasPeople ? 'c.people, c.peers' : 'NULL, NULL'
  const rows = warehouse.streamColumns(
    `SELECT s.place, c.start_micros::DOUBLE, c.end_micros::DOUBLE, c.participants, ${FIRST_CODE}, c.conference, c.source,
       c.is_wall_time, ${people}, ${used}
     FROM ${scratch}.bill_call AS c JOIN ${scratch}.bill_service AS s USING (service_no)
     ORDER BY s.place, c.start_micros, c.source, c.conference, c.usage_type, c.is_single, c.is_wall_time`,
  )
  const charges = new ServiceCharges(replay, { classes, found })
  try {
    let held: CallRow[] = []
    for await (const columns of rows) {
      const count = columns[0]?.length ?? 0
      for (let at = 0; at < count; at += 1) {
        const row = columns.map((column) => column[at] as Cell)
        if (held.length > 0 && held[0]?.[PLACE] !== row[PLACE]) {
          yield priced(held, { charge: await charges.of(held[0]?.[PLACE] as number), classes, clock })
          held = []
        }
        held.push(row)
      }
    }
    if (held.length > 0) yield priced(held, { charge: await charges.of(held[0]?.[PLACE] as number), classes, clock })
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
}

function priced(rows: ReadonlyArray<CallRow>, { charge, classes, clock }: PricingOf): ServiceCalls {
  const { account, service } = charge
  const parts = classes.map((_, at) => {
    const having = rows.flatMap((row, index) => ((row[USED + at] as number) > 0 ? [index] : []))
    const amounts = divideOverCalls(
      having.length === 0 ? 0n : (charge.amounts[at] as bigint),
      having.map((index) => rows[index]?.[USED + at] as number),
    )
    return new Map(having.map((index, order) => [index, amounts[order] as bigint]))
  })
  const calls = rows.map((row, index): PricedCall => {
    const isWallTime = row[IS_WALL] as boolean
    const startMicros = clock.instantOf(row[START] as number, { isWallTime })
    const endMicros = clock.instantOf(row[END] as number, { isWallTime })
    const byClass = parts.map((amounts, at) => ({
      quantityBase: BigInt(row[USED + at] as number),
      amountMinor: amounts.get(index) ?? 0n,
    }))
    return {
      call: {
        account,
        service,
        start: clock.text(startMicros),
        seconds: Math.max(0, Math.ceil((endMicros - startMicros) / MICROS_PER_SECOND)),
        participants: row[PARTICIPANTS] as number,
        accountCode: row[CODE] as string,
        usageClass: classes
          .filter((_, at) => (row[USED + at] as number) > 0)
          .map(({ usageClass }) => usageClass)
          .join('; '),
        call: row[CALL] as string,
        quantityBase: byClass.reduce((sum, { quantityBase }) => sum + quantityBase, 0n),
        amountMinor: byClass.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
      },
      source: row[SOURCE] as string,
      startMicros,
      byClass,
      people: (row[PEOPLE] ?? []) as string[],
      peers: (row[PEERS] ?? []) as string[],
    }
  })
  return { ...charge, calls }
}
