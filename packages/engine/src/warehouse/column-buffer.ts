// The cells of one column of a chunk as the bytes that DuckDB's vectors are made of, so that a chunk is handed over in a
// call for each column and not for each cell. Knows types and layouts; imports no driver.
import { dayNumber, invariant, type LocalDate } from '@spillway/core'

/** A cell as TypeScript sees it: BIGINT and HUGEINT bigint, INTEGER number, DATE ISO text, TIMESTAMP microseconds (bigint), LIST array. */
export type Cell = string | number | bigint | boolean | null | ReadonlyArray<Cell>

export const ROWS_PER_CHUNK = 2048

/** A column of integers: one value for all rows, safe integers, or bigints. */
export type NumberColumn = number | ArrayLike<number> | BigInt64Array
export type NumberSlice = { readonly column: NumberColumn; readonly from: number; readonly count: number }

/** One column; `set` for every row of a chunk, in order, then what was set is read, then `reset`. */
export abstract class ColumnBuffer {
  readonly buffer: ArrayBuffer
  readonly bytesPerRow: number
  /** A bit for each row, lowest first; 0 where the cell is NULL. Only meaningful where `hasNulls`. */
  readonly validity = new Uint8Array(ROWS_PER_CHUNK / 8).fill(0xff)
  hasNulls = false

  constructor(bytesPerRow: number) {
    this.bytesPerRow = bytesPerRow
    this.buffer = new ArrayBuffer(bytesPerRow * ROWS_PER_CHUNK)
  }

  set(row: number, cell: Cell): void {
    if (cell === null) {
      this.hasNulls = true
      this.validity[row >> 3] = (this.validity[row >> 3] as number) & ~(1 << (row & 7))
    } else this.setValue(row, cell)
  }

  reset(): void {
    if (!this.hasNulls) return
    this.validity.fill(0xff)
    this.hasNulls = false
  }

  protected abstract setValue(row: number, cell: Exclude<Cell, null>): void
}

const HALF = 2 ** 32

const INLINE_BYTES = 12

/**
 * `duckdb_string_t`: a length of 4 bytes, then up to 12 bytes of text. A longer text, and one that is not ASCII, waits in
 * `longRows` and `longTexts` for the driver to place it.
 */
export class TextBuffer extends ColumnBuffer {
  readonly longRows: number[] = []
  readonly longTexts: string[] = []
  readonly #bytes: Uint8Array
  readonly #words: Uint32Array
  /** Of the row before, so that a column that repeats itself costs a copy. -1: there is none, or it is a long one. */
  #lastRow = -1
  #lastText = ''

  constructor() {
    super(16)
    this.#bytes = new Uint8Array(this.buffer)
    this.#words = new Uint32Array(this.buffer)
  }

  protected setValue(row: number, cell: Exclude<Cell, null>): void {
    const text = cell as string
    const word = row * 4
    if (this.#lastRow !== -1 && text === this.#lastText) {
      const words = this.#words
      const last = this.#lastRow * 4
      words[word] = words[last] as number
      words[word + 1] = words[last + 1] as number
      words[word + 2] = words[last + 2] as number
      words[word + 3] = words[last + 3] as number
    } else if (this.#writeInline(row, text)) {
      this.#lastRow = row
      this.#lastText = text
    } else {
      this.#words[word] = 0
      this.longRows.push(row)
      this.longTexts.push(text)
    }
  }

  #writeInline(row: number, text: string): boolean {
    const { length } = text
    if (length > INLINE_BYTES) return false
    const start = row * 16 + 4
    // What lies behind the text must be zero: DuckDB compares all 16 bytes.
    const words = this.#words
    words[row * 4 + 1] = 0
    words[row * 4 + 2] = 0
    words[row * 4 + 3] = 0
    for (let at = 0; at < length; at += 1) {
      const code = text.charCodeAt(at)
      if (code > 0x7f) return false
      this.#bytes[start + at] = code
    }
    words[row * 4] = length
    return true
  }

  /** Writes the long texts, which are ASCII, as what lies at an address in memory one behind the other. */
  pointLongTexts(address: bigint): void {
    const words = this.#words
    let low = Number(address & 0xffff_ffffn)
    let high = Number(address >> 32n)
    for (let at = 0; at < this.longRows.length; at += 1) {
      const text = this.longTexts[at] as string
      const word = (this.longRows[at] as number) * 4
      words[word] = text.length
      words[word + 1] =
        text.charCodeAt(0) | (text.charCodeAt(1) << 8) | (text.charCodeAt(2) << 16) | (text.charCodeAt(3) << 24)
      words[word + 2] = low
      words[word + 3] = high
      low += text.length
      if (low < HALF) continue
      low -= HALF
      high += 1
    }
  }

  override reset(): void {
    super.reset()
    this.longRows.length = 0
    this.longTexts.length = 0
    this.#lastRow = -1
  }
}

/** The facts of an invariant are made only where it fails: a million cells pass here. */
function refuse(statement: string, cell: Cell): never {
  invariant(false, statement, { cell: String(cell) })
}

export class IntegerBuffer extends ColumnBuffer {
  readonly #items = new Int32Array(this.buffer)

  constructor() {
    super(4)
  }

  setSlice(row: number, { column, from, count }: NumberSlice): void {
    if (column instanceof BigInt64Array) refuse('an INTEGER is no bigint', 'bigints')
    else if (column instanceof Int32Array) this.#items.set(column.subarray(from, from + count), row)
    else if (typeof column !== 'number')
      for (let index = 0; index < count; index += 1) this.setValue(row + index, column[from + index] as number)
    else {
      this.setValue(row, column)
      this.#items.fill(column, row, row + count)
    }
  }

  protected setValue(row: number, cell: Exclude<Cell, null>): void {
    if ((cell as number) !== ((cell as number) | 0)) refuse('an INTEGER is a whole number of 32 bits', cell)
    this.#items[row] = cell as number
  }
}

class DateBuffer extends ColumnBuffer {
  readonly #items = new Int32Array(this.buffer)
  #lastText = ''
  #lastDay = 0

  constructor() {
    super(4)
  }

  protected setValue(row: number, cell: Exclude<Cell, null>): void {
    if (cell !== this.#lastText) {
      this.#lastText = cell as string
      this.#lastDay = dayNumber(cell as LocalDate)
    }
    this.#items[row] = this.#lastDay
  }
}

/** The integers of a BIGINT column as numbers, without a bigint for each; null where one of the first `count` is not safe. */
export function safeNumbers(items: BigInt64Array, count: number): Float64Array | null {
  const halves = new Int32Array(items.buffer, items.byteOffset, count * 2)
  const numbers = new Float64Array(count)
  for (let index = 0; index < count; index += 1) {
    const value = (halves[index * 2 + 1] as number) * HALF + ((halves[index * 2] as number) >>> 0)
    if (!Number.isSafeInteger(value)) return null
    numbers[index] = value
  }
  return numbers
}

const INT64_MAX = 2n ** 63n - 1n
const INT64_MIN = -(2n ** 63n)

/** BIGINT, and TIMESTAMP as microseconds. */
export class BigIntBuffer extends ColumnBuffer {
  readonly #items = new BigInt64Array(this.buffer)
  /** Each item as its lower and its upper half: a safe integer is written without becoming a bigint. */
  readonly #halves = new Int32Array(this.buffer)

  constructor() {
    super(8)
  }

  setSlice(row: number, { column, from, count }: NumberSlice): void {
    if (column instanceof BigInt64Array) this.#items.set(column.subarray(from, from + count), row)
    else if (typeof column === 'number') this.#items.fill(BigInt(column), row, row + count)
    else for (let index = 0; index < count; index += 1) this.#setNumber(row + index, column[from + index] as number)
  }

  #setNumber(row: number, value: number): void {
    if (!Number.isSafeInteger(value)) refuse('a number of a BIGINT is a safe integer', value)
    this.#halves[row * 2] = value
    this.#halves[row * 2 + 1] = Math.floor(value / HALF)
  }

  protected setValue(row: number, cell: Exclude<Cell, null>): void {
    if (typeof cell === 'number') {
      this.#setNumber(row, cell)
      return
    }
    const value = cell as bigint
    if (value > INT64_MAX || value < INT64_MIN) refuse('a BIGINT has 64 bits', cell)
    this.#items[row] = value
  }
}

class BooleanBuffer extends ColumnBuffer {
  readonly #items = new Uint8Array(this.buffer)

  constructor() {
    super(1)
  }

  protected setValue(row: number, cell: Exclude<Cell, null>): void {
    this.#items[row] = cell === true ? 1 : 0
  }
}

/** The buffer of a type; null for types that are written too seldom to have one. */
export function columnBufferOf(type: string): ColumnBuffer | null {
  switch (type) {
    case 'VARCHAR':
      return new TextBuffer()
    case 'INTEGER':
      return new IntegerBuffer()
    case 'BIGINT':
    case 'TIMESTAMP':
      return new BigIntBuffer()
    case 'DATE':
      return new DateBuffer()
    case 'BOOLEAN':
      return new BooleanBuffer()
    default:
      return null
  }
}
