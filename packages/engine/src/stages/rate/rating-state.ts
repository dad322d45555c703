// What one run of rating leaves to the next: how far each account is drawn down, what is left in its buckets, which plans
// its selling products brought, and which recurring charges were billed in advance. Stored as rows of text, so that a run
// keeps what it took over even where the run before is closed again.

import { type Adjustment, type BilledAhead, type BucketBalance, balanceKey } from '@spillway/core'
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

/** Balances as texts, as they are stored: most of a million are looked at once, when their account is rated. */
export class KeptBalances {
  /** Of an account a line each: what is stored, and of those that are to be stored their name and a tab before it. */
  readonly #lines = new Map<string, string>()

  add(balance: DatedBalance): void {
    this.addLines(balance.holder.account, `${balanceKey(balance)}\t${writeBalance(balance)}`)
  }

  addLines(account: string, lines: string): void {
    const before = this.#lines.get(account)
    this.#lines.set(account, before === undefined ? lines : `${before}\n${lines}`)
  }

  of(account: string): DatedBalance[] {
    return this.#linesOf(account).map((line) => toBalance(bodyOf(line)))
  }

  /** Account, name and text of each. */
  *rows(): Generator<[string, string, string]> {
    for (const account of this.#lines.keys())
      for (const line of this.#linesOf(account)) {
        const body = bodyOf(line)
        const name = body === line ? balanceKey(JSON.parse(body) as WrittenBalance) : line.slice(0, line.indexOf('\t'))
        yield [account, name, body]
      }
  }

  #linesOf(account: string): ReadonlyArray<string> {
    return this.#lines.get(account)?.split('\n') ?? []
  }
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

export async function readState(warehouse: Warehouse, of: StateOfRun): Promise<RatingState> {
  const from = 'FROM rating_state WHERE tenant = $tenant AND run = $run AND place = $place'
  // One row per account, plan, alert or charge.
  const rows = await warehouse.rows<StateRow>(
    `SELECT kind, account, name, body ${from} AND kind <> 'balance' ORDER BY ALL`,
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
  // One row per account with balances. No line of JSON has a line break in it.
  const batches = warehouse.stream<{ account: string; lines: string }>(
    `SELECT account, string_agg(body, chr(10) ORDER BY name) AS lines ${from} AND kind = 'balance' GROUP BY account`,
    of,
  )
  for await (const batch of batches) for (const { account, lines } of batch) balances.addLines(account, lines)
  return balances
}

/** Rows of `rating_state` without tenant and run. */
export function* stateRows(place: StatePlace, state: RatingState): Generator<string[]> {
  for (const [account, one] of state.checkpoints) yield [place, 'checkpoint', account, '', JSON.stringify(one)]
  for (const [account, name, body] of state.balances.rows()) yield [place, 'balance', account, name, body]
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
