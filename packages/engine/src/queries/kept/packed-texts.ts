// A million texts in order as bytes: each as what it has in common with the one before and the rest, so that the services of a
// month take a few bytes each and no object. Read one at a time; never changed once packed.

/** The first text of a block stands whole: no more than so many are read for one. */
const BLOCK = 16
const COMMON_MAX = 127

export class PackedTexts {
  readonly #bytes: Buffer
  /** Where each block begins. */
  readonly #blocks: Int32Array
  readonly #count: number

  constructor({
    bytes,
    blocks,
    count,
  }: { readonly bytes: Buffer; readonly blocks: Int32Array; readonly count: number }) {
    this.#bytes = bytes
    this.#blocks = blocks
    this.#count = count
  }

  get count(): number {
    return this.#count
  }

  get byteLength(): number {
    return this.#bytes.byteLength + this.#blocks.byteLength
  }

  /** The text at a place from 0; '' where there is none. */
  at(place: number): string {
    if (place < 0 || place >= this.#count) return ''
    const bytes = this.#bytes
    let position = this.#blocks[Math.floor(place / BLOCK)] as number
    let length = 0
    for (let left = place % BLOCK; left >= 0; left -= 1) {
      const common = bytes[position] as number
      const rest = (bytes[position + 1] as number) + (bytes[position + 2] as number) * 256
      length = common + rest
      if (length > TEXT.length) TEXT = Buffer.concat([TEXT], length * 2)
      for (let at = 0; at < rest; at += 1) TEXT[common + at] = bytes[position + 3 + at] as number
      position += 3 + rest
    }
    return TEXT.toString('utf8', 0, length)
  }

  /** Reads one after another, in a tenth of the time of {@link at}. */
  cursor(): TextCursor {
    return new TextCursor(this.#bytes, this.#count)
  }

  /** Whether it has the same texts, which was packed alike. */
  isSameAs(other: PackedTexts): boolean {
    return this.#count === other.#count && this.#bytes.equals(other.#bytes)
  }
}

/** Stands on one text after another, before the first at first. */
export class TextCursor {
  readonly #packed: Buffer
  readonly #count: number
  #position = 0
  #text = Buffer.allocUnsafe(256)
  #length = 0
  place = -1

  constructor(packed: Buffer, count: number) {
    this.#packed = packed
    this.#count = count
  }

  /** False after the last. */
  next(): boolean {
    this.place += 1
    if (this.place >= this.#count) return false
    const [packed, position] = [this.#packed, this.#position]
    const common = packed[position] as number
    const rest = (packed[position + 1] as number) + (packed[position + 2] as number) * 256
    const length = common + rest
    if (length > this.#text.length) this.#text = Buffer.concat([this.#text], length * 2)
    const text = this.#text
    for (let at = 0; at < rest; at += 1) text[common + at] = packed[position + 3 + at] as number
    this.#position = position + 3 + rest
    this.#length = length
    return true
  }

  /** By their bytes: below 0 where its text comes before that of the other. */
  compare(other: TextCursor): number {
    const [text, others] = [this.#text, other.#text]
    const shorter = Math.min(this.#length, other.#length)
    for (let at = 0; at < shorter; at += 1) {
      const difference = (text[at] as number) - (others[at] as number)
      if (difference !== 0) return difference
    }
    return this.#length - other.#length
  }
}

/** Of each text twice its place among others and 1; of one that is not among them twice the place of the next one. Both are in order. */
export function ranksAmong(texts: PackedTexts, others: PackedTexts): Int32Array {
  if (texts.isSameAs(others)) return Int32Array.from({ length: texts.count }, (_, place) => 2 * place + 1)
  const ranks = new Int32Array(texts.count)
  const [one, other] = [texts.cursor(), others.cursor()]
  let hasOther = other.next()
  for (let place = 0; one.next(); place += 1) {
    let order = hasOther ? one.compare(other) : -1
    while (order > 0) {
      hasOther = other.next()
      order = hasOther ? one.compare(other) : -1
    }
    ranks[place] = 2 * other.place + (order === 0 ? 1 : 0)
  }
  return ranks
}

/** Where a text is put together. */
let TEXT = Buffer.alloc(256)

/** Takes texts one after another. */
export class TextPacker {
  #bytes = Buffer.allocUnsafe(1 << 16)
  #length = 0
  readonly #blocks: number[] = []
  #count = 0
  #last = Buffer.allocUnsafe(256)
  #lastLength = 0
  #isInOrder = true
  #next = Buffer.allocUnsafe(256)

  get count(): number {
    return this.#count
  }

  /** Whether each came after the one before, by its bytes. */
  get isInOrder(): boolean {
    return this.#isInOrder
  }

  /** False for what is too long to be packed, which is nobody's name. */
  append(text: string): boolean {
    if (text.length * 3 > 0xffff) return false
    if (text.length * 3 > this.#next.length) this.#next = Buffer.allocUnsafe(text.length * 3)
    const [next, last] = [this.#next, this.#last]
    const length = writeText(text, next)
    const shorter = Math.min(length, this.#lastLength)
    let same = 0
    while (same < shorter && next[same] === last[same]) same += 1
    const isAfter = same === shorter ? length > shorter : (next[same] as number) > (last[same] as number)
    if (this.#count > 0 && !isAfter) this.#isInOrder = false
    const common = this.#count % BLOCK === 0 ? 0 : Math.min(same, COMMON_MAX)
    const rest = length - common
    this.#reserve(3 + rest)
    const bytes = this.#bytes
    let at = this.#length
    if (this.#count % BLOCK === 0) this.#blocks.push(at)
    bytes[at] = common
    bytes[at + 1] = rest % 256
    bytes[at + 2] = Math.floor(rest / 256)
    at += 3
    for (let of = common; of < length; of += 1, at += 1) bytes[at] = next[of] as number
    this.#length = at
    this.#count += 1
    this.#next = last
    this.#last = next
    this.#lastLength = length
    return true
  }

  packed(): PackedTexts {
    // A copy, so that what was reserved beyond the end is let go of.
    const bytes = Buffer.from(this.#bytes.subarray(0, this.#length))
    return new PackedTexts({ bytes, blocks: Int32Array.from(this.#blocks), count: this.#count })
  }

  #reserve(length: number): void {
    if (this.#length + length <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe((this.#bytes.length + length) * 2)
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}

/** How many bytes it takes: most names are ASCII, and short. */
function writeText(text: string, bytes: Buffer): number {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code > 127) return bytes.write(text)
    bytes[at] = code
  }
  return text.length
}
