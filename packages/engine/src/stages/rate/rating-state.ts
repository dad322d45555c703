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
const ALERT_KIND = 'alert'

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

type StateRow = {
  readonly kind: string
  readonly account: string
  readonly names: ReadonlyArray<string>
  /** A line each. */
  readonly bodies: string
}

export type StateOfRun = { readonly tenant: string; readonly run: string; readonly place: StatePlace }

export type StateAsked = {
  /** What is about these alone, and what is about none. */
  readonly accounts?: ReadonlySet<string> | undefined
  /** `draws` leaves out what was billed ahead and what was adjusted, a row for each service: bills alone ask for it. */
  readonly kinds?: 'all' | 'draws' | undefined
}

export async function readState(warehouse: Warehouse, of: StateOfRun, asked: StateAsked = {}): Promise<RatingState> {
  const balances = new KeptBalances()
  const state: Found = {
    checkpoints: new Map(),
    broughtPlans: new Set(),
    alerted: new Set(),
    billedAhead: [],
    adjusted: [],
  }
  for await (const batch of warehouse.stream<StateRow>(statesSql(asked), of))
    for (const { kind, account, names, bodies } of batch) {
      if (kind === LINE_KIND) balances.addLines(account, bodies)
      else if (kind === OWN_KIND) for (const own of parseLines<KeptOwn>(bodies)) balances.addColumns(account, own)
      else addState(state, { kind, account, names, bodies })
    }
  return { ...state, balances }
}

/** Of more accounts their rows are found first, and texts are read where they stand. */
const ACCOUNTS_MAX = 50

/** Of few accounts the blocks that have their names are read alone. */
function statesSql({ accounts, kinds = 'all' }: StateAsked): string {
  const isOfKind = kinds === 'all' ? '' : "AND kind NOT IN ('recurring', 'adjusted')"
  const ofRun = `tenant = $tenant AND run = $run AND place = $place ${isOfKind}`
  // Alerts alone are of no account. Looked for beside the accounts, '' would have every block read, as it is before all names.
  const ofAccounts = `account IN (${[...(accounts ?? [])].map(literal).join(', ') || 'NULL'})`
  const near = (columns: string) => `SELECT ${columns} FROM rating_state WHERE ${ofRun} AND ${ofAccounts}
    UNION ALL SELECT ${columns} FROM rating_state WHERE ${ofRun} AND kind = '${ALERT_KIND}'`
  const isFew = accounts !== undefined && accounts.size <= ACCOUNTS_MAX
  const ofMany = accounts === undefined ? ofRun : `rowid IN (${near('rowid')})`
  // One row per kind and account. No line of JSON has a line break in it; names are asked of those that have nothing else.
  return `SELECT kind, account, string_agg(body, chr(10) ORDER BY name, body) AS bodies,
      coalesce(list(name ORDER BY name, body) FILTER (body = ''), []) AS names
    FROM ${isFew ? `(${near('kind, account, name, body')})` : `rating_state WHERE ${ofMany}`} GROUP BY kind, account ORDER BY kind, account`
}

type Found = {
  readonly checkpoints: Map<string, Checkpoint>
  readonly broughtPlans: Set<string>
  readonly alerted: Set<string>
  readonly billedAhead: BilledAhead[]
  readonly adjusted: Adjustment[]
}

function addState(state: Found, { kind, account, names, bodies }: StateRow): void {
  if (kind === 'plan') for (const name of names) state.broughtPlans.add(name)
  else if (kind === ALERT_KIND) for (const name of names) state.alerted.add(name)
  else if (kind === 'checkpoint') for (const one of parseLines<Checkpoint>(bodies)) state.checkpoints.set(account, one)
  else if (kind === 'recurring') for (const one of parseLines<BilledAhead>(bodies)) state.billedAhead.push(one)
  else if (kind === 'adjusted')
    for (const { amountMinor, ...rest } of parseLines<WrittenAdjustment>(bodies))
      state.adjusted.push({ ...rest, amountMinor: BigInt(amountMinor) })
}

type WrittenAdjustment = Omit<Adjustment, 'amountMinor'> & { readonly amountMinor: string }

function parseLines<T>(lines: string): T[] {
  return JSON.parse(`[${lines.replaceAll('\n', ',')}]`) as T[]
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
  for (const name of state.alerted) yield [place, ALERT_KIND, '', name, '']
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
