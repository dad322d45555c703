// Which type of Parquet holds every cell of a column exactly. Decides from the cells; a type that would round one is not taken.
import { parseLocalDate, type ReportColumnKind } from '@spillway/core'

/** What Parquet's decimals hold. */
const DIGITS_MAX = 38
/** A share has nine decimals and is hardly ever above 1. */
const SHARE = { scale: 9, precision: 10 }
/** Where a report has no row to learn from: what most currencies have. */
const SCALE_OF_NONE = 2
const INT64_MAX = 2n ** 63n - 1n

/** Watches the cells of one column go by, then says its type. */
export class ParquetColumn {
  readonly #kind: ReportColumnKind
  #cells = 0
  #wholeDigits = 0
  #scale = 0
  #isDecimal = true
  #isBigint = true
  #isDate = true

  constructor(kind: ReportColumnKind) {
    this.#kind = kind
  }

  see(cell: string): void {
    if (cell === '' || this.#kind === 'text' || this.#kind === 'flags') return
    this.#cells += 1
    if (this.#kind === 'date') {
      this.#isDate &&= parseLocalDate(cell) !== null
      return
    }
    const match = /^-?0*(\d*)(?:\.(\d+))?$/.exec(cell)
    if (!match || !/\d/.test(cell)) {
      this.#isDecimal = false
      return
    }
    const [, whole = '', decimals = ''] = match
    this.#wholeDigits = Math.max(this.#wholeDigits, whole.length)
    this.#scale = Math.max(this.#scale, decimals.length)
    this.#isBigint &&= decimals === '' && whole.length <= 19 && BigInt(whole || '0') <= INT64_MAX
  }

  /**
   * The SQL type. Amounts are DECIMAL(38, the most decimals that a currency of the report has): with yen and dinars beside
   * dollars it is 3. Quantities and usage are BIGINT, or DECIMAL where one has decimals or is beyond 64 bits. Shares are
   * DECIMAL(10,9), dates DATE. A column with a cell that its type cannot hold, such as the weight `1/3`, is VARCHAR whole.
   */
  type(): string {
    if (this.#kind === 'text' || this.#kind === 'flags') return 'VARCHAR'
    if (this.#kind === 'date') return this.#isDate ? 'DATE' : 'VARCHAR'
    if (!this.#isDecimal) return 'VARCHAR'
    const isShare = this.#kind === 'share'
    if (isShare && this.#scale <= SHARE.scale && this.#wholeDigits <= SHARE.precision - SHARE.scale)
      return `DECIMAL(${SHARE.precision}, ${SHARE.scale})`
    if ((this.#kind === 'quantity' || this.#kind === 'usage') && this.#isBigint) return 'BIGINT'
    const scale = this.#kind === 'amount' && this.#cells === 0 ? SCALE_OF_NONE : this.#scale
    return this.#wholeDigits + scale <= DIGITS_MAX ? `DECIMAL(${DIGITS_MAX}, ${scale})` : 'VARCHAR'
  }
}
