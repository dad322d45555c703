// The one module that imports exceljs: a workbook that is written row by row, read off as bytes meanwhile, in memory that
// does not grow with the rows. exceljs alone stamps the zip's entries with the clock and never waits for its compressor.
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { constants } from 'node:zlib'
import type { Cell, CellValue, Style, stream, Worksheet } from 'exceljs'

/** The same on every run: the day that a zip counts from. */
const WRITTEN_AT = new Date(Date.UTC(1980, 0, 1))
const PENDING_BYTES_MAX = 1024 ** 2

export type SheetCell = { readonly value: CellValue; readonly style: Partial<Style> }

export type SheetLayout = {
  readonly name: string
  /** In characters. */
  readonly widths: ReadonlyArray<number>
  /** At the top of each printed page. */
  readonly pageHeader: string
}

/** One archive entry of exceljs: texts are short parts, streams are sheets. */
type EntrySource = string | Buffer | { pipe(target: PassThrough): void }
type Archive = { append(source: EntrySource, entry: { name: string; date?: Date }): unknown }
type WriterClass = typeof stream.xlsx.WorkbookWriter

export class WorkbookStream {
  readonly #writer: InstanceType<WriterClass>
  readonly #bytes: PassThrough
  /** What exceljs wrote and the archive has not taken yet, a stream for each sheet. */
  readonly #pending: ReadonlyArray<PassThrough>
  #sheet: Worksheet | undefined
  #line = 0

  private constructor(writer: InstanceType<WriterClass>, bytes: PassThrough, pending: ReadonlyArray<PassThrough>) {
    this.#writer = writer
    this.#bytes = bytes
    this.#pending = pending
  }

  /** `title` and `subject` are the document's properties. Loads exceljs only now: most commands never need it. */
  static async open({ title, subject }: { title: string; subject: string }): Promise<WorkbookStream> {
    const { default: ExcelJs } = await import('exceljs')
    const bytes = new PassThrough({ highWaterMark: PENDING_BYTES_MAX })
    const pending: PassThrough[] = []
    const Writer = pinnedWriter(ExcelJs.stream.xlsx.WorkbookWriter, pending)
    const zlib = { level: constants.Z_BEST_SPEED }
    const writer = new Writer({ stream: bytes, useStyles: true, useSharedStrings: false, zip: { zlib } })
    Object.assign(writer, { title, subject, creator: 'Spillway', lastModifiedBy: 'Spillway' })
    Object.assign(writer, { created: WRITTEN_AT, modified: WRITTEN_AT })
    return new WorkbookStream(writer, bytes, pending)
  }

  /** Starts a sheet with a frozen first row; the one before it must be closed. */
  openSheet({ name, widths, pageHeader }: SheetLayout): void {
    const sheet = this.#writer.addWorksheet(name, {
      views: [{ state: 'frozen', ySplit: 1 }],
      pageSetup: { orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0, printTitlesRow: '1:1' },
      headerFooter: { oddHeader: `&L${pageHeader.replaceAll('&', '&&')}`, oddFooter: '&R&P / &N' },
    })
    sheet.columns = widths.map((width) => ({ width }))
    this.#sheet = sheet
    this.#line = 0
  }

  /** Adds the next row; null is an empty cell. */
  addRow(cells: ReadonlyArray<SheetCell | null>): void {
    this.#line += 1
    const row = this.#open().getRow(this.#line)
    for (const [index, cell] of cells.entries()) if (cell !== null) Object.assign(row.getCell(index + 1) as Cell, cell)
    row.commit()
  }

  /** Leaves a row empty. */
  skipRow(): void {
    this.#line += 1
  }

  /** Closes the sheet; its first `lines` rows, the header among them, can be filtered by column. */
  closeSheet({ lines, columns }: { readonly lines: number; readonly columns: number }): void {
    const sheet = this.#open()
    sheet.autoFilter = { from: { row: 1, column: 1 }, to: { row: lines, column: columns } }
    sheet.commit()
    this.#sheet = undefined
  }

  /** The bytes that are ready; goes on until little is left that waits for the compressor. */
  async *readyBytes(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk: Uint8Array | null = this.#bytes.read()
      if (chunk !== null) yield chunk
      const waiting = this.#pending.filter(({ writableNeedDrain }) => writableNeedDrain)
      if (chunk === null && waiting.length === 0) return
      if (chunk === null) await firstEvent([[this.#bytes, 'readable'], ...waiting.map(drainOf)])
    }
  }

  /** Ends the workbook and gives the rest of its bytes. */
  async *close(): AsyncGenerator<Uint8Array> {
    this.#writer.commit().catch((error) => this.#bytes.destroy(error))
    for await (const chunk of this.#bytes) yield chunk
  }

  /** Lets go of what a workbook that nobody wants any more still holds. */
  abandon(): void {
    for (const stream of [this.#bytes, ...this.#pending]) stream.destroy()
  }

  #open(): Worksheet {
    if (this.#sheet) return this.#sheet
    throw new Error('no sheet is open')
  }
}

/**
 * exceljs makes its archive in its constructor and appends to it at once, by `addThemes`: the first moment at which every
 * entry can be given a fixed time, and every sheet a stream that says when it is full.
 */
function pinnedWriter(Base: WriterClass, pending: PassThrough[]): WriterClass {
  return class extends Base {
    override addThemes(): Promise<void> {
      const { zip } = this as unknown as { readonly zip: Archive }
      const append = zip.append.bind(zip)
      zip.append = (source, entry) => {
        const pinned = { ...entry, date: WRITTEN_AT }
        if (typeof source === 'string' || Buffer.isBuffer(source)) return append(source, pinned)
        const buffered = new PassThrough({ highWaterMark: PENDING_BYTES_MAX })
        pending.push(buffered)
        source.pipe(buffered)
        return append(buffered, pinned)
      }
      return super.addThemes()
    }
  }
}

const drainOf = (stream: PassThrough) => [stream, 'drain'] as const

/** Waits for the first of these events and stops to listen for the others. */
async function firstEvent(events: ReadonlyArray<readonly [PassThrough, string]>): Promise<void> {
  const heard = new AbortController()
  try {
    await Promise.race(events.map(([stream, name]) => once(stream, name, { signal: heard.signal })))
  } finally {
    heard.abort()
  }
}
