// Finds when several conferences went on at once under one user id (spec, accounts, "Simultaneous use"): one pass over the
// conferences in order of their start, with those that are still going on in a heap by their end. Never compares pairs.
import { invariant } from '../invariant.ts'

/**
 * A stretch of time in which two conferences or more went on; it ends where but one is left, even if another begins at that
 * instant. Instants are UTC microseconds, half-open.
 */
export type Conflict = {
  readonly fromMicros: number
  readonly untilMicros: number
  /** The most at one instant. */
  readonly peak: number
  /** Indices of the conferences that went on in it, by their start. */
  readonly members: ReadonlyArray<number>
}

export type Conferences = {
  readonly count: number
  /** From the first connect to the last disconnect, which is exclusive: back to back is no conflict. */
  readonly startMicros: ArrayLike<number>
  readonly endMicros: ArrayLike<number>
}

/**
 * The conflicts of one user id, in order of time; the conferences may come in any order. A conference without any length
 * is in no conflict. 09:00 to 10:00 beside 09:30 to 10:30 is one conflict of 30 minutes with a peak of 2.
 *
 * @throws Bug where a conference ends before it starts.
 */
export function findConflicts({ count, startMicros, endMicros }: Conferences): Conflict[] {
  const order: number[] = []
  for (let index = 0; index < count; index += 1) {
    const [start, end] = [startMicros[index] as number, endMicros[index] as number]
    invariant(start <= end, 'a conference does not end before it starts', { start, end })
    if (start < end) order.push(index)
  }
  order.sort((a, b) => (startMicros[a] as number) - (startMicros[b] as number) || a - b)
  const conflicts: Conflict[] = []
  const going = new EndHeap(endMicros)
  let open: { fromMicros: number; peak: number; members: number[] } | null = null
  const endBefore = (instant: number) => {
    while (going.size > 0 && going.earliestEnd <= instant) {
      const end = going.earliestEnd
      going.removeEarliest()
      if (going.size !== 1 || !open) continue
      conflicts.push({ ...open, untilMicros: end })
      open = null
    }
  }
  for (const index of order) {
    const start = startMicros[index] as number
    endBefore(start)
    going.add(index)
    if (going.size < 2) continue
    if (open) {
      open.members.push(index)
      open.peak = Math.max(open.peak, going.size)
    } else open = { fromMicros: start, peak: 2, members: [going.earliest, going.latest].sort((a, b) => a - b) }
  }
  endBefore(Number.POSITIVE_INFINITY)
  return conflicts
}

/** A conflict without who is in it. */
export type Stretch = Omit<Conflict, 'members'>

export type SortedConferences = {
  /** Of those that have any length, each list in ascending order: which end belongs to which start is not asked. */
  readonly starts: Float64Array
  readonly ends: Float64Array
}

/** When the conflicts of {@link findConflicts} are, in order of time, told by starts and ends alone. */
export function findStretches({ starts, ends }: SortedConferences): Stretch[] {
  const count = starts.length
  const found: Stretch[] = []
  let [ended, fromMicros, peak] = [0, 0, 0]
  for (let started = 0; started <= count; started += 1) {
    const start = started === count ? Number.POSITIVE_INFINITY : (starts[started] as number)
    for (; ended < started && (ends[ended] as number) <= start; ended += 1) {
      // Of two that went on, one ends.
      if (started - ended !== 2) continue
      found.push({ fromMicros, untilMicros: ends[ended] as number, peak })
      peak = 0
    }
    const going = started + 1 - ended
    if (started === count || going < 2) continue
    if (peak === 0) fromMicros = start
    peak = Math.max(peak, going)
  }
  return found
}

/** The most conferences at one instant; 0 where none has any length. */
export function peakOf({ count, startMicros, endMicros }: Conferences): number {
  const starts: number[] = []
  const ends: number[] = []
  for (let index = 0; index < count; index += 1) {
    if ((startMicros[index] as number) >= (endMicros[index] as number)) continue
    starts.push(startMicros[index] as number)
    ends.push(endMicros[index] as number)
  }
  const inOrder = (a: number, b: number) => a - b
  starts.sort(inOrder)
  ends.sort(inOrder)
  let [peak, ended] = [0, 0]
  for (let started = 0; started < starts.length; started += 1) {
    while ((ends[ended] as number) <= (starts[started] as number)) ended += 1
    peak = Math.max(peak, started + 1 - ended)
  }
  return peak
}

/** Conferences that go on, the one that ends first on top. */
class EndHeap {
  readonly #ends: ArrayLike<number>
  readonly #heap: number[] = []

  constructor(ends: ArrayLike<number>) {
    this.#ends = ends
  }

  get size(): number {
    return this.#heap.length
  }

  get earliest(): number {
    return this.#heap[0] as number
  }

  /** Of two, the other one. */
  get latest(): number {
    return this.#heap[this.#heap.length - 1] as number
  }

  get earliestEnd(): number {
    return this.#ends[this.earliest] as number
  }

  add(index: number): void {
    const heap = this.#heap
    let at = heap.push(index) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      if (!this.#isEarlier(at, above)) break
      this.#swap(at, above)
      at = above
    }
  }

  removeEarliest(): void {
    const heap = this.#heap
    const last = heap.pop() as number
    if (heap.length === 0) return
    heap[0] = last
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2]
      let least = at
      if (left < heap.length && this.#isEarlier(left, least)) least = left
      if (right < heap.length && this.#isEarlier(right, least)) least = right
      if (least === at) return
      this.#swap(at, least)
      at = least
    }
  }

  #isEarlier(a: number, b: number): boolean {
    return this.#endAt(a) < this.#endAt(b)
  }

  #endAt(at: number): number {
    return this.#ends[this.#heap[at] as number] as number
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap
    const held = heap[a] as number
    heap[a] = heap[b] as number
    heap[b] = held
  }
}
