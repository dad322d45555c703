// The calls of a bill service by service, each with what its service is charged for the class in proportion to what it used
// (core's divideOverCalls). Figures stay columns; a call is made of them when somebody asks, and its texts when they are read.
import { type BillCall, type CallAmounts, divideOverCalls, invariant, noAmounts } from '@spillway/core'
import type { Replay } from '../../stages/rate/replay.ts'
import { literal } from '../../warehouse/sql-literal.ts'
import type { TypedBatch } from '../../warehouse/warehouse.ts'
import type { AccountClock } from '../calls/account-facts.ts'
import { type BillCalls, type CallsOf, grouped } from './bill-calls.ts'

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
  /** With `source` for rules of projects alone: of nobody where the calls were read without. */
  readonly people: ReadonlyArray<string>
  readonly peers: ReadonlyArray<string>
}

const MICROS_PER_SECOND = 1_000_000
const MICROS_PER_DAY = 86_400_000_000
const ORDER_MAX = 2n ** 62n
const FIRST_CODE = "coalesce(regexp_extract(c.first_code, '\u0001([^\u0001]*)$', 1), '')"

export type ReadCallsOf = Pick<
  CallsOf,
  'classes' | 'found' | 'hasPeople' | 'services' | 'fromMicros' | 'untilMicros'
> & {
  readonly made: BillCalls
  readonly clock: AccountClock
}

/** Services in the order of `place`, each with its calls in order of time. Holds the calls of one service. */
export async function* readServiceCalls(replay: Replay, of: ReadCallsOf): AsyncGenerator<ServiceCalls> {
  const { warehouse, scratch } = replay.scope
  const cells = cellsOf(of)
  const keys = grouped(of.made.keys).map((key) => `c.${key}`)
  const batches = warehouse.streamTyped(
    `SELECT c.service_no, ${Object.values(cells).join(', ')} FROM ${scratch}.bill_call AS c
     ORDER BY ${[...orderOf(of), ...keys].join(', ')}`,
  )
  const charges = new ServiceCharges(replay, of)
  const columnOf = new Map(Object.keys(cells).map((name, index) => [name, index + 1]))
  const priced = async (place: number, rows: ReadonlyArray<CallRows>) =>
    pricedCalls({ ...of, rows, charge: await charges.of(place) })
  let place: number | null = null
  let held: CallRows[] = []
  try {
    for await (const batch of batches) {
      const rows = callRows(batch, { ...of, columnOf })
      const places = batch.columns[0] as Int32Array
      for (let from = 0; from < batch.count; ) {
        if (place !== null && place !== places[from]) {
          yield await priced(place, held)
          held = []
        }
        place = places[from] as number
        let until = from + 1
        while (until < batch.count && places[until] === place) until += 1
        held.push(partOf(rows, { from, until }))
        from = until
      }
    }
    if (place !== null) yield await priced(place, held)
  } finally {
    await charges.close()
  }
}

/** Service and time as one number where that is one: rows are put in order by it in less time. */
function orderOf({ services, fromMicros, untilMicros }: ReadCallsOf): ReadonlyArray<string> {
  // Times as written differ from instants by less than a day.
  const beforeMicros = fromMicros - MICROS_PER_DAY
  const span = untilMicros + MICROS_PER_DAY - beforeMicros
  if (BigInt(services + 1) * BigInt(span) > ORDER_MAX) return ['c.service_no', 'c.start_micros']
  return [`c.service_no::BIGINT * ${span} + (c.start_micros - ${beforeMicros})`]
}

/** By name the cells that differ from call to call: each one more takes time, and of millions of calls a lot. */
function cellsOf({ classes, made: { keys, hasCodes }, hasPeople }: ReadCallsOf): Readonly<Record<string, string>> {
  const source = keys.get('source') ?? 'c.source'
  return {
    start: 'c.start_micros::DOUBLE',
    end: 'c.end_micros::DOUBLE',
    participants: 'c.participants',
    call: 'c.conference',
    ...(keys.get('is_wall_time') === null ? { isWallTime: 'c.is_wall_time::INTEGER' } : {}),
    ...(hasCodes ? { code: FIRST_CODE } : {}),
    ...(hasPeople ? { details: `{source: ${source}, people: c.people, peers: c.peers}::JSON::VARCHAR` } : {}),
    ...Object.fromEntries(classes.map((_, at) => [`used_${at}`, `c.used_${at}`])),
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

/** Rows of calls as columns; they stay when the batch that they came in is gone. */
type CallRows = {
  /** Instants. */
  readonly startMicros: Float64Array
  readonly endMicros: Float64Array
  readonly participants: Int32Array
  readonly names: ReadonlyArray<string>
  /** null where no call has one. */
  readonly codes: ReadonlyArray<string> | null
  readonly details: ReadonlyArray<string> | null
  /** By class. */
  readonly used: ReadonlyArray<Float64Array>
}

type RowsOf = ReadCallsOf & { readonly columnOf: ReadonlyMap<string, number> }

function callRows({ columns }: TypedBatch, { classes, clock, made, columnOf }: RowsOf): CallRows {
  const column = (name: string) => columns[columnOf.get(name) as number]
  const texts = (name: string) => (columnOf.has(name) ? (column(name) as string[]) : null)
  const walls = column('isWallTime') as Int32Array | undefined
  const allAreWalls = made.keys.get('is_wall_time') === 'true'
  const instants = (name: string) => {
    const times = (column(name) as Float64Array).slice()
    if (allAreWalls || walls !== undefined)
      for (let at = 0; at < times.length; at += 1)
        times[at] = clock.instantOf(times[at] as number, { isWallTime: allAreWalls || walls?.[at] === 1 })
    return times
  }
  return {
    ...{ startMicros: instants('start'), endMicros: instants('end') },
    ...{ participants: (column('participants') as Int32Array).slice(), names: column('call') as string[] },
    ...{ codes: texts('code'), details: texts('details') },
    used: classes.map((_, at) => (column(`used_${at}`) as Float64Array).slice()),
  }
}

function partOf(rows: CallRows, { from, until }: { readonly from: number; readonly until: number }): CallRows {
  return {
    startMicros: rows.startMicros.subarray(from, until),
    endMicros: rows.endMicros.subarray(from, until),
    participants: rows.participants.subarray(from, until),
    names: rows.names.slice(from, until),
    codes: rows.codes?.slice(from, until) ?? null,
    details: rows.details?.slice(from, until) ?? null,
    used: rows.used.map((quantities) => quantities.subarray(from, until)),
  }
}

/** Of a service whose calls came in several batches. */
function joined(parts: ReadonlyArray<CallRows>): CallRows {
  const [first] = parts
  invariant(first !== undefined, 'a service that is read has calls', {})
  if (parts.length === 1) return first
  const count = parts.reduce((sum, { names }) => sum + names.length, 0)
  const numbers = (of: (part: CallRows) => Float64Array) => filled(new Float64Array(count), parts.map(of))
  const texts = (of: (part: CallRows) => ReadonlyArray<string> | null) => parts.flatMap((part) => of(part) ?? [])
  return {
    startMicros: numbers((part) => part.startMicros),
    endMicros: numbers((part) => part.endMicros),
    participants: filled(
      new Int32Array(count),
      parts.map((part) => part.participants),
    ),
    names: texts((part) => part.names),
    codes: first.codes && texts((part) => part.codes),
    details: first.details && texts((part) => part.details),
    used: first.used.map((_, index) => numbers((part) => part.used[index] as Float64Array)),
  }
}

function filled<T extends Float64Array | Int32Array>(column: T, parts: ReadonlyArray<T>): T {
  let from = 0
  for (const part of parts) {
    column.set(part, from)
    from += part.length
  }
  return column
}

type PricingOf = ReadCallsOf & { readonly charge: Charge; readonly rows: ReadonlyArray<CallRows> }

function pricedCalls({ charge, rows: parts, clock, classes }: PricingOf): ServiceCalls {
  const { place, account, service, section } = charge
  const rows = joined(parts)
  const { used, startMicros, details } = rows
  const amounts = used.map((quantities, at) => divideOverUsers(charge.amounts[at] as bigint, quantities))
  const priced = { ...rows, account, service, clock, classes, amounts }
  const calls: BillCall[] = []
  for (let at = 0; at < startMicros.length; at += 1) calls.push(new PricedCall(priced, at))
  const detailsOf = (at: number): CallDetails => ({
    ...(details ? (JSON.parse(details[at] as string) as WhoWasIn) : NOBODY_TOLD),
    startMicros: startMicros[at] as number,
    byClass: used.map((quantities, index) => ({
      quantityBase: BigInt(quantities[at] as number),
      amountMinor: (amounts[index] as CallAmounts).at(at),
    })),
  })
  return { place, account, service, section, calls, detailsOf }
}

type WhoWasIn = Pick<CallDetails, 'source' | 'people' | 'peers'>
const NOBODY_TOLD: WhoWasIn = { source: '', people: [], peers: [] }

type PricedRows = CallRows &
  Pick<Charge, 'account' | 'service'> &
  Pick<ReadCallsOf, 'clock' | 'classes'> & {
    /** By class. */
    readonly amounts: ReadonlyArray<CallAmounts>
  }

/** One call of the columns of its service. */
class PricedCall implements BillCall {
  readonly #of: PricedRows
  readonly #at: number

  constructor(of: PricedRows, at: number) {
    this.#of = of
    this.#at = at
  }

  get account(): string {
    return this.#of.account
  }

  get service(): string {
    return this.#of.service
  }

  get start(): string {
    return this.#of.clock.text(this.#of.startMicros[this.#at] as number)
  }

  get seconds(): number {
    const { startMicros, endMicros } = this.#of
    const micros = (endMicros[this.#at] as number) - (startMicros[this.#at] as number)
    return Math.max(0, Math.ceil(micros / MICROS_PER_SECOND))
  }

  get participants(): number {
    return this.#of.participants[this.#at] as number
  }

  get accountCode(): string {
    const { codes } = this.#of
    return codes === null ? '' : (codes[this.#at] as string)
  }

  /** The classes that it has anything of, as one text. */
  get usageClass(): string {
    const { classes, used } = this.#of
    const [only] = classes
    if (classes.length === 1 && only !== undefined) return only.usageClass
    return classes
      .flatMap(({ usageClass }, index) => ((used[index]?.[this.#at] as number) > 0 ? [usageClass] : []))
      .join('; ')
  }

  get call(): string {
    return this.#of.names[this.#at] as string
  }

  get quantityBase(): bigint {
    let quantity = 0
    for (const quantities of this.#of.used) quantity += quantities[this.#at] as number
    return BigInt(quantity)
  }

  get amountMinor(): bigint {
    const { amounts } = this.#of
    const [only] = amounts
    if (amounts.length === 1 && only !== undefined) return only.at(this.#at)
    return amounts.reduce((sum, ofClass) => sum + ofClass.at(this.#at), 0n)
  }
}

/** As {@link divideOverCalls}; where no call used anything of the class, none has a part. */
function divideOverUsers(total: bigint, quantities: ArrayLike<number>): CallAmounts {
  for (let at = 0; at < quantities.length; at += 1)
    if ((quantities[at] as number) > 0) return divideOverCalls(total, quantities)
  return noAmounts(quantities.length)
}
