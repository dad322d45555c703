// What one run of rating leaves to the next: how far each account is drawn down, what is left in its buckets, which plans
// its selling products brought, and which recurring charges were billed in advance. Stored as rows of text, so that a run
// keeps what it took over even where the run before is closed again.

import {
  type Adjustment,
  type BilledAhead,
  type BucketBalance,
  balanceKey,
  type OwnBalances,
  ownBalanceAt,
} from '@spillway/core'
import { literal } from '../../warehouse/sql-literal.ts'
import type { Warehouse } from '../../warehouse/warehouse.ts'

export type DatedBalance = BucketBalance & {
  /** Up to which instant usage was drawn. */
  readonly atMicros: number
}

export type Checkpoint = {
  /** Up to which instant usage was drawn down for good; the next run begins here. */
  readonly atMicros: number
  /** Up to which instant usage was looked at. */
  readonly untilMicros: number
}

export type RatingState = {
  /** By account. */
  readonly checkpoints: ReadonlyMap<string, Checkpoint>
  readonly balances: KeptBalances
  /** Plans that a selling product brought, as `account` and `plan` in JSON. */
  readonly broughtPlans: ReadonlySet<string>
  /** Alerts of bucket periods that go on, by name: each fires once. */
  readonly alerted: ReadonlySet<string>
  readonly billedAhead: ReadonlyArray<BilledAhead>
  /** All that were ever posted. */
  readonly adjusted: ReadonlyArray<Adjustment>
}

const OWN_KIND = 'own-balances'
const LINE_KIND = 'balance'

export type DatedOwn = OwnBalances & Pick<DatedBalance, 'atMicros'>

/** As it is stored, and grows. */
type KeptOwn = Pick<DatedBalance, 'bucket' | 'startMicros' | 'atMicros'> & {
  readonly services: string[]
  readonly drawnBase: number[]
  readonly rolledIn: Array<{ readonly startMicros: number; readonly leftBase: number[] }>
}

/**
 * Balances as they are stored, by account: made to objects when their account is rated. Those of most services are columns,
 * the others a text each.
 */
export class KeptBalances {
  readonly #areAllLines: boolean
  /** Of an account a line each: what is stored, and of those that are to be stored their name and a tab before it. */
  readonly #lines = new Map<string, string>()
  readonly #own = new Map<string, KeptOwn[]>()

  /** `areAllLines`: none in columns, as up to version 4 of the warehouse. */
  constructor({ areAllLines = false }: { readonly areAllLines?: boolean | undefined } = {}) {
    this.#areAllLines = areAllLines
  }

  add(balance: BucketBalance, atMicros: number): void {
    if (!this.#areAllLines && this.#addOwn(balance, atMicros)) return
    const line = `${balanceKey(balance)}\t${writeBalance({ ...balance, atMicros })}`
    this.addLines(balance.holder.account, line)
  }

  addLines(account: string, lines: string): void {
    const before = this.#lines.get(account)
    this.#lines.set(account, before === undefined ? lines : `${before}\n${lines}`)
  }

  /** Of one account, bucket and period at once. */
  addOwn(own: OwnBalances, atMicros: number): void {
    const { account, bucket, startMicros, services, drawnBase, rolledIn } = own
    if (this.#areAllLines || this.#own.get(account)?.some((one) => isOfPeriod(one, { bucket, startMicros, atMicros })))
      for (let place = 0; place < services.length; place += 1) this.add(ownBalanceAt(own, place), atMicros)
    else
      this.addColumns(account, {
        ...{ bucket, startMicros, atMicros, services: [...services], drawnBase: Array.from(drawnBase) },
        rolledIn: rolledIn.map((one) => ({ startMicros: one.startMicros, leftBase: Array.from(one.leftBase) })),
      })
  }

  addColumns(account: string, own: KeptOwn): void {
    const list = this.#own.get(account)
    if (list) list.push(own)
    else this.#own.set(account, [own])
  }

  /** Those that are not in columns. */
  othersOf(account: string): DatedBalance[] {
    return this.#linesOf(account).map((line) => toBalance(bodyOf(line)))
  }

  ownOf(account: string): DatedOwn[] {
    return (this.#own.get(account) ?? []).map(
      ({ bucket, startMicros, atMicros, services, drawnBase, rolledIn }): DatedOwn => ({
        account,
        bucket,
        startMicros,
        atMicros,
        services,
        drawnBase,
        rolledIn,
      }),
    )
  }

  /** Kind, account, name and text of each row. */
  *rows(): Generator<[string, string, string, string]> {
    for (const account of this.#lines.keys())
      for (const line of this.#linesOf(account)) {
        const body = bodyOf(line)
        const name = body === line ? balanceKey(JSON.parse(body) as WrittenBalance) : line.slice(0, line.indexOf('\t'))
        yield [LINE_KIND, account, name, body]
      }
    for (const [account, list] of this.#own)
      for (const own of list) {
        const { bucket, startMicros, atMicros, services, drawnBase, rolledIn } = own
        const body = { bucket, startMicros, atMicros, services, drawnBase, rolledIn }
        yield [OWN_KIND, account, JSON.stringify([bucket, startMicros, atMicros]), JSON.stringify(body)]
      }
  }

  #linesOf(account: string): ReadonlyArray<string> {
    return this.#lines.get(account)?.split('\n') ?? []
  }

  #addOwn({ holder, bucket, startMicros, ...balance }: BucketBalance, atMicros: number): boolean {
    const drawnBase = Number(balance.drawnBase)
    const isPlain = holder.on === 'service' && balance.ranOutAt.every((at) => at === null)
    if (!isPlain || balance.ranOutAt.length !== 1 || balance.drawnByService.size > 0) return false
    if (!Number.isSafeInteger(drawnBase)) return false
    if (!balance.rolledIn.every(({ leftBase }) => Number.isSafeInteger(Number(leftBase)))) return false
    const own = this.#ownOf(holder.account, { bucket, startMicros, atMicros })
    own.services.push(holder.service)
    own.drawnBase.push(drawnBase)
    for (const layer of own.rolledIn) layer.leftBase.push(0)
    for (const { startMicros: from, leftBase } of balance.rolledIn) {
      const lefts = layerOf(own, from).leftBase
      lefts[lefts.length - 1] = Number(leftBase)
    }
    return true
  }

  #ownOf(account: string, of: PeriodOfBucket): KeptOwn {
    const known = this.#own.get(account)?.find((one) => isOfPeriod(one, of))
    if (known !== undefined) return known
    const made: KeptOwn = { ...of, services: [], drawnBase: [], rolledIn: [] }
    this.addColumns(account, made)
    return made
  }
}

type PeriodOfBucket = Pick<KeptOwn, 'bucket' | 'startMicros' | 'atMicros'>

function isOfPeriod(one: PeriodOfBucket, { bucket, startMicros, atMicros }: PeriodOfBucket): boolean {
  return one.bucket === bucket && one.startMicros === startMicros && one.atMicros === atMicros
}

/** What rolled in from one instant, for every service so far. */
function layerOf({ rolledIn, services }: KeptOwn, startMicros: number): KeptOwn['rolledIn'][number] {
  const known = rolledIn.find((layer) => layer.startMicros === startMicros)
  if (known !== undefined) return known
  const made = { startMicros, leftBase: services.map(() => 0) }
  rolledIn.push(made)
  rolledIn.sort((a, b) => a.startMicros - b.startMicros)
  return made
}

/** A text of JSON has no tab in it. */
function bodyOf(line: string): string {
  return line.slice(line.indexOf('\t') + 1)
}

export const NO_STATE: RatingState = {
  checkpoints: new Map(),
  balances: new KeptBalances(),
  broughtPlans: new Set(),
  alerted: new Set(),
  billedAhead: [],
  adjusted: [],
}

export type StatePlace = 'opening' | 'closing'

type StateRow = { readonly kind: string; readonly account: string; readonly name: string; readonly body: string }

export type StateOfRun = { readonly tenant: string; readonly run: string; readonly place: StatePlace }

/** `accounts`: what is about these alone, and what is about none. */
export async function readState(
  warehouse: Warehouse,
  of: StateOfRun,
  accounts?: ReadonlySet<string>,
): Promise<RatingState> {
  const among = accounts === undefined ? '' : `AND account IN (${['', ...accounts].map(literal).join(', ')})`
  const from = `FROM rating_state WHERE tenant = $tenant AND run = $run AND place = $place ${among}`
  // One row per account, plan, alert or charge.
  const rows = await warehouse.rows<StateRow>(
    `SELECT kind, account, name, body ${from} AND kind NOT IN ('${LINE_KIND}', '${OWN_KIND}') ORDER BY ALL`,
    of,
  )
  const bodies = (kind: string) => rows.filter((row) => row.kind === kind)
  return {
    checkpoints: new Map(bodies('checkpoint').map(({ account, body }) => [account, JSON.parse(body) as Checkpoint])),
    balances: await readBalances(warehouse, of, from),
    broughtPlans: new Set(bodies('plan').map(({ name }) => name)),
    alerted: new Set(bodies('alert').map(({ name }) => name)),
    billedAhead: bodies('recurring').map(({ body }) => JSON.parse(body) as BilledAhead),
    adjusted: bodies('adjusted').map(({ body }) => {
      const { amountMinor, ...rest } = JSON.parse(body) as Omit<Adjustment, 'amountMinor'> & { amountMinor: string }
      return { ...rest, amountMinor: BigInt(amountMinor) }
    }),
  }
}

async function readBalances(warehouse: Warehouse, of: StateOfRun, from: string): Promise<KeptBalances> {
  const balances = new KeptBalances()
  // One row per account with such balances. No line of JSON has a line break in it.
  const lines = warehouse.stream<{ account: string; lines: string }>(
    `SELECT account, string_agg(body, chr(10) ORDER BY name) AS lines ${from} AND kind = '${LINE_KIND}' GROUP BY account`,
    of,
  )
  for await (const batch of lines) for (const one of batch) balances.addLines(one.account, one.lines)
  // One row per account, bucket and period.
  const columns = warehouse.stream<{ account: string; body: string }>(
    `SELECT account, body ${from} AND kind = '${OWN_KIND}' ORDER BY account, name`,
    of,
  )
  for await (const batch of columns)
    for (const { account, body } of batch) balances.addColumns(account, JSON.parse(body) as KeptOwn)
  return balances
}

/** Whether a run stored each of its balances as a text of its own, as up to version 4 of the warehouse. */
export async function areBalancesLines(warehouse: Warehouse, of: Omit<StateOfRun, 'place'>): Promise<boolean> {
  const [own] = await warehouse.rows(
    `SELECT 1 FROM rating_state WHERE tenant = $tenant AND run = $run AND kind = '${OWN_KIND}' LIMIT 1`,
    of,
  )
  return own === undefined
}

/** Rows of `rating_state` without tenant and run. */
export function* stateRows(place: StatePlace, state: RatingState): Generator<string[]> {
  for (const [account, one] of state.checkpoints) yield [place, 'checkpoint', account, '', JSON.stringify(one)]
  for (const row of state.balances.rows()) yield [place, ...row]
  for (const name of state.broughtPlans) yield [place, 'plan', (JSON.parse(name) as [string, string])[0], name, '']
  for (const name of state.alerted) yield [place, 'alert', '', name, '']
  for (const one of state.billedAhead) {
    const name = JSON.stringify([one.service, one.product, one.periodStartOn, one.startOn])
    yield [place, 'recurring', one.account, name, JSON.stringify(one)]
  }
  for (const one of state.adjusted) {
    const name = JSON.stringify([one.billedTo, one.periodStartOn, one.service, one.currency])
    yield [place, 'adjusted', one.account, name, JSON.stringify({ ...one, amountMinor: String(one.amountMinor) })]
  }
}

type WrittenBalance = Omit<DatedBalance, 'rolledIn' | 'drawnBase' | 'drawnByService'> & {
  readonly rolledIn: ReadonlyArray<{ readonly startMicros: number; readonly leftBase: string }>
  readonly drawnBase: string
  readonly drawnByService: ReadonlyArray<readonly [string, string]>
}

function writeBalance(balance: DatedBalance): string {
  const { holder, bucket, startMicros, ranOutAt, atMicros, rolledIn, drawnBase, drawnByService } = balance
  return JSON.stringify({
    holder,
    bucket,
    startMicros,
    ranOutAt,
    atMicros,
    rolledIn: rolledIn.map(({ startMicros: at, leftBase }) => ({ startMicros: at, leftBase: String(leftBase) })),
    drawnBase: String(drawnBase),
    drawnByService: [...drawnByService].map(([service, base]) => [service, String(base)] as const).sort(),
  } satisfies WrittenBalance)
}

function toBalance(text: string): DatedBalance {
  const written = JSON.parse(text) as WrittenBalance
  const { holder, bucket, startMicros, ranOutAt, atMicros } = written
  return {
    holder,
    bucket,
    startMicros,
    ranOutAt,
    atMicros,
    rolledIn: written.rolledIn.map((one) => ({ startMicros: one.startMicros, leftBase: BigInt(one.leftBase) })),
    drawnBase: BigInt(written.drawnBase),
    drawnByService: new Map(written.drawnByService.map(([service, base]) => [service, BigInt(base)])),
  }
}
