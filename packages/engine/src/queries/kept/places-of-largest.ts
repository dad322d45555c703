// The few largest of many values, in order, without putting the others in order.

type Wanted = { readonly count: number; readonly isDescending: boolean; readonly of: number }

/** Places from 0 to below `of`, the largest value first, or the smallest; of equal values the earlier place first. */
export function placesOfLargest(
  valueAt: (place: number) => number | bigint,
  { count, isDescending, of }: Wanted,
): ReadonlyArray<number> {
  const isBefore = (left: number, right: number) => {
    const [a, b] = [valueAt(left), valueAt(right)]
    if (a === b) return left < right
    return isDescending ? a > b : a < b
  }
  // A heap with the last of those kept at its top.
  const heap: number[] = []
  for (let place = 0; place < Math.min(count, of); place += 1) {
    heap.push(place)
    rise(heap, isBefore)
  }
  if (heap.length === 0) return heap
  let last = valueAt(heap[0] as number)
  for (let place = heap.length; place < of; place += 1) {
    const value = valueAt(place)
    // Of equal values the earlier place is kept.
    if (isDescending ? value <= last : value >= last) continue
    heap[0] = place
    sink(heap, isBefore)
    last = valueAt(heap[0])
  }
  return heap.sort((left, right) => (isBefore(left, right) ? -1 : 1))
}

type IsBefore = (left: number, right: number) => boolean

function rise(heap: number[], isBefore: IsBefore): void {
  let at = heap.length - 1
  while (at > 0) {
    const above = (at - 1) >>> 1
    if (!isBefore(heap[above] as number, heap[at] as number)) return
    swap(heap, at, above)
    at = above
  }
}

function sink(heap: number[], isBefore: IsBefore): void {
  let at = 0
  for (;;) {
    const [left, right] = [2 * at + 1, 2 * at + 2]
    let last = at
    if (left < heap.length && isBefore(heap[last] as number, heap[left] as number)) last = left
    if (right < heap.length && isBefore(heap[last] as number, heap[right] as number)) last = right
    if (last === at) return
    swap(heap, at, last)
    at = last
  }
}

function swap(heap: number[], one: number, other: number): void {
  const kept = heap[one] as number
  heap[one] = heap[other] as number
  heap[other] = kept
}
