// Cuts delimited text into records: RFC 4180 quotes, read tolerantly, with true line numbers and the raw text. A record
// whose quotes cannot be read costs its own line only: reading resumes at the next line, so nothing is swallowed.
import { refuseLine } from './decode.ts'
import { type IntakeLimits, refuseHostile } from './part.ts'
import { RowTails } from './row-tails.ts'

export type ScannedRecord = { readonly line: number; readonly raw: string; readonly cells: string[] }
/** A line that is no record; `reason` completes "The row cannot be read: ...". */
export type BrokenRecord = {
  readonly line: number
  readonly raw: string
  readonly reason: string
  /** Beyond what is read at most, rather than badly written. */
  readonly isBeyondLimits?: boolean
}

const LF = 0x0a
const CR = 0x0d
const QUOTE = 0x22
const SPACE = 0x20

/** What is read again after a quote that never closes, summed over a file; beyond it the file is made to be slow. */
const REREAD_LENGTH_MAX = 256 * 1024 ** 2

type Reading =
  | { readonly kind: 'record'; readonly end: number; readonly cells: string[] }
  | { readonly kind: 'more' }
  | { readonly kind: 'broken'; readonly scannedTo: number; readonly reason: string }
const MORE: Reading = { kind: 'more' }

/** Feed blocks of text in order; `isLast` with the last one. */
export class RecordScanner {
  private text = ''
  private at = 0
  private line = 1
  private skip: number
  private reread = 0
  /** Next places at or after `at`; the text's length where there is none. */
  private nextLf = 0
  private nextCr = 0
  private nextQuote = 0
  private readonly delimiter: string
  private readonly delimiterCode: number
  private readonly tails: RowTails
  private readonly limits: IntakeLimits
  private readonly name: string

  constructor({
    delimiter,
    limits,
    name,
    skip = 0,
  }: {
    delimiter: string
    limits: IntakeLimits
    name: string
    skip?: number
  }) {
    this.delimiter = delimiter
    this.delimiterCode = delimiter.charCodeAt(0)
    this.tails = new RowTails(delimiter)
    this.limits = limits
    this.name = name
    this.skip = skip
  }

  /** The records that are complete now. Blank lines are passed over. */
  push(block: string, isLast: boolean): Array<ScannedRecord | BrokenRecord> {
    this.text = this.at < this.text.length ? this.text.slice(this.at) + block : block
    this.at = 0
    this.nextLf = this.nextCr = this.nextQuote = -1
    const records: Array<ScannedRecord | BrokenRecord> = []
    while (this.at < this.text.length) {
      const end = this.endOfLine(isLast)
      if (end === -1) break
      this.find('"')
      if (this.skip > 0) {
        this.skip -= 1
        this.advance(end, 1)
      } else if (this.nextQuote >= end) this.takePlain(end, records)
      else if (!this.takeQuoted(end, isLast, records)) break
    }
    return records
  }

  private find(mark: '"' | '\n' | '\r'): void {
    const from = mark === '"' ? this.nextQuote : mark === '\n' ? this.nextLf : this.nextCr
    if (from >= this.at) return
    const found = this.text.indexOf(mark, this.at)
    const place = found === -1 ? this.text.length : found
    if (mark === '"') this.nextQuote = place
    else if (mark === '\n') this.nextLf = place
    else this.nextCr = place
  }

  /** Where the physical line ends, -1 where the next block must come first. */
  private endOfLine(isLast: boolean): number {
    this.find('\n')
    this.find('\r')
    const end = Math.min(this.nextLf, this.nextCr)
    if (end - this.at > this.limits.recordLengthMax) throw refuseLine(this.name, this.limits.recordLengthMax)
    if (isLast) return end
    // A CR at the very end may be half of a CRLF.
    return end === this.text.length || (end === this.nextCr && end + 1 === this.text.length) ? -1 : end
  }

  private advance(end: number, lines: number): void {
    const isPair = this.text.charCodeAt(end) === CR && this.text.charCodeAt(end + 1) === LF
    this.at = end + (isPair ? 2 : 1)
    this.line += lines
  }

  private takePlain(end: number, records: Array<ScannedRecord | BrokenRecord>): void {
    const raw = this.text.slice(this.at, end)
    const line = this.line
    const cells = this.tails.split(this.text, this.at, end)
    this.advance(end, 1)
    if (raw === '') return
    this.keep({ line, raw, cells: cells ?? raw.split(this.delimiter) }, records)
  }

  private keep(record: ScannedRecord, records: Array<ScannedRecord | BrokenRecord>): void {
    const { cells, raw, line } = record
    if (cells[0] === '' || raw.charCodeAt(0) <= SPACE) {
      if (cells.every((cell) => cell.trim() === '')) return
    }
    const { columnsMax, cellLengthMax } = this.limits
    if (cells.length > columnsMax) {
      records.push({
        line,
        raw,
        reason: `it has ${cells.length} cells, of which ${columnsMax} are read at most`,
        isBeyondLimits: true,
      })
    } else if (raw.length > cellLengthMax && cells.some((cell) => cell.length > cellLengthMax)) {
      records.push({ line, raw, reason: `a cell has more than ${cellLengthMax} characters`, isBeyondLimits: true })
    } else records.push(record)
  }

  /** False where the next block must come first. */
  private takeQuoted(lineEnd: number, isLast: boolean, records: Array<ScannedRecord | BrokenRecord>): boolean {
    const reading = this.readRecord(isLast)
    if (reading.kind === 'more') return false
    const line = this.line
    if (reading.kind === 'broken') {
      this.reread += reading.scannedTo - lineEnd
      if (this.reread > REREAD_LENGTH_MAX) {
        throw refuseHostile(`The quotes of ${this.name} do not pair: line ${line} and many before it.`, { line })
      }
      records.push({ line, raw: this.text.slice(this.at, lineEnd), reason: reading.reason })
      this.advance(lineEnd, 1)
      return true
    }
    const raw = this.text.slice(this.at, reading.end)
    this.advance(reading.end, reading.end === lineEnd ? 1 : 1 + countLineBreaks(raw))
    this.keep({ line, raw, cells: reading.cells }, records)
    return true
  }

  private readRecord(isLast: boolean): Reading {
    const text = this.text
    const delimiterCode = this.delimiterCode
    const cells: string[] = []
    let at = this.at
    for (;;) {
      let start = at
      while (text.charCodeAt(start) === SPACE) start += 1
      if (text.charCodeAt(start) === QUOTE) {
        const quoted = this.readQuoted(start + 1, isLast)
        if (quoted.kind !== 'cell') return quoted
        cells.push(quoted.value)
        at = quoted.end
      } else {
        let end = at
        for (; end < text.length; end += 1) {
          const code = text.charCodeAt(end)
          if (code === delimiterCode || code === LF || code === CR) break
        }
        cells.push(text.slice(at, end))
        at = end
      }
      if (at >= text.length) return isLast ? { kind: 'record', end: text.length, cells } : MORE
      if (text.charCodeAt(at) !== delimiterCode) {
        // Half of a CRLF may still be to come.
        if (!isLast && at + 1 === text.length && text.charCodeAt(at) === CR) return MORE
        return { kind: 'record', end: at, cells }
      }
      at += 1
    }
  }

  private readQuoted(start: number, isLast: boolean): Reading | { kind: 'cell'; value: string; end: number } {
    const text = this.text
    const delimiterCode = this.delimiterCode
    const limit = this.at + this.limits.recordLengthMax
    let hasPairs = false
    for (let from = start; ; ) {
      const quote = text.indexOf('"', from)
      const reach = quote === -1 ? text.length : quote
      if (reach > limit) {
        return { kind: 'broken', scannedTo: limit, reason: 'a quoted cell is not closed within the longest record' }
      }
      if (quote === -1) {
        return isLast ? { kind: 'broken', scannedTo: text.length, reason: 'a quoted cell is not closed' } : MORE
      }
      let after = quote + 1
      if (after === text.length && !isLast) return MORE
      if (text.charCodeAt(after) === QUOTE) {
        hasPairs = true
        from = after + 1
        continue
      }
      while (text.charCodeAt(after) === SPACE) after += 1
      if (after === text.length && !isLast) return MORE
      const code = text.charCodeAt(after)
      if (after === text.length || code === delimiterCode || code === LF || code === CR) {
        const value = text.slice(start, quote)
        return { kind: 'cell', value: hasPairs ? value.replaceAll('""', '"') : value, end: after }
      }
      if (text.charCodeAt(quote - 1) === delimiterCode || hasLineBreak(text, start, quote)) {
        return { kind: 'broken', scannedTo: quote, reason: 'a quote stands where a quoted cell cannot end' }
      }
      from = quote + 1
    }
  }
}

function hasLineBreak(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at)
    if (code === LF || code === CR) return true
  }
  return false
}

function countLineBreaks(text: string): number {
  let count = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === LF || (code === CR && text.charCodeAt(at + 1) !== LF)) count += 1
  }
  return count
}
