// Scanned records as the rows of a table: the first is the header, the others fit it or are problems of their own row.
// Refuses a text without a header and a header that is too wide.
import { problem, type SourcePlace, type TableRow, type UnreadableRow } from '@spillway/core'
import { refuseHostile, refuseUnreadable } from './part.ts'
import type { BrokenRecord, ScannedRecord } from './record-scanner.ts'

export type Batch = ReadonlyArray<ScannedRecord | BrokenRecord>

/** Takes the header off the first batch; where `header` is given, the file has none and all its records are rows. */
export async function takeHeader(
  batches: AsyncGenerator<Batch>,
  { name, header }: { name: string; header: ReadonlyArray<string> | undefined },
): Promise<{ header: ReadonlyArray<string>; headerLine: number; rest: Batch }> {
  if (header) return { header, headerLine: 0, rest: [] }
  const { value: batch } = await batches.next()
  const first: ScannedRecord | BrokenRecord | undefined = batch?.[0]
  if (!batch || !first) throw refuseUnreadable(`${name} is empty.`, 'Look whether the export went wrong.')
  if ('cells' in first) {
    return { header: first.cells.map((cell) => cell.trim()), headerLine: first.line, rest: batch.slice(1) }
  }
  await batches.return(undefined)
  const message = `The header of ${name} cannot be read: ${first.reason}.`
  throw first.isBeyondLimits
    ? refuseHostile(message)
    : refuseUnreadable(message, 'Mend the first line and import again.')
}

/** The rows behind the header. In a table of sections a row may be wider than the first header. */
export async function* fitRows({
  rest,
  batches,
  place,
  ...fit
}: {
  rest: Batch
  batches: AsyncIterable<Batch>
  place: SourcePlace
} & Fit): AsyncGenerator<ReadonlyArray<TableRow | UnreadableRow>> {
  if (rest.length > 0) yield rest.map((record) => fitRow(record, fit, place))
  for await (const batch of batches) yield batch.map((record) => fitRow(record, fit, place))
}

type Fit = { readonly width: number; readonly isSectioned: boolean | undefined }

/** Missing cells at the end are ''; cells beyond the header must be empty, or nobody knows what they mean. */
function fitRow(
  record: ScannedRecord | BrokenRecord,
  { width, isSectioned }: Fit,
  place: SourcePlace,
): TableRow | UnreadableRow {
  const { line, raw } = record
  if (!('cells' in record)) return unreadable({ line, raw, reason: record.reason, place })
  const { cells } = record
  if (cells.length > width && !isSectioned) {
    if (cells.slice(width).some((cell) => cell.trim() !== '')) {
      return unreadable({ line, raw, reason: `it has ${cells.length} cells where the header has ${width}`, place })
    }
    cells.length = width
  }
  while (cells.length < width) cells.push('')
  return record
}

function unreadable({
  line,
  raw,
  reason,
  place,
}: {
  line: number
  raw: string
  reason: string
  place: SourcePlace
}): UnreadableRow {
  return { line, raw, problem: problem('row-unreadable', { reason }, { source: { ...place, line } }) }
}
