// Reads two sorted streams of numbers side by side, one segment at a time, so that no more than one segment's rows are in
// memory. Refuses streams that are not sorted by segment: a segment that came twice would be allocated twice.
import { invariant } from '@spillway/core'
import type { NumberBatch } from '../../warehouse/warehouse.ts'

type Column = Int32Array | BigInt64Array

/** The rows of one segment as columns; the first column is the segment's number. */
export type SegmentColumns = {
  readonly segmentNo: number
  readonly count: number
  readonly columns: ReadonlyArray<Column>
}

/** Consecutive rows of one segment. What is handed over is valid until the next is asked for. */
export async function* bySegment(batches: AsyncIterable<NumberBatch>): AsyncGenerator<SegmentColumns> {
  let segmentNo = -1
  let count = 0
  let held: Column[] = []
  for await (const batch of batches) {
    const numbers = batch.columns[0] as Int32Array
    for (let from = 0; from < batch.count; ) {
      const next = numbers[from] as number
      if (next !== segmentNo) {
        invariant(next > segmentNo, 'segments are read in their order', { segmentNo, next })
        if (count > 0) yield { segmentNo, count, columns: held }
        segmentNo = next
        count = 0
      }
      let until = from + 1
      while (until < batch.count && numbers[until] === next) until += 1
      held = batch.columns.map((column, index) => added(held[index], count, column.subarray(from, until)))
      count += until - from
      from = until
    }
  }
  if (count > 0) yield { segmentNo, count, columns: held }
}

/** `column` with the rows of `rows` from `count` on; a longer one where there is no room. */
function added(column: Column | undefined, count: number, rows: Column): Column {
  const wanted = count + rows.length
  let room = column
  if (room === undefined || room.length < wanted) {
    room = rows instanceof Int32Array ? new Int32Array(wanted * 2) : new BigInt64Array(wanted * 2)
    if (column !== undefined) room.set(column.subarray(0, count) as never)
  }
  room.set(rows as never, count)
  return room
}

/** For each segment of `leading`, what `following` has for it; segments that only `following` has are left out. */
export async function* alongside(
  leading: AsyncIterable<SegmentColumns>,
  following: AsyncIterable<SegmentColumns>,
): AsyncGenerator<{ readonly lead: SegmentColumns; readonly follow: SegmentColumns }> {
  const iterator = following[Symbol.asyncIterator]()
  try {
    let held = await iterator.next()
    for await (const lead of leading) {
      while (!held.done && held.value.segmentNo < lead.segmentNo) held = await iterator.next()
      const isSame = !held.done && held.value.segmentNo === lead.segmentNo
      yield { lead, follow: isSame ? held.value : { segmentNo: lead.segmentNo, count: 0, columns: [] } }
    }
  } finally {
    await iterator.return?.()
  }
}
