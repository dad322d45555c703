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
  readonly balances: ReadonlyArray<DatedBalance>
  /** Plans that a selling product brought, as `account` and `plan` in JSON. */
  readonly broughtPlans: ReadonlySet<string>
  /** Alerts of bucket periods that go on, by name: each fires once. */
  readonly alerted: ReadonlySet<string>
  readonly billedAhead: ReadonlyArray<BilledAhead>
  /** All that were ever posted. */
  readonly adjusted: ReadonlyArray<Adjustment>
}

export const NO_STATE: RatingState = {
  checkpoints: new Map(),
  balances: [],
  broughtPlans: new Set(),
  alerted: new Set(),
  billedAhead: [],
  adjusted: [],
}

export type StatePlace = 'opening' | 'closing'

type StateRow = { readonly kind: string; readonly account: string; readonly name: string; readonly body: string }

export type StateOfRun = { readonly tenant: string; readonly run: string; readonly place: StatePlace }

export async function readState(warehouse: Warehouse, of: StateOfRun): Promise<RatingState> {
  // One row per account, balance, plan or charge.
  const rows = await warehouse.rows<StateRow>(
    `SELECT kind, account, name, body FROM rating_state WHERE tenant = $tenant AND run = $run AND place = $place
     ORDER BY ALL`,
    of,
  )
  const bodies = (kind: string) => rows.filter((row) => row.kind === kind)
  return {
    checkpoints: new Map(bodies('checkpoint').map(({ account, body }) => [account, JSON.parse(body) as Checkpoint])),
    balances: bodies('balance').map(({ body }) => toBalance(JSON.parse(body) as WrittenBalance)),
    broughtPlans: new Set(bodies('plan').map(({ name }) => name)),
    alerted: new Set(bodies('alert').map(({ name }) => name)),
    billedAhead: bodies('recurring').map(({ body }) => JSON.parse(body) as BilledAhead),
    adjusted: bodies('adjusted').map(({ body }) => {
      const { amountMinor, ...rest } = JSON.parse(body) as Omit<Adjustment, 'amountMinor'> & { amountMinor: string }
      return { ...rest, amountMinor: BigInt(amountMinor) }
    }),
  }
}

/** Rows of `rating_state` without tenant and run. */
export function stateRows(place: StatePlace, state: RatingState): string[][] {
  return [
    ...[...state.checkpoints].map(([account, one]) => [place, 'checkpoint', account, '', JSON.stringify(one)]),
    ...state.balances.map((one) => [place, 'balance', one.holder.account, balanceKey(one), writeBalance(one)]),
    ...[...state.broughtPlans].map((name) => [place, 'plan', (JSON.parse(name) as [string, string])[0], name, '']),
    ...[...state.alerted].map((name) => [place, 'alert', '', name, '']),
    ...state.billedAhead.map((one) => [
      place,
      'recurring',
      one.account,
      JSON.stringify([one.service, one.product, one.periodStartOn, one.startOn]),
      JSON.stringify(one),
    ]),
    ...state.adjusted.map((one) => [
      place,
      'adjusted',
      one.account,
      JSON.stringify([one.billedTo, one.periodStartOn, one.service, one.currency]),
      JSON.stringify({ ...one, amountMinor: String(one.amountMinor) }),
    ]),
  ]
}

type WrittenBalance = Omit<DatedBalance, 'rolledIn' | 'drawnBase' | 'drawnByService'> & {
  readonly rolledIn: ReadonlyArray<{ readonly startMicros: number; readonly leftBase: string }>
  readonly drawnBase: string
  readonly drawnByService: ReadonlyArray<readonly [string, string]>
}

function writeBalance({ rolledIn, drawnBase, drawnByService, ...rest }: DatedBalance): string {
  const written: WrittenBalance = {
    ...rest,
    rolledIn: rolledIn.map(({ startMicros, leftBase }) => ({ startMicros, leftBase: String(leftBase) })),
    drawnBase: String(drawnBase),
    drawnByService: [...drawnByService].map(([service, base]) => [service, String(base)] as const).sort(),
  }
  return JSON.stringify(written)
}

function toBalance({ rolledIn, drawnBase, drawnByService, ...rest }: WrittenBalance): DatedBalance {
  return {
    ...rest,
    rolledIn: rolledIn.map(({ startMicros, leftBase }) => ({ startMicros, leftBase: BigInt(leftBase) })),
    drawnBase: BigInt(drawnBase),
    drawnByService: new Map(drawnByService.map(([service, base]) => [service, BigInt(base)])),
  }
}
