// Reads the cells of one row of a canonical file, rule by rule, and gathers every problem of the row. Refuses to guess:
// what cannot be read is a problem, and a row with a problem yields no fact.
import { invariant } from '../invariant.ts'
import { parseAmount } from '../money/amount.ts'
import { isCurrency, minorDigitsOf } from '../money/currency.ts'
import { type Problem, type ProblemCode, type ProblemFacts, problem } from '../problem.ts'
import { type LocalDate, parseLocalDate } from '../time/local-date.ts'
import type { ExtraColumns } from './fact.ts'
import type { SourcePlace } from './place.ts'
import { parseTimestamp, type Timestamp } from './read-timestamp.ts'

/** The text of a canonical column in this row, '' where the file has no such column. */
export type CellOf<C extends string> = (column: C) => string

export type RowContext<C extends string> = {
  /** File and line of the row. */
  readonly source: SourcePlace
  /** What the file calls a canonical column; the canonical name where this is left out. */
  readonly columnName?: ((column: C) => string) | undefined
  readonly extra?: ExtraColumns | undefined
}

/** A fact, or all that is wrong with its row. */
export type FactReading<F> = { readonly fact: F } | { readonly problems: ReadonlyArray<Problem> }

export const NO_EXTRA_COLUMNS: ExtraColumns = Object.freeze({})

const DECIMAL = /^[+-]?\d{1,30}(?:\.\d{1,30})?$/

/** Never written to: most rows have none, and need no list of their own. */
const NO_PROBLEMS: Problem[] = []

/** One row. Each method returns null where it has reported a problem, or where a required cell is empty. */
export class RowCells<C extends string> {
  readonly extra: ExtraColumns
  private readonly cell: CellOf<C>
  private readonly context: RowContext<C>
  private found: Problem[] = NO_PROBLEMS

  constructor(cell: CellOf<C>, context: RowContext<C>) {
    this.cell = cell
    this.context = context
    this.extra = context.extra ?? NO_EXTRA_COLUMNS
  }

  get hasProblems(): boolean {
    return this.found.length > 0
  }

  /** The end of a row that cannot be read. */
  refused(): { readonly problems: ReadonlyArray<Problem> } {
    invariant(this.found.length > 0, 'a row is refused only with a problem', { source: this.context.source })
    return { problems: this.found }
  }

  report<K extends ProblemCode>(code: K, facts: ProblemFacts[K], column: C): null {
    const source = { ...this.context.source, column: this.nameOf(column) }
    if (this.found === NO_PROBLEMS) this.found = []
    this.found.push(problem(code, facts, { source }))
    return null
  }

  nameOf(column: C): string {
    return this.context.columnName?.(column) ?? column
  }

  /** Free text without blanks at its ends; '' where not given. */
  text(column: C): string {
    return this.cell(column).trim()
  }

  required(column: C): string | null {
    const text = this.text(column)
    return text === '' ? this.report('value-missing', { column: this.nameOf(column) }, column) : text
  }

  /** An id as the user gave it; '' where not given. Control and damaged characters are refused: no one could type it. */
  id(column: C): string | null {
    return this.checkedId(column, this.text(column))
  }

  requiredId(column: C): string | null {
    const text = this.required(column)
    return text === null ? null : this.checkedId(column, text)
  }

  private checkedId(column: C, text: string): string | null {
    if (!hasUntypable(text)) return text
    const reason = `${this.nameOf(column)} holds a control character or a damaged one`
    return this.report('row-unreadable', { reason }, column)
  }

  /** A word of a closed list, in any case; '' where not given. */
  word<W extends string>(column: C, allowed: ReadonlyArray<W>): W | '' | null {
    const text = this.text(column)
    return text === '' ? '' : this.oneOf(column, text, allowed)
  }

  requiredWord<W extends string>(column: C, allowed: ReadonlyArray<W>): W | null {
    const text = this.required(column)
    return text === null ? null : this.oneOf(column, text, allowed)
  }

  private oneOf<W extends string>(column: C, text: string, allowed: ReadonlyArray<W>): W | null {
    const word = allowed.find((candidate) => candidate === text) ?? allowed.find((w) => w === text.toLowerCase())
    return word ?? this.report('value-unknown', { column: this.nameOf(column), value: text, allowed }, column)
  }

  /** undefined where not given. */
  date(column: C): LocalDate | undefined | null {
    const text = this.text(column)
    if (text === '') return undefined
    const date = parseLocalDate(text)
    if (date) return date
    return this.report('date-unreadable', this.dateFacts(column, text, 'a day such as 2026-10-31'), column)
  }

  requiredDate(column: C): LocalDate | null {
    return this.required(column) === null ? null : (this.date(column) ?? null)
  }

  /** undefined where not given. */
  timestamp(column: C): Timestamp | undefined | null {
    const text = this.text(column)
    if (text === '') return undefined
    const timestamp = parseTimestamp(text)
    if (timestamp) return timestamp
    const expected = 'a time such as 2026-10-31T08:15:00Z, 2026-10-31T08:15:00+02:00 or 2026-10-31 08:15:00'
    return this.report('date-unreadable', this.dateFacts(column, text, expected), column)
  }

  private dateFacts(column: C, value: string, expected: string) {
    return { column: this.nameOf(column), value, expected }
  }

  /** Both ends of a half-open range, each null where open; reports a range that does not run forward. */
  openRange(fromColumn: C, toColumn: C): { from: LocalDate | null; to: LocalDate | null } {
    const from = this.date(fromColumn) ?? null
    const to = this.date(toColumn) ?? null
    this.checkOrder(from, to, toColumn)
    return { from, to }
  }

  checkOrder(from: LocalDate | null, to: LocalDate | null, toColumn: C): void {
    if (from !== null && to !== null && to <= from) this.report('date-order', { from, to }, toColumn)
  }

  /** An ISO 4217 code, '' where not given. */
  currency(column: C): string | null {
    const text = this.text(column)
    const code = text.toUpperCase()
    if (text === '' || isCurrency(code)) return code
    return this.report('currency-unknown', { column: this.nameOf(column), value: text }, column)
  }

  requiredCurrency(column: C): string | null {
    return this.required(column) === null ? null : this.currency(column)
  }

  /** Minor units. Where the currency could not be read, only what is no amount in any currency is reported. */
  requiredAmount(column: C, currency: string | null): bigint | null {
    const text = this.required(column)
    if (text === null) return null
    const reading = parseAmount(text, currency ?? 'XXX')
    if (reading.ok) return currency === null ? null : reading.minor
    const facts = { column: this.nameOf(column), value: text }
    if (reading.reason !== 'too-precise') return this.report('amount-unreadable', facts, column)
    if (currency === null) return null
    return this.report('amount-precision', { ...facts, currency, decimals: minorDigitsOf(currency) }, column)
  }

  /** Decimal text as given, '' where not given; negative ones and those with more places are refused. */
  decimal(column: C, { placesMax, isSigned }: { placesMax: number; isSigned: boolean }): string | null {
    const text = this.text(column)
    if (text === '') return ''
    const [, fraction = ''] = text.split('.')
    const places = fraction.replace(/0+$/, '').length
    if (DECIMAL.test(text) && places <= placesMax && (isSigned || !text.startsWith('-'))) return text
    return this.reportNumber(column, text)
  }

  /** A whole number, undefined where not given. */
  count(column: C, { min, max }: { min: number; max: number }): number | undefined | null {
    const text = this.text(column)
    if (text === '') return undefined
    const count = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    return count >= min && count <= max ? count : this.reportNumber(column, text)
  }

  reportNumber(column: C, value: string): null {
    return this.report('number-unreadable', { column: this.nameOf(column), value }, column)
  }
}

function hasUntypable(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0xfffd) return true
  }
  return false
}
