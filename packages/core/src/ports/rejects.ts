// Rows that an import refused, as they leave it to be mended: the engine knows them, a format writes them.

export type RejectedRow = {
  readonly line: number
  /** As the file had it; passcodes were taken out. */
  readonly raw: string
  /** '' where it is not about one cell. */
  readonly column: string
  readonly value: string
  readonly code: string
  readonly message: string
  readonly hint: string
}

/** Of one table of a file. */
export type RejectedTable = {
  /** The import that a mended row adds to. */
  readonly batch: string
  readonly file: string
  readonly member: string
  readonly sheet: string
  readonly header: ReadonlyArray<string>
  /** '' where a row is no delimited text. */
  readonly delimiter: string
  readonly rows: AsyncIterable<ReadonlyArray<RejectedRow>>
}
