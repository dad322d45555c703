// What the engine asks of whoever opens files: a file as parts whose importer is already chosen. The engine never sees
// an encoding, an archive or a mapping; an intake never sees a database.
import type { Importer, Table } from './importer.ts'

/** A delimited file, one member of an archive, or one sheet of a workbook, with the one importer whose own it is. */
export type IntakePart = {
  /** '' where the file is no archive. */
  readonly member: string
  /** '' where it is no workbook. */
  readonly sheet: string
  readonly importer: Importer
  /** What `onBytes` reaches at the end: the size of a file, compressed or not, or of an inflated member or sheet. */
  readonly bytes: number
  /** The import whose refused rows these are, mended; left out for any other table. */
  readonly supplements?: string
  /** Of mended rows, once the table was read: the lines that they were refused on, by file, member and sheet as these are shown. */
  readonly mendedLines?: () => ReadonlyMap<string, ReadonlyArray<number>>
  /** Reads the part from its start; may be called again. `onBytes` is told now and then how many bytes were read. */
  openTable(options?: { readonly onBytes?: (bytes: number) => void }): Promise<Table>
}

export type IntakeFile = {
  readonly fileName: string
  readonly bytes: number
  /** SHA-256 of the file as it lies there, lower-case hex. */
  readonly digest: string
  /** At least one, in the order of the file. */
  readonly parts: ReadonlyArray<IntakePart>
  /** Ends the reading of every table that is still open. */
  close(): Promise<void>
}

export interface Intake {
  /**
   * Opens a file and recognises every part of it by content; `source` decides where it names an importer or a mapping.
   *
   * @throws Refusal `not-found`, `hostile-file`, or `unrecognised-file` with the candidates.
   */
  open(path: string, options: { readonly source: string }): Promise<IntakeFile>
}
