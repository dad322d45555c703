// Rows of integers on their way into a table, collected in columns: no list and no bigint for a row.

import { ROWS_PER_CHUNK } from '../../warehouse/column-buffer.ts'
import type { RowWriter } from '../../warehouse/warehouse.ts'

export class NumberRows {
  readonly #writer: RowWriter
  readonly #columns: ReadonlyArray<Float64Array>
  #count = 0

  constructor(writer: RowWriter, width: number) {
    this.#writer = writer
    this.#columns = Array.from({ length: width }, () => new Float64Array(ROWS_PER_CHUNK))
  }

  /** Sets a cell of the row that {@link next} ends; a bigint that is no safe integer makes the row one of its own. */
  set(column: number, value: number): void {
    ;(this.#columns[column] as Float64Array)[this.#count] = value
  }

  next(): void {
    this.#count += 1
    if (this.#count === ROWS_PER_CHUNK) this.flush()
  }

  /** A row with cells that are no safe integers; what was set of the row under way is forgotten. */
  appendWide(cells: ReadonlyArray<number | bigint>): void {
    this.flush()
    this.#writer.append(cells)
  }

  flush(): void {
    if (this.#count > 0) this.#writer.appendColumns(this.#count, this.#columns)
    this.#count = 0
  }

  close(): void {
    this.flush()
    this.#writer.close()
  }
}
