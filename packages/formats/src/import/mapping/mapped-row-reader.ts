// Reads one row of a mapped table: which facts it is, each field by its steps, and core's reader for the fact itself.
import {
  type DocumentKey,
  type ExtraColumns,
  type Fact,
  type FactKind,
  instantOfWallTime,
  type Problem,
  parseTimestamp,
  problem,
  type ReadRow,
  readBilledAmount,
  type SourcePlace,
  type Table,
  type TableRow,
  type UnreadableRow,
} from '@spillway/core'
import { type ColumnLookup, normaliseName, requireColumns } from '../../intake/column-lookup.ts'
import { REMOVED } from '../entry-codes.ts'
import { RowIdentity } from '../row-identity.ts'
import { type RowTest, rowTest } from './condition.ts'
import { FACT_SHAPES, type FactShape, kindOfColumn } from './fact-columns.ts'
import { type FieldReader, type FieldRow, fieldReader, type Writing } from './field.ts'
import { fieldsOf } from './fields-of.ts'
import type { SourceDocument, SourceEmission } from './source-schema.ts'
import { compileDateFormat } from './written-date.ts'
import { numberReader } from './written-number.ts'

type Emission = {
  readonly kind: FactKind
  readonly shape: FactShape
  readonly applies: RowTest
  readonly fields: ReadonlyMap<string, FieldReader>
  /** The canonical column whose zero or blank cell makes no fact; '' where the fact has none. */
  readonly measure: string
  readonly skipZero: boolean
  readonly skipBlank: boolean
}
type Refused = { readonly problems: ReadonlyArray<Problem>; readonly amount: NonNullable<ReadRow['amount']> | null }
type Yielded = ReadRow['facts'][number] & { readonly texts: ReadonlyMap<string, string> }
type Emitted = Yielded | 'skipped' | Refused

/** Canonical texts of one fact, by column. */
export type MappedFact = { readonly fact: string; readonly cells: Readonly<Record<string, string>> }

type MappedTable = {
  readonly table: Table
  readonly place: SourcePlace
  /** Titles that the document reads. */
  readonly columns: ReadonlyArray<string>
  /** Titles of columns that held entry codes. */
  readonly codeColumns: ReadonlyArray<string>
}

export class MappedRowReader {
  private readonly source: SourceDocument
  private readonly lookup: ColumnLookup
  private readonly place: SourcePlace
  private readonly isSheet: boolean
  private readonly ignores: ReadonlyArray<RowTest>
  private readonly emissions: ReadonlyArray<Emission>
  private readonly identity = new RowIdentity()
  /** What names the bill of a row, where the source gives it to all its facts. */
  private readonly bill: { readonly vendor: FieldReader; readonly invoice: FieldReader } | null
  /** Each column once, however often and however the document spells it. */
  private readonly columnNames: ReadonlyMap<string, string>
  private readonly informational: ReadonlyArray<string>
  /** Columns whose codes are user ids now, or were removed. */
  private readonly codeColumns: ReadonlySet<string>

  /** @throws Refusal `unrecognised-file` where the table lacks a column that the mapping reads. */
  constructor(source: SourceDocument, { table, place, columns, codeColumns }: MappedTable) {
    this.source = source
    this.place = place
    this.codeColumns = new Set(codeColumns.map(normaliseName))
    this.columnNames = firstSpellings(columns)
    this.informational = (source.informational ?? []).filter((column) => !this.columnNames.has(normaliseName(column)))
    const specs = [...this.columnNames.values()].map((name) => ({ name, required: true }))
    this.lookup = requireColumns(table.header, specs, { ...place, line: table.headerLine })
    this.isSheet = table.isPlain === true
    this.ignores = (source.ignore ?? []).map((rule) => rowTest(rule.when))
    const writing = writingOf(source)
    const { vendor, invoice } = source.fields ?? {}
    this.bill =
      vendor && invoice
        ? {
            vendor: fieldReader(vendor, { column: 'vendor', writing }),
            invoice: fieldReader(invoice, { column: 'invoice', writing }),
          }
        : null
    this.emissions = source.emit.map((emission) => emissionOf(emission, { source, writing }))
  }

  /** `tell` is told the canonical texts that the facts of an accepted row are read from. */
  read(row: TableRow | UnreadableRow, tell?: (facts: ReadonlyArray<MappedFact>) => void): ReadRow {
    const { line, raw } = row
    if (!('cells' in row)) return { line, raw, facts: [], problems: [row.problem] }
    const cellOf = (column: string) => {
      const cell = this.lookup.cell(row.cells, this.nameOf(column))
      // A code of nobody says nothing.
      return cell === REMOVED && this.isCode(column) ? '' : cell
    }
    if (this.ignores.some((ignores) => ignores(cellOf))) return { line, raw, facts: [], problems: [] }
    const emissions = this.emissions.filter(({ applies }) => applies(cellOf))
    const source = { ...this.place, line }
    if (emissions.length === 0) {
      const reason = `no rule of the source ${this.source.name} says what it is`
      return { line, raw, facts: [], problems: [problem('row-unreadable', { reason }, { source })] }
    }
    const fieldRow = {
      cellOf,
      titleOf: (column: string) => this.lookup.columnName(this.nameOf(column)),
      place: source,
      isSheet: this.isSheet,
    }
    // Never an entry code: whose it is may be known of a later file and not of an earlier one.
    const names = [...this.columnNames.values()].filter((column) => !this.isCode(column))
    const identity = this.identity.nameOf(names.map(cellOf))
    const emitted = emissions.map((emission) => this.emit(emission, { fieldRow, identity }))
    const problems = emitted.flatMap((one) => (typeof one === 'object' && 'problems' in one ? one.problems : []))
    // A row with a problem yields nothing at all: half of it would not sum to what it says.
    if (problems.length > 0) return { line, raw, facts: [], problems, ...amountOf(emitted) }
    const yielded = emitted.flatMap((one, index) =>
      typeof one === 'object' && 'fact' in one ? [{ ...one, emission: emissions[index] as Emission }] : [],
    )
    tell?.(yielded.map(({ fact: { fact }, texts }) => ({ fact, cells: Object.fromEntries(texts) })))
    const extra = this.extraOf(
      row.cells,
      yielded.map(({ emission }) => emission),
    )
    return { line, raw, facts: yielded.map(({ document, fact }) => ({ document, fact: { ...fact, extra } })), problems }
  }

  private isCode(column: string): boolean {
    return this.codeColumns.has(normaliseName(column))
  }

  private nameOf(column: string): string {
    return this.columnNames.get(normaliseName(column)) ?? column
  }

  private emit(emission: Emission, { fieldRow, identity }: { fieldRow: FieldRow; identity: string }): Emitted {
    const texts = new Map<string, string>()
    const problems: Problem[] = []
    for (const [column, field] of emission.fields) {
      const reading = field.read(fieldRow)
      if (reading.ok) texts.set(column, this.inZone(column, reading.text))
      else problems.push(reading.problem)
    }
    if (isSkipped(emission, texts)) return 'skipped'
    if (problems.length > 0) return { problems, amount: billedAmount(emission, texts) }
    this.fillMade(emission, { texts, identity })
    const titleOf = (column: string) => emission.fields.get(column)?.columns.map(fieldRow.titleOf).join(', ') || column
    const reading = emission.shape.read((column) => texts.get(column) ?? '', {
      source: fieldRow.place,
      columnName: titleOf,
    })
    if ('problems' in reading) return { problems: reading.problems, amount: billedAmount(emission, texts) }
    const fact = this.complete(reading.fact, { emission, texts })
    return { document: this.documentOf(fact, { emission, fieldRow }), fact, texts }
  }

  /** A wall time of a source with a zone becomes an instant. */
  private inZone(column: string, text: string): string {
    const zone = this.source['time-zone']
    if (zone === undefined || text === '' || kindOfColumn(column) !== 'instant') return text
    const wall = parseTimestamp(text)
    if (!wall?.isWallTime) return text
    return new Date(instantOfWallTime(wall.micros, zone) / 1000).toISOString()
  }

  /** Names that the file does not give: made from what the row says, and told apart by the place of the rule. */
  private fillMade(emission: Emission, { texts, identity }: { texts: Map<string, string>; identity: string }): void {
    const name = `${identity}.${this.emissions.indexOf(emission) + 1}`
    if (emission.kind === 'charge' && !emission.fields.has('line')) texts.set('line', name)
    if (emission.kind !== 'usage') return
    if (!emission.fields.has('source')) texts.set('source', this.source.name)
    if (!emission.fields.has('id')) texts.set('id', name)
  }

  private complete(fact: Fact, { emission, texts }: { emission: Emission; texts: ReadonlyMap<string, string> }): Fact {
    if (fact.fact !== 'charge' && fact.fact !== 'invoice') return fact
    const period = this.source.period === 'issued' ? ({ periodBy: 'issued' } as const) : {}
    if (fact.fact === 'charge' || !emission.fields.has('service')) return { ...fact, ...period }
    return { ...fact, ...period, service: texts.get('service') ?? '' }
  }

  /**
   * The document that is replaced as a whole. Usage that stands in a bill is the bill's: a corrected bill replaces it.
   * Usage elsewhere is known by its ids.
   */
  private documentOf(fact: Fact, { emission, fieldRow }: { emission: Emission; fieldRow: FieldRow }): DocumentKey {
    const { part } = emission.shape
    if (fact.fact === 'charge') return { part, vendor: fact.vendor, account: fact.account, invoice: fact.invoice }
    if (fact.fact === 'invoice') {
      const own = fact.service === null ? part : 'service-totals'
      return { part: own, vendor: fact.vendor, account: fact.account, invoice: fact.invoice }
    }
    if (fact.fact !== 'usage' || !this.bill) return { part, vendor: '', account: '', invoice: '' }
    const text = (field: FieldReader) => {
      const reading = field.read(fieldRow)
      return reading.ok ? reading.text : ''
    }
    const { vendor, invoice } = this.bill
    return { part: 'bill-usage', vendor: text(vendor), account: fact.account, invoice: text(invoice) }
  }

  /** Every column that no fact of the row took. */
  private extraOf(cells: ReadonlyArray<string>, emissions: ReadonlyArray<Emission>): ExtraColumns {
    const read = new Set(
      emissions.flatMap(({ fields }) => [...fields.values()].flatMap(({ columns }) => columns)).map(normaliseName),
    )
    const kept = [
      ...[...this.columnNames].filter(([key]) => !read.has(key)).map(([, name]) => name),
      ...this.informational,
    ]
    const own = kept.map((column) => [this.lookup.columnName(column), this.lookup.cell(cells, column).trim()] as const)
    return { ...Object.fromEntries(own.filter(([, cell]) => cell !== '')), ...this.lookup.extra(cells) }
  }
}

function firstSpellings(columns: ReadonlyArray<string>): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const name of columns) if (!names.has(normaliseName(name))) names.set(normaliseName(name), name)
  return names
}

function writingOf(source: SourceDocument): Writing {
  const { numbers = {}, dates = {} } = source
  const readNumber = numberReader({
    decimal: numbers.decimal ?? '.',
    thousands: numbers.thousands ?? '',
    negative: numbers.negative ?? ['minus'],
    currencySigns: numbers['currency-signs'] ?? [],
  })
  const dateFormat = dates.format === undefined ? null : compileDateFormat(dates.format)
  return { readNumber, dateFormat, end: dates.end ?? 'exclusive' }
}

function emissionOf(
  emission: SourceEmission,
  { source, writing }: { source: SourceDocument; writing: Writing },
): Emission {
  const kind = emission.fact as FactKind
  const shape = FACT_SHAPES[kind]
  const specs = fieldsOf(source, emission)
  const fields = Object.entries(specs).map(
    ([column, field]) => [column, fieldReader(field, { column, writing })] as const,
  )
  return {
    kind,
    shape,
    applies: rowTest(emission.when),
    fields: new Map(fields),
    measure: ['amount', 'total', 'quantity'].find((column) => shape.columns.includes(column)) ?? '',
    skipZero: emission['skip-zero'] ?? false,
    skipBlank: emission['skip-blank'] ?? false,
  }
}

function billedAmount({ kind }: Emission, texts: ReadonlyMap<string, string>): Refused['amount'] {
  return kind === 'charge' ? readBilledAmount((column) => texts.get(column) ?? '') : null
}

/** What the charges of a refused row come to together, where each can be read and all are in one currency. */
function amountOf(emitted: ReadonlyArray<Emitted>): Pick<ReadRow, 'amount'> {
  let sum: Refused['amount'] = null
  for (const one of emitted) {
    if (one === 'skipped') continue
    if ('fact' in one && (one.fact.fact !== 'charge' || one.fact.category === 'payment')) continue
    const amount = 'fact' in one ? amountOfFact(one.fact) : one.amount
    if (amount === null || (sum !== null && sum.currency !== amount.currency)) return {}
    sum = { currency: amount.currency, minor: amount.minor + (sum === null ? NOTHING : sum.minor) }
  }
  return sum === null ? {} : { amount: sum }
}

const NOTHING = 0n

function amountOfFact(fact: Fact): Refused['amount'] {
  return fact.fact === 'charge' ? { currency: fact.currency, minor: fact.amountMinor } : null
}

/** Only a cell that was read can be skipped: an unreadable one is a problem. */
function isSkipped({ measure, skipZero, skipBlank }: Emission, texts: ReadonlyMap<string, string>): boolean {
  const text = texts.get(measure)
  if (text === undefined) return false
  if (text === '') return skipBlank
  return skipZero && /^[-+]?[0.]*$/.test(text)
}
