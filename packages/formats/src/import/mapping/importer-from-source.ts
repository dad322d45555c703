// An importer made from a Source document. A row is as many facts as the document says; a row of which it says nothing is
// refused, so that no row is dropped because nobody thought of it.
import { createHash } from 'node:crypto'
import { type Importer, type ReadContext, type ReadRow, Refusal, type Table } from '@spillway/core'
import { normaliseName } from '../../intake/column-lookup.ts'
import { placeOf, type TableOptions } from '../../intake/part.ts'
import { isCalledEntryCode } from '../entry-code-columns.ts'
import { EntryCodes } from '../entry-codes.ts'
import { checkSource, type SourceIssue } from './check-source.ts'
import { columnsOfField } from './field.ts'
import { fieldsOf } from './fields-of.ts'
import { type MappedFact, MappedRowReader } from './mapped-row-reader.ts'
import type { SourceDocument } from './source-schema.ts'

export type SourceImporter = Importer & {
  /** How the source says that its table is to be opened; the reader of parts takes it as it is. */
  readonly tableOptions: TableOptions
  /** The sheet of a workbook that holds the table; '' for any. */
  readonly sheet: string
}

/**
 * @param document a `Source` document as parsed YAML or JSON.
 * @throws Refusal `bad-configuration` with every issue in `facts.issues`.
 */
export function importerFromSource(document: unknown): SourceImporter {
  const check = checkSource(document)
  if (!check.ok) throw refuse(document, check.issues)
  const { source } = check
  const recognised = recognisedColumns(source).map(normaliseName)
  return {
    name: source.name,
    version: versionOf(source),
    columns: recognisedColumns(source),
    describes: source.describes ?? `The source ${source.name}, by its mapping`,
    tableOptions: tableOptionsOf(source),
    sheet: source.file?.sheet ?? '',
    recognises: ({ header }) => {
      const names = new Set(header.map(normaliseName))
      return recognised.every((name) => names.has(name))
    },
    read: (table, context) => readMapped(source, table, context),
  }
}

/** Made of the mapping itself: under another mapping the same file has other facts, and may be imported again. */
function versionOf(source: SourceDocument): number {
  return createHash('sha256').update(JSON.stringify(source)).digest().readUInt32BE()
}

function refuse(document: unknown, issues: ReadonlyArray<SourceIssue>): Refusal {
  const name =
    typeof document === 'object' && document !== null && 'name' in document ? ` ${String(document.name)}` : ''
  const listed = issues.map(({ path, message }) => `${path}: ${message}`).join(' ')
  return new Refusal('bad-configuration', `The source${name} cannot be used. ${listed}`, {
    hint: 'Mend the document and apply it again; its JSON Schema lists every key.',
    facts: { issues },
  })
}

/** What the document says, or every column that it reads. */
function recognisedColumns(source: SourceDocument): ReadonlyArray<string> {
  return source.recognise?.columns ?? mappedColumns(source)
}

function mappedColumns(source: SourceDocument): ReadonlyArray<string> {
  const read = source.emit.flatMap((emission) => [
    ...Object.keys(emission.when ?? {}),
    ...Object.values(fieldsOf(source, emission)).flatMap(columnsOfField),
  ])
  // A column of codes that the file does not have is a mistake that would let the codes through.
  const codes = source['entry-codes'] ?? []
  return [...new Set([...read, ...codes, ...(source.ignore ?? []).flatMap((rule) => Object.keys(rule.when))])]
}

export function tableOptionsOf({ file }: SourceDocument): TableOptions {
  if (!file) return {}
  const delimiter = file.delimiter === 'tab' ? '\t' : file.delimiter
  return {
    ...(file.encoding === undefined ? {} : { encoding: file.encoding }),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(file['header-row'] === undefined ? {} : { headerRow: file['header-row'] }),
    ...(file['skip-rows'] === undefined ? {} : { skip: file['skip-rows'] }),
    ...(file.columns === undefined ? {} : { header: file.columns }),
  }
}

async function* readMapped(
  source: SourceDocument,
  table: Table,
  context: ReadContext,
): AsyncGenerator<ReadonlyArray<ReadRow>> {
  const { rows, reader, conceal } = openMapped(source, table, context)
  for await (const batch of rows) {
    const read = batch.map((row) => reader.read(row))
    yield conceal === null ? read : read.map(conceal)
  }
}

/** The same rows, each with the canonical texts that its facts were read from. */
export async function* mappedRows(
  source: SourceDocument,
  table: Table,
  context: ReadContext,
): AsyncGenerator<ReadonlyArray<{ readonly row: ReadRow; readonly texts: ReadonlyArray<MappedFact> }>> {
  const { rows, reader, conceal } = openMapped(source, table, context)
  for await (const batch of rows)
    yield batch.map((one) => {
      let texts: ReadonlyArray<MappedFact> = []
      const row = reader.read(one, (facts) => {
        texts = facts
      })
      return { row: conceal === null ? row : conceal(row), texts }
    })
}

function openMapped(source: SourceDocument, table: Table, context: ReadContext) {
  const place = placeOf({ file: context.fileName, member: context.member, sheet: table.sheet })
  const columns = entryCodeColumns(source, table.header)
  const accountOf = accountReader(source, table.header)
  const codes =
    columns.length === 0 ? null : new EntryCodes(table, { columns, accountOf, subAccountOf: context.subAccountOf })
  const codeColumns = columns.map((index) => table.header[index] as string)
  const mapped = { table: codes?.table ?? table, place, columns: mappedColumns(source), codeColumns }
  const reader = new MappedRowReader(source, mapped)
  return { rows: mapped.table.rows, reader, conceal: codes && ((row: ReadRow) => codes.conceal(row)) }
}

/** Positions of what the document lists; else, of usage, of what is called a passcode. */
function entryCodeColumns(source: SourceDocument, header: ReadonlyArray<string>): ReadonlyArray<number> {
  const listed = source['entry-codes'] && new Set(source['entry-codes'].map(normaliseName))
  if (!listed && !source.emit.some(({ fact }) => fact === 'usage')) return []
  return header.flatMap((title, index) =>
    (listed ? listed.has(normaliseName(title)) : isCalledEntryCode(title)) ? [index] : [],
  )
}

/** The account that the usage of a row is of, where a column or a constant says it. */
function accountReader(
  source: SourceDocument,
  header: ReadonlyArray<string>,
): (cells: ReadonlyArray<string>) => string {
  const usage = source.emit.find(({ fact }) => fact === 'usage')
  const field = usage && fieldsOf(source, usage).account
  if (field === undefined) return () => ''
  if (typeof field === 'object' && 'value' in field) return () => field.value
  const [column, ...others] = columnsOfField(field)
  const isWhole = typeof field === 'string' || Object.keys(field).length === 1
  const position = header.findIndex((title) => normaliseName(title) === normaliseName(column ?? ''))
  return isWhole && others.length === 0 && position !== -1 ? (cells) => cells[position] ?? '' : () => ''
}
