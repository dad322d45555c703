// What a report is, whoever prints it: named columns with a kind, and rows of text in batches. Amounts are decimal texts
// already, so no exporter can round one.

/** `amount` and `quantity` align right and are numbers to a spreadsheet; `share` is a fraction of 1 with nine decimals. */
export type ReportColumnKind = 'text' | 'amount' | 'quantity' | 'share' | 'date' | 'flags'

export type ReportColumn = { readonly key: string; readonly title: string; readonly kind: ReportColumnKind }

/** Cells in the order of the columns. */
export type ReportRow = ReadonlyArray<string>

export type Report = {
  readonly name: string
  /** One line above a table: what is shown, of which period and run. */
  readonly title: string
  readonly columns: ReadonlyArray<ReportColumn>
  readonly rows: AsyncIterable<ReadonlyArray<ReportRow>>
}

/** A report as text in pieces, ready to be written to a file or a pipe. */
export type ReportEncoder = (report: Report) => AsyncIterable<string>
