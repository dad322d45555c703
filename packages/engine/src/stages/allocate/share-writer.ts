// Writes what core decided, as the numbers that result-tables.ts stores: one part per segment, component and currency, and
// its rows. A weight that is no integer of 64 bits is kept as text beside its row, and its part has no total then.
import {
  ALLOCATION_FLAGS,
  type AllocationFlag,
  type AllocationMethod,
  type AllocationRow,
  type PoolComponentResult,
} from '@spillway/core'
import type { NumberColumn } from '../../warehouse/column-buffer.ts'
import { columnsOf } from '../../warehouse/fact-columns.ts'
import { flagBit, RESULT_TABLES } from '../../warehouse/result-tables.ts'
import type { RowWriter } from '../../warehouse/warehouse.ts'
import type { ComponentKey } from './group-divider.ts'
import { componentNames, type PlannedSegment } from './match-components.ts'
import type { PeriodScope } from './period-scope.ts'

export type ShareColumns = Readonly<
  Record<
    | 'serviceNo'
    | 'flagsNo'
    | 'actualMinor'
    | 'adjustedMinor'
    | 'weight'
    | 'floorMinor'
    | 'usageBase'
    | 'contributionBase'
    | 'days',
    NumberColumn
  >
>

type Part = {
  readonly segment: PlannedSegment
  readonly key: ComponentKey
  readonly currency: string
  readonly method: AllocationMethod | 'follow'
  readonly weightTotal: number | bigint
}

const WRITTEN = ['allocation_row', 'run_part', 'run_weight'] as const
const KEY_COLUMNS = ['part_no', 'segment_no', 'component_no', 'currency_no']
const INT64_MAX = 2n ** 63n - 1n

export class ShareWriter {
  readonly #rows: RowWriter
  readonly #parts: RowWriter
  readonly #weights: RowWriter
  readonly #keys: RowWriter
  #last = 0

  private constructor(writers: Readonly<Record<'rows' | 'parts' | 'weights' | 'keys', RowWriter>>) {
    this.#rows = writers.rows
    this.#parts = writers.parts
    this.#weights = writers.weights
    this.#keys = writers.keys
  }

  static async open({ warehouse, scratch }: PeriodScope): Promise<ShareWriter> {
    for (const table of WRITTEN) {
      const columns = RESULT_TABLES[table].split(',').slice(2).join(',')
      await warehouse.run(`CREATE TABLE ${scratch}.${table} (${columns})`)
    }
    await warehouse.run(
      `CREATE TABLE ${scratch}.part_key (${KEY_COLUMNS.map((column) => `${column} INTEGER NOT NULL`).join(', ')})`,
    )
    const writer = (table: (typeof WRITTEN)[number]) => warehouse.writer(table, columnsOf(table).slice(2), scratch)
    return new ShareWriter({
      rows: await writer('allocation_row'),
      parts: await writer('run_part'),
      weights: await writer('run_weight'),
      keys: await warehouse.writer('part_key', KEY_COLUMNS, scratch),
    })
  }

  async close(): Promise<void> {
    for (const writer of [this.#rows, this.#parts, this.#weights, this.#keys]) writer.close()
  }

  /** Begins a part and returns its number. */
  part({ segment, key, currency, method, weightTotal }: Part): number {
    this.#last += 1
    const component = componentNames(segment.policy)[key.componentNo] as string
    const names = [segment.pool.pool, segment.policy.name, component, currency]
    this.#parts.append([this.#last, ...names, segment.startOn, segment.endOn, method, BigInt(weightTotal)])
    this.#keys.append([this.#last, key.segmentNo, key.componentNo, key.currencyNo])
    return this.#last
  }

  rows(partNo: number, count: number, columns: ShareColumns): void {
    if (count === 0) return
    const { serviceNo, flagsNo, actualMinor, adjustedMinor, weight, floorMinor, usageBase, contributionBase, days } =
      columns
    const sums = [actualMinor, adjustedMinor, weight, floorMinor, usageBase, contributionBase]
    this.#rows.appendColumns(count, [partNo, serviceNo, flagsNo, ...sums, days])
  }

  /** The rows that core explained. */
  result({
    segment,
    key,
    result: { currency, method, rows },
    numberOf,
  }: {
    readonly segment: PlannedSegment
    readonly key: ComponentKey
    readonly result: PoolComponentResult
    readonly numberOf: (service: string) => number
  }): void {
    const weightTotal = weightTotalOf(rows)
    const partNo = this.part({ segment, key, currency, method, weightTotal: weightTotal ?? 0n })
    const bigints = (amountOf: (row: AllocationRow) => bigint) => BigInt64Array.from(rows, amountOf)
    const flagsNos = rows.map(({ flags }) => flagsNoOf(flags))
    this.rows(partNo, rows.length, {
      serviceNo: rows.map(({ service }) => numberOf(service)),
      flagsNo: flagsNos,
      actualMinor: bigints(({ actualMinor }) => actualMinor),
      adjustedMinor: bigints(({ adjustedMinor }) => adjustedMinor),
      weight: weightTotal === null ? 0 : bigints(({ weight }) => BigInt(weight)),
      floorMinor: bigints(({ floorMinor }) => floorMinor),
      usageBase: bigints(({ usageBase }) => usageBase),
      contributionBase: bigints(({ contributionBase }) => contributionBase),
      days: rows.map(({ days }) => days),
    })
    if (weightTotal === null)
      for (const [index, { service, weight, share }] of rows.entries())
        this.#weights.append([partNo, numberOf(service), flagsNos[index] as number, weight, share])
  }
}

/** Null where a weight is a fraction, or where they have no sum of 64 bits. */
function weightTotalOf(rows: ReadonlyArray<AllocationRow>): bigint | null {
  let total = 0n
  for (const { weight } of rows) {
    if (weight.includes('/')) return null
    total += BigInt(weight)
  }
  return total <= INT64_MAX ? total : null
}

function flagsNoOf(flags: ReadonlyArray<AllocationFlag>): number {
  return ALLOCATION_FLAGS.reduce((bits, flag) => (flags.includes(flag) ? bits | flagBit(flag) : bits), 0)
}
