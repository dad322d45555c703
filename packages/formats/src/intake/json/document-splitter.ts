// Cuts JSON documents into records without holding more than one: the elements of a list, of the one list of objects that
// a page has, or an object on its own. Refuses a document whose brackets do not pair: what of it would count is a guess.
import { type IntakeLimits, refuseHostile, refuseUnreadable } from '../part.ts'
import { readJsonRecord } from './read-json-record.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const COMMA = 0x2c

/** Between documents, in one, before a record of its list, behind a record, in what follows the list. */
type Phase = 'between' | 'document' | 'record' | 'behind' | 'tail'

/** Feed blocks of text in order; `isLast` with the last one. A record is text that still has to be read. */
export class DocumentSplitter {
  private text = ''
  /** Where the piece that is being gathered begins, and how far it has been looked through. */
  private start = 0
  private at = 0
  private depth = 0
  private inString = false
  private phase: Phase = 'between'
  /** What stands before the list; '' in a document that is a list itself. */
  private head = ''
  private hasRecords = false
  private hasPages = false
  private readonly limits: IntakeLimits
  private readonly name: string

  constructor({ limits, name }: { limits: IntakeLimits; name: string }) {
    this.limits = limits
    this.name = name
  }

  push(block: string, isLast: boolean): string[] {
    this.text = this.text.slice(this.start) + block
    this.at -= this.start
    this.start = 0
    const records: string[] = []
    while (this.step(isLast, records)) this.refuseIfTooLong()
    this.refuseIfTooLong()
    if (isLast && this.phase !== 'between') throw this.refuse('the file ends inside a document')
    return records
  }

  /** False where the next block must come first. */
  private step(isLast: boolean, records: string[]): boolean {
    if (this.phase === 'between') return this.beginDocument()
    if (this.phase === 'document') return this.passHead(isLast, records)
    if (this.phase === 'record') return this.takeRecord(records)
    if (this.phase === 'behind') return this.passSeparator()
    return this.passTail(isLast)
  }

  private beginDocument(): boolean {
    if (!this.skipBlanks()) return false
    const code = this.text.charCodeAt(this.at)
    if (code !== OPEN_BRACE && code !== OPEN_BRACKET) throw this.refuse('it holds something other than objects')
    this.at += 1
    this.depth = 1
    if (code === OPEN_BRACE) this.phase = 'document'
    else this.enterList('')
    return true
  }

  private passHead(isLast: boolean, records: string[]): boolean {
    const found = this.findListOrEnd(isLast)
    if (found === 'list') {
      this.enterList(this.text.slice(this.start, this.at))
      return true
    }
    if (found === 'more') return false
    const document = this.text.slice(this.start, this.at)
    if (!this.isEmptyPage(document)) this.keep(document, records)
    this.endDocument()
    return true
  }

  /** Behind a page, an object with an empty list is another page. */
  private isEmptyPage(document: string): boolean {
    if (!this.hasPages) return false
    const reading = readJsonRecord(document, this.limits)
    return reading.ok && [...reading.cells.values()].some((cell) => /^\[\s*\]$/.test(cell))
  }

  private keep(record: string, records: string[]): void {
    if (record.length > this.limits.recordLengthMax) throw this.refuseLength()
    records.push(record)
  }

  private enterList(head: string): void {
    this.head = head
    if (head !== '') this.hasPages = true
    this.start = this.at
    this.hasRecords = false
    this.phase = 'record'
  }

  private endDocument(): void {
    this.start = this.at
    this.phase = 'between'
  }

  private endList(): void {
    this.at += 1
    if (this.head === '') this.endDocument()
    else {
      this.start = this.at
      this.depth = 1
      this.phase = 'tail'
    }
  }

  /** An element that is no object is a record too, which then cannot be read. */
  private takeRecord(records: string[]): boolean {
    if (this.start === this.at) {
      if (!this.skipBlanks()) return false
      const code = this.text.charCodeAt(this.at)
      if (code === CLOSE_BRACKET && !this.hasRecords) {
        this.endList()
        return true
      }
      if (code === COMMA || code === CLOSE_BRACKET) throw this.refuse('a list has a comma without an element')
      this.depth = 0
    }
    const { text } = this
    for (; this.at < text.length; this.at += 1) {
      const depthBefore = this.depth
      if (!this.passCharacter() || depthBefore > 0) continue
      const code = text.charCodeAt(this.at)
      if (code !== COMMA && code !== CLOSE_BRACKET) continue
      this.keep(text.slice(this.start, this.at).trimEnd(), records)
      this.start = this.at
      this.hasRecords = true
      this.phase = 'behind'
      return true
    }
    return false
  }

  private passSeparator(): boolean {
    if (this.text.charCodeAt(this.at) === CLOSE_BRACKET) this.endList()
    else {
      this.at += 1
      this.start = this.at
      this.phase = 'record'
    }
    return true
  }

  private passTail(isLast: boolean): boolean {
    const found = this.findListOrEnd(isLast)
    if (found === 'more') return false
    if (found === 'list') throw this.refuseSecondList()
    const page = readJsonRecord(`${this.head}]${this.text.slice(this.start, this.at)}`, this.limits)
    if (!page.ok) throw this.refuse(page.reason)
    this.endDocument()
    return true
  }

  /** Moves behind the bracket that opens a list of objects among the document's own members, or behind its end. */
  private findListOrEnd(isLast: boolean): 'list' | 'end' | 'more' {
    const { text } = this
    for (; this.at < text.length; this.at += 1) {
      const isMark = this.passCharacter()
      if (!isMark) continue
      if (this.depth === 0) {
        this.at += 1
        return 'end'
      }
      if (this.depth !== 2 || text.charCodeAt(this.at) !== OPEN_BRACKET) continue
      let next = this.at + 1
      while (next < text.length && isBlank(text.charCodeAt(next))) next += 1
      if (next === text.length && !isLast) {
        this.depth -= 1
        return 'more'
      }
      if (text.charCodeAt(next) !== OPEN_BRACE) continue
      this.at += 1
      return 'list'
    }
    return 'more'
  }

  /**
   * Takes the character at hand into account; true where it stands outside of texts. The depth is counted without telling
   * braces from brackets: the reader of a record does.
   */
  private passCharacter(): boolean {
    const code = this.text.charCodeAt(this.at)
    if (this.inString) {
      if (code === BACKSLASH) this.at += 1
      else if (code === QUOTE) this.inString = false
      return false
    }
    if (code === QUOTE) {
      this.inString = true
      return false
    }
    if (code === OPEN_BRACE || code === OPEN_BRACKET) this.depth += 1
    // The bracket that ends the list itself closes none of a record's.
    else if ((code === CLOSE_BRACE || code === CLOSE_BRACKET) && this.depth > 0) this.depth -= 1
    else if (code === CLOSE_BRACE) throw this.refuse('its brackets do not pair')
    return true
  }

  private skipBlanks(): boolean {
    while (this.at < this.text.length && isBlank(this.text.charCodeAt(this.at))) this.at += 1
    this.start = this.at
    return this.at < this.text.length
  }

  private refuseIfTooLong(): void {
    const { recordLengthMax } = this.limits
    if (this.at - this.start <= recordLengthMax && this.head.length <= recordLengthMax) return
    throw this.refuseLength()
  }

  private refuseLength(): Error {
    const { recordLengthMax } = this.limits
    return refuseHostile(`${this.name} has a record of more than ${recordLengthMax} characters.`, { recordLengthMax })
  }

  private refuseSecondList(): Error {
    const what = `${this.name} has two lists of objects in one document, and which of them are the rows is not said.`
    return refuseUnreadable(what, 'Keep one of the lists, or write a record on each line.')
  }

  private refuse(reason: string): Error {
    return refuseUnreadable(`${this.name} is damaged JSON: ${reason}.`, 'Fetch the file again and import it.')
  }
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}
