// What reports of calls ask of an account: its parents, its clock and its currency, from accounts.csv and documents of kind
// Account, which replace a row of the same account.
import { type AccountCodes, fromDayNumber, type LocalDate, toAccountCodes, WallClock, ZoneClock } from '@spillway/core'
import { loadConfiguration } from '../../catalog/configuration.ts'
import { KeptLast } from '../../catalog/kept-last.ts'
import { readAccounts, stateOfAccounts } from '../../stages/import/live-directory.ts'
import type { Workspace } from '../../workspace/workspace.ts'

type Known = { readonly parent: string; readonly timeZone: string; readonly currency: string }

/** Clocks of one zone: of wall times, and of instants. */
export class AccountClock {
  readonly timeZone: string
  readonly #wall: WallClock
  readonly #zone: ZoneClock
  readonly #days = new Map<number, string>()
  readonly #ends = new Map<number, string>()
  #lastDay = { day: Number.NaN, text: '' }

  constructor(timeZone: string) {
    this.timeZone = timeZone
    this.#wall = new WallClock(timeZone)
    this.#zone = new ZoneClock(timeZone)
  }

  /** UTC microseconds of a stored time. */
  instantOf(micros: number, { isWallTime }: { readonly isWallTime: boolean }): number {
    return isWallTime ? this.#wall.instantMicros(micros) : micros
  }

  localDate(instantMicros: number): LocalDate {
    return this.#zone.localDate(instantMicros)
  }

  /** `2026-10-05T09:30:00-04:00`: seconds, and the offset of that day. */
  text(instantMicros: number): string {
    const wallMicros = this.#zone.wallMicros(instantMicros)
    const offsetMinutes = Math.round((wallMicros - instantMicros) / 60_000_000)
    const seconds = Math.floor(instantMicros / 1_000_000) + offsetMinutes * 60
    const day = Math.floor(seconds / SECONDS_PER_DAY)
    const time = seconds - day * SECONDS_PER_DAY
    const minute = Math.floor(time / 60)
    return this.#dayText(day) + (MINUTES[minute] as string) + this.#endText(time - minute * 60, offsetMinutes)
  }

  /** Many calls are of one day, and a date costs more to make than to look for. */
  #dayText(day: number): string {
    if (day === this.#lastDay.day) return this.#lastDay.text
    const text = this.#days.get(day) ?? `${fromDayNumber(day)}T`
    this.#days.set(day, text)
    this.#lastDay = { day, text }
    return text
  }

  /** The second and the offset, of which a zone has few. */
  #endText(second: number, offsetMinutes: number): string {
    const key = offsetMinutes * 60 + second
    const known = this.#ends.get(key)
    if (known !== undefined) return known
    const made = two(second) + offsetText(offsetMinutes)
    this.#ends.set(key, made)
    return made
  }
}

const SECONDS_PER_DAY = 86_400
const TWO = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'))
const two = (number: number) => TWO[number] as string
/** `00:00:` to `23:59:`: a text of few parts is made, and read, in less time. */
const MINUTES = Array.from({ length: 1440 }, (_, minute) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}:`)

function offsetText(minutes: number): string {
  if (minutes === 0) return 'Z'
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

export class AccountFacts {
  readonly #accounts: ReadonlyMap<string, Known>
  readonly #codes: ReadonlyMap<string, AccountCodes>
  readonly #clocks = new Map<string, AccountClock>()

  constructor(accounts: ReadonlyMap<string, Known>, codes: ReadonlyMap<string, AccountCodes>) {
    this.#accounts = accounts
    this.#codes = codes
  }

  /** Of the account, else of the nearest above it that says; UTC where none does. */
  clockOf(account: string): AccountClock {
    const timeZone = this.#nearest(account, ({ timeZone }) => timeZone || null) ?? 'UTC'
    const known = this.#clocks.get(timeZone)
    if (known) return known
    const clock = new AccountClock(timeZone)
    this.#clocks.set(timeZone, clock)
    return clock
  }

  /** Of the account, else of the nearest above it that has one; null where none has. */
  currencyOf(account: string): string | null {
    return this.#nearest(account, ({ currency }) => currency || null)
  }

  /** What the account asks of codes, else the nearest above it; null where none asks anything. */
  codesOf(account: string): AccountCodes | null {
    return this.#codes.get(account) ?? this.#nearest(account, (_, id) => this.#codes.get(id) ?? null)
  }

  get hasCodes(): boolean {
    return this.#codes.size > 0
  }

  #nearest<T>(account: string, find: (known: Known, id: string) => T | null): T | null {
    const passed = new Set<string>()
    for (let id = account; !passed.has(id); ) {
      passed.add(id)
      const known = this.#accounts.get(id)
      if (!known) return null
      const found = find(known, id)
      if (found !== null) return found
      id = known.parent
    }
    return null
  }
}

/** What this reads of a document that was checked when it was saved. */
type WrittenAccount = { readonly parent?: string; readonly currency: string; readonly 'time-zone'?: string }

const factsBy = new KeptLast<AccountFacts>()

/** The same for as long as no account and no document changes. */
export async function readAccountFacts(workspace: Workspace): Promise<AccountFacts> {
  const state = await stateOfAccounts(workspace)
  return factsBy.get(workspace.catalog, { name: workspace.tenant, state }, () => factsOf(workspace))
}

async function factsOf(workspace: Workspace): Promise<AccountFacts> {
  const accounts = new Map<string, Known>()
  for (const { account, parent, timeZone, currency } of await readAccounts(workspace))
    accounts.set(account, { parent, timeZone, currency })
  for (const { name, body } of await loadConfiguration(workspace, 'Account')) {
    const { parent = '', currency, 'time-zone': timeZone = '' } = body as WrittenAccount
    accounts.set(name, { parent, timeZone, currency })
  }
  const documents = await loadConfiguration(workspace, 'AccountCodes')
  const codes = documents.flatMap(({ body }) => toAccountCodes(body) ?? [])
  return new AccountFacts(accounts, new Map(codes.map((one) => [one.account, one])))
}
