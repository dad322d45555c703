// Cuts an X12 interchange into segments by the delimiters that its own ISA names. Streams; refuses what cannot be cut and
// what is larger than any honest file. Knows nothing of what a segment means.
import type { IntakeLimits } from '../part.ts'
import { refuseHostile, refuseUnreadable } from '../part.ts'

/** Between the elements of a segment as a table holds it, whatever the file's own separator is. */
export const ELEMENT_SEPARATOR = '\u001d'

export type ScannedSegment = {
  /** From 1, the first ISA's. */
  readonly number: number
  readonly raw: string
  readonly id: string
  /** The elements, with {@link ELEMENT_SEPARATOR} between them. */
  readonly elements: string
  /** False where the text ends before its terminator. */
  readonly isWhole: boolean
}

type Delimiters = { readonly element: string; readonly segment: string }

const ISA_ELEMENTS = 16
/** An ISA has 106 characters; one that an editor has padded or stripped is still found within these. */
const ISA_LENGTH_MAX = 512

/** True where the text begins as an interchange does: ISA and its first element, after a byte-order mark or blanks. */
export function isInterchange(head: string): boolean {
  return /^\s*ISA([^\p{L}\p{N}\s]|\t)[^\r\n]{2}\1/u.test(head.replace(/^\uFEFF/, ''))
}

/** Feed blocks of text in order; `isLast` with the last one. */
export class InterchangeScanner {
  private text = ''
  private at = 0
  private number = 0
  private delimiters: Delimiters | null = null
  private readonly limits: IntakeLimits
  private readonly name: string

  constructor({ limits, name }: { limits: IntakeLimits; name: string }) {
    this.limits = limits
    this.name = name
  }

  /** The segments that are complete now. */
  push(block: string, isLast: boolean): ScannedSegment[] {
    this.text = this.text.slice(this.at) + block
    this.at = 0
    const segments: ScannedSegment[] = []
    for (;;) {
      this.skipBlanks()
      if (this.at >= this.text.length) break
      if (this.delimiters === null && !this.readDelimiters(isLast)) break
      const { segment: terminator } = this.delimiters as Delimiters
      const end = this.text.indexOf(terminator, this.at)
      if (end === -1 && !isLast) break
      const taken = this.take(end === -1 ? this.text.length : end, end !== -1)
      if (taken) segments.push(taken)
    }
    const rest = this.text.length - this.at
    if (rest > this.limits.recordLengthMax) throw this.refuseLength()
    return segments
  }

  /** Line breaks and blanks may follow each terminator. */
  private skipBlanks(): void {
    while (this.at < this.text.length && /[\s\uFEFF]/.test(this.text.charAt(this.at))) this.at += 1
  }

  /** False where the next block must come first. */
  private readDelimiters(isLast: boolean): boolean {
    const { text, at } = this
    if (!isLast && text.length - at < ISA_LENGTH_MAX) return false
    const element = text.charAt(at + 3)
    let place = at + 3
    for (let count = 1; count < ISA_ELEMENTS && place !== -1; count += 1) place = text.indexOf(element, place + 1)
    const isFound = text.startsWith('ISA', at) && place !== -1 && place - at < ISA_LENGTH_MAX
    const found = { element, segment: text.charAt(place + 2) }
    const marks = [found.element, text.charAt(place + 1), found.segment]
    if (!isFound || new Set(marks).size < 3 || marks.some((mark) => mark === '' || /[\p{L}\p{N}]/u.test(mark))) {
      throw refuseUnreadable(
        `The ISA segment of ${this.name} does not name its delimiters.`,
        'An interchange begins with an ISA segment of 16 elements; fetch the file again.',
        { segment: this.number + 1 },
      )
    }
    this.delimiters = found
    return true
  }

  /** null for a segment of nothing, as two terminators in a row make. */
  private take(end: number, isWhole: boolean): ScannedSegment | null {
    const { element } = this.delimiters as Delimiters
    if (end - this.at > this.limits.recordLengthMax) throw this.refuseLength()
    const raw = this.text.slice(this.at, end).trimEnd()
    this.at = end + 1
    if (raw === '') return null
    this.number += 1
    if (this.number > this.limits.segmentsMax) {
      throw refuseHostile(`${this.name} has more than ${this.limits.segmentsMax} segments.`, {
        segmentsMax: this.limits.segmentsMax,
      })
    }
    const [id = '', ...elements] = raw.split(element)
    // Another interchange may follow, with delimiters of its own.
    if (id === 'IEA') this.delimiters = null
    return { number: this.number, raw, id: id.trim(), elements: elements.join(ELEMENT_SEPARATOR), isWhole }
  }

  private refuseLength(): Error {
    return refuseHostile(`${this.name} has a segment of more than ${this.limits.recordLengthMax} characters.`, {
      recordLengthMax: this.limits.recordLengthMax,
    })
  }
}
