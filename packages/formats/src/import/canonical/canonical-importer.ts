// What all canonical files share: columns matched by name, each row read by core's reader of that fact. A canonical file
// is recognised by its header alone. Refuses to claim a file that names what belongs to another.
import type {
  CellOf,
  DocumentKey,
  ExtraColumns,
  Fact,
  FactReading,
  Importer,
  PlainReader,
  ReadContext,
  ReadRow,
  RowContext,
  SourcePlace,
  Table,
  TableRow,
  TableSample,
  UnreadableRow,
} from '@spillway/core'
import { type ColumnLookup, type ColumnSpec, lookUpColumns, requireColumns } from '../../intake/column-lookup.ts'
import { placeOf } from '../../intake/part.ts'

export type CanonicalFile<C extends string, F extends Fact> = {
  readonly name: string
  readonly describes: string
  readonly columns: ReadonlyArray<C>
  /** Never empty in a row, so the header must have them. */
  readonly required: ReadonlyArray<C>
  /** Of these the header has one at least; none are asked for where it is empty. */
  readonly oneOf?: ReadonlyArray<C>
  /** Columns by which another canonical file is known. */
  readonly foreign: ReadonlyArray<string>
  readonly readFact: (cell: CellOf<C>, context: RowContext<C>) => FactReading<F>
  /** Reads rows that hold nothing unusual, as readFact would; left out where files are never large. */
  readonly plainReader?: (positionOf: (column: C) => number) => PlainReader<F>
  readonly documentOf: (fact: F) => DocumentKey
  readonly isDirectory?: boolean
  /** What a bill row that cannot be used comes to; null where that cannot be read. */
  readonly amountOf?: (cell: CellOf<C>) => ReadRow['amount'] | null
}

/** The spelling of the other side of the ocean. */
const ALIASES: Readonly<Record<string, ReadonlyArray<string>>> = { cost_centre: ['cost_center'] }

export function canonicalImporter<C extends string, F extends Fact>(file: CanonicalFile<C, F>): Importer {
  const columns: ReadonlyArray<ColumnSpec<C>> = file.columns.map((name) => ({
    name,
    required: file.required.includes(name),
    aliases: ALIASES[name] ?? [],
  }))
  return {
    name: file.name,
    version: 1,
    describes: file.describes,
    isDirectory: file.isDirectory === true,
    columns: file.required,
    recognises: (sample) => recognises(file, columns, sample),
    read: (table, context) => readTable(file, columns, table, context),
  }
}

/** One document for a whole directory file; the engine adds the source that it came from. */
export function directoryDocument(part: string): () => DocumentKey {
  const document = { part, vendor: '', account: '', invoice: '' }
  return () => document
}

function recognises<C extends string, F extends Fact>(
  file: CanonicalFile<C, F>,
  columns: ReadonlyArray<ColumnSpec<C>>,
  sample: TableSample,
): boolean {
  const lookup = lookUpColumns(sample.header, columns)
  if (lookup.missing.length > 0) return false
  if (file.oneOf && !file.oneOf.some((name) => lookup.positions[name] !== -1)) return false
  const foreign = file.foreign.map((name) => ({ name, aliases: ALIASES[name] ?? [] }))
  const found = lookUpColumns(sample.header, foreign)
  return foreign.every(({ name }) => found.positions[name] === -1)
}

async function* readTable<C extends string, F extends Fact>(
  file: CanonicalFile<C, F>,
  columns: ReadonlyArray<ColumnSpec<C>>,
  table: Table,
  context: ReadContext,
): AsyncGenerator<ReadonlyArray<ReadRow>> {
  const place = placeOf({ file: context.fileName, member: context.member, sheet: table.sheet })
  const reader = new RowReader(file, requireColumns(table.header, columns, place), place)
  for await (const batch of table.rows) yield batch.map((row) => reader.read(row))
}

/** Is itself what core's reader asks of a row, so that a million rows need no context of their own. */
class RowReader<C extends string, F extends Fact> implements RowContext<C> {
  readonly columnName: (column: C) => string
  private cells: ReadonlyArray<string> = []
  private line = 0
  private lastDocument: DocumentKey | undefined
  private readonly file: CanonicalFile<C, F>
  private readonly lookup: ColumnLookup<C>
  private readonly place: SourcePlace
  private readonly cell: CellOf<C>
  private readonly readPlain: PlainReader<F> | undefined

  constructor(file: CanonicalFile<C, F>, lookup: ColumnLookup<C>, place: SourcePlace) {
    this.file = file
    this.lookup = lookup
    this.place = place
    this.cell = (column) => lookup.cell(this.cells, column)
    this.columnName = lookup.columnName
    this.readPlain = file.plainReader?.((column) => lookup.positions[column])
  }

  get source(): SourcePlace {
    return { ...this.place, line: this.line }
  }

  get extra(): ExtraColumns {
    return this.lookup.extra(this.cells)
  }

  read(row: TableRow | UnreadableRow): ReadRow {
    const { line, raw } = row
    if (!('cells' in row)) return { line, raw, facts: [], problems: [row.problem] }
    this.cells = row.cells
    this.line = line
    const plain = this.readPlain?.(row.cells, this.extra)
    if (plain) return { line, raw, facts: [{ document: this.documentOf(plain), fact: plain }], problems: NO_PROBLEMS }
    const reading = this.file.readFact(this.cell, this)
    if ('problems' in reading) {
      const amount = this.file.amountOf?.(this.cell)
      return { line, raw, facts: NO_FACTS, problems: reading.problems, ...(amount ? { amount } : {}) }
    }
    const { fact } = reading
    return { line, raw, facts: [{ document: this.documentOf(fact), fact }], problems: NO_PROBLEMS }
  }

  /** Rows of one document share one key object. */
  private documentOf(fact: F): DocumentKey {
    const document = this.file.documentOf(fact)
    const last = this.lastDocument
    const isSame =
      last?.invoice === document.invoice && last.account === document.account && last.vendor === document.vendor
    if (last && isSame) return last
    this.lastDocument = document
    return document
  }
}

const NO_FACTS: ReadRow['facts'] = []
const NO_PROBLEMS: ReadRow['problems'] = []
