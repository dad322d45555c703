// The one module that imports DuckDB: opens the file, runs SQL, streams rows and writes rows in bulk.
// It knows no table's meaning. A port comes with the second warehouse, not before (architecture, "Two stores").
// Long because nothing else may import the driver.

import {
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBDateValue,
  DuckDBInstance,
  type DuckDBResult,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api'
import bindings, { type Result } from '@duckdb/node-bindings'
import { invariant } from '@spillway/core'
import { CallsInFlight } from './calls-in-flight.ts'
import {
  BigIntBuffer,
  type Cell,
  type ColumnBuffer,
  columnBufferOf,
  IntegerBuffer,
  type NumberColumn,
  ROWS_PER_CHUNK,
  TextBuffer,
} from './column-buffer.ts'
import { openRefusal } from './open-refusal.ts'
import { literal } from './sql-literal.ts'

export type { Cell } from './column-buffer.ts'
export type Row = Readonly<Record<string, Cell>>
export type Parameters = Readonly<Record<string, string | number | bigint | boolean | null>>

export type WarehouseOptions = {
  readonly path: string
  readonly access: 'read' | 'write'
  /** DuckDB's own bound; results beyond it spill into `spillDirectory`. */
  readonly memoryLimit: string
  readonly spillDirectory: string
}

export class Warehouse {
  readonly #instance: DuckDBInstance
  readonly #main: DuckDBConnection
  readonly #memoryLimit: string
  /** Of this warehouse and of those that it lends. */
  readonly #others = new Set<DuckDBConnection>()
  readonly #lender: Warehouse | null
  /** Of this warehouse and of those that it lends. */
  readonly #calls: CallsInFlight
  /** Of the main connection: what is under way there breaks off what was begun before and not read to its end. */
  #lastOfMain: Promise<unknown> = Promise.resolve()
  /** Of a warehouse that is open to read only, and so cannot be migrated, it may be an earlier one. */
  #version = Number.POSITIVE_INFINITY
  /** Of the process: databases that are attached have their names on every connection. */
  static #scratches = 0

  private constructor(main: DuckDBConnection, { instance, memoryLimit, lender, calls }: WarehouseParts) {
    this.#instance = instance
    this.#main = main
    this.#memoryLimit = memoryLimit
    this.#lender = lender
    this.#calls = calls
  }

  /** False where results are stored in words alone: of version 1. */
  get hasNumbers(): boolean {
    return this.#isSince(2)
  }

  /** Whether rows of allocation have the number of their run: since version 5. */
  get hasRunNumbers(): boolean {
    return this.#isSince(5)
  }

  /** Whether rows of rating have it: since version 6. */
  get hasRatedRunNumbers(): boolean {
    return this.#isSince(6)
  }

  noteVersion(version: number): void {
    this.#version = version
  }

  #isSince(version: number): boolean {
    return this.#lender ? this.#lender.#isSince(version) : this.#version >= version
  }

  /** @throws Refusal `workspace-busy`, `workspace-read-only`, `workspace-too-new` or `workspace-damaged`. */
  static async open({ path, access, memoryLimit, spillDirectory }: WarehouseOptions): Promise<Warehouse> {
    let instance: DuckDBInstance
    try {
      instance = await DuckDBInstance.create(path, {
        access_mode: access === 'read' ? 'READ_ONLY' : 'READ_WRITE',
        memory_limit: memoryLimit,
        temp_directory: spillDirectory,
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
        allow_community_extensions: 'false',
      })
    } catch (error) {
      throw openRefusal(error)
    }
    const main = await instance.connect()
    // Of every connection.
    await main.run("SET GLOBAL TimeZone = 'UTC'")
    return new Warehouse(main, { instance, memoryLimit, lender: null, calls: new CallsInFlight() })
  }

  /** Runs statements that return nothing. */
  async run(sql: string, parameters?: Parameters): Promise<void> {
    await this.#ask(sql, parameters)
  }

  /** Runs a statement that makes a table of a query or changes rows, and says of how many. */
  async count(sql: string, parameters?: Parameters): Promise<number> {
    const result = await this.#ask(sql, parameters)
    return Number((await result.fetchChunk())?.getColumnValues(0)[0])
  }

  #ask(sql: string, parameters?: Parameters) {
    return this.#onMain(() => this.#main.run(sql, parameters as Record<string, DuckDBValue> | undefined))
  }

  /** One statement after another: begun beside it, another would end it, or take its rows. */
  #onMain<T>(statement: () => Promise<T>): Promise<T> {
    return this.#calls.make(() => {
      const turn = this.#lastOfMain.then(statement)
      this.#lastOfMain = turn.catch(() => {
        // Whoever asked hears of it; the next one need not.
      })
      return turn
    })
  }

  /** All rows of a query, in memory: for answers whose size the caller bounds. */
  async rows<T extends Row = Row>(sql: string, parameters?: Parameters): Promise<T[]> {
    return this.#onMain(async () => {
      const rows: T[] = []
      for await (const batch of readRows<T>(this.#main, { sql, parameters, isWhole: true, ask: (call) => call() }))
        rows.push(...batch)
      return rows
    })
  }

  /** The single row of a query. */
  async row<T extends Row = Row>(sql: string, parameters?: Parameters): Promise<T> {
    const rows = await this.rows<T>(sql, parameters)
    invariant(rows.length === 1, 'the query returns one row', { sql, rows: rows.length })
    return rows[0] as T
  }

  /** Rows in batches from a connection of its own, so that writes may go on meanwhile; it sees what was committed at its start. */
  async *stream<T extends Row = Row>(sql: string, parameters?: Parameters): AsyncGenerator<T[]> {
    const connection = await this.#connect()
    try {
      yield* readRows<T>(connection, { sql, parameters, ask: (call) => this.#calls.make(call) })
    } finally {
      this.#disconnect(connection)
    }
  }

  /** Columns in batches, without an object per row: `columns[c][r]`. For millions of rows. */
  async *streamColumns(sql: string, parameters?: Parameters): AsyncGenerator<Cell[][]> {
    const connection = await this.#connect()
    try {
      for await (const { chunk } of readChunks(connection, { sql, parameters, ask: (call) => this.#calls.make(call) }))
        yield chunk.getColumns().map((column) => column.map(fromDuckDb))
    } finally {
      this.#disconnect(connection)
    }
  }

  /**
   * Columns of INTEGER and BIGINT without NULLs, as they lie in memory. A batch is valid until the next is asked for.
   */
  async *streamNumbers(sql: string, parameters?: Parameters): AsyncGenerator<NumberBatch> {
    const connection = await this.#connect()
    try {
      let types: ReadonlyArray<string> | undefined
      for await (const { chunk, result } of readChunks(connection, {
        sql,
        parameters,
        ask: (call) => this.#calls.make(call),
      })) {
        types ??= result.columnTypes().map(String)
        yield { count: chunk.rowCount, columns: numberColumns(chunk, types), owner: chunk }
      }
    } finally {
      this.#disconnect(connection)
    }
  }

  /**
   * Columns of INTEGER, USMALLINT, BIGINT and DOUBLE as they lie in memory, and of VARCHAR as texts, all without NULLs. A batch
   * is valid until the next is asked for.
   */
  async *streamTyped(sql: string, parameters?: Parameters): AsyncGenerator<TypedBatch> {
    yield* this.#typed(sql, { parameters, isWhole: false })
  }

  /**
   * The same, all of it computed before the first batch: by every thread, where a stream is computed by one. For as much as
   * there is memory for twice: DuckDB holds it until the collector comes by.
   */
  async *readTyped(sql: string, parameters?: Parameters): AsyncGenerator<TypedBatch> {
    yield* this.#typed(sql, { parameters, isWhole: true })
  }

  async *#typed(sql: string, of: Pick<Asked, 'parameters' | 'isWhole'>): AsyncGenerator<TypedBatch> {
    const connection = await this.#connect()
    try {
      let types: ReadonlyArray<string> | undefined
      const asked = { sql, ...of, ask: <T>(call: () => Promise<T>) => this.#calls.make(call) }
      for await (const { chunk, result } of readChunks(connection, asked)) {
        types ??= result.columnTypes().map(String)
        const columns = types.map((type, index) =>
          type === 'VARCHAR' ? textColumn(chunk, index) : numberColumn(chunk, index, type),
        )
        yield { count: chunk.rowCount, columns, owner: chunk }
      }
    } finally {
      this.#disconnect(connection)
    }
  }

  /** Runs `work` between BEGIN and COMMIT on the main connection; an error rolls back. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.#ask('BEGIN')
    try {
      const result = await work()
      await this.#ask('COMMIT')
      return result
    } catch (error) {
      await this.#ask('ROLLBACK')
      throw error
    }
  }

  /**
   * Writes rows into `table` in chunks; `columns` names every column of the table, in its order. `database`: the scratch
   * database that holds the table, where it is not the warehouse itself.
   */
  async writer(table: string, columns: ReadonlyArray<string>, database?: string): Promise<RowWriter> {
    const appender = await this.#main.createAppender(table, database === undefined ? null : 'main', database ?? null)
    invariant(appender.columnCount === columns.length, 'a writer names every column', { table, columns })
    const types = columns.map((_, index) => appender.columnType(index))
    return new RowWriter({
      types,
      flush: (chunk) => appender.appendDataChunk(chunk),
      commit: () => appender.flushSync(),
      close: () => appender.closeSync(),
    })
  }

  /**
   * Runs `work` with the name of an empty database in memory that every connection of this warehouse sees, for tables
   * between the steps of a computation. It is gone afterwards, never touches the file, spills beyond the memory limit,
   * and works where the warehouse is open to read only.
   */
  async withScratch<T>(work: (database: string) => Promise<T>): Promise<T> {
    Warehouse.#scratches += 1
    const database = `scratch_${Warehouse.#scratches}`
    await this.#ask(`ATTACH ':memory:' AS ${database} (READ_WRITE)`)
    try {
      return await work(database)
    } finally {
      await this.#ask(`DETACH ${database}`)
    }
  }

  /**
   * Runs `work` on a connection of its own, beside what the main one does: for tables of a scratch database that do not
   * depend on each other. It sees what was committed, so nothing of an open transaction.
   */
  async withConnection<T>(work: (warehouse: Warehouse) => Promise<T>): Promise<T> {
    const connection = await this.#connect()
    try {
      const parts = { instance: this.#instance, memoryLimit: this.#memoryLimit, lender: this, calls: this.#calls }
      return await work(new Warehouse(connection, parts))
    } finally {
      this.#disconnect(connection)
    }
  }

  /**
   * Runs `work` with at most so many mebibytes for DuckDB, beyond which it spills: for steps that lose no time by it. What
   * each thread needs for itself is left to it, and a limit that is lower already stays. The limit is that of the whole
   * process: where others have more in use that cannot be let go, the work goes on under the one there is.
   */
  async withMemoryLimit<T>(mebibytes: number, work: () => Promise<T>): Promise<T> {
    const { threads, memory_limit: limit } = await this.row<{ threads: number; memory_limit: string }>(
      "SELECT current_setting('threads')::INTEGER AS threads, current_setting('memory_limit') AS memory_limit",
    )
    const wanted = Math.max(mebibytes, threads * MEBIBYTES_PER_THREAD)
    if (wanted >= mebibytesOf(limit)) return work()
    if (!(await this.#lowerLimit(wanted))) return work()
    try {
      return await work()
    } finally {
      // DuckDB shows its limit rounded down: put back as shown, it would shrink a little every time.
      await this.#ask(`SET memory_limit = '${this.#memoryLimit}'`)
    }
  }

  /** Whether it could be; DuckDB leaves the limit as it was where it could not. */
  async #lowerLimit(mebibytes: number): Promise<boolean> {
    try {
      await this.#ask(`SET memory_limit = '${mebibytes} MiB'`)
      return true
    } catch (error) {
      if (error instanceof Error && /could not free up enough memory/i.test(error.message)) return false
      throw error
    }
  }

  /** Writes all that is committed, as of its start, to a new file; reads and writes go on meanwhile. */
  async copyTo(path: string): Promise<void> {
    const connection = await this.#connect()
    const ask = (sql: string) => this.#calls.make(() => connection.run(sql))
    Warehouse.#scratches += 1
    const copy = `copy_${Warehouse.#scratches}`
    try {
      const [[source] = []] = await (await ask('SELECT current_database()')).getRows()
      await ask(`ATTACH ${literal(path)} AS ${copy} (READ_WRITE)`)
      try {
        await ask(`COPY FROM DATABASE "${String(source)}" TO ${copy}`)
        await ask(`CHECKPOINT ${copy}`)
      } finally {
        await ask(`DETACH ${copy}`)
      }
    } finally {
      this.#disconnect(connection)
    }
  }

  /** Stops what runs on the connections of this warehouse and of those that it lends, for a cancelled command. */
  interrupt(): void {
    for (const connection of [this.#main, ...this.#others]) connection.interrupt()
  }

  /** The one that opened the file, of which this one may be lent. */
  get opened(): Warehouse {
    return this.#lender === null ? this : this.#lender.opened
  }

  /** Waits for the statements that still run; whoever asks anything more is refused. */
  async close(): Promise<void> {
    await this.#calls.close()
    for (const connection of [...this.#others, this.#main]) connection.closeSync()
    this.#others.clear()
    this.#instance.closeSync()
  }

  async #connect(): Promise<DuckDBConnection> {
    const connection = await this.#calls.make(() => this.#instance.connect())
    this.#know(connection)
    return connection
  }

  #disconnect(connection: DuckDBConnection): void {
    // Where the warehouse was closed meanwhile it is closed already.
    if (this.#forget(connection)) connection.closeSync()
  }

  #know(connection: DuckDBConnection): void {
    this.#others.add(connection)
    if (this.#lender !== null) this.#lender.#know(connection)
  }

  /** Whether the warehouse of the file still knew it. */
  #forget(connection: DuckDBConnection): boolean {
    const isKnown = this.#others.delete(connection)
    return this.#lender === null ? isKnown : this.#lender.#forget(connection)
  }
}

type WarehouseParts = {
  readonly instance: DuckDBInstance
  readonly memoryLimit: string
  /** null for the one that opened the file. */
  readonly lender: Warehouse | null
  readonly calls: CallsInFlight
}

/** What DuckDB asks for a thread that writes a table. */
const MEBIBYTES_PER_THREAD = 128

/** `953.6 MiB` as DuckDB shows its limit; no limit is an infinite one. */
function mebibytesOf(limit: string): number {
  const [, number, prefix] = /^([\d.]+) ([KMGT])iB$/.exec(limit) ?? []
  if (number === undefined || prefix === undefined) return Number.POSITIVE_INFINITY
  return Number(number) * 1024 ** ('KMGT'.indexOf(prefix) - 1)
}

type WriterParts = {
  readonly types: ReadonlyArray<DuckDBType>
  readonly flush: (chunk: DuckDBDataChunk) => void
  readonly commit: () => void
  readonly close: () => void
}

/** Collects rows as columns and hands them over a chunk at a time. DATE takes ISO text, TIMESTAMP microseconds. */
export class RowWriter {
  readonly #parts: WriterParts
  readonly #columns: ReadonlyArray<ColumnBuffer | DuckDBValue[]>
  /** What was appended is copied: one chunk serves all rows. */
  #chunk: DuckDBDataChunk | null = null
  #count = 0

  constructor(parts: WriterParts) {
    this.#parts = parts
    this.#columns = parts.types.map((type) => columnBufferOf(type.toString()) ?? [])
  }

  append(cells: ReadonlyArray<Cell>): void {
    this.appendAfter(NO_CELLS, cells)
  }

  /** One row of the cells of both, so that a caller with some of them at hand need not join them. */
  appendAfter(first: ReadonlyArray<Cell>, rest: ReadonlyArray<Cell>): void {
    const width = this.#columns.length
    const split = first.length
    if (split + rest.length !== width)
      invariant(false, 'a row has a cell for every column', { cells: split + rest.length, columns: width })
    for (let index = 0; index < width; index += 1) {
      const cell = (index < split ? first[index] : rest[index - split]) as Cell
      const column = this.#columns[index] as ColumnBuffer | DuckDBValue[]
      if (Array.isArray(column)) column.push(cell as DuckDBValue)
      else column.set(this.#count, cell)
    }
    this.#count += 1
    if (this.#count === ROWS_PER_CHUNK) this.#flush()
  }

  /** Many rows of integers at once; a column that is one number has it in every row. */
  appendColumns(count: number, columns: ReadonlyArray<NumberColumn>): void {
    invariant(columns.length === this.#columns.length, 'rows have a cell for every column', { columns: columns.length })
    for (let from = 0; from < count; ) {
      const part = Math.min(count - from, ROWS_PER_CHUNK - this.#count)
      for (const [index, column] of columns.entries()) {
        const buffer = this.#columns[index]
        const isOfNumbers = buffer instanceof IntegerBuffer || buffer instanceof BigIntBuffer
        invariant(isOfNumbers, 'columns of numbers go into INTEGER and BIGINT', { index })
        buffer.setSlice(this.#count, { column, from, count: part })
      }
      this.#count += part
      from += part
      if (this.#count === ROWS_PER_CHUNK) this.#flush()
    }
  }

  /** Makes what was written so far seen by every connection. */
  commit(): void {
    this.#flush()
    this.#parts.commit()
  }

  close(): void {
    this.#flush()
    this.#parts.close()
  }

  #flush(): void {
    if (this.#count === 0) return
    this.#chunk ??= DuckDBDataChunk.create(this.#parts.types)
    const chunk = this.#chunk
    chunk.reset()
    chunk.rowCount = this.#count
    for (const [index, column] of this.#columns.entries()) {
      if (Array.isArray(column)) chunk.setColumnValues(index, column.splice(0))
      else fillVector({ chunk, index, column, rows: this.#count })
    }
    this.#parts.flush(chunk)
    this.#count = 0
  }
}

const NO_CELLS: ReadonlyArray<Cell> = []

type FilledColumn = {
  readonly chunk: DuckDBDataChunk
  readonly index: number
  readonly column: ColumnBuffer
  readonly rows: number
}

/** node-api writes a cell at a time; the bindings under it take a column as it lies in memory. */
function fillVector({ chunk, index, column, rows }: FilledColumn): void {
  const vector = bindings.data_chunk_get_vector(chunk.chunk, index)
  const isPlaced = column instanceof TextBuffer && placeLongTexts(vector, column)
  bindings.copy_data_to_vector(vector, 0, column.buffer, 0, rows * column.bytesPerRow)
  if (column.hasNulls) {
    bindings.vector_ensure_validity_writable(vector)
    const { buffer, byteLength } = column.validity
    bindings.copy_data_to_vector_validity(vector, 0, buffer, 0, byteLength)
  }
  if (column instanceof TextBuffer && !isPlaced)
    for (let at = 0; at < column.longRows.length; at += 1)
      bindings.vector_assign_string_element(vector, column.longRows[at] as number, column.longTexts[at] as string)
  column.reset()
}

/** Fewer long texts of a column are handed over one by one. */
const TEXTS_TO_JOIN = 8

/**
 * Hands all long texts of a column over as one, which the vector keeps, and lets each row point into it: a call for each takes
 * longer than all else that is done with it. False where some are not ASCII, whose lengths in bytes are not at hand.
 */
function placeLongTexts(vector: Vector, column: TextBuffer): boolean {
  const { longTexts } = column
  if (longTexts.length < TEXTS_TO_JOIN) return false
  const all = longTexts.join('')
  if (Buffer.byteLength(all) !== all.length) return false
  bindings.vector_assign_string_element(vector, 0, all)
  const { buffer, byteOffset } = bindings.vector_get_data(vector, TEXT_BYTES)
  column.pointLongTexts(new DataView(buffer, byteOffset, TEXT_BYTES).getBigUint64(8, true))
  return true
}

type Vector = ReturnType<typeof bindings.data_chunk_get_vector>

export type NumberBatch = {
  readonly count: number
  readonly columns: ReadonlyArray<Int32Array | BigInt64Array>
  /** Whose memory the columns are: let go of, it may be freed under them. Whoever keeps the columns keeps the batch. */
  readonly owner: unknown
}

export type TypedBatch = Pick<NumberBatch, 'count' | 'owner'> & {
  readonly columns: ReadonlyArray<NumberItems | string[]>
}

type NumberItems = Int32Array | Uint16Array | BigInt64Array | Float64Array

function numberColumns(chunk: DuckDBDataChunk, types: ReadonlyArray<string>): NumberBatch['columns'] {
  return types.map((type, index) => {
    const column = numberColumn(chunk, index, type)
    const isWhole = column instanceof Int32Array || column instanceof BigInt64Array
    invariant(isWhole, 'whole numbers are INTEGER or BIGINT', { type, index })
    return column
  })
}

function numberColumn(chunk: DuckDBDataChunk, index: number, type: string): NumberItems {
  const count = chunk.rowCount
  invariant(type in BYTES_OF_NUMBER, 'numbers are INTEGER, USMALLINT, BIGINT or DOUBLE', { type, index })
  const vector = bindings.data_chunk_get_vector(chunk.chunk, index)
  const { buffer, byteOffset } = bindings.vector_get_data(vector, count * (BYTES_OF_NUMBER[type] as number))
  if (type === 'BIGINT') return new BigInt64Array(buffer, byteOffset, count)
  if (type === 'DOUBLE') return new Float64Array(buffer, byteOffset, count)
  if (type === 'USMALLINT') return new Uint16Array(buffer, byteOffset, count)
  return new Int32Array(buffer, byteOffset, count)
}

/**
 * Texts of up to 12 bytes lie in the column itself, behind their length: all of a batch are read at once and cut, because
 * each read alone takes longer than all else that is done with it.
 */
function textColumn(chunk: DuckDBDataChunk, index: number): string[] {
  const count = chunk.rowCount
  const { buffer, byteOffset } = bindings.vector_get_data(
    bindings.data_chunk_get_vector(chunk.chunk, index),
    count * TEXT_BYTES,
  )
  const words = new Int32Array(buffer, byteOffset, (count * TEXT_BYTES) / 4)
  const all = Buffer.from(buffer, byteOffset, count * TEXT_BYTES)
  const characters = all.toString('latin1')
  const texts = new Array<string>(count)
  for (let row = 0; row < count; row += 1) {
    const word = row * (TEXT_BYTES / 4)
    const length = words[word] as number
    const from = row * TEXT_BYTES + 4
    const bits = (words[word + 1] as number) | (words[word + 2] as number) | (words[word + 3] as number)
    if (length > TEXT_BYTES - 4)
      texts[row] = DECODER.decode(bindings.get_data_from_pointer(buffer as ArrayBuffer, byteOffset + from + 4, length))
    else if ((bits & BEYOND_ASCII) === 0) texts[row] = characters.substring(from, from + length)
    else texts[row] = all.toString('utf8', from, from + length)
  }
  return texts
}

const TEXT_BYTES = 16
const BEYOND_ASCII = 0x80808080 | 0
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true })

const BYTES_OF_NUMBER: Readonly<Record<string, number>> = { INTEGER: 4, USMALLINT: 2, BIGINT: 8, DOUBLE: 8 }

type Asked = {
  readonly sql: string
  readonly parameters: Parameters | undefined
  /** Whether all of it is computed before it is read. */
  readonly isWhole?: boolean
  /** Calls the driver, unless the warehouse was closed. */
  readonly ask: <T>(call: () => Promise<T>) => Promise<T>
}

async function* readRows<T extends Row>(connection: DuckDBConnection, asked: Asked): AsyncGenerator<T[]> {
  let names: ReadonlyArray<string> | undefined
  for await (const { chunk, result } of readChunks(connection, asked)) {
    names ??= result.deduplicatedColumnNames()
    const columns = chunk.getColumns()
    const rows: T[] = []
    for (let index = 0; index < chunk.rowCount; index += 1) {
      const row: Record<string, Cell> = {}
      for (let column = 0; column < names.length; column += 1)
        row[names[column] as string] = fromDuckDb(columns[column]?.[index] as DuckDBValue)
      rows.push(row as T)
    }
    yield rows
  }
}

async function* readChunks(
  connection: DuckDBConnection,
  { sql, parameters, isWhole = false, ask }: Asked,
): AsyncGenerator<{ readonly chunk: DuckDBDataChunk; readonly result: DuckDBResult }> {
  const values = parameters as Record<string, DuckDBValue> | undefined
  if (isWhole) {
    yield* heldChunks(await ask(() => connection.run(sql, values)), ask)
    return
  }
  const result = await ask(() => connection.stream(sql, values))
  const { isStreaming } = result
  let next = ask(() => result.fetchChunk())
  try {
    // Asked for once more, so that a warehouse closed meanwhile hands out nothing.
    for (let chunk = await ask(() => next); chunk && chunk.rowCount > 0; chunk = await ask(() => next)) {
      // Computed while this one is worked on.
      next = ask(() => result.fetchChunk())
      next.catch(() => {
        // Whoever asks for it hears of it.
      })
      yield { chunk, result }
    }
  } finally {
    // Nothing is closed under a call.
    await Promise.allSettled([next])
  }
  // The driver ends rows that broke off as it ends those that were read: but what failed is no stream any more.
  if (isStreaming && !result.isStreaming) throw new Error(BROKEN_OFF)
}

/** Of a result that was computed in whole and is at hand: node-api would have a thread fetch each chunk of it. */
async function* heldChunks(
  result: DuckDBResult,
  ask: Asked['ask'],
): AsyncGenerator<{ readonly chunk: DuckDBDataChunk; readonly result: DuckDBResult }> {
  const { result: held } = result as unknown as { readonly result: Result }
  const count = bindings.result_chunk_count(held)
  for (let index = 0; index < count; index += 1) {
    const chunk = await ask(async () => new DuckDBDataChunk(bindings.result_get_chunk(held, index)))
    yield { chunk, result }
  }
}

/** Also where it was interrupted, which whoever did so knows. */
const BROKEN_OFF = 'a query was interrupted, or failed, before its last row'

function fromDuckDb(value: DuckDBValue): Cell {
  if (value === null || typeof value !== 'object') return value as Cell
  if (value instanceof DuckDBDateValue) return value.toString()
  if (value instanceof DuckDBTimestampValue) return value.micros
  if ('items' in value && Array.isArray(value.items)) return value.items.map(fromDuckDb)
  invariant(false, 'a query returns only integers, texts, booleans, dates, timestamps and lists', {
    value: String(value),
  })
}
