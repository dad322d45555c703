// Lays the charges of a segment on its participants by the numbers of services, without a name and without sorting. Refuses
// with null what numbers cannot hold, and taxes that follow, which are shared by what is carried.
import { safeNumbers } from '../../warehouse/column-buffer.ts'
import type { PlannedSegment } from './match-components.ts'
import type { SegmentColumns } from './segment-columns.ts'
import { BILLED, PARTICIPANT } from './segment-rows.ts'

/** What the charges of one component in one currency stand on: participants by position, and anybody else. */
export type Billed = {
  readonly componentNo: number
  readonly currencyNo: number
  readonly onParticipants: Float64Array
  readonly otherNos: number[]
  readonly onOthers: number[]
  /** Of each other in the two before. */
  readonly positions: Map<number, number>
  /** The sum, minor units. */
  charged: number
}

/** More than there are codes of three letters. */
const CURRENCIES_MAX = 2 ** 16

export class ChargeLayer {
  /** Per service number, its position among the participants of the segment in `#stamps`. */
  #positions = new Int32Array(1024)
  #stamps = new Int32Array(1024)

  /** By component, then currency; null where an amount is not safe, or where taxes follow. */
  lay({ policy }: PlannedSegment, billed: SegmentColumns, participants: SegmentColumns): Billed[] | null {
    const [, componentNos, currencyNos, serviceNos] = billed.columns as Int32Array[]
    const amounts = safeNumbers(billed.columns[BILLED.actual] as BigInt64Array, billed.count)
    if (amounts === null) return null
    this.#placeServices(participants)
    const found = new Map<number, Billed>()
    let last: Billed | undefined
    for (let row = 0; row < billed.count; row += 1) {
      const componentNo = componentNos?.[row] as number
      const currencyNo = currencyNos?.[row] as number
      if (componentNo >= policy.components.length) return null
      if (last?.componentNo !== componentNo || last.currencyNo !== currencyNo) {
        const key = componentNo * CURRENCIES_MAX + currencyNo
        last = found.get(key) ?? {
          ...{
            componentNo,
            currencyNo,
            otherNos: [],
            onOthers: [],
            positions: new Map<number, number>(),
            charged: 0,
          },
          onParticipants: new Float64Array(participants.count),
        }
        found.set(key, last)
      }
      const serviceNo = serviceNos?.[row] as number
      const amount = amounts[row] as number
      last.charged += amount
      if (!Number.isSafeInteger(last.charged)) return null
      const position = this.#positionOf(serviceNo, participants.segmentNo)
      if (position !== -1) last.onParticipants[position] = (last.onParticipants[position] as number) + amount
      else addToOther(last, serviceNo, amount)
    }
    return [...found.values()].sort((a, b) => a.componentNo - b.componentNo || a.currencyNo - b.currencyNo)
  }

  #placeServices({ segmentNo, count, columns }: SegmentColumns): void {
    const serviceNos = columns[PARTICIPANT.service] as Int32Array
    for (let row = 0; row < count; row += 1) {
      const serviceNo = serviceNos[row] as number
      if (serviceNo >= this.#stamps.length) {
        const longer = { positions: new Int32Array(serviceNo * 2), stamps: new Int32Array(serviceNo * 2) }
        longer.positions.set(this.#positions)
        longer.stamps.set(this.#stamps)
        this.#positions = longer.positions
        this.#stamps = longer.stamps
      }
      this.#stamps[serviceNo] = segmentNo
      this.#positions[serviceNo] = row
    }
  }

  #positionOf(serviceNo: number, segmentNo: number): number {
    return this.#stamps[serviceNo] === segmentNo ? (this.#positions[serviceNo] as number) : -1
  }
}

function addToOther({ otherNos, onOthers, positions }: Billed, serviceNo: number, amount: number): void {
  const position = positions.get(serviceNo)
  if (position !== undefined) {
    onOthers[position] = (onOthers[position] as number) + amount
    return
  }
  positions.set(serviceNo, otherNos.length)
  otherNos.push(serviceNo)
  onOthers.push(amount)
}
