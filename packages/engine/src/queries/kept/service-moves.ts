// What every service of two months moved by, from memory: those alone that may be among the ones that moved most, of a million.
import type { Move } from '@spillway/core'
import type { ReportView } from '../charges-report.ts'
import { inOrderOf, startsOf } from './number-order.ts'
import { changesOf, currencyPlaces, type PairedRows, pairedRows } from './paired-rows.ts'
import { placesOfLargest } from './places-of-largest.ts'
import type { ServiceSums } from './service-sums.ts'

export type ServiceMovesOf = {
  readonly before: ServiceSums
  readonly now: ServiceSums
  readonly view: ReportView
  /** At least so many of each currency and direction, where there are so many. */
  readonly count: number
}

/** In no order. */
export function serviceMoves({ before, now, view, count }: ServiceMovesOf): ReadonlyArray<Move> {
  const rows = pairedRows(before, now)
  const { inBefore, inAfter } = rows
  const changeAt = changesOf({ before, after: now, view })
  const found: number[] = []
  for (const alike of byCurrency(rows, { before, now }))
    for (const isDescending of [true, false]) {
      // Of services that moved by the same the first name is first.
      const valueAt = (at: number) =>
        changeAt(inBefore[alike[at] as number] as number, inAfter[alike[at] as number] as number)
      const places = placesOfLargest(valueAt, { count, isDescending, of: alike.length })
      // Whoever ranks them puts one before all others sooner than behind them.
      for (const at of places.toReversed()) found.push(alike[at] as number)
    }
  const [beforeValue, nowValue] = [before.valuesOf(`${view}_minor`), now.valuesOf(`${view}_minor`)]
  return [...new Set(found)].map((at) => {
    const [own, later] = [inBefore[at] as number, inAfter[at] as number]
    const [services, row] = later < 0 ? [before, own] : [now, later]
    const { service, currency } = services.keyAt(row)
    return {
      key: services.nameOf(service),
      currency: services.currencies[currency] as string,
      beforeMinor: own < 0 ? null : BigInt(beforeValue(own)),
      nowMinor: later < 0 ? null : BigInt(nowValue(later)),
    }
  })
}

/** Places of rows of one currency each, in order. */
function byCurrency(
  { count, inBefore, inAfter }: PairedRows,
  { before, now }: Pick<ServiceMovesOf, 'before' | 'now'>,
): ReadonlyArray<Int32Array> {
  const { owns, laters } = currencyPlaces(before, now)
  const columns = new Int32Array(count)
  for (let at = 0; at < count; at += 1) {
    const [own, later] = [inBefore[at] as number, inAfter[at] as number]
    columns[at] = (later < 0 ? owns[before.keyAt(own).currency] : laters[now.keyAt(later).currency]) as number
  }
  const starts = startsOf(columns)
  const rows = inOrderOf(columns, starts)
  return Array.from({ length: starts.length - 1 }, (_, column) => rows.subarray(starts[column], starts[column + 1]))
}
