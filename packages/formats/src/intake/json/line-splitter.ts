// Cuts text into lines that are not blank, with their numbers. Refuses a line beyond the limit.
import { refuseLine } from '../decode.ts'
import type { IntakeLimits } from '../part.ts'

export type NumberedText = { readonly line: number; readonly text: string }

/** Feed blocks of text in order; `isLast` with the last one. */
export class LineSplitter {
  private text = ''
  private line = 1
  private readonly limits: IntakeLimits
  private readonly name: string

  constructor({ limits, name }: { limits: IntakeLimits; name: string }) {
    this.limits = limits
    this.name = name
  }

  push(block: string, isLast: boolean): NumberedText[] {
    const text = this.text + block
    const lines: NumberedText[] = []
    let from = 0
    const ends = /\r\n|\n|\r/g
    for (let end = ends.exec(text); end; end = ends.exec(text)) {
      // A CR at the very end may be half of a CRLF.
      if (!isLast && end[0] === '\r' && ends.lastIndex === text.length) break
      this.take(text.slice(from, end.index), lines)
      from = ends.lastIndex
    }
    this.text = text.slice(from)
    if (this.text.length > this.limits.recordLengthMax) throw refuseLine(this.name, this.limits.recordLengthMax)
    if (isLast && this.text !== '') this.take(this.text, lines)
    return lines
  }

  private take(text: string, lines: NumberedText[]): void {
    if (text.length > this.limits.recordLengthMax) throw refuseLine(this.name, this.limits.recordLengthMax)
    if (text.trim() !== '') lines.push({ line: this.line, text })
    this.line += 1
  }
}
