// Rates one bucket group: usage in, rows, flat charges, histories and balances out. The same rows as if every event had been
// looked at by itself, whatever the batches in which usage comes.

import { bucketBalances, bucketHistories } from './bucket-histories.ts'
import type { BucketBalance } from './bucket-shape.ts'
import { compileGroup } from './compile-group.ts'
import { DrawDown, type UsageColumns } from './draw-down.ts'
import type { GroupInput } from './group-input.ts'
import { type RatedRows, rateRows } from './rate-rows.ts'
import type { BucketHistory } from './rated-result.ts'

export type RatedGroup = RatedRows & {
  readonly histories: ReadonlyArray<BucketHistory>
  /** The `opening` of the run that begins where this one ends. */
  readonly balances: ReadonlyArray<BucketBalance>
}

/**
 * What a finished run says; a DrawDown that usage was given to, batch by batch, ends here. Each part is made when it is
 * first read, so that a run that only passes balances on makes no rows and no histories. It holds the group until then, and
 * its parts are no properties of its own: to copy or to compare it, name them.
 */
export function finishRun(run: DrawDown): RatedGroup {
  run.finish()
  return new FinishedRun(run)
}

class FinishedRun implements RatedGroup {
  readonly #run: DrawDown
  #rated: RatedRows | null = null
  #rows: RatedRows['rows'] | null = null
  #histories: ReadonlyArray<BucketHistory> | null = null
  #balances: ReadonlyArray<BucketBalance> | null = null

  constructor(run: DrawDown) {
    this.#run = run
  }

  get rows() {
    this.#rows ??= this.#posted().rows
    return this.#rows
  }

  get columns() {
    return this.#posted().columns
  }

  get flats() {
    return this.#posted().flats
  }

  get unrated() {
    return this.#posted().unrated
  }

  get histories() {
    this.#histories ??= bucketHistories(this.#run.group, this.#run.chains)
    return this.#histories
  }

  get balances() {
    this.#balances ??= bucketBalances(this.#run.group, this.#run.chains)
    return this.#balances
  }

  #posted(): RatedRows {
    this.#rated ??= rateRows(this.#run.group, this.#run.chains)
    return this.#rated
  }
}

export function rateGroup(input: GroupInput, batches: Iterable<UsageColumns>): RatedGroup {
  const run = new DrawDown(compileGroup(input))
  for (const columns of batches) run.take(columns)
  return finishRun(run)
}
