// What a format must offer. The engine opens files, stages facts and counts; a format only says whether a table is its
// own and what its rows mean. A format never sees a database, and the engine never sees a vendor's column.
import type { Fact } from '../facts/fact.ts'
import type { Problem } from '../problem.ts'
import type { SubAccountKey } from '../sub-accounts/sub-account.ts'

/** One record of a delimited file or a sheet. `cells` stand in the order of the header; missing ones are ''. */
export type TableRow = { readonly line: number; readonly cells: ReadonlyArray<string>; readonly raw: string }

/** A table that can be streamed once, after its header was read. */
export type Table = {
  readonly header: ReadonlyArray<string>
  readonly headerLine: number
  readonly sheet: string
  /** In which the text was read; left out for a sheet. */
  readonly encoding?: string
  /** By which the raw text of a row is split into cells; left out where a row is no delimited text. */
  readonly delimiter?: string
  /** Numbers and days stand in plain form, whatever the file's source says of text: a sheet, or rows that came from one. */
  readonly isPlain?: boolean
  /** Of the text as a whole (`encoding-damaged`); complete as soon as the table is open, never counted as a row. */
  readonly problems: ReadonlyArray<Problem>
  /** Batches of rows; ends where the file ends. Rows that cannot be split into cells arrive as problems. */
  readonly rows: AsyncIterable<ReadonlyArray<TableRow | UnreadableRow>>
}
export type UnreadableRow = { readonly line: number; readonly raw: string; readonly problem: Problem }

/** What recognition may look at: never the file's name (spec, import, rule 1). */
export type TableSample = {
  readonly header: ReadonlyArray<string>
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
}

export type ReadContext = {
  /** The file as imported; with `member`, and the table's own sheet, the place of every problem. */
  readonly fileName: string
  /** The member of an archive that is read, '' where the file is no archive. */
  readonly member: string
  /** The `--source` the user gave, '' for none. */
  readonly source: string
  /**
   * Whose passcode this is or was, so that an importer can put the user id in the place of an entry code; undefined for a
   * code of nobody. `account` is the master account as the row names it; where the row names none (''), a code counts that
   * one sub-account alone has. Left out where nobody has a passcode.
   *
   * @throws Refusal `passcode-key` where codes cannot be compared.
   */
  readonly subAccountOf?: ((account: string, code: string) => SubAccountKey | undefined) | undefined
}

/**
 * A part of a bill or directory that is replaced as a whole: a later document with the same part and key supersedes
 * the earlier one, whose facts stay readable. Whatever the format, lines of a bill are in part `charges`, control totals in
 * `totals` and `service-totals`: the same invoice through another format replaces them and never counts twice. Usage of
 * an invoice has parts of its own (`class-usage`, `line-usage`, `itemised-usage`, `bill-usage`), one for each file that
 * tells it, so that a corrected file replaces what it tells and nothing else.
 */
export type DocumentKey = {
  readonly part: string
  readonly vendor: string
  readonly account: string
  readonly invoice: string
}

/** What became of one source row. An `error` among the problems quarantines the whole row: its facts are not used. */
export type ReadRow = {
  readonly line: number
  readonly raw: string
  readonly facts: ReadonlyArray<{ readonly document: DocumentKey; readonly fact: Fact }>
  readonly problems: ReadonlyArray<Problem>
  /** What a bill row that cannot be used comes to, where that much can be read: shown beside the control total. */
  readonly amount?: { readonly currency: string; readonly minor: bigint }
}

export interface Importer {
  /** Unique, kebab-case, shown to users and taken by `--source`. */
  readonly name: string
  /** Raised when the same file would yield other facts, so that it can be imported again. */
  readonly version: number
  /** One sentence for `import --list` and for the error that lists candidates. */
  readonly describes: string
  /** True where a file is the whole of what its source knows of a directory: `--source` may then name that source. */
  readonly isDirectory?: boolean
  /** Titles by which it knows its tables, for telling which format a table is nearest to; left out where it looks at more. */
  readonly columns?: ReadonlyArray<string>
  /** True where header and first rows are this format's own. */
  recognises(sample: TableSample): boolean
  /** Rows in file order, in batches; the whole table in bounded memory. */
  read(table: Table, context: ReadContext): AsyncIterable<ReadonlyArray<ReadRow>>
}
