// One sheet of a workbook as a table, streamed row by row. A formula without a saved result shows as its formula, so
// that it is seen as a problem and never as an empty cell.
import type { SourcePlace, Table } from '@spillway/core'
import { type NumberKind, showNumber } from './number-format.ts'
import { type IntakeLimits, nameOfPlace, refuseUnreadable } from './part.ts'
import type { BrokenRecord, ScannedRecord } from './record-scanner.ts'
import { unescapeSheetText } from './sheet-text.ts'
import { type Batch, fitRows, takeHeader } from './table-rows.ts'
import { readXml } from './xml-events.ts'

export type SheetSource = {
  readonly chunks: AsyncIterable<Buffer>
  readonly sharedStrings: ReadonlyArray<string>
  readonly kinds: ReadonlyArray<NumberKind>
  readonly is1904: boolean
  readonly limits: IntakeLimits
  readonly place: SourcePlace
  readonly name: string
}

export async function openSheet(
  source: SheetSource,
  {
    skip,
    header,
    isSectioned,
  }: {
    skip: number
    header: ReadonlyArray<string> | undefined
    isSectioned: boolean | undefined
  },
): Promise<Table> {
  const { place, name } = source
  const batches = readRows(source, skip)
  const found = await takeHeader(batches, { name: nameOfPlace(place), header })
  return {
    header: found.header,
    headerLine: found.headerLine,
    sheet: name,
    isPlain: true,
    ...(isSectioned ? {} : { delimiter: '\t' }),
    problems: [],
    rows: fitRows({ rest: found.rest, batches, width: found.header.length, isSectioned, place }),
  }
}

async function* readRows(source: SheetSource, skip: number): AsyncGenerator<Batch> {
  const builder = new RowBuilder(source, skip)
  const handler = {
    open: (name: string, attributes: Readonly<Record<string, string>>) => builder.open(name, attributes),
    text: (text: string) => builder.text(text),
    close: (name: string) => builder.close(name),
  }
  for await (const _ of readXml(source.chunks, handler, nameOfPlace(source.place))) {
    const rows = builder.take()
    if (rows.length > 0) yield rows
  }
  const rows = builder.take()
  if (rows.length > 0) yield rows
}

/** Of a sheet, by the standard. */
const ROWS_MAX = 1_048_576
const BOOLEANS: Readonly<Record<string, string>> = { '1': 'TRUE', '0': 'FALSE', true: 'TRUE', false: 'FALSE' }

class RowBuilder {
  private rows: Array<ScannedRecord | BrokenRecord> = []
  private line = 0
  private isInRow = false
  private cells: string[] = []
  private isTooWide = false
  /** Two cells of the row claim one place. */
  private isAmbiguous = false
  private column = -1
  private type = ''
  private style = 0
  private value = ''
  private formula: string | null = null
  private hasValue = false
  private reading: 'value' | 'formula' | 'none' = 'none'
  private inPhonetic = false
  private readonly source: SheetSource
  private readonly skip: number

  constructor(source: SheetSource, skip: number) {
    this.source = source
    this.skip = skip
  }

  /** Rows stand in order and each under its own number, or nobody could find one that is in quarantine. */
  private lineOf(number: string | undefined): number {
    if (number === undefined) return this.line + 1
    if (/^\d{1,7}$/.test(number) && Number(number) > this.line && Number(number) <= ROWS_MAX) return Number(number)
    throw this.refuseDamage(`a row ${number.slice(0, 20)} behind row ${this.line}`)
  }

  private refuseDamage(what: string): Error {
    return refuseUnreadable(
      `${nameOfPlace(this.source.place)} has ${what}.`,
      'Open it in a spreadsheet and save it again.',
    )
  }

  take(): Batch {
    const rows = this.rows
    this.rows = []
    return rows
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'row') {
      if (this.isInRow) throw this.refuseDamage(`a row in row ${this.line}`)
      this.isInRow = true
      this.line = this.lineOf(attributes.r)
      this.cells = []
      this.isTooWide = false
      this.isAmbiguous = false
      this.column = -1
    } else if (name === 'c') {
      this.column = attributes.r === undefined ? this.column + 1 : columnOf(attributes.r)
      this.type = attributes.t ?? 'n'
      // The first format of the workbook, where a cell names none.
      this.style = attributes.s === undefined ? 0 : Number(attributes.s)
      this.value = ''
      this.formula = null
      this.hasValue = false
    } else if (name === 'rPh') this.inPhonetic = true
    else if (name === 'f') {
      this.formula = ''
      this.reading = 'formula'
    } else if (name === 'v' || name === 't') {
      this.hasValue = true
      this.reading = this.inPhonetic ? 'none' : 'value'
    }
  }

  text(text: string): void {
    // One piece beyond the limit is kept, so that the row is seen to be too long; more would only fill memory.
    const lengthMax = this.source.limits.cellLengthMax
    if (this.reading === 'value' && this.value.length <= lengthMax) this.value += text
    else if (this.reading === 'formula' && (this.formula ?? '').length <= lengthMax) this.formula += text
  }

  close(name: string): void {
    this.reading = 'none'
    if (name === 'rPh') this.inPhonetic = false
    if (name === 'c') this.closeCell()
    if (name === 'row') this.closeRow()
  }

  private closeCell(): void {
    const text = this.textOfCell()
    if (text === '') return
    if (this.column < 0 || this.column >= this.source.limits.columnsMax) {
      this.isTooWide = true
      return
    }
    if ((this.cells[this.column] ?? '') !== '') this.isAmbiguous = true
    while (this.cells.length < this.column) this.cells.push('')
    this.cells[this.column] = text
  }

  private textOfCell(): string {
    if (!this.hasValue) return this.formula ? `=${this.formula}` : ''
    if (this.type === 's') return this.sharedString()
    if (this.type === 'b') return BOOLEANS[this.value] ?? this.value
    if (this.type !== 'n') return unescapeSheetText(this.value)
    return showNumber(this.value, this.source.kinds[this.style] ?? 'plain', this.source)
  }

  private sharedString(): string {
    const text = /^\d{1,9}$/.test(this.value) ? this.source.sharedStrings[Number(this.value)] : undefined
    if (text !== undefined) return text
    const where = `${nameOfPlace(this.source.place)}:${this.line}`
    throw refuseUnreadable(`${where} names a text that is not there.`, 'Open it in a spreadsheet and save it again.')
  }

  private closeRow(): void {
    this.isInRow = false
    if (this.line <= this.skip) return
    const { cells, line } = this
    const { columnsMax, cellLengthMax } = this.source.limits
    const raw = cells.map(quoted).join('\t')
    if (this.isTooWide) {
      const reason = `it has cells beyond column ${columnsMax}`
      this.rows.push({ line, raw, reason, isBeyondLimits: true })
    } else if (this.isAmbiguous) {
      this.rows.push({ line, raw, reason: 'two of its cells have one address' })
    } else if (cells.some((cell) => cell.length > cellLengthMax)) {
      this.rows.push({ line, raw, reason: `a cell has more than ${cellLengthMax} characters`, isBeyondLimits: true })
    } else if (cells.some((cell) => cell.trim() !== '')) this.rows.push({ line, raw, cells })
  }
}

/** `AB12` is column 27; -1 for what is no cell's address. */
function columnOf(address: string): number {
  let column = 0
  for (let at = 0; at < address.length; at += 1) {
    const code = address.charCodeAt(at)
    if (code < 65 || code > 90) return column - 1
    column = column * 26 + (code - 64)
  }
  return -1
}

function quoted(cell: string): string {
  return /["\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
