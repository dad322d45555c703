// Stores the rows of a run that are many while others are still rated, on a connection of its own: the core that does not
// rate is idle otherwise. Nothing counts of it before the catalog names the run. Changes no row of the scratch database.

import { invariant } from '@spillway/core'
import { type NumberedRatedTable, storedRatedTable } from '../../warehouse/rated-tables.ts'
import type { NumberedRun } from '../../warehouse/run-numbers.ts'
import type { PeriodScope } from '../allocate/period-scope.ts'
import { computedColumns } from '../computed-columns.ts'
import { rowsByNumber } from '../run-rows.ts'
import { digestTables, type Told } from './stored-rating.ts'

/** Fewer are not worth a statement of their own before the end. */
const ROWS_AT_ONCE = 400_000

/** Runs `work` with what it stores rows by, all of which are stored in the end; null where no run is written. */
export async function storeBeside<T>(
  scope: PeriodScope,
  work: (storing: StoredBeside | null) => Promise<T>,
): Promise<{ readonly result: T; readonly told: Told }> {
  const { run, scratch, tenant } = scope
  if (run === undefined) return { result: await work(null), told: [] }
  return scope.warehouse.withConnection(async (warehouse) => {
    const storing = new StoredBeside({ warehouse, tenant, scratch, run })
    try {
      const result = await work(storing)
      return { result, told: await storing.finish() }
    } finally {
      // What failed before is thrown, and nothing runs any more that reads the scratch database.
      await Promise.allSettled([storing.finish()])
    }
  })
}

type StoredOf = Pick<PeriodScope, 'warehouse' | 'tenant' | 'scratch'> & { readonly run: NumberedRun }

export class StoredBeside {
  readonly #of: StoredOf
  /** By table: how many of its rows are stored, or waiting for it. */
  readonly #taken = new Map<NumberedRatedTable, number>()
  readonly #told: Told[number][] = []
  #last: Promise<void> = Promise.resolve()
  #isBusy = false

  constructor(of: StoredOf) {
    this.#of = of
  }

  /** Whether a table that has so many rows by now is to be stored up to there. */
  isWorthIt(table: NumberedRatedTable, count: number): boolean {
    return !this.#isBusy && count - (this.#taken.get(table) ?? 0) >= ROWS_AT_ONCE
  }

  /** Takes the first `count` rows of the scratch table, which are there for every connection; the same ones only once. */
  take(table: NumberedRatedTable, count: number): void {
    const from = this.#taken.get(table) ?? 0
    if (count === from) return
    this.#taken.set(table, count)
    this.#add(() => this.#insert(table, { from, until: count }))
  }

  /** The same for all rows of a table, whose digest is told too. */
  takeWhole(table: NumberedRatedTable, count: number): void {
    if (this.#taken.has(table)) return
    this.take(table, count)
    const { warehouse, tenant, run } = this.#of
    this.#add(async () => {
      this.#told.push(...(await digestTables(warehouse, rowsByNumber(tenant, run), [table])))
    })
  }

  #add(statement: () => Promise<void>): void {
    this.#isBusy = true
    const last = this.#last.then(statement)
    this.#last = last
    const end = () => {
      if (this.#last === last) this.#isBusy = false
    }
    // Whoever finishes hears of what failed.
    last.then(end, end)
  }

  /** Rows of a table that is only added to are numbered in the order in which they came. */
  async #insert(table: NumberedRatedTable, { from, until }: { readonly from: number; readonly until: number }) {
    const { warehouse, scratch, run } = this.#of
    const columns = computedColumns(table).join(', ')
    const count = await warehouse.count(
      `INSERT INTO ${storedRatedTable(table)} (run_no, ${columns}) SELECT ${run.runNo}, ${columns}
       FROM ${scratch}.${table} WHERE rowid >= ${from} AND rowid < ${until}`,
    )
    invariant(count === until - from, 'every row that is rated is stored', { table, from, until, count })
  }

  /** Once everything is stored: the digests of the tables that were whole before. */
  async finish(): Promise<Told> {
    await this.#last
    return this.#told
  }
}
