// Cells that hold nothing unusual, read fast: printable ASCII without blanks at its ends. Judges nothing: of any other cell it
// says so, and the reader that knows every rule and every problem has the row.
import { isCurrency } from '../money/currency.ts'
import { type LocalDate, parseLocalDate } from '../time/local-date.ts'

/** Whether trimming changes nothing and no character is one that could not be typed. '' is plain. */
export function isPlainText(text: string): boolean {
  const { length } = text
  if (length === 0) return true
  if (text.charCodeAt(0) === 0x20 || text.charCodeAt(length - 1) === 0x20) return false
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at)
    if (code < 0x20 || code > 0x7e) return false
  }
  return true
}

/** A column that mostly repeats itself: what it said last is known to be plain, and is handed out again. */
export class PlainColumn {
  #last = ''

  /** null where it is not plain. */
  read(text: string): string | null {
    if (text === this.#last) return this.#last
    if (!isPlainText(text)) return null
    this.#last = text
    return text
  }
}

/** A column of words of a closed list, written as the list has them; '' where not given. */
export class PlainWords<W extends string> {
  #last: W | '' = ''
  readonly #allowed: ReadonlyArray<W>

  constructor(allowed: ReadonlyArray<W>) {
    this.#allowed = allowed
  }

  /** null where it is none of them as it stands. */
  read(text: string): W | '' | null {
    if (text === this.#last || text === '') return text === '' ? '' : this.#last
    const word = this.#allowed[(this.#allowed as ReadonlyArray<string>).indexOf(text)]
    if (word === undefined) return null
    this.#last = word
    return word
  }
}

/** A column of days that mostly repeats itself. */
export class PlainDates {
  #last: LocalDate | null = null

  /** null where it is no day, or not given. */
  read(text: string): LocalDate | null {
    if (text === this.#last) return this.#last
    const date = parseLocalDate(text)
    if (date !== null) this.#last = date
    return date
  }
}

/** A column of ISO 4217 codes in capitals. */
export class PlainCurrencies {
  #last = ''

  /** null where it is none, or not given. */
  read(text: string): string | null {
    if (text === '') return null
    if (text === this.#last) return this.#last
    if (text !== text.toUpperCase() || !isCurrency(text)) return null
    this.#last = text
    return text
  }
}
