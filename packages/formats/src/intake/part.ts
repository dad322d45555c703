// What intake offers: a file as parts, a part as a table. Nothing here knows what a column means.
import { Refusal, type SourcePlace, type Table } from '@spillway/core'
import type { Head } from './head.ts'

/** Bounds that no honest file meets. A file beyond them is refused; nothing is ever cut off silently. */
export type IntakeLimits = {
  /** Inflated bytes of a whole archive, workbook or compressed file. */
  readonly inflatedBytesMax: number
  /** Inflated to compressed size, for whatever inflates to more than `ratioFreeBytes`. */
  readonly ratioMax: number
  readonly ratioFreeBytes: number
  readonly entriesMax: number
  /** Characters of one line, and of one record where quoted cells hold line breaks. */
  readonly recordLengthMax: number
  readonly columnsMax: number
  readonly cellLengthMax: number
  /** Bytes and segments of an X12 interchange. */
  readonly interchangeBytesMax: number
  readonly segmentsMax: number
}

export const DEFAULT_LIMITS: IntakeLimits = {
  inflatedBytesMax: 2 * 1024 ** 3,
  ratioMax: 200,
  ratioFreeBytes: 1024 ** 2,
  entriesMax: 2000,
  recordLengthMax: 1024 ** 2,
  columnsMax: 2000,
  cellLengthMax: 256 * 1024,
  interchangeBytesMax: 100 * 1000 ** 2,
  segmentsMax: 1_000_000,
}

export type FileOptions = {
  /** The name that problems carry; the last part of the path where it is not given. */
  readonly fileName?: string
  readonly limits?: Partial<IntakeLimits>
  /** Of each text part the beginning alone, to the end of a line: for looking at it, never for importing it. */
  readonly head?: Head
}

/** How a table is to be read where sniffing is not wanted; nothing needs to be given. */
export type TableOptions = {
  /** A label of the WHATWG Encoding Standard (`windows-1252`, `utf-16le`, `shift_jis`); no effect on a workbook. */
  readonly encoding?: string
  /** One character; no effect on a workbook. */
  readonly delimiter?: string
  /** Lines (rows of a sheet) to pass over before the header. */
  readonly skip?: number
  /** The line (row of a sheet) that holds the header, from 1; the same as `skip: headerRow - 1`. */
  readonly headerRow?: number
  /** The columns of a file without a header: its first record is then a row. */
  readonly header?: ReadonlyArray<string>
  /** Sections of the table have headers of their own: a row keeps all its cells, and no row is too wide. */
  readonly isSectioned?: boolean
  /** Told, as the rows are read, how many of the part's `bytes` were. */
  readonly onBytes?: (bytes: number) => void
}

/** A delimited file, one member of an archive, or one visible sheet of a workbook. Holds nothing open while idle. */
export type Part = {
  /** '' where the file is no archive. */
  readonly member: string
  /** '' where it is no workbook. */
  readonly sheet: string
  /** Inflated, but for a gzip file, which does not say what it inflates to. */
  readonly bytes: number
  /** The import whose refused rows these are, mended; left out for any other table. */
  readonly supplements?: string
  /** Of mended rows, as far as the last table was read: the lines that they were refused on, by {@link nameOfPlace}. */
  readonly mendedLines?: () => ReadonlyMap<string, ReadonlyArray<number>>
  /** Can be called again and again: each table reads the part from its start. */
  openTable(options?: TableOptions): Promise<Table>
  /** Ends the reading of every table that is still open. */
  close(): Promise<void>
}

export function limitsOf(options: FileOptions): IntakeLimits {
  return { ...DEFAULT_LIMITS, ...options.limits }
}

/** Lines before the header. */
export function linesToSkip({ headerRow, skip = 0 }: TableOptions): number {
  return Math.max(0, headerRow === undefined ? skip : headerRow - 1)
}

/** `bills.zip!detail.txt#Sheet1`, as refusals name a part. */
export function nameOfPlace(place: SourcePlace): string {
  return `${place.file}${place.member ? `!${place.member}` : ''}${place.sheet ? `#${place.sheet}` : ''}`
}

export function placeOf(parts: { file: string; member: string; sheet: string }): SourcePlace {
  return {
    file: parts.file,
    ...(parts.member ? { member: parts.member } : {}),
    ...(parts.sheet ? { sheet: parts.sheet } : {}),
  }
}

export function refuseHostile(what: string, facts: Readonly<Record<string, unknown>> = {}): Refusal {
  const hint = 'Files like this are refused unread. If it is honest, split it into smaller files and import those.'
  return new Refusal('hostile-file', what, { hint, facts })
}

export function refuseUnreadable(what: string, hint: string, facts: Readonly<Record<string, unknown>> = {}): Refusal {
  return new Refusal('unrecognised-file', what, { hint, facts })
}
