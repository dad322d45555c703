// Every row of a service that we sell, in columns: an object for each is made when somebody asks for it, because millions of
// them that wait for their group cost more than rating them. Decides nothing.

import { fromDayNumber, type KindOfService, type LocalDate, type RatedService } from '@spillway/core'

/** Of a service without beginning or end, in place of a day. */
export const OPEN_DAY = -2_147_483_648

/** By the number of the row, from 0: in the order of accounts, services and first days. */
export type SoldColumns = {
  /** Of its account and service, from 1. */
  readonly serviceNo: Int32Array
  readonly account: Int32Array
  readonly product: Int32Array
  readonly type: Int32Array
  /** Days since 1970-01-01, OPEN_DAY for none. */
  readonly from: Int32Array
  readonly until: Int32Array
}

export type SoldNames = {
  readonly accounts: ReadonlyArray<string>
  readonly products: ReadonlyArray<string>
  readonly types: ReadonlyArray<string>
  /** Of NAMES_AT_ONCE services each, the last of fewer: a line each, or a list where a name has a line break in it. */
  readonly services: ReadonlyArray<string | ReadonlyArray<string>>
}

export const NAMES_AT_ONCE = 1000

export function emptyColumns(count: number): SoldColumns {
  const column = () => new Int32Array(count)
  return { serviceNo: column(), account: column(), product: column(), type: column(), from: column(), until: column() }
}

export class SoldList {
  readonly columns: SoldColumns
  /** Names of services with more rows than one, on whatever account. */
  readonly several: ReadonlySet<string>
  readonly #names: SoldNames
  /** Of the names that were asked for last. */
  readonly #starts = new Int32Array(NAMES_AT_ONCE + 1)
  #startsAt = -1
  readonly #days = new Map<number, LocalDate | null>([[OPEN_DAY, null]])
  #all: ReadonlyArray<RatedService> | null = null

  constructor(columns: SoldColumns, names: SoldNames, several: ReadonlySet<string>) {
    this.columns = columns
    this.several = several
    this.#names = names
  }

  get count(): number {
    return this.columns.account.length
  }

  /** Kept from the first time on. */
  get all(): ReadonlyArray<RatedService> {
    this.#all ??= this.pick(Int32Array.from({ length: this.count }, (_, row) => row))
    return this.#all
  }

  /** New objects, in the order of the rows that are named. */
  pick(rows: Int32Array): RatedService[] {
    const picked: RatedService[] = []
    for (const row of rows) picked.push(this.at(row))
    return picked
  }

  /** Of those with services. */
  get accountNames(): ReadonlySet<string> {
    return new Set(Array.from(new Set(this.columns.account), (number) => this.#names.accounts[number] as string))
  }

  accountOf(row: number): string {
    return this.#names.accounts[this.columns.account[row] as number] as string
  }

  /** null for a service without a beginning. */
  fromOf(row: number): LocalDate | null {
    return this.#dayOf(this.columns.from[row] as number)
  }

  untilOf(row: number): LocalDate | null {
    return this.#dayOf(this.columns.until[row] as number)
  }

  nameOf(row: number): string {
    const number = Math.floor(row / NAMES_AT_ONCE)
    const at = row % NAMES_AT_ONCE
    const names = this.#names.services[number] as string | ReadonlyArray<string>
    if (typeof names !== 'string') return names[at] as string
    const starts = this.#startsOf(number, names)
    return names.slice(starts[at], (starts[at + 1] as number) - 1)
  }

  kindAt(row: number): KindOfService {
    const { product, type } = this.columns
    return {
      account: this.accountOf(row),
      product: this.#names.products[product[row] as number] as string,
      serviceType: this.#names.types[type[row] as number] as string,
    }
  }

  /** A new object. */
  at(row: number): RatedService {
    const { product, type } = this.columns
    return {
      service: this.nameOf(row),
      account: this.accountOf(row),
      product: this.#names.products[product[row] as number] as string,
      serviceType: this.#names.types[type[row] as number] as string,
      from: this.fromOf(row),
      until: this.untilOf(row),
    }
  }

  /** Where each line begins, and where one after the last would. */
  #startsOf(number: number, lines: string): Int32Array {
    if (number === this.#startsAt) return this.#starts
    this.#startsAt = number
    let line = 0
    for (let from = 0; from !== 0 || line === 0; line += 1) {
      this.#starts[line] = from
      from = lines.indexOf('\n', from) + 1
    }
    this.#starts[line] = lines.length + 1
    return this.#starts
  }

  #dayOf(day: number): LocalDate | null {
    const known = this.#days.get(day)
    if (known !== undefined) return known
    const made = fromDayNumber(day)
    this.#days.set(day, made)
    return made
  }
}
