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
  /** The same rows, where whoever has them has columns: no object for a service is made that nobody asks for. */
  readonly serviceRows?: ServiceRows | undefined
  /** The columns of usage name them by position. All groups of a run do well to share one list. */
  readonly classes: ReadonlyArray<UsageClass>
  /** UTC microseconds, half-open: the usage that this run draws down. */
  readonly fromMicros: number
  readonly untilMicros: number
  /** As the run that ended at `fromMicros` left them; [] where rating begins. */
  readonly opening: ReadonlyArray<BucketBalance>
  /** More of these, in columns; of two for one bucket that in `opening` stands. */
  readonly ownOpening?: ReadonlyArray<OwnBalances> | undefined
}

export type KindOfService = Pick<RatedService, 'account' | 'product' | 'serviceType'>

/** Rows of services by their position. */
export interface ServiceRows {
  readonly count: number
  /** Whether rows stand in the order of results, and no service has two of them. */
  readonly areInOrder: boolean
  /** Whether two rows have account, product and service type in common. */
  isSameKind(row: number, other: number): boolean
  /** Whether a row has a first or a last day. */
  hasDays(row: number): boolean
  /** What rows of one kind have in common. */
  kindAt(row: number): KindOfService
  daysAt(row: number): Pick<RatedService, 'from' | 'until'>
  nameOf(row: number): string
  at(row: number): RatedService
}

/**
 * Balances of buckets of services of one account that have one name and one period, and are not run out: a column each,
 * because millions of services have one. Quantities are safe integers.
 */
export type OwnBalances = {
  readonly account: string
  readonly bucket: string
  readonly startMicros: number
  readonly services: ReadonlyArray<string>
  readonly drawnBase: ArrayLike<number>
  /** What rolled in by where it comes from, the oldest first; 0 for services of which nothing did. */
  readonly rolledIn: ReadonlyArray<{ readonly startMicros: number; readonly leftBase: ArrayLike<number> }>
}

type InputRows = Pick<GroupInput, 'serviceRows' | 'services'>

/** How many rows of services a group has. */
export function rowCountOf(input: InputRows): number {
  return input.serviceRows === undefined ? input.services.length : input.serviceRows.count
}

export function serviceAt(input: InputRows, row: number): RatedService {
  return input.serviceRows === undefined ? (input.services[row] as RatedService) : input.serviceRows.at(row)
}

export function kindAt(input: InputRows, row: number): KindOfService {
  return input.serviceRows === undefined ? (input.services[row] as RatedService) : input.serviceRows.kindAt(row)
}

/** The same for a balance and the bucket line that it belongs to. */
export function balanceKey({ holder, bucket }: Pick<BucketBalance, 'holder' | 'bucket'>): string {
  const holderId = holder.on === 'service' ? holder.service : holder.on === 'share-plan' ? holder.plan : ''
  return JSON.stringify([holder.on, holder.account, holderId, bucket])
}

const NO_MAP: BucketBalance['drawnByService'] = new Map()
const NOTHING: BucketBalance['rolledIn'] = []
const NOT_RUN_OUT: BucketBalance['ranOutAt'] = [null]

/** The balance at one place of the columns. */
export function ownBalanceAt(own: OwnBalances, place: number): BucketBalance {
  const rolledIn = own.rolledIn.flatMap(({ startMicros, leftBase }) => {
    const left = leftBase[place] as number
    return left === 0 ? [] : [{ startMicros, leftBase: BigInt(left) }]
  })
  return {
    holder: { on: 'service', account: own.account, service: own.services[place] as string },
    bucket: own.bucket,
    startMicros: own.startMicros,
    rolledIn: rolledIn.length === 0 ? NOTHING : rolledIn,
    drawnBase: BigInt(own.drawnBase[place] as number),
    drawnByService: NO_MAP,
    ranOutAt: NOT_RUN_OUT,
  }
}

/** The opening balances by what holds them; of two for one bucket the later stands. */
export class OpeningBalances {
  readonly columns: ReadonlyArray<OwnBalances>
  /** Of services, those that are not in columns. */
  readonly #own = new Map<string, BucketBalance[]>()
  readonly #others = new Map<string, BucketBalance>()
  /** By column, the place of each service; made when somebody asks for one. */
  readonly #places: Array<ReadonlyMap<string, number> | undefined> = []

  constructor(opening: ReadonlyArray<BucketBalance>, columns: ReadonlyArray<OwnBalances> = []) {
    this.columns = columns
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

  /** Whether every balance of a service is in columns. */
  get areInColumns(): boolean {
    return this.#own.size === 0
  }

  ofService(
    { service, account }: { readonly service: string; readonly account: string },
    bucket: string,
  ): BucketBalance | null {
    if (this.#own.size === 0 && this.columns.length === 0) return null
    const list = this.#own.get(service)
    const found = list?.findLast((one) => one.bucket === bucket && one.holder.account === account)
    return found ?? this.#inColumns({ service, account }, bucket)
  }

  #inColumns(
    { service, account }: { readonly service: string; readonly account: string },
    bucket: string,
  ): BucketBalance | null {
    for (let number = this.columns.length - 1; number >= 0; number -= 1) {
      const own = this.columns[number] as OwnBalances
      if (own.bucket !== bucket || own.account !== account) continue
      this.#places[number] ??= new Map(own.services.map((name, place) => [name, place]))
      const place = this.#places[number]?.get(service)
      if (place !== undefined) return ownBalanceAt(own, place)
    }
    return null
  }

  of(holder: BucketHolder, bucket: string): BucketBalance | null {
    if (holder.on === 'service') return this.ofService(holder, bucket)
    return this.#others.size === 0 ? null : (this.#others.get(balanceKey({ holder, bucket })) ?? null)
  }
}
