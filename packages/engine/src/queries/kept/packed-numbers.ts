// Whole numbers of many rows in memory, in blocks of rows that are alike: of each column of a block its least number, and for each
// row what is above it in as few bits as the block needs. A row of an allocation takes 10 bytes so, of 36. Exact up to 2^53.

/** Of one block by column what it begins with, and how many bits a number above that has. */
type Blocks = {
  readonly columns: number
  /** By block and column. */
  readonly bases: Float64Array
  readonly widths: Uint8Array
  /** By block where its words begin, and how many rows it has. */
  readonly starts: Uint32Array
  readonly counts: Uint32Array
  readonly words: Uint32Array
}

const WORD = 32
const POWERS = Float64Array.from({ length: 65 }, (_, power) => 2 ** power)
/** Bits are counted in 32 bits themselves. */
const WORDS_MAX = 2 ** 26

export class PackedNumbers {
  readonly #blocks: Blocks

  constructor(blocks: Blocks) {
    this.#blocks = blocks
  }

  get byteLength(): number {
    const { bases, widths, starts, counts, words } = this.#blocks
    return [bases, widths, starts, counts, words].reduce((sum, { byteLength }) => sum + byteLength, 0)
  }

  countOf(block: number): number {
    return this.#blocks.counts[block] as number
  }

  /** A column of the rows of a block. */
  column(block: number, column: number): Float64Array {
    const { columns, bases, widths, starts, counts, words } = this.#blocks
    const count = counts[block] as number
    const found = new Float64Array(count).fill(bases[block * columns + column] as number)
    const width = widths[block * columns + column] as number
    if (width === 0) return found
    let bit = (starts[block] as number) * WORD
    for (let before = 0; before < column; before += 1) bit += (widths[block * columns + before] as number) * count
    for (let row = 0; row < count; row += 1) {
      found[row] = (found[row] as number) + bitsAt(words, bit, width)
      bit += width
    }
    return found
  }
}

/** At most 53 bits from a bit on, the lowest first; arithmetic of numbers beyond 32 bits is not that of bits. */
function bitsAt(words: Uint32Array, first: number, width: number): number {
  let value = 0
  for (let read = 0; read < width; ) {
    const bit = first + read
    const offset = bit & 31
    const taken = Math.min(WORD - offset, width - read)
    const part = (words[bit >>> 5] as number) >>> offset
    value += (taken === WORD ? part : part & ((POWERS[taken] as number) - 1)) * (POWERS[read] as number)
    read += taken
  }
  return value
}

const FIRST_WORDS = 1 << 16

/** Takes one block after another. */
export class NumberPacker {
  readonly #columns: number
  readonly #bases: number[] = []
  readonly #widths: number[] = []
  readonly #starts: number[] = []
  readonly #counts: number[] = []
  #words = new Uint32Array(FIRST_WORDS)
  /** The first word that nothing is in. */
  #next = 0

  constructor(columns: number) {
    this.#columns = columns
  }

  get blockCount(): number {
    return this.#counts.length
  }

  /** The first `count` rows of each column; false where they are too far from each other to be kept exactly. */
  append(columns: ReadonlyArray<Float64Array>, count: number): boolean {
    const bounds = columns.map((column) => boundsOf(column, count))
    if (!bounds.every(([least, most]) => isExact(least) && isExact(most) && isExact(most - least))) return false
    const widths = bounds.map(([least, most]) => bitsOf(most - least))
    if (this.#next > WORDS_MAX) return false
    this.#starts.push(this.#next)
    this.#counts.push(count)
    const bits = widths.reduce((sum, width) => sum + width * count, 0)
    this.#makeRoom(Math.ceil(bits / WORD))
    let bit = this.#next * WORD
    for (let at = 0; at < this.#columns; at += 1) {
      const [column, [least], width] = [columns[at] as Float64Array, bounds[at] as Bounds, widths[at] as number]
      this.#bases.push(least)
      this.#widths.push(width)
      for (let row = 0; width > 0 && row < count; row += 1) {
        this.#write(bit, { value: (column[row] as number) - least, width })
        bit += width
      }
    }
    this.#next += Math.ceil(bits / WORD)
    return true
  }

  packed(): PackedNumbers {
    return new PackedNumbers({
      columns: this.#columns,
      bases: Float64Array.from(this.#bases),
      widths: Uint8Array.from(this.#widths),
      starts: Uint32Array.from(this.#starts),
      counts: Uint32Array.from(this.#counts),
      words: this.#words.slice(0, this.#next),
    })
  }

  #write(first: number, { value, width }: { readonly value: number; readonly width: number }): void {
    let rest = value
    for (let written = 0; written < width; ) {
      const bit = first + written
      const offset = bit & 31
      const taken = Math.min(WORD - offset, width - written)
      const power = POWERS[taken] as number
      const part = rest % power
      this.#words[bit >>> 5] = (this.#words[bit >>> 5] as number) | (part << offset)
      rest = (rest - part) / power
      written += taken
    }
  }

  #makeRoom(count: number): void {
    if (this.#next + count <= this.#words.length) return
    const larger = new Uint32Array(Math.max(this.#words.length * 2, this.#next + count))
    larger.set(this.#words)
    this.#words = larger
  }
}

type Bounds = readonly [least: number, most: number]

function boundsOf(column: Float64Array, count: number): Bounds {
  let [least, most] = count === 0 ? [0, 0] : [column[0] as number, column[0] as number]
  for (let row = 1; row < count; row += 1) {
    const number = column[row] as number
    if (number < least) least = number
    else if (number > most) most = number
  }
  return [least, most]
}

const isExact = (number: number) => Number.isSafeInteger(number)

/** How many bits a whole number from 0 to below 2^53 has. */
function bitsOf(number: number): number {
  const upper = Math.floor(number / 2 ** WORD)
  return upper > 0 ? 2 * WORD - Math.clz32(upper) : WORD - Math.clz32(number)
}
