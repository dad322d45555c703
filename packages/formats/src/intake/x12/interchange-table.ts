// An X12 interchange as a table of two columns, one row for each segment, so that it is recognised, counted and quarantined
// like any other file. The line of a row is the number of its segment.
import { problem, type Table, type TableRow, type UnreadableRow } from '@spillway/core'
import { decodeText, type TextEncodingFound } from '../decode.ts'
import { findEncoding, type TextPart } from '../delimited.ts'
import { refuseHostile, type TableOptions } from '../part.ts'
import { InterchangeScanner, isInterchange, type ScannedSegment } from './interchange-scanner.ts'

const SEGMENT_COLUMNS = ['segment', 'elements'] as const

/** What the first bytes of the part show. A part that cannot be read is for whoever opens its table to refuse. */
export async function holdsInterchange(part: TextPart): Promise<boolean> {
  for await (const chunk of part.streams.read(part.source)) return isInterchange(chunk.toString('utf8', 0, 512))
  return false
}

/**
 * The encoding, found by reading the part once. An interchange may be one line from end to end.
 *
 * @throws Refusal `hostile-file` beyond the limit of bytes, before more than that is read.
 */
export async function findInterchangeEncoding(part: TextPart, encoding?: string): Promise<TextEncodingFound> {
  const { interchangeBytesMax } = part.limits
  if (!part.source.isPacked && part.source.bytes > interchangeBytesMax) {
    throw refuseHostile(
      `${part.source.name} has ${part.source.bytes} bytes; ${interchangeBytesMax} are read at most.`,
      {
        interchangeBytesMax,
      },
    )
  }
  const limits = { ...part.limits, recordLengthMax: Number.POSITIVE_INFINITY }
  return findEncoding({ ...boundedPart(part), limits }, encoding)
}

export function openInterchange(part: TextPart, found: TextEncodingFound, options: TableOptions): Table {
  const { place } = part
  const { source, streams, limits } = boundedPart(part)
  const blocks = decodeText(streams.read(source, options.onBytes), found.encoding)
  const damage = problem('encoding-damaged', { encoding: found.encoding }, { source: place })
  return {
    header: [...SEGMENT_COLUMNS],
    headerLine: 0,
    sheet: '',
    problems: found.isDamaged ? [damage] : [],
    rows: rowsOf(blocks, { scanner: new InterchangeScanner({ limits, name: source.name }), place }),
  }
}

function boundedPart(part: TextPart): TextPart {
  const bytesMax = Math.min(part.source.bytesMax, part.limits.interchangeBytesMax)
  return { ...part, source: { ...part.source, bytesMax } }
}

type Rows = { readonly scanner: InterchangeScanner; readonly place: TextPart['place'] }

async function* rowsOf(
  blocks: AsyncIterable<string>,
  { scanner, place }: Rows,
): AsyncGenerator<ReadonlyArray<TableRow | UnreadableRow>> {
  for await (const block of blocks) {
    const segments = scanner.push(block, false)
    if (segments.length > 0) yield segments.map((segment) => rowOf(segment, place))
  }
  const segments = scanner.push('', true)
  if (segments.length > 0) yield segments.map((segment) => rowOf(segment, place))
}

/** A segment that the end of the file cuts off may have lost the end of a number. */
function rowOf(
  { number, raw, id, elements, isWhole }: ScannedSegment,
  place: TextPart['place'],
): TableRow | UnreadableRow {
  if (isWhole || id === 'IEA') return { line: number, raw, cells: [id, elements] }
  const reason = 'the file ends inside this segment'
  return { line: number, raw, problem: problem('row-unreadable', { reason }, { source: { ...place, line: number } }) }
}
