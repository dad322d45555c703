// Writes what was rated of each group as rows of numbers, with the names behind them once, and keeps what the next run takes
// over. Numbers are given in the order of names, so that the same inputs give the same rows.

import {
  alertsOf,
  type BucketHistory,
  type BucketHolder,
  ColumnRoom,
  compareBytes,
  formatUsageClass,
  type IndexedCatalogue,
  invariant,
  type LocalDate,
  type Problem,
  problem,
  type RatedColumns,
  type RatedGroup,
  type RatedService,
  type RowColumns,
  type RowSlot,
  type UnratedUsage,
  type UsageClass,
} from '@spillway/core'
import { NONE, WIDE } from '../../warehouse/rated-tables.ts'
import type { RowWriter } from '../../warehouse/warehouse.ts'
import type { PeriodScope } from '../allocate/period-scope.ts'
import { alertName, alertRow, holderName } from './history-rows.ts'
import type { KeptUse } from './kept-use.ts'
import { NumberRows } from './number-rows.ts'
import type { GroupResult } from './rate-groups.ts'
import { makeRatedTable } from './rated-output.ts'
import type { RatingGroup } from './rating-groups.ts'
import { type Checkpoint, KeptBalances, type RatingState } from './rating-state.ts'
import type { SoldList } from './sold-list.ts'
import type { StoredBeside } from './store-beside.ts'

/** As every report writes a usage class. */
function classText(usageClass: string): string {
  return usageClass.replaceAll(' ', '/')
}

const INT64_MAX = 2n ** 63n - 1n

type WrittenOf = {
  readonly index: IndexedCatalogue
  readonly list: SoldList
  /** Of each account that is billed, the first day of its billing period of the month. */
  readonly billed: ReadonlyMap<string, LocalDate>
  readonly opening: RatingState
  /** Whether each balance is a text of its own: in a run that an earlier version stored. */
  readonly areBalancesLines: boolean
  /** null where no run is written. */
  readonly storing: StoredBeside | null
  /** Rows of `rated_service`. */
  readonly serviceCount: number
  readonly used: KeptUse
}

type Writers = Readonly<Record<'rated' | 'history', NumberRows>> &
  Readonly<Record<'alert' | 'holder' | 'size' | 'classes', RowWriter>>

type Bill = { readonly billNo: number; readonly startOn: LocalDate }

/** What stands in all rows of a slot. */
type SlotNumbers = Readonly<Record<'classNo' | 'bucketNo' | 'tier' | 'billNo', number>> & {
  /** Whether they are on bills of the month. */
  readonly isOfRun: boolean
}

type StoredRows = 'rated_row' | 'history_row'

export class WrittenGroups {
  readonly #writers: Writers
  readonly #alerted: ReadonlySet<string>
  /** By row of a service. */
  readonly #serviceNo: Int32Array
  readonly #bills: ReadonlyMap<string, Bill>
  readonly #bucketNo: ReadonlyMap<string, number>
  readonly #holderNo = new Map<string, number>()
  #holders: number
  #classNo: ReadonlyMap<string, number> = new Map()
  readonly #checkpoints = new Map<string, Checkpoint>()
  readonly #stillAlerted = new Set<string>()
  readonly #balances: KeptBalances
  readonly #unrated: UnratedUsage[] = []
  readonly #room = new ColumnRoom()
  readonly #storing: StoredBeside | null
  readonly #serviceCount: number
  readonly #used: KeptUse

  private constructor(
    writers: Writers,
    { list, opening, areBalancesLines, storing, serviceCount, used }: WrittenOf,
    names: Awaited<ReturnType<typeof storeNames>>,
  ) {
    this.#writers = writers
    this.#storing = storing
    this.#serviceCount = serviceCount
    this.#used = used
    this.#alerted = opening.alerted
    this.#balances = new KeptBalances({ areAllLines: areBalancesLines })
    this.#serviceNo = list.columns.serviceNo
    this.#holders = this.#serviceNo.at(-1) ?? 0
    this.#bills = names.bills
    this.#bucketNo = names.bucketNo
  }

  /** Makes the tables in the scratch database of `scope`; `rated_service` is left to whoever has the services there. */
  static async begin(scope: PeriodScope, of: WrittenOf): Promise<WrittenGroups> {
    const table = (name: Parameters<typeof makeRatedTable>[1]) => makeRatedTable(scope, name)
    const names = await storeNames(scope, of)
    const writers: Writers = {
      rated: new NumberRows(await table('rated_row'), 7),
      history: new NumberRows(await table('history_row'), 9),
      alert: await table('bucket_alert'),
      holder: await table('rated_holder'),
      size: await table('history_size'),
      classes: await table('rated_class'),
    }
    return new WrittenGroups(writers, of, names)
  }

  close(): void {
    for (const writer of Object.values(this.#writers)) writer.close()
  }

  /** All rows are there, and those that are many on their way into the warehouse, where a run is written. */
  finish(): void {
    this.#store(() => true)
  }

  #store(isWorthIt: (table: StoredRows, count: number) => boolean): void {
    if (this.#storing === null) return
    // Not before anything is rated: up to then the database is busy on every core.
    this.#storing.takeWhole('rated_service', this.#serviceCount)
    for (const [table, rows] of [
      ['rated_row', this.#writers.rated],
      ['history_row', this.#writers.history],
    ] as const) {
      const { count } = rows
      if (!isWorthIt(table, count)) continue
      rows.commit()
      this.#storing.take(table, count)
    }
  }

  nameClasses(classes: ReadonlyArray<UsageClass>): void {
    const names = classes.map((usageClass) => formatUsageClass(usageClass))
    this.#classNo = new Map(names.map((name, number) => [name, number]))
    for (const [number, name] of names.entries()) this.#writers.classes.append([number, classText(name)])
  }

  /** Rows on bills of other periods are of other runs: usage that is due later, or that an earlier run billed. */
  write({ group, services, rated, balances, ownBalances, knownUntilMicros }: GroupResult): void {
    const places = new ServicePlaces(services, group)
    if (rated.slots !== undefined) {
      this.#columns(rated, group)
      this.#ownHistories(rated, group)
      for (const history of rated.nearlyDrawn) this.#alert(history, { group, knownUntilMicros })
    } else {
      if (rated.columns !== null) this.#columns(rated.columns, group)
      else this.#rows(rated.rows, places)
      places.restart()
      for (const unrated of rated.unrated) this.#unrated.push(unrated)
    }
    for (const history of rated.histories) {
      // Periods that ended before the run are in the run before.
      if (history.untilMicros <= group.fromMicros) continue
      this.#history(history, places)
      this.#alert(history, { group, knownUntilMicros })
    }
    const checkpoint = { atMicros: group.nextFromMicros, untilMicros: group.untilMicros }
    for (const { account } of group.accounts) this.#checkpoints.set(account, checkpoint)
    for (const balance of balances) this.#balances.add(balance, group.nextFromMicros)
    for (const own of ownBalances) this.#balances.addOwn(own, group.nextFromMicros)
    this.#store((table, count) => this.#storing?.isWorthIt(table, count) === true)
  }

  #columns({ count, row, slot, quantityBase, amountMinor, slots }: RowColumns, group: RatingGroup): void {
    const { rated } = this.#writers
    const numbered = slots.map((one) => this.#numbersOf(one))
    const services = this.#numbersOfRows(group, row, count)
    if (numbered.every(({ isOfRun }) => isOfRun)) {
      const of = (number: Exclude<keyof SlotNumbers, 'isOfRun'>) =>
        columnOf(numbered, { number, slot, count, room: this.#room })
      const names = [services, of('classNo'), of('bucketNo'), of('tier'), of('billNo')]
      rated.appendColumns(count, [...names, quantityBase, amountMinor])
      return
    }
    for (let at = 0; at < count; at += 1) {
      const { isOfRun, classNo, bucketNo, tier, billNo } = numbered[slot[at] as number] as SlotNumbers
      const serviceNo = services[at] as number
      const quantity = quantityBase[at] as number
      if (isOfRun) rated.append(serviceNo, classNo, bucketNo, tier, billNo, quantity, amountMinor[at] as number)
      else this.#used.add(serviceNo, classNo, -quantity)
    }
  }

  /** The numbers of services by their rows in a group. */
  #numbersOfRows({ keys }: RatingGroup, row: ArrayLike<number>, count: number): Int32Array {
    const numbers = this.#room.integers('serviceNo', count)
    for (let at = 0; at < count; at += 1) numbers[at] = this.#serviceNo[keys[row[at] as number] as number] as number
    return numbers
  }

  #numbersOf({ usageClass, bucket, tier, billedTo, periodStartOn }: RowSlot): SlotNumbers {
    const { billNo, startOn } = this.#billOf(billedTo)
    const bucketNo = this.#bucketNo.get(bucket) as number
    return { isOfRun: periodStartOn === startOn, classNo: usageClass, bucketNo, tier, billNo }
  }

  #billOf(billedTo: string): Bill {
    const bill = this.#bills.get(billedTo)
    invariant(bill, 'an account that is billed is in the catalogue', { billedTo })
    return bill
  }

  #ownHistories({ own }: RatedColumns, group: RatingGroup): void {
    const { count, row, bucket, buckets, sizeBase, rolledInBase, drawnBase } = own
    if (count === 0) return
    const numbers = buckets.map((name) => this.#bucketNo.get(name) as number)
    const bucketNo = this.#room.integers('ownBucketNo', count)
    for (let place = 0; place < count; place += 1) bucketNo[place] = numbers[bucket[place] as number] as number
    const holders = this.#numbersOfRows(group, row, count)
    const times = [group.fromMicros, group.untilMicros]
    const sizes = [sizeBase, rolledInBase, drawnBase]
    this.#writers.history.appendColumns(count, [holders, bucketNo, ...times, 1, ...sizes, NONE])
  }

  #rows(rows: RatedGroup['rows'], places: ServicePlaces): void {
    const { rated } = this.#writers
    let billedTo = ''
    let bill: Bill | undefined
    for (const row of rows) {
      if (bill === undefined || row.billedTo !== billedTo) {
        billedTo = row.billedTo
        bill = this.#billOf(billedTo)
      }
      const serviceNo = this.#serviceNo[places.rowOf(row.account, row.service)] as number
      const classNo = this.#classNo.get(row.usageClass) as number
      const [quantity, amount] = [safeNumber(row.quantityBase), safeNumber(row.amountMinor)]
      if (row.periodStartOn !== bill.startOn) {
        if (quantity === null) this.#used.addWide(serviceNo, classNo, -row.quantityBase)
        else this.#used.add(serviceNo, classNo, -quantity)
        continue
      }
      const bucketNo = this.#bucketNo.get(row.bucket) as number
      if (quantity === null || amount === null)
        rated.appendWide([serviceNo, classNo, bucketNo, row.tier, bill.billNo, row.quantityBase, row.amountMinor])
      else rated.append(serviceNo, classNo, bucketNo, row.tier, bill.billNo, quantity, amount)
    }
  }

  #history(
    { holder, bucket, startMicros, untilMicros, rolledInBase, tiers }: BucketHistory,
    places: ServicePlaces,
  ): void {
    const { history, size } = this.#writers
    const holderNo = this.#numberOf(holder, places)
    const bucketNo = this.#bucketNo.get(bucket) as number
    const [start, until] = [instantOf(startMicros), instantOf(untilMicros)]
    for (let at = 0; at < tiers.length; at += 1) {
      const { sizeBase, drawnBase, ranOutAt } = tiers[at] as BucketHistory['tiers'][number]
      const rolledIn = at === 0 ? rolledInBase : 0n
      const ranOut = ranOutAt === null ? NONE : ranOutAt
      const isWide = sizeBase !== null && sizeBase > INT64_MAX
      if (isWide) size.append([holderNo, bucketNo, start, at + 1, String(sizeBase)])
      const room = sizeBase === null ? NONE : isWide ? WIDE : Number(sizeBase)
      const [rolled, drawn] = [Number(rolledIn), Number(drawnBase)]
      if (Number.isSafeInteger(room) && Number.isSafeInteger(rolled) && Number.isSafeInteger(drawn))
        history.append(holderNo, bucketNo, start, until, at + 1, room, rolled, drawn, ranOut)
      else {
        const exact = isWide ? WIDE : (sizeBase ?? NONE)
        history.appendWide([holderNo, bucketNo, start, until, at + 1, exact, rolledIn, drawnBase, ranOut])
      }
    }
  }

  #numberOf(holder: BucketHolder, places: ServicePlaces): number {
    if (holder.on === 'service') return this.#serviceNo[places.rowOf(holder.account, holder.service)] as number
    const key = JSON.stringify([holder.on, holder.account, holderName(holder)])
    const known = this.#holderNo.get(key)
    if (known !== undefined) return known
    this.#holders += 1
    this.#holderNo.set(key, this.#holders)
    this.#writers.holder.append([this.#holders, holder.on, holder.account, holderName(holder)])
    return this.#holders
  }

  #alert(history: BucketHistory, { group, knownUntilMicros }: { group: RatingGroup; knownUntilMicros: number }): void {
    for (const alert of alertsOf(history, { knownUntilMicros })) {
      const name = alertName(alert)
      if (!this.#alerted.has(name)) this.#writers.alert.append(alertRow(alert))
      if (history.untilMicros > group.nextFromMicros) this.#stillAlerted.add(name)
    }
  }

  closing(): Pick<RatingState, 'checkpoints' | 'balances' | 'alerted'> {
    return { alerted: this.#stillAlerted, checkpoints: this.#checkpoints, balances: this.#balances }
  }

  problems(): Problem[] {
    return this.#unrated.map(({ account, service, usageClass, bucket, quantityBase }) =>
      problem('unrated', { account, service, usageClass, bucket, quantity: String(quantityBase) }),
    )
  }
}

type ColumnOf = {
  readonly number: Exclude<keyof SlotNumbers, 'isOfRun'>
  readonly slot: ArrayLike<number>
  readonly count: number
  readonly room: ColumnRoom
}

/** One number for all rows where all slots have it. */
function columnOf(slots: ReadonlyArray<SlotNumbers>, { number, slot, count, room }: ColumnOf): number | Int32Array {
  const numbers = slots.map((one) => one[number])
  const [first] = numbers
  if (first !== undefined && numbers.every((one) => one === first)) return first
  const column = room.integers(number, count)
  for (let at = 0; at < count; at += 1) column[at] = numbers[slot[at] as number] as number
  return column
}

function instantOf(micros: number): number {
  return Number.isFinite(micros) ? micros : NONE
}

/** Makes `rated_bucket` and `rated_bill`. */
async function storeNames(scope: PeriodScope, { index, billed }: WrittenOf) {
  const { buckets, sharePlans, accounts } = index.catalogue
  const ofPlans = [...sharePlans.values()].flatMap((plan) => plan.buckets.map(({ bucket }) => bucket))
  const names = [...new Set(['', ...buckets.keys(), ...ofPlans])].sort(compareBytes)
  const bucketNo = new Map(names.map((bucket, number) => [bucket, number]))
  const bucketWriter = await makeRatedTable(scope, 'rated_bucket')
  for (const [bucket, number] of bucketNo) bucketWriter.append([number, bucket])
  bucketWriter.close()
  const bills = new Map<string, Bill>()
  const billWriter = await makeRatedTable(scope, 'rated_bill')
  for (const account of [...accounts.keys()].sort(compareBytes)) {
    const startOn = billed.get(account) as LocalDate
    bills.set(account, { billNo: bills.size + 1, startOn })
    billWriter.append([bills.size, account, startOn, index.account(account).currency])
  }
  billWriter.close()
  return { bucketNo, bills }
}

/** Finds rows of a group's services in the order in which results come, which is that of the rows but for few. */
class ServicePlaces {
  readonly #make: () => ReadonlyArray<RatedService>
  readonly #keys: Int32Array
  #made: ReadonlyArray<RatedService> | null = null
  #at = 0

  constructor(services: () => ReadonlyArray<RatedService>, { keys }: RatingGroup) {
    this.#make = services
    this.#keys = keys
  }

  restart(): void {
    this.#at = 0
  }

  /** The place of the first row of a service on an account in the list of all rows. */
  rowOf(account: string, service: string): number {
    this.#made ??= this.#make()
    const { length } = this.#made
    for (let tried = 0; tried <= length; tried += 1) {
      const row = this.#made[this.#at] as RatedService
      if (row.service === service && row.account === account) return this.#keys[this.#at] as number
      this.#at = this.#at + 1 < length ? this.#at + 1 : 0
    }
    invariant(false, 'what is rated is of a service of the group', { account, service })
  }
}

/** null where a number would not be exact. */
function safeNumber(value: bigint): number | null {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : null
}
