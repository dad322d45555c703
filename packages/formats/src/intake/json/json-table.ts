// JSON as a table: a row for each record, a column for each path (`data.bytes`) that any record has. So it is recognised,
// mapped, counted and quarantined like any other file. The line of a row is that of the file where each record has one
// of its own, else the number of the record.
import { problem, type Table, type TableRow, type UnreadableRow } from '@spillway/core'
import { decodeHead, decodeText, type TextEncodingFound } from '../decode.ts'
import { findEncoding, type TextPart } from '../delimited.ts'
import { refuseHostile, refuseUnreadable, type TableOptions } from '../part.ts'
import { DocumentSplitter } from './document-splitter.ts'
import { LineSplitter, type NumberedText } from './line-splitter.ts'
import { readJsonRecord } from './read-json-record.ts'

/** A record on each line, or documents in which lines mean nothing. */
type JsonShape = 'lines' | 'documents'

export type JsonFound = TextEncodingFound & { readonly shape: JsonShape; readonly columns: ReadonlyArray<string> }

const HEAD_BYTES = 128 * 1024
const ROWS_PER_BATCH = 1000

/** The shape that the first bytes of the part show; null where they are not those of JSON. */
export async function sniffJson(part: TextPart): Promise<JsonShape | null> {
  const { head, isWhole } = await readHead(part)
  const text = decodeHead(head, encodingOfHead(head))
  if (!/^\s*(\{\s*["}]|\[\s*[{\]])/.test(text)) return null
  const lines = new LineSplitter({ limits: { ...part.limits, recordLengthMax: HEAD_BYTES }, name: part.source.name })
  // A first line that is damaged does not make one document of all of them.
  const records = lines.push(text, isWhole).slice(0, 2)
  const readings = records.map((record) => readJsonRecord(record.text, part.limits)).filter(({ ok }) => ok)
  const isPage = readings.some((reading) => reading.ok && reading.lists.length > 0)
  return readings.length > 0 && !isPage ? 'lines' : 'documents'
}

async function readHead(part: TextPart): Promise<{ head: Buffer; isWhole: boolean }> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of part.streams.read(part.source)) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes >= HEAD_BYTES) return { head: Buffer.concat(chunks).subarray(0, HEAD_BYTES), isWhole: false }
  }
  return { head: Buffer.concat(chunks), isWhole: true }
}

/** JSON begins with two characters that every encoding writes like ASCII, so its zeros tell. */
function encodingOfHead(head: Buffer): string {
  if ((head[0] === 0xff && head[1] === 0xfe) || head[1] === 0) return 'utf-16le'
  return (head[0] === 0xfe && head[1] === 0xff) || head[0] === 0 ? 'utf-16be' : 'utf-8'
}

/**
 * The encoding and the columns, found by reading the part twice.
 *
 * @throws Refusal `hostile-file` for a record, a line or a number of columns beyond the limits; `unrecognised-file` for
 * documents whose brackets do not pair, and for a part in which no record can be read.
 */
export async function findJson(part: TextPart, shape: JsonShape, asked: string | undefined): Promise<JsonFound> {
  // A document may be one line from end to end: each record is bounded instead.
  const limits = shape === 'lines' ? part.limits : { ...part.limits, recordLengthMax: Number.POSITIVE_INFINITY }
  const encoding = await findEncoding({ ...part, limits }, asked)
  const columns = new Set<string>()
  for await (const records of recordsOf(part, { encoding: encoding.encoding, shape })) {
    for (const { text } of records) {
      const reading = readJsonRecord(text, part.limits)
      if (reading.ok) for (const path of reading.cells.keys()) columns.add(path)
    }
    if (columns.size > part.limits.columnsMax) throw refuseColumns(part)
  }
  if (columns.size === 0)
    throw refuseUnreadable(
      `No record of ${part.source.name} can be read.`,
      'It must hold JSON objects: one on each line, or in a list. An empty page has nothing to import.',
    )
  return { ...encoding, shape, columns: [...columns] }
}

function refuseColumns({ source, limits: { columnsMax } }: TextPart): Error {
  return refuseHostile(`The records of ${source.name} have more than ${columnsMax} different members.`, { columnsMax })
}

export function openJson(part: TextPart, found: JsonFound, { onBytes }: TableOptions): Table {
  const damage = problem('encoding-damaged', { encoding: found.encoding }, { source: part.place })
  return {
    header: found.columns,
    headerLine: 0,
    sheet: '',
    problems: found.isDamaged ? [damage] : [],
    rows: rowsOf(part, found, onBytes),
  }
}

async function* rowsOf(
  part: TextPart,
  found: JsonFound,
  onBytes: TableOptions['onBytes'],
): AsyncGenerator<ReadonlyArray<TableRow | UnreadableRow>> {
  const read = (record: NumberedText) => rowOf(record, { part, columns: found.columns })
  for await (const records of recordsOf(part, { ...found, onBytes }))
    for (let at = 0; at < records.length; at += ROWS_PER_BATCH) yield records.slice(at, at + ROWS_PER_BATCH).map(read)
}

function rowOf(
  { line, text }: NumberedText,
  { part, columns }: { readonly part: TextPart; readonly columns: ReadonlyArray<string> },
): TableRow | UnreadableRow {
  const reading = readJsonRecord(text, part.limits)
  if (reading.ok) return { line, raw: text, cells: columns.map((path) => reading.cells.get(path) ?? '') }
  const source = { ...part.place, line }
  return { line, raw: text, problem: problem('row-unreadable', { reason: reading.reason }, { source }) }
}

type Records = {
  readonly encoding: string
  readonly shape: JsonShape
  readonly onBytes?: TableOptions['onBytes']
}

async function* recordsOf(
  { source, streams, limits }: TextPart,
  { encoding, shape, onBytes }: Records,
): AsyncGenerator<ReadonlyArray<NumberedText>> {
  const take = splitterOf(shape, { limits, name: source.name })
  for await (const block of decodeText(streams.read(source, onBytes), encoding)) yield take(block, false)
  yield take('', true)
}

function splitterOf(shape: JsonShape, options: ConstructorParameters<typeof DocumentSplitter>[0]) {
  if (shape === 'lines') {
    const lines = new LineSplitter(options)
    return (block: string, isLast: boolean) => lines.push(block, isLast)
  }
  const documents = new DocumentSplitter(options)
  let number = 0
  return (block: string, isLast: boolean): NumberedText[] =>
    documents.push(block, isLast).map((text) => {
      number += 1
      return { line: number, text }
    })
}
