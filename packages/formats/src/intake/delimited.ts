// A delimited text as a table: encoding, delimiter and header found, records streamed.
import { problem, type SourcePlace, type Table } from '@spillway/core'
import type { ByteSource, OpenStreams } from './byte-source.ts'
import { decodeHead, decodeText, detectEncoding, type TextEncodingFound } from './decode.ts'
import { type IntakeLimits, linesToSkip, type TableOptions } from './part.ts'
import { RecordScanner } from './record-scanner.ts'
import { sniffDelimiter } from './sniff.ts'
import { type Batch, fitRows, takeHeader } from './table-rows.ts'

export type TextPart = {
  readonly source: ByteSource
  readonly streams: OpenStreams
  readonly limits: IntakeLimits
  readonly place: SourcePlace
}

/** The encoding as asked for, or found by reading the part once. */
export async function findEncoding(part: TextPart, encoding: string | undefined): Promise<TextEncodingFound> {
  const chunks = part.streams.read(part.source)
  return detectEncoding(chunks, { name: part.source.name, limits: part.limits, encoding })
}

export async function openDelimited(part: TextPart, found: TextEncodingFound, options: TableOptions): Promise<Table> {
  const { limits, place, source } = part
  const skip = linesToSkip(options)
  const isWhole = found.head.length === found.bytes
  const head = decodeHead(found.head, found.encoding)
  const delimiter = options.delimiter ?? sniffDelimiter(head, { limits, skip, isWhole })
  const scanner = new RecordScanner({ delimiter, limits, name: source.name, skip })
  const batches = scan(decodeText(part.streams.read(source, options.onBytes), found.encoding), scanner)
  const { header, headerLine, rest } = await takeHeader(batches, { name: source.name, header: options.header })
  const damage = problem('encoding-damaged', { encoding: found.encoding }, { source: place })
  return {
    header,
    headerLine,
    sheet: '',
    encoding: found.encoding,
    // Under the header of one section a row of another means nothing.
    ...(options.isSectioned ? {} : { delimiter }),
    problems: found.isDamaged ? [damage] : [],
    rows: fitRows({ rest, batches, width: header.length, isSectioned: options.isSectioned, place }),
  }
}

/** Characters cut into records at once: few, so that a batch is gone again before the collector would have to move it. */
const PIECE_LENGTH = 32 * 1024

async function* scan(blocks: AsyncIterable<string>, scanner: RecordScanner): AsyncGenerator<Batch> {
  for await (const block of blocks)
    for (let at = 0; at < block.length; at += PIECE_LENGTH) {
      const records = scanner.push(block.slice(at, at + PIECE_LENGTH), false)
      if (records.length > 0) yield records
    }
  const records = scanner.push('', true)
  if (records.length > 0) yield records
}
