// Who drew what from which bucket, and whose event took the last unit of a tier. Draws the whole group again, event by
// event: for whoever asks, not for a close.

import { drawnWithoutEnd, historyOf } from './bucket-histories.ts'
import type { BucketPeriod } from './bucket-period.ts'
import { type BucketGroup, compileGroup } from './compile-group.ts'
import { DrawDown, type DrawnPart, type UsageColumns } from './draw-down.ts'
import type { GroupInput } from './group-input.ts'
import type { BucketHistory } from './rated-result.ts'
import type { GroupRow } from './row-kind.ts'

/** What one service drew from one tier. Events are known by position in the order of drawing. */
export type TierDraw = {
  readonly account: string
  readonly service: string
  /** From 1, as drawn: a bracket moves prices, not units. */
  readonly tier: number
  readonly quantityBase: bigint
  readonly eventCount: number
  readonly firstEvent: number
  readonly lastEvent: number
}

export type BucketDraws = {
  readonly history: BucketHistory
  /** Before this run began, of a period that was under way. */
  readonly beforeBase: bigint
  /** By tier and then as each service first drew. */
  readonly draws: ReadonlyArray<TierDraw>
  /** By tier: the event that took its last unit; null where it has not run out, or ran out before this run. */
  readonly lastEvents: ReadonlyArray<number | null>
}

type Draw = { -readonly [K in keyof TierDraw]: TierDraw[K] }
type Watched = { readonly draws: Map<string, Draw>; readonly last: number[] }

/** Takes the usage of one group, batch by batch, as a DrawDown does. */
export class DrawHistory {
  readonly #group: BucketGroup
  readonly #run: DrawDown
  readonly #watched = new Map<BucketPeriod, Watched>()

  /** `isWanted` says which buckets are watched, by id. */
  constructor(input: GroupInput, isWanted: (bucket: string) => boolean) {
    this.#group = compileGroup(input)
    this.#run = new DrawDown(this.#group, {
      onPart: (part) => {
        if (part.place === part.chain.out) return
        const period = part.chain.periods[part.chain.linkOf(part.place)] as BucketPeriod
        if (isWanted(period.line.shape.bucket)) this.#watch(period, part)
      },
    })
  }

  #watch(period: BucketPeriod, { event, chain, place, quantity }: DrawnPart): void {
    const tier = place - (chain.bases[chain.linkOf(place)] as number)
    const { account, service } = (this.#group.rows[chain.row] as GroupRow).service
    const watched = this.#watched.get(period) ?? { draws: new Map<string, Draw>(), last: [] }
    this.#watched.set(period, watched)
    watched.last[tier] = event
    const key = JSON.stringify([tier, account, service])
    const known = watched.draws.get(key)
    if (known === undefined) {
      const once = { eventCount: 1, firstEvent: event, lastEvent: event }
      watched.draws.set(key, { account, service, tier: tier + 1, quantityBase: quantity, ...once })
      return
    }
    known.quantityBase += quantity
    // A large event is drawn in parts.
    if (known.lastEvent !== event) known.eventCount += 1
    known.lastEvent = event
  }

  take(columns: UsageColumns): void {
    this.#run.take(columns)
  }

  /** Of the watched buckets, each period that someone drew from. */
  finish(): BucketDraws[] {
    this.#run.finish()
    const endless = drawnWithoutEnd(this.#group, this.#run.chains)
    return [...this.#watched].map(([period, { draws, last }]) => {
      const history = historyOf(period, endless?.get(period) ?? 0n)
      const drawn = [...draws.values()]
      const now = drawn.reduce((sum, { quantityBase }) => sum + quantityBase, 0n)
      const before = period.resumed?.ranOutAt
      return {
        history,
        beforeBase: history.drawnBase - now,
        draws: drawn.sort((a, b) => a.tier - b.tier),
        lastEvents: history.tiers.map(({ ranOutAt }, tier) =>
          ranOutAt === null || before?.[tier] === ranOutAt ? null : (last[tier] ?? null),
        ),
      }
    })
  }
}
