// The rows of the allocation of a run in memory, by part of a pool, in the order of the numbers of services. Amounts and weights
// beyond what a number says exactly are not kept. Never changed once made.
import type { Warehouse } from '../../warehouse/warehouse.ts'
import { NumberPacker, type PackedNumbers } from './packed-numbers.ts'

/** In the order in which they are packed. */
export const PART_NUMBERS = ['service', 'flags', 'actual', 'adjusted', 'weight', 'floor'] as const
export type PartNumber = (typeof PART_NUMBERS)[number]
/** Of each row of a part; amounts are minor units. */
export type PartNumbers = Readonly<Record<PartNumber, Float64Array>> & { readonly count: number }

export class KeptPartRows {
  readonly #numbers: PackedNumbers
  /** By number of a part its block; -1 for none. */
  readonly #blocks: Int32Array

  constructor(numbers: PackedNumbers, blocks: Int32Array) {
    this.#numbers = numbers
    this.#blocks = blocks
  }

  get byteLength(): number {
    return this.#numbers.byteLength + this.#blocks.byteLength
  }

  /** Those of a part that has none are none. */
  rowsOf(partNo: number): PartNumbers {
    const block = this.#blocks[partNo] ?? -1
    const column = (number: PartNumber) =>
      block < 0 ? NONE : this.#numbers.column(block, PART_NUMBERS.indexOf(number))
    return {
      count: block < 0 ? 0 : this.#numbers.countOf(block),
      ...{ service: column('service'), flags: column('flags'), actual: column('actual') },
      ...{ adjusted: column('adjusted'), weight: column('weight'), floor: column('floor') },
    }
  }
}

const NONE = new Float64Array(0)

/** null where a number cannot be said exactly. */
export async function readKeptPartRows(
  warehouse: Pick<Warehouse, 'streamTyped'>,
  runNo: number,
): Promise<KeptPartRows | null> {
  const collected = new CollectedParts()
  // One row per part, service and flags, and per segment where a policy changed inside the window.
  for await (const { count, columns } of warehouse.streamTyped(
    `SELECT part_no, service_no, flags_no, actual_minor, adjusted_minor, weight, floor_minor
     FROM allocation_row_stored WHERE run_no = ${runNo} ORDER BY part_no, service_no, flags_no`,
  )) {
    const [partNos, services, flags, ...amounts] = columns as [Int32Array, Int32Array, Int32Array, ...BigInt64Array[]]
    const numbers = [services, flags, ...amounts.map((column) => numbersOf(column, count))]
    if (!collected.take(partNos, { numbers, count })) return null
  }
  return collected.kept()
}

/** The rows of one part after another, until each is packed. */
class CollectedParts {
  readonly #packer = new NumberPacker(PART_NUMBERS.length)
  readonly #partNos: number[] = []
  #columns = PART_NUMBERS.map(() => new Float64Array(1024))
  #count = 0

  /** False where a number cannot be kept. */
  take(
    partNos: Int32Array,
    { numbers, count }: { readonly numbers: ReadonlyArray<ArrayLike<number>>; readonly count: number },
  ): boolean {
    for (let row = 0; row < count; row += 1) {
      const partNo = partNos[row] as number
      if (partNo !== this.#partNos.at(-1)) {
        if (!this.#end()) return false
        this.#partNos.push(partNo)
      }
      if (this.#count === (this.#columns[0] as Float64Array).length) this.#columns = this.#columns.map(twiceAsLong)
      for (let at = 0; at < PART_NUMBERS.length; at += 1)
        (this.#columns[at] as Float64Array)[this.#count] = (numbers[at] as ArrayLike<number>)[row] as number
      this.#count += 1
    }
    return true
  }

  kept(): KeptPartRows | null {
    if (!this.#end()) return null
    const blocks = new Int32Array((this.#partNos.at(-1) ?? -1) + 1).fill(-1)
    for (const [block, partNo] of this.#partNos.entries()) blocks[partNo] = block
    return new KeptPartRows(this.#packer.packed(), blocks)
  }

  #end(): boolean {
    const isKept = this.#count === 0 || this.#packer.append(this.#columns, this.#count)
    this.#count = 0
    return isKept
  }
}

function twiceAsLong(column: Float64Array): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(column.length * 2)
  longer.set(column)
  return longer
}

const UPPER = 2 ** 32

/** From the lower and the upper half of each: read as what they are, each would be an object. Beyond 2^53 they are not exact. */
function numbersOf(column: BigInt64Array, count: number): Float64Array {
  const lower = new Uint32Array(column.buffer, column.byteOffset, count * 2)
  const upper = new Int32Array(column.buffer, column.byteOffset, count * 2)
  const numbers = new Float64Array(count)
  for (let row = 0; row < count; row += 1)
    numbers[row] = (upper[2 * row + 1] as number) * UPPER + (lower[2 * row] as number)
  return numbers
}
