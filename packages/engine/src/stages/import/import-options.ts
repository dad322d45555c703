// What an import is asked to do, and what it hands from file to file.
import type { DirectoryFact, Intake, LocalDate, RejectedTable } from '@spillway/core'
import type { Workspace } from '../../workspace/workspace.ts'
import type { EarlyLimits } from './early-write.ts'
import type { LayoutLimits } from './staged-table.ts'

/** `rows` and `bytes` of the file read so far, of `bytesTotal`; `part` of `parts` is being read, counted from 1. */
export type ImportProgress = {
  readonly file: string
  readonly stage: 'read' | 'check' | 'write'
  readonly rows: number
  readonly bytes: number
  readonly bytesTotal: number
  readonly part: number
  readonly parts: number
}

export type ImportOptions = {
  readonly paths: ReadonlyArray<string>
  readonly intake: Intake
  /** The `--source` the user gave, '' for none. */
  readonly source: string
  /** Directory rows without days of their own hold from this day, and what is absent ends on it. */
  readonly asOfOn: LocalDate
  readonly dryRun?: boolean
  /** Takes a directory file though it ends more than 20 % of what is active. */
  readonly acceptMassEnd?: boolean
  /** Takes a bill again that was imported before and superseded since; without it such a file changes nothing. */
  readonly again?: boolean
  /** Says in each file's report what it covers, and its first rows that were refused: so many. */
  readonly describe?: { readonly badRowsMax: number }
  /** Takes the refused rows of a file, one table after the other, while they are there; `index` in `paths`. */
  readonly onRejects?: (tables: ReadonlyArray<RejectedTable>, index: number) => Promise<void>
  /** From how many rows on a file is written while it is read; left out, as is best for large files. */
  readonly early?: EarlyLimits
  /** How many rows are staged as they are; left out, as is best for large files. */
  readonly layout?: LayoutLimits
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** Directory rows as this command leaves them, by part and source: what a dry run cannot read back. */
export type PendingDirectory = Map<string, { part: string; source: string; rows: ReadonlyArray<DirectoryFact> }>

/** One file of a command. */
export type FileImport = {
  readonly workspace: Workspace
  readonly options: ImportOptions
  readonly path: string
  readonly pending: PendingDirectory
  /** In `options.paths`. */
  readonly index: number
  /** Batches that this command made, or would have: what a dry run cannot read back. */
  readonly batches: ReadonlySet<string>
}
