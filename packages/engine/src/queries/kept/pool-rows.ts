// The rows of a report of pools in memory, in their order by pool and currency: a page of them, by an amount too, without asking
// the database. What is put in order by anything else is asked of the table. Never changed once made.
import type { Row, Warehouse } from '../../warehouse/warehouse.ts'
import { type ReportField, toReportRow } from '../amount-cells.ts'
import { type Amounts, amountAt, inFewBits, isSummable, sumsOf } from './amounts.ts'
import { type KeptPage, orderOf, totalsOf } from './kept-page.ts'
import { placesOfLargest } from './places-of-largest.ts'

const TEXTS = ['model', 'usage_type', 'currency'] as const
const QUANTITIES = ['members', 'allowance', 'used', 'unused', 'over'] as const
const AMOUNTS = ['actual_minor', 'adjusted_minor'] as const

type PoolRowsParts = {
  readonly pools: ReadonlyArray<string>
  /** Of each row the place of its text among `texts`, which are few. */
  readonly places: Readonly<Record<(typeof TEXTS)[number], Int32Array>>
  readonly texts: Readonly<Record<(typeof TEXTS)[number], ReadonlyArray<string>>>
  readonly quantities: Readonly<Record<(typeof QUANTITIES)[number], Float64Array>>
  readonly amounts: Readonly<Record<(typeof AMOUNTS)[number], Amounts>>
}

/** More of one page are put in order by the database. */
const LARGEST_MAX = 10_000
const BYTES_PER_TEXT = 48

export class PoolRows {
  readonly #parts: PoolRowsParts
  /** One row per currency. */
  readonly #totals: ReadonlyArray<Row>

  constructor(parts: PoolRowsParts) {
    this.#parts = parts
    this.#totals = totalsByCurrency(parts)
  }

  get byteLength(): number {
    const { pools, places, quantities, amounts } = this.#parts
    const columns = [...Object.values(places), ...Object.values(quantities), ...Object.values(amounts)]
    return columns.reduce((sum, { byteLength }) => sum + byteLength, pools.length * BYTES_PER_TEXT)
  }

  /** Of columns that the rows have; null for an order that is not theirs, nor by an amount. */
  readonly page =
    (fields: ReadonlyArray<ReportField>): KeptPage =>
    async ({ arrangement, place: { offset, limit } }) => {
      const order = orderOf(fields, arrangement)
      const count = Math.min(this.#parts.pools.length, offset + limit)
      const by = AMOUNTS.find((amount) => amount === order?.column)
      if (order === null || (order && (!by || count > LARGEST_MAX))) return null
      const places = order && by ? this.#largest(by, { count, ...order }) : Array.from({ length: count }, (_, at) => at)
      return {
        rows: places.slice(offset).map((place) => toReportRow(this.#rowAt(place), fields)),
        rowCount: this.#parts.pools.length,
        totals: totalsOf(fields, this.#totals),
      }
    }

  #largest(
    by: (typeof AMOUNTS)[number],
    wanted: { readonly count: number; readonly isDescending: boolean },
  ): ReadonlyArray<number> {
    const amounts = this.#parts.amounts[by]
    return placesOfLargest((place) => amounts[place] as number | bigint, { ...wanted, of: amounts.length })
  }

  #rowAt(place: number): Row {
    const { pools, places, texts, quantities, amounts } = this.#parts
    const text = (column: (typeof TEXTS)[number]) => texts[column][places[column][place] as number] as string
    const quantity = (column: (typeof QUANTITIES)[number]) => BigInt(quantities[column][place] as number)
    return {
      ...{ pool: pools[place] as string, model: text('model'), usage_type: text('usage_type') },
      ...{ currency: text('currency'), members: quantity('members'), allowance: quantity('allowance') },
      ...{ used: quantity('used'), unused: quantity('unused'), over: quantity('over') },
      actual_minor: amountAt(amounts.actual_minor, place),
      adjusted_minor: amountAt(amounts.adjusted_minor, place),
    }
  }
}

/** Of a table with what the report's query has; null where a number is beyond what is said exactly here. */
export async function readPoolRows(warehouse: Pick<Warehouse, 'rows'>, table: string): Promise<PoolRows | null> {
  // One row per pool and currency.
  const rows = await warehouse.rows(`FROM ${table} ORDER BY pool, currency`)
  const quantities = QUANTITIES.map((column) => exactOf(rows.map((row) => row[column] as bigint | null)))
  const amounts = AMOUNTS.map((column) => amountsOf(rows.map((row) => row[column] as bigint | null)))
  const [members, allowance, used, unused, over] = quantities
  const [actual, adjusted] = amounts
  if (!members || !allowance || !used || !unused || !over || !actual || !adjusted) return null
  const [model, usage, currency] = TEXTS.map((column) => placedOf(rows.map((row) => row[column] as string)))
  if (!model || !usage || !currency) return null
  return new PoolRows({
    pools: rows.map(({ pool }) => pool as string),
    places: { model: model.places, usage_type: usage.places, currency: currency.places },
    texts: { model: model.texts, usage_type: usage.texts, currency: currency.texts },
    quantities: { members, allowance, used, unused, over },
    amounts: { actual_minor: actual, adjusted_minor: adjusted },
  })
}

function totalsByCurrency({ places, texts, amounts }: PoolRowsParts): ReadonlyArray<Row> {
  const count = texts.currency.length
  const [actual, adjusted] = [sumsOf(amounts.actual_minor, count), sumsOf(amounts.adjusted_minor, count)]
  for (const [row, place] of places.currency.entries()) {
    actual.add(place, row)
    adjusted.add(place, row)
  }
  return texts.currency.map((currency, place) => ({
    ...{ currency, actual_minor: actual.minorAt(place), adjusted_minor: adjusted.minorAt(place) },
  }))
}

function exactOf(numbers: ReadonlyArray<bigint | null>): Float64Array | null {
  const exact = Float64Array.from(numbers, (number) => (number === null ? Number.NaN : Number(number)))
  return exact.every(Number.isSafeInteger) ? exact : null
}

function amountsOf(minors: ReadonlyArray<bigint | null>): Amounts | null {
  const furthest = minors.reduce<bigint | null>((most, minor) => {
    if (most === null || minor === null) return null
    const size = BigInt(minor < 0 ? -minor : minor)
    return size > most ? size : most
  }, 0n)
  if (furthest === null || !isSummable(minors.length, furthest)) return null
  return inFewBits(BigInt64Array.from(minors, (minor) => BigInt(minor as bigint)))
}

function placedOf(texts: ReadonlyArray<string>): {
  readonly places: Int32Array
  readonly texts: ReadonlyArray<string>
} {
  const placeOf = new Map([...new Set(texts)].map((text, place) => [text, place]))
  return { places: Int32Array.from(texts, (text) => placeOf.get(text) as number), texts: [...placeOf.keys()] }
}
