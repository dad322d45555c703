// What a report is, whoever prints it: named columns with a kind, and rows of text in batches. Amounts are decimal texts
// already, so no exporter can round one.

/**
 * `amount`, `quantity` and `usage` align right and are numbers to a spreadsheet; `share` is a fraction of 1 with nine
 * decimals. `usage` is in base units of the usage type that the row's `usage_type` or `usage_class` begins with.
 */
export type ReportColumnKind = 'text' | 'amount' | 'quantity' | 'usage' | 'share' | 'date' | 'flags'

export type ReportColumn = {
  readonly key: string
  readonly title: string
  readonly kind: ReportColumnKind
  /** Left out, the first ones first, of a table that is wider than the terminal. Files have every column. */
  readonly isDetail?: boolean
  /** Left out where all details are and there is still no room: another column says it too. */
  readonly isRepeated?: boolean
  /** An empty cell is no value: null in JSON, NULL in Parquet. Elsewhere an empty text is an empty text. */
  readonly isNullable?: boolean
}

/** Cells in the order of the columns. */
export type ReportRow = ReadonlyArray<string>

export type Report = {
  readonly name: string
  /** One line above a table: what is shown, of which period and run. */
  readonly title: string
  readonly columns: ReadonlyArray<ReportColumn>
  /** True where the sum of each amount column by currency says something: no row repeats another's money. */
  readonly hasTotals?: boolean
  readonly rows: AsyncIterable<ReadonlyArray<ReportRow>>
  /** Where there are no rows, for a person: where else to look. */
  readonly whenEmpty?: string
  /** Sums of the same rows, which stand below them on paper. */
  readonly below?: ReadonlyArray<Report>
}

/** A report in pieces, ready to be written to a file or a pipe one after the other: text, or bytes of a file that is no text. */
export type ReportEncoder = (report: Report) => AsyncIterable<string | Uint8Array>
