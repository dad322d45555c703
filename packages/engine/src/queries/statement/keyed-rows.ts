// Rows that come ordered by their key, taken key by key: several such streams are walked side by side, so that everything
// about one owner is in memory at a time and nothing about the others.
import { compareBytes } from '@spillway/core'
import type { Row } from '../../warehouse/warehouse.ts'

export type KeyedRow = Row & { readonly key: string }

export class KeyedRows<T extends KeyedRow> {
  readonly #batches: AsyncGenerator<ReadonlyArray<T>>
  #batch: ReadonlyArray<T> = []
  #at = 0

  /** `batches` is ordered by the bytes of the key, as DuckDB orders texts. */
  constructor(batches: AsyncGenerator<ReadonlyArray<T>>) {
    this.#batches = batches
  }

  /** The rows of `key`; rows of smaller keys are passed over, so keys are asked for in their order. */
  async take(key: string): Promise<T[]> {
    const rows: T[] = []
    for (let row = await this.#peek(); row !== undefined; row = await this.#peek()) {
      const order = compareBytes(row.key, key)
      if (order > 0) break
      if (order === 0) rows.push(row)
      this.#at += 1
    }
    return rows
  }

  /** The rows of the next key there is; null at the end. */
  async takeNext(): Promise<T[] | null> {
    const next = await this.#peek()
    return next === undefined ? null : this.take(next.key)
  }

  async close(): Promise<void> {
    await this.#batches.return(undefined)
  }

  async #peek(): Promise<T | undefined> {
    while (this.#at >= this.#batch.length) {
      const { value, done } = await this.#batches.next()
      if (done) return undefined
      this.#batch = value
      this.#at = 0
    }
    return this.#batch[this.#at]
  }
}
