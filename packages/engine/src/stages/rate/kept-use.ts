// What was used, kept to be compared with what is rated: as rows, which can name the service that differs, and where a run is
// written as one exact sum, in which each service and class has a factor of its own. `check` computes the rows.

import type { RowWriter } from '../../warehouse/warehouse.ts'
import type { PeriodScope } from '../allocate/period-scope.ts'
import { MIXED_FACTORS, mixedSql } from '../check/mixed-sql.ts'
import { makeTable } from './make-table.ts'
import { NumberRows } from './number-rows.ts'

/** What was used of a service and class less what is on bills of other periods: what `rated_row` has of it. */
const USE = { service_no: 'INTEGER', class_no: 'INTEGER', base: 'BIGINT' } as const

type Place = Pick<PeriodScope, 'warehouse' | 'scratch'>

export type UsedSums = {
  /** By row of a service. */
  readonly serviceNo: Int32Array
  readonly classCount: number
  /** At `row * classCount + class`; safe integers. */
  readonly sums: Float64Array
}

export type KeptUse = {
  /** `base`: a safe integer. */
  add(serviceNo: number, classNo: number, base: number): void
  /** The same for each row of a service and class of which something was used. */
  addSums(of: UsedSums): void
  addWide(serviceNo: number, classNo: number, base: bigint): void
  end(): Promise<void>
}

/** Makes `rated_use`, and `used_sum` with a row where that is what is kept. */
export async function makeKeptUse(scope: Place, { asSum }: { readonly asSum: boolean }): Promise<KeptUse> {
  const columns = await makeTable(scope, 'rated_use', USE)
  await makeTable(scope, 'used_sum', { total: 'HUGEINT' })
  if (asSum) return new UseSum(scope)
  return new UseRows(await scope.warehouse.writer('rated_use', columns, scope.scratch))
}

/** The factor of a service and class, of which {@link UseSum} makes its sum. */
export const USE_FACTOR_SQL = `(${mixedSql(['service_no::BIGINT', 'class_no::BIGINT'])} + 1)::HUGEINT`

class UseRows implements KeptUse {
  readonly #rows: NumberRows

  constructor(writer: RowWriter) {
    this.#rows = new NumberRows(writer, Object.keys(USE).length)
  }

  add(serviceNo: number, classNo: number, base: number): void {
    this.#rows.append(serviceNo, classNo, base)
  }

  addSums({ serviceNo, classCount, sums }: UsedSums): void {
    for (let row = 0; row < serviceNo.length; row += 1)
      for (let number = 0; number < classCount; number += 1) {
        const base = sums[row * classCount + number] as number
        if (base !== 0) this.#rows.append(serviceNo[row] as number, number, base)
      }
  }

  addWide(serviceNo: number, classNo: number, base: bigint): void {
    this.#rows.appendWide([serviceNo, classNo, base])
  }

  async end(): Promise<void> {
    this.#rows.close()
  }
}

const HALF = 2 ** 16
const LOW = 2 ** 26
/** Products of 43 bits, of which so many are added up exactly as numbers. */
const AT_ONCE = 2 ** 10

export class UseSum implements KeptUse {
  readonly #scope: Place
  /** What is added up since `#total` was, by the half of the factor and of the quantity: high and high, high and low, ... */
  readonly #parts = new Float64Array(4)
  #added = 0
  #total = 0n

  constructor(scope: Place) {
    this.#scope = scope
  }

  add(serviceNo: number, classNo: number, base: number): void {
    this.#addTimes(factorOf(serviceNo, classNo), base)
  }

  addSums({ serviceNo, classCount, sums }: UsedSums): void {
    for (let row = 0; row < serviceNo.length; row += 1) {
      const ofService = mixed(1, serviceNo[row] as number, MIXED_FACTORS[0])
      for (let number = 0; number < classCount; number += 1) {
        const base = sums[row * classCount + number] as number
        if (base !== 0) this.#addTimes(mixed(ofService, number, MIXED_FACTORS[1]) + 1, base)
      }
    }
  }

  #addTimes(factor: number, base: number): void {
    const factorHigh = Math.floor(factor / HALF)
    const baseHigh = Math.floor(base / LOW)
    const factorLow = factor - factorHigh * HALF
    const baseLow = base - baseHigh * LOW
    const parts = this.#parts
    parts[0] = (parts[0] as number) + factorHigh * baseHigh
    parts[1] = (parts[1] as number) + factorHigh * baseLow
    parts[2] = (parts[2] as number) + factorLow * baseHigh
    parts[3] = (parts[3] as number) + factorLow * baseLow
    this.#added += 1
    if (this.#added === AT_ONCE) this.#addUp()
  }

  addWide(serviceNo: number, classNo: number, base: bigint): void {
    this.#total += BigInt(factorOf(serviceNo, classNo)) * base
  }

  get total(): bigint {
    this.#addUp()
    return this.#total
  }

  async end(): Promise<void> {
    const { warehouse, scratch } = this.#scope
    await warehouse.run(`INSERT INTO ${scratch}.used_sum SELECT '${this.total}'::HUGEINT`)
  }

  #addUp(): void {
    const [highHigh, highLow, lowHigh, lowLow] = Array.from(this.#parts, BigInt) as [bigint, bigint, bigint, bigint]
    this.#total += (highHigh * BigInt(LOW) + highLow) * BigInt(HALF) + (lowHigh * BigInt(LOW) + lowLow)
    this.#parts.fill(0)
    this.#added = 0
  }
}

/** As {@link USE_FACTOR_SQL}: up to 2^32. */
function factorOf(serviceNo: number, classNo: number): number {
  return mixed(mixed(1, serviceNo, MIXED_FACTORS[0]), classNo, MIXED_FACTORS[1]) + 1
}

/** One step of `mixedSql`: bits 15 to 46 of a product of 63, which is made of two that are safe integers. */
function mixed(before: number, half: number, factor: number): number {
  const bits = (before ^ half) >>> 0
  const high = Math.floor(bits / HALF)
  return (high * factor * 2 + Math.floor(((bits - high * HALF) * factor) / 2 ** 15)) % 2 ** 32
}
