// What an import says about itself, the same for a dry run. Amounts are bigint minor units; whoever prints them writes
// decimals. `rows.read = accepted + quarantined + duplicates` always (spec, import, rule 4).
import type { Problem, ProblemCode, RefusalKind, RejectedRow, Severity } from '@spillway/core'
import type { ImportCover } from './import-cover.ts'
import type { DirectoryMerge } from './merge-directory.ts'

/** `unchanged`: everything in the file is known already, and nothing was written. */
export type ImportOutcome = 'imported' | 'unchanged' | 'refused'

export type RowCounts = {
  readonly read: number
  readonly accepted: number
  readonly quarantined: number
  readonly duplicates: number
}

/** One row per currency of a file's charges, payments left out. */
export type FileAmounts = {
  readonly currency: string
  readonly acceptedMinor: bigint
  readonly quarantinedMinor: bigint
}

/** One row per invoice and currency that the file touches, as it stands after the import. */
export type InvoiceBalance = {
  readonly vendor: string
  readonly account: string
  readonly invoice: string
  readonly currency: string
  readonly chargesMinor: bigint
  readonly lines: number
  /** null: no control total is known. */
  readonly totalMinor: bigint | null
  /** What the lines sum to less the control total; null without one. */
  readonly differenceMinor: bigint | null
}

export type ImportedDocument = {
  readonly part: string
  readonly source: string
  readonly vendor: string
  readonly account: string
  readonly invoice: string
  readonly member: string
  readonly sheet: string
  readonly rows: number
  /** Earlier documents that no longer count; their facts stay readable. */
  readonly supersedes: ReadonlyArray<{ readonly doc: number; readonly file: string }>
}

/** What a directory file changes; `changes` as core's merge of that kind says it. */
export type DirectoryReport = {
  readonly part: string
  readonly source: string
  readonly changes: DirectoryMerge['changes']
  readonly unchanged: number
  readonly active: number
  readonly ending: number
}

export type ProblemCount = {
  readonly code: ProblemCode
  readonly severity: Severity
  readonly count: number
  /** Of the first one. */
  readonly message: string
  readonly hint: string
  /** `bills.zip!detail.txt:12 (Cost)`; the first few. */
  readonly places: ReadonlyArray<string>
}

export type BadRow = RejectedRow & { readonly member: string; readonly sheet: string }

/** What a person wants to see before a file is imported. */
export type FileDescription = {
  /** By which importer each part is read. */
  readonly recognised: ReadonlyArray<{
    readonly member: string
    readonly sheet: string
    readonly format: string
    readonly describes: string
  }>
  readonly cover: ImportCover
  /** The first of them. */
  readonly badRows: ReadonlyArray<BadRow>
}

export type FileReport = {
  readonly file: string
  /** '' where the file was refused before its content was known. */
  readonly batch: string
  readonly outcome: ImportOutcome
  readonly refusal: {
    readonly kind: RefusalKind
    readonly message: string
    readonly hint: string
    readonly facts: Readonly<Record<string, unknown>>
  } | null
  readonly importers: ReadonlyArray<string>
  readonly rows: RowCounts
  readonly amounts: ReadonlyArray<FileAmounts>
  /** Quarantined rows of which nobody can say what they come to. */
  readonly quarantinedWithoutAmount: number
  readonly invoices: ReadonlyArray<InvoiceBalance>
  readonly documents: ReadonlyArray<ImportedDocument>
  readonly directory: ReadonlyArray<DirectoryReport>
  readonly problems: ReadonlyArray<ProblemCount>
  /** Of an `unchanged` file: its documents that a later file superseded, and which. Nothing was brought back. */
  readonly supersededSince: ReadonlyArray<{ readonly part: string; readonly invoice: string; readonly by: string }>
  /** Of an `unchanged` file: when it was imported first, and under which name. */
  readonly importedBefore: { readonly batch: string; readonly file: string; readonly at: string } | null
  /** The import to which the mended rows of this file add; '' for any other file. */
  readonly supplements: string
  /** Only where it was asked for, and the file could be read. */
  readonly description: FileDescription | null
}

export type ImportReport = {
  readonly isDryRun: boolean
  readonly files: ReadonlyArray<FileReport>
  /** References, leavers and pools, looked at once after the last file, over all that is then known. */
  readonly directoryProblems: ReadonlyArray<Problem>
}
