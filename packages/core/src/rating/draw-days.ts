// How much each bucket was drawn on each day. Draws the whole group again, event by event: for whoever asks, not for a close.

import { drawnWithoutEnd, historyOf } from './bucket-histories.ts'
import type { BucketPeriod } from './bucket-period.ts'
import { type BucketGroup, compileGroup } from './compile-group.ts'
import { DrawDown, type UsageColumns } from './draw-down.ts'
import type { GroupInput } from './group-input.ts'
import type { BucketHistory } from './rated-result.ts'

export type BucketDays = {
  readonly history: BucketHistory
  /** Before this run began, of a period that was under way: of no day. */
  readonly beforeBase: bigint
  /** By day, of the days on which something was drawn. */
  readonly drawnBase: ReadonlyMap<string, bigint>
}

export type DaysWatched = {
  /** Says which buckets are watched, by id. */
  readonly isWanted: (bucket: string) => boolean
  /** The day of an event, by the account that holds the bucket; asked once for every event drawn. */
  readonly dayOf: (account: string, startMicros: number) => string
}

/** Takes the usage of one group, batch by batch, as a DrawDown does. */
export class DrawDays {
  readonly #group: BucketGroup
  readonly #run: DrawDown
  readonly #days = new Map<BucketPeriod, Map<string, bigint>>()
  /** Of each batch that was taken, its first event and when its events began: some are settled at the end alone. */
  readonly #taken: Array<{ readonly first: number; readonly startMicros: Float64Array }> = []
  #count = 0

  constructor(input: GroupInput, { isWanted, dayOf }: DaysWatched) {
    this.#group = compileGroup(input)
    this.#run = new DrawDown(this.#group, {
      onPart: ({ event, chain, place, quantity }) => {
        if (place === chain.out) return
        const period = chain.periods[chain.linkOf(place)] as BucketPeriod
        const { shape, holder } = period.line
        if (!isWanted(shape.bucket)) return
        const days = this.#days.get(period) ?? new Map<string, bigint>()
        this.#days.set(period, days)
        const day = dayOf(holder.account, this.#startOf(event))
        days.set(day, (days.get(day) ?? 0n) + quantity)
      },
    })
  }

  take(columns: UsageColumns): void {
    this.#taken.push({ first: this.#count, startMicros: columns.startMicros })
    this.#count += columns.count
    this.#run.take(columns)
  }

  /** Of the watched buckets, each period that someone drew from. */
  finish(): BucketDays[] {
    this.#run.finish()
    const endless = drawnWithoutEnd(this.#group, this.#run.chains)
    return [...this.#days].map(([period, drawnBase]) => {
      const history = historyOf(period, endless?.get(period) ?? 0n)
      const now = [...drawnBase.values()].reduce((sum, drawn) => sum + drawn, 0n)
      return { history, beforeBase: history.drawnBase - now, drawnBase }
    })
  }

  #startOf(event: number): number {
    let batch = this.#taken.at(-1)
    // Most events are of the batch that is being taken.
    if (batch === undefined || event < batch.first) batch = this.#taken.findLast(({ first }) => first <= event)
    return batch?.startMicros[event - batch.first] ?? Number.NaN
  }
}
