// What is asked of a preview, and what it shows of a table that no format knows.
import type { ReadContext } from '@spillway/core'
import type { SourceIssue } from '../import/mapping/check-source.ts'
import type { MappedPreview } from '../import/mapping/preview-mapping.ts'
import type { NumberWriting } from '../import/mapping/written-number.ts'
import type { ColumnKind } from './guess-writing.ts'

export type PreviewRequest = {
  /** Which part; the first where it is left out. */
  readonly member?: string | undefined
  readonly sheet?: string | undefined
  readonly encoding?: string | undefined
  /** One character, or `tab`. */
  readonly delimiter?: string | undefined
  readonly headerRow?: number | undefined
  /** A Source document, right or not. */
  readonly mapping?: unknown
  /** How many rows are shown. */
  readonly rows: number
  readonly subAccountOf?: ReadContext['subAccountOf']
  /** As the person called the file, where the path has another name. */
  readonly fileName?: string
}

export type PreviewColumn = {
  readonly title: string
  readonly samples: ReadonlyArray<string>
  readonly kind: ColumnKind
  /** Of days. */
  readonly format: string | null
  /** Rows in which it is not blank. */
  readonly filled: number
  /** The canonical column that it probably is. */
  readonly meaning: string | null
}

export type Place = { readonly member: string; readonly sheet: string }

export type FilePreview = {
  readonly parts: ReadonlyArray<Place>
  readonly part: Place
  readonly settings: { readonly encoding: string; readonly delimiter: string; readonly headerRow: number | null }
  /** False where more follows than was read. */
  readonly isWhole: boolean
  readonly numbers: NumberWriting
  readonly dateFormat: string | null
  readonly columns: ReadonlyArray<PreviewColumn>
  readonly rawRows: ReadonlyArray<ReadonlyArray<string>>
  readonly suggestion: Readonly<Record<string, unknown>>
  readonly mapped:
    | (MappedPreview & { readonly issues: ReadonlyArray<SourceIssue>; readonly isRecognised: boolean })
    | null
}
