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

/** What a finished run says; a DrawDown that usage was given to, batch by batch, ends here. */
export function finishRun(run: DrawDown): RatedGroup {
  run.finish()
  const histories = bucketHistories(run.group, run.chains)
  return { ...rateRows(run.group, run.chains), histories, balances: bucketBalances(run.group, run.chains) }
}

export function rateGroup(input: GroupInput, batches: Iterable<UsageColumns>): RatedGroup {
  const run = new DrawDown(compileGroup(input))
  for (const columns of batches) run.take(columns)
  return finishRun(run)
}
