// Rows of integers on their way into a table, collected in columns: no list and no bigint for a row.

import { type NumberColumn, ROWS_PER_CHUNK } from '../../warehouse/column-buffer.ts'
import type { RowWriter } from '../../warehouse/warehouse.ts'

export class NumberRows {
  readonly #writer: RowWriter
  readonly #columns: ReadonlyArray<Float64Array>
  #count = 0
  #appended = 0

  constructor(writer: RowWriter, width: number) {
    this.#writer = writer
    this.#columns = Array.from({ length: width }, () => new Float64Array(ROWS_PER_CHUNK))
  }

  /** A row of safe integers. */
  append(...cells: ReadonlyArray<number>): void {
    for (let column = 0; column < cells.length; column += 1)
      (this.#columns[column] as Float64Array)[this.#count] = cells[column] as number
    this.#count += 1
    if (this.#count === ROWS_PER_CHUNK) this.flush()
  }

  /** Many rows at once; a column that is one number has it in every row. */
  appendColumns(count: number, columns: ReadonlyArray<NumberColumn>): void {
    this.#appended += count
    this.#writer.appendColumns(count, columns)
  }

  /** A row with cells that are no safe integers. */
  appendWide(cells: ReadonlyArray<number | bigint>): void {
    this.flush()
    this.#appended += 1
    this.#writer.append(cells)
  }

  /** All rows that were appended. */
  get count(): number {
    return this.#appended + this.#count
  }

  /** Makes them seen by every connection. */
  commit(): void {
    this.flush()
    this.#writer.commit()
  }

  flush(): void {
    if (this.#count > 0) this.appendColumns(this.#count, this.#columns)
    this.#count = 0
  }

  close(): void {
    this.flush()
    this.#writer.close()
  }
}
