// One row of a vendor's table: cells by column, and the problems found while reading them, under the file's own column
// names. Knows how amounts and dates are written in America; a format with other ways passes its own readers.
import {
  canHoldUse,
  type ExtraColumns,
  type LocalDate,
  minorDigitsOf,
  type Problem,
  type ProblemCode,
  type ProblemFacts,
  parseAmount,
  problem,
  type ReadContext,
  type ReadRow,
  type Severity,
  type SourcePlace,
  type Table,
  type TableRow,
  toBaseUnits,
  type UsageType,
} from '@spillway/core'
import { type ColumnLookup, type ColumnSpec, requireColumns } from '../intake/column-lookup.ts'
import { placeOf } from '../intake/part.ts'
import { isAbsent, readAmountText, readDate, readNumberText } from './written-values.ts'

export type RowOptions = { readonly place: SourcePlace; readonly currency: string }

export class RowReading<C extends string> {
  readonly problems: Problem[] = []
  private readonly lookup: Pick<ColumnLookup<C>, 'cell' | 'columnName' | 'extra'>
  private readonly row: TableRow
  private readonly place: SourcePlace
  private readonly currency: string

  constructor(lookup: ColumnLookup<C>, row: TableRow, { place, currency }: RowOptions) {
    this.lookup = lookup
    this.row = row
    this.place = { ...place, line: row.line }
    this.currency = currency
  }

  get hasErrors(): boolean {
    return this.problems.some(({ severity }) => severity === 'error')
  }

  get cells(): ReadonlyArray<string> {
    return this.row.cells
  }

  text(column: C): string {
    return this.lookup.cell(this.row.cells, column).trim()
  }

  nameOf(column: C): string {
    return this.lookup.columnName(column)
  }

  report<P extends ProblemCode>(
    code: P,
    facts: ProblemFacts[P],
    { column, severity }: { column?: C; severity?: Severity } = {},
  ): null {
    const source = column === undefined ? this.place : { ...this.place, column: this.nameOf(column) }
    this.problems.push(problem(code, facts, { source, ...(severity ? { severity } : {}) }))
    return null
  }

  /** The cell, which must not be blank. */
  required(column: C): string {
    const text = this.text(column)
    if (isAbsent(text)) this.report('value-missing', { column: this.nameOf(column) }, { column })
    return text
  }

  /** Minor units; null where the cell is absent or cannot be read, which is then reported. */
  amountMinor(column: C, currency = this.currency): bigint | null {
    const written = this.text(column)
    if (isAbsent(written)) return null
    const cell = { column: this.nameOf(column), value: written }
    const text = readAmountText(written)
    const reading = text === null ? null : parseAmount(text, currency)
    if (reading?.ok) return reading.minor
    if (reading?.reason === 'too-precise') {
      const facts = { ...cell, currency, decimals: minorDigitsOf(currency) }
      return this.report('amount-precision', facts, { column })
    }
    return this.report('amount-unreadable', cell, { column })
  }

  /** The same for a cell that must not be blank. */
  requiredAmount(column: C, currency = this.currency): bigint | null {
    this.required(column)
    return this.amountMinor(column, currency)
  }

  /** Decimal text and base units; null where the cell is absent or cannot be read, which is then reported. */
  quantity(column: C, kind: { readonly unit: string; readonly usageType: UsageType; readonly severity?: Severity }) {
    const written = this.text(column)
    if (isAbsent(written)) return null
    const quantity = readNumberText(written)
    const reading = quantity === null ? null : toBaseUnits(quantity, kind.unit, kind.usageType)
    if (quantity !== null && reading?.ok) return { quantity, base: reading.base }
    const facts = { column: this.nameOf(column), value: written }
    return this.report('number-unreadable', facts, { column, ...(kind.severity ? { severity: kind.severity } : {}) })
  }

  /** A day; null where the cell is absent or cannot be read, which is then reported. */
  date(
    column: C,
    { expected, read = readDate }: { readonly expected: string; readonly read?: (text: string) => LocalDate | null },
  ): LocalDate | null {
    const value = this.text(column)
    if (isAbsent(value)) return null
    const day = read(value)
    if (day !== null && canHoldUse(day)) return day
    return this.report('date-unreadable', { column: this.nameOf(column), value, expected }, { column })
  }

  /** The same for a cell that must not be blank. */
  requiredDate(column: C, how: { readonly expected: string; readonly read?: (text: string) => LocalDate | null }) {
    this.required(column)
    return this.date(column, how)
  }

  /** Cells that are not empty: columns nobody knows, and the known ones named here. */
  extra(columns: ReadonlyArray<C>): ExtraColumns {
    const kept = columns.filter((column) => this.text(column) !== '')
    return {
      ...Object.fromEntries(kept.map((column) => [this.nameOf(column), this.text(column)])),
      ...this.lookup.extra(this.row.cells),
    }
  }

  done(facts: ReadRow['facts']): ReadRow {
    return { line: this.row.line, raw: this.row.raw, facts, problems: this.problems }
  }

  /** A row that is not used, and what it comes to where that much was read. */
  refused(amountMinor: bigint | null, currency = this.currency): ReadRow {
    const amount = amountMinor === null ? {} : { amount: { currency, minor: amountMinor } }
    return { ...this.done([]), ...amount }
  }
}

export type RowsOf<C extends string> = {
  readonly table: Table
  readonly context: ReadContext
  readonly columns: ReadonlyArray<ColumnSpec<C>>
  readonly currency: string
}

/** Reads every row of a table, in batches as they come; rows that could not be split keep their own problem. */
export async function* readRows<C extends string>(
  { table, context, columns, currency }: RowsOf<C>,
  readRow: (reading: RowReading<C>) => ReadRow,
): AsyncGenerator<ReadonlyArray<ReadRow>> {
  const place = placeOf({ file: context.fileName, member: context.member, sheet: table.sheet })
  const lookup = requireColumns(table.header, columns, { ...place, line: table.headerLine })
  for await (const batch of table.rows) {
    yield batch.map((row) =>
      'problem' in row
        ? { line: row.line, raw: row.raw, facts: [], problems: [row.problem] }
        : readRow(new RowReading(lookup, row, { place, currency })),
    )
  }
}
