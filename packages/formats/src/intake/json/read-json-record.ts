// One JSON object as cells by dotted path. Strict (RFC 8259) and bounded: refuses names that stand twice, deep nesting and
// half characters. Numbers stay the digits that were written: no cell ever was a binary fraction.

export type JsonLimits = { readonly cellLengthMax: number }

export type JsonRecord = {
  /** `data.bytes` to `1048576`. null is '', an empty object `{}`, a list its own JSON text. */
  readonly cells: ReadonlyMap<string, string>
  /** The object's own members that are lists of objects. */
  readonly lists: ReadonlyArray<string>
}
export type JsonReading =
  | ({ readonly ok: true } & JsonRecord)
  /** `reason` completes "The row cannot be read: ...". */
  | { readonly ok: false; readonly reason: string }

export const DEPTH_MAX = 64
const PATH_LENGTH_MAX = 1000

const BLANKS = /[ \t\r\n]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /true|false|null/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const HALF_CHARACTER = /\p{Surrogate}/u

/** Reads a text that is one object and nothing else. */
export function readJsonRecord(text: string, limits: JsonLimits): JsonReading {
  return new RecordReader(text, limits).read()
}

/** Where the members of an object come to stand; null within a list, whose text is kept as it is. */
type Prefix = string | null

class RecordReader {
  private at = 0
  private failure = ''
  private readonly cells = new Map<string, string>()
  private readonly lists: string[] = []
  private readonly text: string
  private readonly limits: JsonLimits

  constructor(text: string, limits: JsonLimits) {
    this.text = text
    this.limits = limits
  }

  read(): JsonReading {
    this.skipBlanks()
    if (this.text[this.at] !== '{') return { ok: false, reason: 'it is no JSON object' }
    if (this.readObject('', 1)) {
      this.skipBlanks()
      if (this.at === this.text.length) return { ok: true, cells: this.cells, lists: this.lists }
      this.fail('something stands behind the object')
    }
    return { ok: false, reason: this.failure }
  }

  private fail(what: string): false {
    this.failure = `${what} (character ${this.at + 1})`
    return false
  }

  private skipBlanks(): void {
    BLANKS.lastIndex = this.at
    BLANKS.test(this.text)
    this.at = BLANKS.lastIndex
  }

  /** True where the character is the next one, which is then passed. */
  private takes(character: string): boolean {
    this.skipBlanks()
    if (this.text[this.at] !== character) return false
    this.at += 1
    return true
  }

  private readObject(prefix: Prefix, depth: number): boolean {
    if (depth > DEPTH_MAX) return this.fail(`it is nested deeper than ${DEPTH_MAX}`)
    this.at += 1
    const names = new Set<string>()
    if (this.takes('}')) return prefix === null || prefix === '' || this.keep(prefix.slice(0, -1), '{}')
    for (;;) {
      this.skipBlanks()
      const name = this.readString()
      if (name === null) return false
      if (names.has(name)) return this.fail(`the name ${shortened(name)} stands twice in one object`)
      names.add(name)
      if (!this.takes(':')) return this.fail('a colon is missing')
      if (!this.readValue(prefix === null ? null : prefix + name, depth)) return false
      if (this.takes('}')) return true
      if (!this.takes(',')) return this.fail('a comma or closing brace is missing')
    }
  }

  /** A list is checked like all else, and kept as it is written. */
  private readList(path: Prefix, depth: number): boolean {
    if (depth > DEPTH_MAX) return this.fail(`it is nested deeper than ${DEPTH_MAX}`)
    const start = this.at
    this.at += 1
    if (!this.takes(']')) {
      this.skipBlanks()
      if (this.text[this.at] === '{' && depth === 2 && path !== null) this.lists.push(path)
      do if (!this.readValue(null, depth)) return false
      while (this.takes(','))
      if (!this.takes(']')) return this.fail('a comma or closing bracket is missing')
    }
    return path === null || this.keep(path, this.text.slice(start, this.at))
  }

  private readValue(path: Prefix, depth: number): boolean {
    this.skipBlanks()
    const first = this.text[this.at]
    if (first === '{') return this.readObject(path === null ? null : `${path}.`, depth + 1)
    if (first === '[') return this.readList(path, depth + 1)
    const value = first === '"' ? this.readString() : this.readNumberOrWord()
    if (value === null) return false
    return path === null || this.keep(path, value)
  }

  private readNumberOrWord(): string | null {
    const number = this.match(NUMBER)
    if (number !== '') return plainNumber(number)
    const word = this.match(WORD)
    if (word !== '') return word === 'null' ? '' : word
    this.fail(this.at >= this.text.length ? 'it ends too early' : 'there is no value where one must stand')
    return null
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0] ?? ''
    this.at += found.length
    return found
  }

  private readString(): string | null {
    const { text, at: start } = this
    if (text[start] !== '"') {
      this.fail(start >= text.length ? 'it ends too early' : 'a name in quotes is missing')
      return null
    }
    let hasEscapes = false
    for (this.at = start + 1; ; ) {
      const code = text.charCodeAt(this.at)
      if (code === QUOTE) break
      if (Number.isNaN(code)) this.fail('it ends within a text')
      else if (code < 0x20) this.fail('a text holds a control character')
      else if (code !== BACKSLASH) {
        this.at += 1
        continue
      } else if (this.match(ESCAPE) === '') this.fail('a backslash stands before what it cannot escape')
      else {
        hasEscapes = true
        continue
      }
      return null
    }
    this.at += 1
    if (!hasEscapes) return text.slice(start + 1, this.at - 1)
    const value = JSON.parse(text.slice(start, this.at)) as string
    // Decoded text holds none but what an escape writes.
    if (!HALF_CHARACTER.test(value)) return value
    this.fail('a text holds half a character')
    return null
  }

  private keep(path: string, value: string): boolean {
    if (path.length > PATH_LENGTH_MAX) return this.fail(`a name has more than ${PATH_LENGTH_MAX} characters`)
    if (this.cells.has(path)) return this.fail(`two members are ${shortened(path)}`)
    const { cellLengthMax } = this.limits
    if (value.length > cellLengthMax) return this.fail(`a value has more than ${cellLengthMax} characters`)
    this.cells.set(path, value)
    return true
  }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c

function shortened(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name
}

/** Digits beyond which a power of ten is left as it is written, for whoever reads the number to refuse. */
const ZEROS_MAX = 60

/** `1.5e3` is `1500`, `25E-4` is `0.0025`, `1e+21` is a 1 with 21 zeros; other numbers stay as they are. */
export function plainNumber(written: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d+)$/.exec(written)
  if (!match) return written
  const [, sign = '', whole = '', fraction = '', exponent] = match
  const shift = Number(exponent)
  if (!(Math.abs(shift) <= ZEROS_MAX)) return written
  const digits = whole + fraction
  const point = whole.length + shift
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  const padded = digits.padEnd(point, '0')
  const rest = padded.slice(point)
  return sign + (padded.slice(0, point).replace(/^0+(?=\d)/, '') + (rest === '' ? '' : `.${rest}`))
}
