// What a run carries, summed over its services, in memory: by bill, kind of charge, owner and component. Answers what comes to
// how much by one or two columns, of those rows that a filter leaves, without asking the database. Never changed once made.
import { LastAsked } from '../../catalog/last-asked.ts'
import type { Warehouse } from '../../warehouse/warehouse.ts'
import type { RowFilter } from '../filter/row-filter.ts'
import { type Amounts, inFewBits, isSummable, sumsOf } from './amounts.ts'
import { startsOf } from './number-order.ts'
import { marksOf, type NamedColumn, type RunNames, type RunNumber } from './run-names.ts'

export type SummedRow = {
  /** Of the columns that were asked for, in their order. */
  readonly keys: ReadonlyArray<string>
  readonly actualMinor: bigint
  readonly adjustedMinor: bigint
}

type RunSumsParts = {
  readonly names: RunNames
  /** Whether the owners of rows tell people apart. */
  readonly hasPeople: boolean
  /** Each from the first of its kind on; in the order of owners. */
  readonly numbers: Readonly<Record<RunNumber, Int32Array>>
  readonly actual: Amounts
  readonly adjusted: Amounts
}

/** More places for sums than this would take longer to make than the rows to read. */
const PLACES_MAX = 4e6

/** What all rows come to by few keys is asked for again and again, by trends and movers too. */
const WHOLE_ROWS_MAX = 2000
const WHOLE_MAX = 4

export class RunSums {
  readonly #parts: RunSumsParts
  /** Where the rows of each owner begin; one more than owners. */
  readonly #owners: Int32Array
  readonly #whole = new LastAsked<string, ReadonlyArray<SummedRow>>(WHOLE_MAX)

  constructor(parts: RunSumsParts) {
    this.#parts = parts
    this.#owners = startsOf(parts.numbers.owner_no)
  }

  get byteLength(): number {
    const { numbers, actual, adjusted } = this.#parts
    const columns = [...Object.values(numbers), actual, adjusted, this.#owners]
    return columns.reduce((sum, { byteLength }) => sum + byteLength, 0)
  }

  /**
   * One row per combination of one or two columns that has any, in the order of their texts; null where the sums do not have
   * them.
   */
  sum(columns: ReadonlyArray<string>, filter: RowFilter): ReadonlyArray<SummedRow> | null {
    const place = columns.join(' ')
    const known = filter.size === 0 ? this.#whole.get(place) : undefined
    if (known) return known
    const found = this.#sum(columns, filter)
    if (filter.size === 0 && found && found.length <= WHOLE_ROWS_MAX) this.#whole.set(place, found)
    return found
  }

  #sum(columns: ReadonlyArray<string>, filter: RowFilter): ReadonlyArray<SummedRow> | null {
    const { names, numbers, actual, adjusted } = this.#parts
    if ([...columns, ...filter.keys()].some((column) => !this.#has(column))) return null
    const [first, second = ONE_PLACE] = columns.map((column) => names.get(column) as NamedColumn)
    if (!first) return null
    const width = second.texts.length
    const size = first.texts.length * width
    if (size > PLACES_MAX) return null
    const [seen, actuals, adjusteds] = [new Uint8Array(size), sumsOf(actual, size), sumsOf(adjusted, size)]
    const [firsts, seconds] = [numbers[first.number], numbers[second.number]]
    const isWanted = this.#wanted(filter)
    for (const [from, to] of this.#ranges(filter))
      for (let row = from; row < to; row += 1) {
        if (!isWanted(row)) continue
        const at =
          (first.places[firsts[row] as number] as number) * width +
          (second === ONE_PLACE ? 0 : (second.places[seconds[row] as number] as number))
        seen[at] = 1
        actuals.add(at, row)
        adjusteds.add(at, row)
      }
    const found: SummedRow[] = []
    for (let at = 0; at < size; at += 1) {
      if (seen[at] === 0) continue
      const one = first.texts[Math.floor(at / width)] as string
      const keys = second === ONE_PLACE ? [one] : [one, second.texts[at % width] as string]
      found.push({ keys, actualMinor: actuals.minorAt(at), adjustedMinor: adjusteds.minorAt(at) })
    }
    return found
  }

  #has(column: string): boolean {
    return this.#parts.names.get(column) !== undefined && (column !== 'person' || this.#parts.hasPeople)
  }

  /** Stretches of rows outside of which the filter leaves none. */
  #ranges(filter: RowFilter): ReadonlyArray<readonly [number, number]> {
    const owners = this.#owners
    const { names, actual } = this.#parts
    const marks = [...filter].flatMap(([column, values]) => {
      const named = names.get(column)
      return named?.number === 'owner_no' ? [{ named, marks: marksOf(named, values) }] : []
    })
    if (marks.length === 0) return [[0, actual.length]]
    const ranges: [number, number][] = []
    for (let owner = 0; owner + 1 < owners.length; owner += 1) {
      const [from, to] = [owners[owner] as number, owners[owner + 1] as number]
      if (from < to && marks.every(({ named, marks: own }) => own[named.places[owner] as number] === 1))
        ranges.push([from, to])
    }
    return ranges
  }

  #wanted(filter: RowFilter): (row: number) => boolean {
    const { names, numbers } = this.#parts
    const tests = [...filter].flatMap(([column, values]) => {
      const named = names.get(column)
      if (!named || named.number === 'owner_no') return []
      const [marks, own, { places }] = [marksOf(named, values), numbers[named.number], named]
      return [(row: number) => marks[places[own[row] as number] as number] === 1]
    })
    return (row) => tests.every((test) => test(row))
  }
}

const ONE_PLACE: NamedColumn = { number: 'bill_no', places: new Int32Array(0), texts: [''] }

type SumsTable = { readonly table: string; readonly names: RunNames; readonly hasPeople: boolean }

/** Of a table of the sums of a run; null where they are beyond what is added here, or a number has no name. */
export async function readRunSums(
  warehouse: Pick<Warehouse, 'rows' | 'streamTyped'>,
  { table, names, hasPeople }: SumsTable,
): Promise<RunSums | null> {
  const [{ count = 0n, furthest = null } = {}] = await warehouse.rows<{ count: bigint; furthest: bigint | null }>(
    `SELECT count(*) AS count, max(greatest(abs(actual_minor), abs(adjusted_minor))) AS furthest FROM ${table}`,
  )
  const rows = Number(count)
  const most = BigInt(furthest ?? 0)
  if (!isSummable(rows, most)) return null
  const numbers = {
    bill_no: new Int32Array(rows),
    sort_no: new Int32Array(rows),
    owner_no: new Int32Array(rows),
    name_no: new Int32Array(rows),
  }
  const [actual, adjusted] = [new BigInt64Array(rows), new BigInt64Array(rows)]
  const columns = Object.keys(numbers) as RunNumber[]
  let row = 0
  for await (const batch of warehouse.streamTyped(
    `SELECT ${columns.join(', ')}, actual_minor::BIGINT, adjusted_minor::BIGINT FROM ${table} ORDER BY owner_no`,
  )) {
    for (const [at, column] of columns.entries()) {
      const [own, first] = [batch.columns[at] as Int32Array, names.firsts[column]]
      for (let of = 0; of < batch.count; of += 1) numbers[column][row + of] = (own[of] as number) - first
    }
    actual.set(batch.columns[columns.length] as BigInt64Array, row)
    adjusted.set(batch.columns[columns.length + 1] as BigInt64Array, row)
    row += batch.count
  }
  const isNamed = names.columns.every(({ number, places }) => numbers[number].every((one) => (places[one] ?? -1) >= 0))
  return isNamed
    ? new RunSums({ names, hasPeople, numbers, actual: inFewBits(actual), adjusted: inFewBits(adjusted) })
    : null
}
