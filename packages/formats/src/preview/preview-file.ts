// What a table is that no format knows: encoding, delimiter, header, columns with samples, and how they are written; a Source
// document to begin with; and what a mapping would make of the first rows. Reads the beginning of a file, and imports nothing.
import { type ReadContext, Refusal, type Table } from '@spillway/core'
import { isCalledEntryCode } from '../import/entry-code-columns.ts'
import { REMOVED } from '../import/entry-codes.ts'
import { checkSource } from '../import/mapping/check-source.ts'
import { importerFromSource, tableOptionsOf } from '../import/mapping/importer-from-source.ts'
import { previewMapping } from '../import/mapping/preview-mapping.ts'
import type { NumberWriting } from '../import/mapping/written-number.ts'
import { openFile } from '../intake/open-file.ts'
import type { Part, TableOptions } from '../intake/part.ts'
import type { FilePreview, Place, PreviewColumn, PreviewRequest } from './file-preview.ts'
import { findLayout } from './find-header.ts'
import { guessMeanings } from './guess-meaning.ts'
import { type ColumnKind, commonDateFormat, dateFormatsOf, isMoney, numberWritingOf } from './guess-writing.ts'
import { suggestSource } from './suggest-source.ts'

const HEAD_BYTES = 1024 * 1024
const ROWS_LOOKED_AT = 2000
const SAMPLES = 5
/** Values of a column by which its writing is guessed. */
const VALUES_TRIED = 300

/** @throws Refusal `not-found`, `hostile-file`, `unrecognised-file`, as opening the file does; `not-found` for a part it has not. */
export async function previewFile(path: string, request: PreviewRequest): Promise<FilePreview> {
  let isCut = false
  const onCut = () => {
    isCut = true
  }
  const named = request.fileName ? { fileName: request.fileName } : {}
  const parts = await openFile(path, { ...named, head: { bytesMax: HEAD_BYTES, onCut } })
  try {
    const part = partOf(parts, request)
    const check = request.mapping === undefined ? null : checkSource(request.mapping)
    const source = check?.ok ? check.source : undefined
    const asked = source ? tableOptionsOf(source) : askedOptions(request)
    const layout = await findLayout(part, asked)
    const options = source ? asked : { ...asked, ...foundOptions(layout) }
    const table = await part.openTable(options)
    const { rows, isWhole: isEnded } = await firstRows(table)
    const settings = {
      encoding: table.encoding ?? '',
      delimiter: part.sheet === '' ? namedDelimiter(table.delimiter ?? '') : '',
      headerRow: table.headerLine === 0 ? null : table.headerLine,
    }
    const described = describeColumns(table.header, rows)
    const place = ({ member, sheet }: Part): Place => ({ member, sheet })
    const found = { parts: parts.map(place), part: place(part), settings, isWhole: isEnded && !isCut, ...described }
    return {
      ...found,
      rawRows: rows.slice(0, request.rows).map((cells) => concealed(table.header, cells)),
      suggestion: suggestSource({ ...found, fileName: request.fileName ?? path }),
      mapped:
        check === null
          ? null
          : check.ok
            ? await mappedRowsOf(part, { request, document: request.mapping, header: table.header })
            : { ...NOTHING_MAPPED, issues: check.issues },
    }
  } finally {
    for (const part of parts) await part.close()
  }
}

const NOTHING_MAPPED = {
  ...{ rows: [], counts: { read: 0, accepted: 0, quarantined: 0, ignored: 0 }, amounts: [], issues: [] },
  isRecognised: false,
}

/** A column that the table has not is an issue of the mapping, not a refusal: the person is still writing it. */
async function mappedRowsOf(
  part: Part,
  { request, document, header }: { request: PreviewRequest; document: unknown; header: ReadonlyArray<string> },
): Promise<FilePreview['mapped']> {
  const check = checkSource(document)
  if (!check.ok) return { ...NOTHING_MAPPED, issues: check.issues }
  const importer = importerFromSource(document)
  const context: ReadContext = {
    ...{ fileName: request.fileName ?? '', member: part.member, source: importer.name },
    subAccountOf: request.subAccountOf,
  }
  const isRecognised = importer.recognises({ header, rows: [] })
  try {
    const table = await part.openTable(importer.tableOptions)
    const mapped = await previewMapping(check.source, table, { context, rowsMax: ROWS_LOOKED_AT, shown: request.rows })
    return { ...mapped, issues: [], isRecognised }
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind !== 'unrecognised-file') throw error
    return { ...NOTHING_MAPPED, issues: [{ path: 'emit', message: error.message }] }
  }
}

function partOf(parts: ReadonlyArray<Part>, { member, sheet }: PreviewRequest): Part {
  const part = parts.find(
    (one) => (member === undefined || one.member === member) && (sheet === undefined || one.sheet === sheet),
  )
  if (part) return part
  throw new Refusal('not-found', `The file has no part ${[member, sheet].filter(Boolean).join(' ')}.`, {
    hint: 'Its `parts` list what it holds.',
  })
}

function askedOptions({ encoding, delimiter, headerRow }: PreviewRequest): TableOptions {
  return {
    ...(encoding === undefined ? {} : { encoding }),
    ...(delimiter === undefined ? {} : { delimiter: delimiter === 'tab' ? '\t' : delimiter }),
    ...(headerRow === undefined ? {} : { headerRow }),
  }
}

function foundOptions(layout: Awaited<ReturnType<typeof findLayout>>): TableOptions {
  const { delimiter, headerRow, width } = layout
  return {
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(headerRow === null ? { header: Array.from({ length: width }, (_, at) => `Column ${at + 1}`) } : { headerRow }),
  }
}

const namedDelimiter = (delimiter: string) => (delimiter === '\t' ? 'tab' : delimiter)

async function firstRows(table: Table): Promise<{ rows: ReadonlyArray<string>[]; isWhole: boolean }> {
  const rows: ReadonlyArray<string>[] = []
  for await (const batch of table.rows)
    for (const row of batch) {
      if (rows.length === ROWS_LOOKED_AT) return { rows, isWhole: false }
      if ('cells' in row) rows.push(row.cells)
    }
  return { rows, isWhole: true }
}

/** Cells under a title that is called a passcode are shown to nobody. */
function concealed(header: ReadonlyArray<string>, cells: ReadonlyArray<string>): string[] {
  return cells.map((cell, at) => (cell !== '' && isCalledEntryCode(header[at] ?? '') ? REMOVED : cell))
}

function describeColumns(
  header: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string>>,
): Pick<FilePreview, 'columns' | 'numbers' | 'dateFormat'> {
  const cellsOf = header.map((_, at) => rows.map((cells) => (cells[at] ?? '').trim()).filter((cell) => cell !== ''))
  const distinct = cellsOf.map((cells) => [...new Set(cells)].slice(0, VALUES_TRIED))
  const formats = distinct.map(dateFormatsOf)
  const dateFormat = commonDateFormat(formats.filter((one) => one.length > 0))
  const writings = distinct.map((cells, at) => (formats[at]?.length ? null : numberWritingOf(cells)))
  const kinds = header.map((title, at): ColumnKind => {
    const cells = cellsOf[at] ?? []
    if (cells.length === 0) return 'blank'
    if (formats[at]?.length) return 'date'
    const writing = writings[at]
    if (!writing) return 'text'
    // A telephone number is digits too.
    if (writing.currencySigns.length === 0 && cells.every((cell) => /^\+?[\d ]{6,}$/.test(cell))) return 'text'
    return isMoney(title, { cells, signs: writing.currencySigns }) ? 'amount' : 'number'
  })
  const meanings = guessMeanings(header.map((title, at) => ({ title, kind: kinds[at] ?? 'text' })))
  const columns = header.map((title, at): PreviewColumn => {
    const cells = cellsOf[at] ?? []
    const own = formats[at] ?? []
    const format = dateFormat !== null && own.includes(dateFormat) ? dateFormat : (own[0] ?? null)
    const samples = isCalledEntryCode(title) ? [] : [...new Set(cells)].slice(0, SAMPLES)
    return { title, samples, kind: kinds[at] ?? 'text', format, filled: cells.length, meaning: meanings[at] ?? null }
  })
  return { columns, dateFormat, numbers: commonWriting(distinct.filter((_, at) => isNumeric(kinds[at]))) }
}

const isNumeric = (kind: ColumnKind | undefined) => kind === 'amount' || kind === 'number'

/** One writing for all numbers of the file, where there is one. */
function commonWriting(columns: ReadonlyArray<ReadonlyArray<string>>): NumberWriting {
  const plain: NumberWriting = { decimal: '.', thousands: '', negative: ['minus'], currencySigns: [] }
  return numberWritingOf(columns.flat()) ?? columns.map(numberWritingOf).find((one) => one !== null) ?? plain
}
