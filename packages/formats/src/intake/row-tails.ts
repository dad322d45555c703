// Rows of a large file that end alike: what follows their first cells is split once for each text and not for each row. Knows
// no quotes; refuses to guess: where rows do not end alike, or not as many had it, it says so.

/** So many records are looked at, once so many have come: a small file is split before this would pay. */
const RECORDS_LOOKED_AT = 256
const RECORDS_BEFORE = 2048
/** Among the records looked at as many endings at most; fewer cells than this at an end would save nothing. */
const ENDINGS_MAX = 16
const CELLS_MIN = 4
/** Endings that are kept; beyond these, or after so many rows that are too short, rows are split as they are. */
const KEPT_MAX = 512
const TOO_SHORT_MAX = 1000
const LENGTH_MAX = 512

export class RowTails {
  readonly #delimiter: string
  readonly #seen: string[] = []
  #records = 0
  /** Cells before the end of a row; 0 until it is known, or where nothing ends alike. */
  #head = 0
  #tooShort = 0
  readonly #kept = new Map<string, ReadonlyArray<string>>()

  constructor(delimiter: string) {
    this.#delimiter = delimiter
  }

  /** The cells between `from` and `end` of a text, which hold no quote and no line break: what split would say. */
  split(text: string, from: number, end: number): string[] | null {
    const head = this.#head
    if (head === 0) {
      if (this.#records < RECORDS_BEFORE) this.#look(text, from, end)
      return null
    }
    const cells: string[] = []
    let at = from
    for (let cell = 0; cell < head; cell += 1) {
      const next = text.indexOf(this.#delimiter, at)
      if (next === -1 || next >= end) return this.#giveUpAfterMany()
      cells.push(next === at ? '' : text.slice(at, next))
      at = next + 1
    }
    const tail = text.slice(at, end)
    for (const cell of this.#kept.get(tail) ?? this.#keep(tail)) cells.push(cell)
    return cells
  }

  #giveUpAfterMany(): null {
    this.#tooShort += 1
    if (this.#tooShort > TOO_SHORT_MAX) this.#head = 0
    return null
  }

  #keep(tail: string): ReadonlyArray<string> {
    if (tail.length > LENGTH_MAX) return tail.split(this.#delimiter)
    // A part of a text keeps the whole of it: what stays is a copy.
    const copy = ` ${tail}`.slice(1)
    const cells = copy.split(this.#delimiter)
    if (this.#kept.size === KEPT_MAX) this.#head = 0
    else this.#kept.set(copy, cells)
    return cells
  }

  #look(text: string, from: number, end: number): void {
    this.#records += 1
    if (this.#seen.length < RECORDS_LOOKED_AT) this.#seen.push(text.slice(from, end))
    if (this.#records < RECORDS_BEFORE) return
    this.#head = this.#headOf(this.#seen.map((raw) => raw.split(this.#delimiter)))
    this.#seen.length = 0
  }

  /** Of records that end alike the cells before that end, as few as can be; 0 where they do not. */
  #headOf(records: ReadonlyArray<ReadonlyArray<string>>): number {
    const width = Math.min(...records.map((cells) => cells.length))
    for (let head = 1; head <= width - CELLS_MIN; head += 1) {
      const endings = new Set(records.map((cells) => cells.slice(head).join(this.#delimiter)))
      if (endings.size <= ENDINGS_MAX) return head
    }
    return 0
  }
}
