// What each part of each pool of a run comes to, in memory, in the order of the report of allocation: which parts a page shows,
// and what all of them come to, without reading a row. Never changed once made.
import { compareBytes } from '@spillway/core'
import type { Row, Warehouse } from '../../warehouse/warehouse.ts'
import type { RowFilter } from '../filter/row-filter.ts'
import { type Amounts, amountAt, inFewBits, isSummable } from './amounts.ts'
import { startsOf } from './number-order.ts'

const TEXTS = ['pool', 'component', 'currency', 'policy', 'segment_start_on'] as const
const AMOUNTS = ['actual_minor', 'adjusted_minor', 'floor_minor'] as const
type TextColumn = (typeof TEXTS)[number]
type AmountColumn = (typeof AMOUNTS)[number]

type PartSumsParts = {
  readonly partNos: Int32Array
  readonly rowCounts: Int32Array
  /** 0 where the rows of a part have no weights. */
  readonly weightTotals: BigInt64Array
  readonly hasWeights: boolean
  readonly places: Readonly<Record<TextColumn, Int32Array>>
  readonly texts: Readonly<Record<TextColumn, ReadonlyArray<string>>>
  readonly amounts: Readonly<Record<AmountColumn, Amounts>>
}

export type Part = Readonly<Record<TextColumn, string>> & { readonly partNo: number; readonly weightTotal: bigint }

export type PartsPage = {
  readonly parts: ReadonlyArray<Part>
  /** How many rows they have. */
  readonly rows: number
  /** How many of these come before the page. */
  readonly skipped: number
  /** Whether any row of the run has a weight that is no integer of 64 bits. */
  readonly hasWeights: boolean
}

export class PartSums {
  readonly #parts: PartSumsParts
  /** Where the parts of each pool begin. */
  readonly #pools: Int32Array
  /** Of all parts, once somebody asked. */
  #totals: ReadonlyArray<Row> | null = null

  constructor(parts: PartSumsParts) {
    this.#parts = parts
    this.#pools = startsOf(parts.places.pool)
  }

  get byteLength(): number {
    const { partNos, rowCounts, weightTotals, places, texts, amounts } = this.#parts
    const columns = [partNos, rowCounts, weightTotals, ...Object.values(places), ...Object.values(amounts)]
    const distinct = Object.values(texts).reduce((sum, { length }) => sum + length, 0)
    return columns.reduce((sum, { byteLength }) => sum + byteLength, distinct * BYTES_PER_TEXT)
  }

  /** Places of the parts that a filter leaves, in order; null where it is about something else. */
  wanted(filter: RowFilter): Int32Array | null {
    const { partNos, places, texts } = this.#parts
    const tests: { readonly own: Int32Array; readonly marks: Uint8Array }[] = []
    let ranges: (readonly [number, number])[] = [[0, partNos.length]]
    for (const [column, values] of filter) {
      const known = TEXTS.find((one) => one === column)
      if (known === undefined) return null
      const marked = foundPlaces(texts[known], values)
      // Parts stand in the order of their pools.
      if (known === 'pool')
        ranges = marked.map((place) => [this.#pools[place] as number, this.#pools[place + 1] as number])
      else {
        const marks = new Uint8Array(texts[known].length)
        for (const place of marked) marks[place] = 1
        tests.push({ own: places[known], marks })
      }
    }
    const wanted = new Int32Array(ranges.reduce((sum, [from, to]) => sum + to - from, 0))
    let count = 0
    for (const [from, to] of ranges)
      for (let at = from; at < to; at += 1)
        if (tests.every(({ own, marks }) => marks[own[at] as number] === 1)) {
          wanted[count] = at
          count += 1
        }
    return wanted.subarray(0, count)
  }

  /** One row per currency, with `row_count` and the sums. */
  totals(wanted: Int32Array): ReadonlyArray<Row> {
    if (wanted.length < this.#parts.partNos.length) return this.#totalsOf(wanted)
    this.#totals ??= this.#totalsOf(wanted)
    return this.#totals
  }

  /** Parts that reach into a page, with all others of the same pool, component and currency. */
  page(wanted: Int32Array, { offset, limit }: { readonly offset: number; readonly limit: number }): PartsPage {
    const { rowCounts } = this.#parts
    const shown: number[] = []
    let [before, skipped, rows] = [0, 0, 0]
    for (let from = 0; from < wanted.length && before < offset + limit; ) {
      let [to, count] = [from, 0]
      for (; to < wanted.length && this.#isAlike(wanted[from] as number, wanted[to] as number); to += 1)
        count += rowCounts[wanted[to] as number] as number
      if (before + count > offset) {
        if (shown.length === 0) skipped = offset - before
        for (let at = from; at < to; at += 1) shown.push(wanted[at] as number)
        rows += count
      }
      before += count
      from = to
    }
    return { parts: shown.map((at) => this.#partAt(at)), rows, skipped, hasWeights: this.#parts.hasWeights }
  }

  #isAlike(one: number, other: number): boolean {
    const { pool, component, currency } = this.#parts.places
    return pool[one] === pool[other] && component[one] === component[other] && currency[one] === currency[other]
  }

  #partAt(at: number): Part {
    const { partNos, weightTotals, places, texts } = this.#parts
    const text = (column: TextColumn) => texts[column][places[column][at] as number] as string
    return {
      partNo: partNos[at] as number,
      weightTotal: weightTotals[at] as bigint,
      pool: text('pool'),
      component: text('component'),
      currency: text('currency'),
      policy: text('policy'),
      segment_start_on: text('segment_start_on'),
    }
  }

  #totalsOf(wanted: Int32Array): ReadonlyArray<Row> {
    const { places, texts, amounts, rowCounts } = this.#parts
    const sums = texts.currency.map(() => ({ rows: 0, actual: 0n, adjusted: 0n, floor: 0n }))
    for (const at of wanted) {
      const sum = sums[places.currency[at] as number] as (typeof sums)[number]
      sum.rows += rowCounts[at] as number
      sum.actual += amountAt(amounts.actual_minor, at)
      sum.adjusted += amountAt(amounts.adjusted_minor, at)
      sum.floor += amountAt(amounts.floor_minor, at)
    }
    return sums.flatMap(({ rows, actual, adjusted, floor }, at) => {
      const row = {
        currency: texts.currency[at] as string,
        row_count: rows,
        actual_minor: actual,
        adjusted_minor: adjusted,
        difference_minor: adjusted - actual,
        floor_minor: floor,
      }
      return rows === 0 ? [] : [row]
    })
  }
}

const BYTES_PER_TEXT = 48

type PartsOf = { readonly tenant: string; readonly run: string; readonly runNo: number }

/** null where the sums are beyond what is added here. */
export async function readPartSums(
  warehouse: Pick<Warehouse, 'row' | 'streamTyped'>,
  { tenant, run, runNo }: PartsOf,
): Promise<PartSums | null> {
  const read = { partNos: [] as number[], rowCounts: [] as number[], weightTotals: [] as bigint[] }
  const texts = TEXTS.map((): string[] => [])
  const amounts = AMOUNTS.map((): bigint[] => [])
  const sums = AMOUNTS.map((amount) => `sum(${amount})::BIGINT AS ${amount}`).join(', ')
  const sql = `SELECT part_no, row_count, weight_total, ${AMOUNTS.join(', ')}, pool, component, currency, policy, segment_start_on::VARCHAR
    FROM (SELECT part_no, count(*)::INTEGER AS row_count, ${sums} FROM allocation_row_stored WHERE run_no = ${runNo} GROUP BY part_no)
    JOIN (SELECT * FROM run_part WHERE tenant = $tenant AND run = $run) USING (part_no)
    ORDER BY pool, component, currency, part_no`
  // One row per part.
  for await (const { count, columns } of warehouse.streamTyped(sql, { tenant, run })) {
    for (let row = 0; row < count; row += 1) {
      const at = (column: number) => columns[column]?.[row]
      read.partNos.push(at(0) as number)
      read.rowCounts.push(at(1) as number)
      read.weightTotals.push(at(2) as bigint)
      for (const [index, own] of amounts.entries()) own.push(at(3 + index) as bigint)
      for (const [index, own] of texts.entries()) own.push(at(3 + AMOUNTS.length + index) as string)
    }
  }
  const { weights } = await warehouse.row<{ weights: bigint }>(
    'SELECT count(*) AS weights FROM run_weight WHERE tenant = $tenant AND run = $run',
    { tenant, run },
  )
  const packed = amounts.map(amountsOf)
  const [actual, adjusted, floor] = packed
  if (!actual || !adjusted || !floor) return null
  const [pool, component, currency, policy, start] = texts.map(placesOf)
  if (!pool || !component || !currency || !policy || !start) return null
  return new PartSums({
    partNos: Int32Array.from(read.partNos),
    rowCounts: Int32Array.from(read.rowCounts),
    weightTotals: BigInt64Array.from(read.weightTotals),
    hasWeights: weights > 0n,
    places: {
      ...{ pool: pool.places, component: component.places, currency: currency.places },
      ...{ policy: policy.places, segment_start_on: start.places },
    },
    texts: {
      ...{ pool: pool.texts, component: component.texts, currency: currency.texts },
      ...{ policy: policy.texts, segment_start_on: start.texts },
    },
    amounts: { actual_minor: actual, adjusted_minor: adjusted, floor_minor: floor },
  })
}

function amountsOf(minors: ReadonlyArray<bigint>): Amounts | null {
  const furthest = minors.reduce((most, minor) => (minor > most ? minor : -minor > most ? -minor : most), 0n)
  if (!isSummable(minors.length, furthest)) return null
  return inFewBits(BigInt64Array.from(minors))
}

function placesOf(texts: ReadonlyArray<string>): {
  readonly places: Int32Array
  readonly texts: ReadonlyArray<string>
} {
  const distinct = [...new Set(texts)].sort(compareBytes)
  const placeOf = new Map(distinct.map((text, place) => [text, place]))
  return { places: Int32Array.from(texts, (text) => placeOf.get(text) as number), texts: distinct }
}

/** Of those values that are among the texts, in the order of the texts. */
function foundPlaces(texts: ReadonlyArray<string>, values: ReadonlyArray<string>): ReadonlyArray<number> {
  return [...new Set(values)]
    .map((value) => texts.indexOf(value))
    .filter((place) => place !== -1)
    .sort((a, b) => a - b)
}
