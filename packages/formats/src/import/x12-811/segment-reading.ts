// One segment: its elements by number, and the problems found while reading them, under names like SAC05. Knows how X12
// writes amounts, dates and times; knows nothing of what a segment is for.
import {
  canHoldUse,
  type ExtraColumns,
  type LocalDate,
  localDateOf,
  minorDigitsOf,
  type Problem,
  type ProblemCode,
  type ProblemFacts,
  parseAmount,
  problem,
  type ReadRow,
  type Severity,
  type SourcePlace,
  type TableRow,
} from '@spillway/core'
import { ELEMENT_SEPARATOR } from '../../intake/x12/interchange-scanner.ts'

export type SegmentCells = { readonly id: string; readonly elements: string; readonly extra: ExtraColumns }

export class SegmentReading {
  readonly id: string
  readonly problems: Problem[] = []
  /** Columns beside the segment, which only a table that somebody made has. */
  readonly foreign: ExtraColumns
  private readonly cells: ReadonlyArray<string>
  private readonly row: TableRow
  private readonly place: SourcePlace

  constructor({ id, elements, extra }: SegmentCells, row: TableRow, place: SourcePlace) {
    this.id = id
    this.foreign = extra
    this.cells = elements.split(ELEMENT_SEPARATOR)
    this.row = row
    this.place = { ...place, line: row.line }
  }

  get hasErrors(): boolean {
    return this.problems.some(({ severity }) => severity === 'error')
  }

  /** Counted from 1, as the standard does; '' where it is not there. */
  element(number: number): string {
    return (this.cells[number - 1] ?? '').trim()
  }

  /** All elements, for a name by content. */
  get elements(): ReadonlyArray<string> {
    return this.cells
  }

  nameOf(number: number): string {
    return `${this.id}${String(number).padStart(2, '0')}`
  }

  report<P extends ProblemCode>(
    code: P,
    facts: ProblemFacts[P],
    { column, severity }: { readonly column?: string; readonly severity?: Severity } = {},
  ): null {
    const source = column === undefined ? this.place : { ...this.place, column }
    this.problems.push(problem(code, facts, { source, ...(severity ? { severity } : {}) }))
    return null
  }

  required(number: number): string {
    const text = this.element(number)
    const column = this.nameOf(number)
    if (text === '') this.report('value-missing', { column }, { column })
    return text
  }

  /**
   * Minor units; null where it is blank or cannot be read, which is then reported. Without a point an implied amount has
   * two decimals (5650 is 56.50); with one it is what it says.
   */
  amountMinor(number: number, { currency, isImplied }: { currency: string; isImplied: boolean }): bigint | null {
    const text = this.element(number)
    if (text === '') return null
    return this.readMinor(isImplied ? withImpliedPoint(text) : text, { currency, number })
  }

  /** What `quantity` times `price` comes to, which must be whole minor units; null where either is blank or unreadable. */
  productMinor(numbers: { readonly quantity: number; readonly price: number }, currency: string): bigint | null {
    const price = this.element(numbers.price)
    if (price === '') return null
    const product = multiplied(this.element(numbers.quantity) || '1', price)
    if (product !== null) return this.readMinor(product, { currency, number: numbers.price })
    const column = this.nameOf(isDecimal(price) ? numbers.quantity : numbers.price)
    const value = isDecimal(price) ? this.element(numbers.quantity) : price
    return this.report(isDecimal(price) ? 'number-unreadable' : 'amount-unreadable', { column, value }, { column })
  }

  private readMinor(text: string, { currency, number }: { currency: string; number: number }): bigint | null {
    const column = this.nameOf(number)
    const reading = parseAmount(text.startsWith('.') ? `0${text}` : text.replace(/^-\./, '-0.'), currency)
    if (reading.ok) return reading.minor
    const value = this.element(number)
    if (reading.reason === 'too-precise') {
      return this.report('amount-precision', { column, value, currency, decimals: minorDigitsOf(currency) }, { column })
    }
    return this.report('amount-unreadable', { column, value }, { column })
  }

  /** CCYYMMDD, or YYMMDD as versions before 4010 write it; null where it is blank or cannot be read, which is reported. */
  date(number: number): LocalDate | null {
    const value = this.element(number)
    if (value === '') return null
    const column = this.nameOf(number)
    const day = readX12Date(value)
    if (day !== null && canHoldUse(day)) return day
    return this.report('date-unreadable', { column, value, expected: 'CCYYMMDD' }, { column })
  }

  done(facts: ReadRow['facts']): ReadRow {
    return { line: this.row.line, raw: this.row.raw, facts: this.hasErrors ? [] : facts, problems: this.problems }
  }

  /** A row that is not used, and what it comes to where that much was read. */
  refused(amount: { readonly currency: string; readonly minor: bigint | null }): ReadRow {
    const { currency, minor } = amount
    return { ...this.done([]), ...(minor === null ? {} : { amount: { currency, minor } }) }
  }
}

export function readX12Date(text: string): LocalDate | null {
  const match = /^(\d{2})?(\d{2})(\d{2})(\d{2})$/.exec(text)
  if (!match) return null
  return localDateOf(Number(`${match[1] ?? '20'}${match[2]}`), Number(match[3]), Number(match[4]))
}

/** HHMM, HHMMSS or HHMMSS with tenths and hundredths, as HH:MM:SS; null for anything else. */
export function readX12Time(text: string): string | null {
  const match = /^([01]\d|2[0-3])([0-5]\d)(?:([0-5]\d)\d{0,2})?$/.exec(text)
  return match ? `${match[1]}:${match[2]}:${match[3] ?? '00'}` : null
}

function withImpliedPoint(text: string): string {
  const match = /^(-?)(\d+)$/.exec(text)
  if (!match) return text
  const digits = (match[2] as string).padStart(3, '0')
  return `${match[1]}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

const isDecimal = (text: string) => /^-?(\d+\.?\d*|\.\d+)$/.test(text)

/** The exact product of two decimal texts; null where either is none. */
function multiplied(first: string, second: string): string | null {
  if (!isDecimal(first) || !isDecimal(second) || first.length + second.length > 60) return null
  const [a, b] = [scaled(first), scaled(second)]
  const product = a.digits * b.digits
  const text = String(product < 0n ? -product : product).padStart(a.places + b.places + 1, '0')
  const places = a.places + b.places
  const decimals = places === 0 ? '' : `.${text.slice(-places)}`
  return `${product < 0n ? '-' : ''}${text.slice(0, text.length - places)}${decimals}`
}

function scaled(text: string): { digits: bigint; places: number } {
  const [whole = '', fraction = ''] = text.split('.')
  return {
    digits: BigInt(`${whole === '-' || whole === '' ? `${whole}0` : whole}${fraction}`),
    places: fraction.length,
  }
}
