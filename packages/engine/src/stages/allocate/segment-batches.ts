// Reads two sorted streams side by side, one segment at a time, so that no more than one segment's rows are in memory.
// Refuses streams that are not sorted by segment: a segment that came twice would be allocated twice.
import { invariant } from '@spillway/core'
import type { Cell } from '../../warehouse/warehouse.ts'

/** Rows as arrays of cells; the first cell is the segment's number. */
export type SegmentRows = { readonly segmentNo: number; readonly rows: ReadonlyArray<ReadonlyArray<Cell>> }

/** Consecutive rows of one segment, from columns in batches. */
export async function* bySegment(batches: AsyncIterable<Cell[][]>): AsyncGenerator<SegmentRows> {
  let segmentNo = -1
  let rows: Cell[][] = []
  for await (const columns of batches) {
    const numbers = columns[0] as number[]
    for (let index = 0; index < numbers.length; index += 1) {
      const next = numbers[index] as number
      if (next !== segmentNo) {
        invariant(next > segmentNo, 'segments are read in their order', { segmentNo, next })
        if (rows.length > 0) yield { segmentNo, rows }
        segmentNo = next
        rows = []
      }
      rows.push(columns.map((column) => column[index] as Cell))
    }
  }
  if (rows.length > 0) yield { segmentNo, rows }
}

/** For each segment of `leading`, the rows that `following` has for it; segments that only `following` has are left out. */
export async function* alongside(
  leading: AsyncIterable<SegmentRows>,
  following: AsyncIterable<SegmentRows>,
): AsyncGenerator<{
  readonly segmentNo: number
  readonly lead: SegmentRows['rows']
  readonly follow: SegmentRows['rows']
}> {
  const iterator = following[Symbol.asyncIterator]()
  try {
    let held = await iterator.next()
    for await (const { segmentNo, rows } of leading) {
      while (!held.done && held.value.segmentNo < segmentNo) held = await iterator.next()
      const follow = !held.done && held.value.segmentNo === segmentNo ? held.value.rows : []
      yield { segmentNo, lead: rows, follow }
    }
  } finally {
    await iterator.return?.()
  }
}
