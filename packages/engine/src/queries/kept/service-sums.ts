// What each service of a run carries, in memory, in the order of the services' names: a page of a million, the dearest of them,
// or those of some owners, without asking the database. Never changed once made.
import { compareBytes } from '@spillway/core'
import type { PagePlace } from '../arranged-report.ts'
import type { RowFilter } from '../filter/row-filter.ts'
import { type Amounts, amountAt, sumsOf } from './amounts.ts'
import { inOrderOf, startsOf } from './number-order.ts'
import type { PackedTexts } from './packed-texts.ts'
import { placesByKey } from './places-by-key.ts'
import { placesInOrder } from './places-in-order.ts'
import { placesOfLargest } from './places-of-largest.ts'
import { marksOf, type RunNames } from './run-names.ts'

export type ServiceRow = {
  /** Place among the services of the run. */
  readonly service: number
  readonly currency: string
  readonly actualMinor: bigint
  readonly adjustedMinor: bigint
}

export type ServiceTotal = Omit<ServiceRow, 'service'> & { readonly rowCount: number }

export const SERVICE_AMOUNTS = ['actual_minor', 'adjusted_minor', 'difference_minor'] as const
export type ServiceAmount = (typeof SERVICE_AMOUNTS)[number]

type ServiceSumsParts = {
  readonly names: RunNames
  /** By place. */
  readonly services: PackedTexts
  /** By number the place of a service. */
  readonly places: Int32Array
  /** Names and places are those of another run too, and counted there. */
  readonly isShared: boolean
  /** Of each row the place of its service, in order; then of its currency, then the number of its owner from the first on. */
  readonly service: Int32Array
  readonly currency: Uint8Array
  readonly owner: Int32Array
  readonly actual: Amounts
  readonly adjusted: Amounts
}

/** Columns by which rows may be left out. */
export const SERVICE_FILTERS: ReadonlySet<string> = new Set(['person', 'cost_centre', 'project', 'currency'])
/** Of a page that is further down all rows are put in order. */
const LARGEST_MAX = 10_000
/** More rows that a filter leaves are read where they are stored. */
const FILTERED_MAX = 50_000

type KeyedPage = PagePlace & { readonly isDescending: boolean }

export class ServiceSums {
  readonly #parts: ServiceSumsParts
  /** Where each service and currency begins, of rows that are told apart by owner too; null where each is one row. */
  readonly #starts: Int32Array | null
  /** Rows in the order of their owners, and where those of each owner begin. */
  readonly #byOwner: Int32Array
  readonly #owners: Int32Array
  /** All rows in the order that was asked for last: whoever scrolls asks for the next page of it. */
  #inOrder: { readonly by: ServiceAmount; readonly isDescending: boolean; readonly places: Int32Array } | null = null
  /** One row per currency. */
  readonly totals: ReadonlyArray<ServiceTotal>

  constructor(parts: ServiceSumsParts) {
    this.#parts = parts
    this.#starts = startsOfServices(parts)
    this.#owners = startsOf(parts.owner)
    this.#byOwner = inOrderOf(parts.owner, this.#owners)
    this.totals = this.#totals()
  }

  get byteLength(): number {
    const { services, places, isShared, service, currency, owner, actual, adjusted } = this.#parts
    const named = isShared ? [] : [services, places]
    const orders = [this.#byOwner, this.#owners, ...(this.#inOrder ? [this.#inOrder.places] : [])]
    const columns = [...named, service, currency, owner, actual, adjusted, ...orders]
    return columns.reduce((sum, { byteLength }) => sum + byteLength, this.#starts?.byteLength ?? 0)
  }

  nameOf(service: number): string {
    return this.#parts.services.at(service)
  }

  nameOfNumber(number: number): string {
    return this.nameOf(this.#parts.places[number] ?? -1)
  }

  /** The place of a service; -1 for one that there is not. */
  placeOf(name: string): number {
    const { services } = this.#parts
    let [from, to] = [0, services.count]
    while (from < to) {
      const middle = (from + to) >>> 1
      if (compareBytes(services.at(middle), name) < 0) from = middle + 1
      else to = middle
    }
    return from < services.count && services.at(from) === name ? from : -1
  }

  /** By its name the number of a service in the run; -1 for one that there is not. */
  numberOf(name: string): number {
    const place = this.placeOf(name)
    if (place < 0) return -1
    // Mostly numbers are in the order of names.
    const { places } = this.#parts
    const next = places.indexOf(0) + place
    return places[next] === place ? next : places.indexOf(place)
  }

  /** Whether any service was assigned to anybody. */
  get hasPeople(): boolean {
    // In order, so that '' comes first.
    return (this.#parts.names.get('person')?.texts.at(-1) ?? '') !== ''
  }

  /** Whom a service was assigned to in the run: keys of people, '' not among them. */
  peopleOf(service: number): ReadonlyArray<string> {
    const { owner, service: services, names } = this.#parts
    if (!this.hasPeople) return []
    const named = names.get('person')
    const found = new Set<string>()
    for (let row = firstOf(services, service); services[row] === service; row += 1) {
      const person = named?.texts[named.places[owner[row] as number] as number] ?? ''
      if (person !== '') found.add(person)
    }
    return [...found]
  }

  /** Rows from a place on, in the order of service and currency. */
  page({ offset, limit }: { readonly offset: number; readonly limit: number }): ReadonlyArray<ServiceRow> {
    const end = Math.min(this.count, offset + limit)
    const rows: ServiceRow[] = []
    for (let place = offset; place < end; place += 1) rows.push(this.#rowAt(place))
    return rows
  }

  /** The same by the name of the service, either way: without one they come last. */
  pageByKey({ isDescending, offset, limit }: KeyedPage): ReadonlyArray<ServiceRow> {
    const keyAt = (place: number) => this.keyAt(place).service
    let unnamed = 0
    while (unnamed < this.count && this.nameOf(keyAt(unnamed)) === '') unnamed += 1
    const places = placesByKey({ keyAt, isDescending, unnamed, of: this.count, from: offset, until: offset + limit })
    return places.map((place) => this.#rowAt(place))
  }

  /** The same by an amount; null where the page is far down and amounts are too large to be put in order here. */
  pageByAmount({
    by,
    isDescending,
    offset,
    limit,
  }: {
    readonly by: ServiceAmount
    readonly isDescending: boolean
    readonly offset: number
    readonly limit: number
  }): ReadonlyArray<ServiceRow> | null {
    const count = Math.min(this.count, offset + limit)
    const places =
      count > LARGEST_MAX
        ? this.#placesInOrder({ by, isDescending })?.subarray(offset, count)
        : placesOfLargest(this.valuesOf(by), { count, isDescending, of: this.count }).slice(offset)
    return places ? Array.from(places, (place) => this.#rowAt(place)) : null
  }

  #placesInOrder({ by, isDescending }: { readonly by: ServiceAmount; readonly isDescending: boolean }) {
    if (this.#inOrder?.by === by && this.#inOrder.isDescending === isDescending) return this.#inOrder.places
    const places = placesInOrder(this.valuesOf(by), { of: this.count, isDescending })
    this.#inOrder = places && { by, isDescending, places }
    return places
  }

  /** Whether {@link filtered} has rows. */
  canFilter(filter: RowFilter): boolean {
    return [...filter.keys()].every((column) => SERVICE_FILTERS.has(column)) && this.#rowsOfOwners(filter) !== null
  }

  /** Rows of what a filter leaves, in order; null where it is about something else, or leaves too many. */
  filtered(filter: RowFilter): ReadonlyArray<ServiceRow> | null {
    const { names, currency } = this.#parts
    if ([...filter.keys()].some((column) => !SERVICE_FILTERS.has(column))) return null
    const rows = this.#rowsOfOwners(filter)
    if (rows === null) return null
    const money = names.get('currency')
    const wanted = filter.get('currency')
    const marks = money && wanted ? marksOf(money, wanted) : null
    const found: ServiceRow[] = []
    for (const row of rows) {
      if (marks && marks[currency[row] as number] !== 1) continue
      const one = this.#sumOf(row, row + 1)
      const last = found.at(-1)
      if (last?.service !== one.service || last.currency !== one.currency) found.push(one)
      else
        found[found.length - 1] = {
          ...last,
          actualMinor: last.actualMinor + one.actualMinor,
          adjustedMinor: last.adjustedMinor + one.adjustedMinor,
        }
    }
    return found
  }

  /** Of rows, one per service and currency. */
  get count(): number {
    return this.#starts ? this.#starts.length - 1 : this.#parts.service.length
  }

  /** An amount of the service and currency at a place, as fast as it may be had: as a number where it is one exactly. */
  valuesOf(by: ServiceAmount): (place: number) => number | bigint {
    const { actual, adjusted } = this.#parts
    if (!this.#starts && actual instanceof Int32Array && adjusted instanceof Int32Array) {
      if (by === 'difference_minor') return (place) => (adjusted[place] as number) - (actual[place] as number)
      const amounts = by === 'actual_minor' ? actual : adjusted
      return (place) => amounts[place] as number
    }
    return (place) => {
      const { actualMinor, adjustedMinor } = this.#rowAt(place)
      if (by === 'difference_minor') return adjustedMinor - actualMinor
      return by === 'actual_minor' ? actualMinor : adjustedMinor
    }
  }

  /** By place of a row the place of its service, and of its currency among `currencies`. */
  keyAt(place: number): { readonly service: number; readonly currency: number } {
    const row = this.#starts ? (this.#starts[place] as number) : place
    return { service: this.#parts.service[row] as number, currency: this.#parts.currency[row] as number }
  }

  get currencies(): ReadonlyArray<string> {
    return this.#parts.names.get('currency')?.texts ?? []
  }

  /** By number the place of a service; -1 for none. */
  get places(): Int32Array {
    return this.#parts.places
  }

  get serviceCount(): number {
    return this.#parts.services.count
  }

  /** By place the name of a service, in order. */
  get texts(): PackedTexts {
    return this.#parts.services
  }

  #rowAt(place: number): ServiceRow {
    const starts = this.#starts
    return starts ? this.#sumOf(starts[place] as number, starts[place + 1] as number) : this.#sumOf(place, place + 1)
  }

  /** Of rows of one service and currency. */
  #sumOf(from: number, to: number): ServiceRow {
    const { names, service, currency, actual, adjusted } = this.#parts
    let [actualMinor, adjustedMinor] = [0n, 0n]
    for (let row = from; row < to; row += 1) {
      actualMinor += amountAt(actual, row)
      adjustedMinor += amountAt(adjusted, row)
    }
    const text = names.get('currency')?.texts[currency[from] as number] ?? ''
    return { service: service[from] as number, currency: text, actualMinor, adjustedMinor }
  }

  /** In the order of rows; null for more than are worth it. */
  #rowsOfOwners(filter: RowFilter): Int32Array | null {
    const { names } = this.#parts
    const tests = [...filter].flatMap(([column, values]) => {
      const named = names.get(column)
      return named?.number === 'owner_no' ? [{ places: named.places, marks: marksOf(named, values) }] : []
    })
    if (tests.length === 0) return null
    const owners = this.#owners
    const parts: Int32Array[] = []
    let count = 0
    for (let owner = 0; owner + 1 < owners.length; owner += 1) {
      const [from, to] = [owners[owner] as number, owners[owner + 1] as number]
      if (from === to || tests.some(({ places, marks }) => marks[places[owner] as number] !== 1)) continue
      parts.push(this.#byOwner.subarray(from, to))
      count += to - from
    }
    if (count > FILTERED_MAX) return null
    const [only = new Int32Array(0)] = parts
    if (parts.length <= 1) return only
    const rows = new Int32Array(count)
    let at = 0
    for (const part of parts) {
      rows.set(part, at)
      at += part.length
    }
    return rows.sort()
  }

  #totals(): ReadonlyArray<ServiceTotal> {
    const { currency, actual, adjusted, service } = this.#parts
    const rowCounts = this.currencies.map(() => 0)
    const [actuals, adjusteds] = [sumsOf(actual, rowCounts.length), sumsOf(adjusted, rowCounts.length)]
    for (let row = 0; row < service.length; row += 1) {
      const at = currency[row] as number
      if (row === 0 || service[row] !== service[row - 1] || at !== currency[row - 1])
        rowCounts[at] = (rowCounts[at] as number) + 1
      actuals.add(at, row)
      adjusteds.add(at, row)
    }
    return this.currencies
      .map((text, at) => ({
        ...{ currency: text, rowCount: rowCounts[at] as number },
        ...{ actualMinor: actuals.minorAt(at), adjustedMinor: adjusteds.minorAt(at) },
      }))
      .filter(({ rowCount }) => rowCount > 0)
  }
}

function startsOfServices({ service, currency }: ServiceSumsParts): Int32Array | null {
  const isNext = (row: number) => row === 0 || service[row] !== service[row - 1] || currency[row] !== currency[row - 1]
  let count = 0
  for (let row = 0; row < service.length; row += 1) if (isNext(row)) count += 1
  if (count === service.length) return null
  const starts = new Int32Array(count + 1)
  let place = 0
  for (let row = 0; row < service.length; row += 1)
    if (isNext(row)) {
      starts[place] = row
      place += 1
    }
  starts[count] = service.length
  return starts
}

/** The first place of a value among those in order, or where it would stand. */
function firstOf(values: Int32Array, value: number): number {
  let [from, to] = [0, values.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((values[middle] as number) < value) from = middle + 1
    else to = middle
  }
  return from
}
