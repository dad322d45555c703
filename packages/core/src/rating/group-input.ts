// What a bucket group is rated from.

import type { BucketBalance, BucketHolder } from './bucket-shape.ts'
import type { Calendars } from './calendar.ts'
import type { RatedService } from './catalogue.ts'
import type { IndexedCatalogue } from './indexed-catalogue.ts'
import type { UsageClass } from './usage-class.ts'

export type GroupInput = {
  readonly index: IndexedCatalogue
  readonly calendars: Calendars
  /** Every row of the group's services, those that used nothing too; the columns of usage name them by position. */
  readonly services: ReadonlyArray<RatedService>
  /** The columns of usage name them by position. All groups of a run do well to share one list. */
  readonly classes: ReadonlyArray<UsageClass>
  /** UTC microseconds, half-open: the usage that this run draws down. */
  readonly fromMicros: number
  readonly untilMicros: number
  /** As the run that ended at `fromMicros` left them; [] where rating begins. */
  readonly opening: ReadonlyArray<BucketBalance>
}

/** The same for a balance and the bucket line that it belongs to. */
export function balanceKey({ holder, bucket }: Pick<BucketBalance, 'holder' | 'bucket'>): string {
  const holderId = holder.on === 'service' ? holder.service : holder.on === 'share-plan' ? holder.plan : ''
  return JSON.stringify([holder.on, holder.account, holderId, bucket])
}

/** The opening balances by what holds them; of two for one bucket the later stands. */
export class OpeningBalances {
  readonly #own = new Map<string, BucketBalance[]>()
  readonly #others = new Map<string, BucketBalance>()

  constructor(opening: ReadonlyArray<BucketBalance>) {
    for (const balance of opening) {
      const { holder } = balance
      if (holder.on !== 'service') {
        this.#others.set(balanceKey(balance), balance)
        continue
      }
      const list = this.#own.get(holder.service)
      if (list) list.push(balance)
      else this.#own.set(holder.service, [balance])
    }
  }

  ofService({ service, account }: { readonly service: string; readonly account: string }, bucket: string) {
    if (this.#own.size === 0) return null
    const list = this.#own.get(service)
    return list?.findLast((one) => one.bucket === bucket && one.holder.account === account) ?? null
  }

  of(holder: BucketHolder, bucket: string): BucketBalance | null {
    if (holder.on === 'service') return this.ofService(holder, bucket)
    return this.#others.size === 0 ? null : (this.#others.get(balanceKey({ holder, bucket })) ?? null)
  }
}
