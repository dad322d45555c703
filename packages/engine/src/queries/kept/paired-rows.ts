// The services of two runs beside each other, from memory: in the order of their names, in one walk over both.
import { compareBytes } from '@spillway/core'
import type { ReportView } from '../charges-report.ts'
import { ranksAmong } from './packed-texts.ts'
import type { ServiceSums } from './service-sums.ts'

export type ChangesOf = { readonly before: ServiceSums; readonly after: ServiceSums; readonly view: ReportView }

/** Between two rows, as a number where all amounts of both runs are numbers: so that any two changes can be compared. */
export function changesOf({ before, after, view }: ChangesOf): (own: number, later: number) => number | bigint {
  const [beforeValue, afterValue] = [before.valuesOf(`${view}_minor`), after.valuesOf(`${view}_minor`)]
  const isNumber = [before.count > 0 ? beforeValue(0) : 0, after.count > 0 ? afterValue(0) : 0].every(
    (value) => typeof value === 'number',
  )
  if (isNumber)
    return (own, later) =>
      (later < 0 ? 0 : (afterValue(later) as number)) - (own < 0 ? 0 : (beforeValue(own) as number))
  return (own, later) => (later < 0 ? 0n : BigInt(afterValue(later))) - (own < 0 ? 0n : BigInt(beforeValue(own)))
}

/** Of each currency of either run its place among those of both, which are in order. */
export function currencyPlaces(
  before: ServiceSums,
  after: ServiceSums,
): { readonly owns: ReadonlyArray<number>; readonly laters: ReadonlyArray<number> } {
  const texts = [...new Set([...before.currencies, ...after.currencies])].sort(compareBytes)
  const placesOf = ({ currencies }: ServiceSums) => currencies.map((text) => texts.indexOf(text))
  return { owns: placesOf(before), laters: placesOf(after) }
}

export type PairedRows = { readonly count: number; readonly inBefore: Int32Array; readonly inAfter: Int32Array }

/** Of each service and currency that either run has, in their order, its rows in both. */
export function pairedRows(before: ServiceSums, after: ServiceSums): PairedRows {
  const ranks = ranksAmong(before.texts, after.texts)
  const { owns, laters } = currencyPlaces(before, after)
  const most = before.count + after.count
  const [inBefore, inAfter] = [new Int32Array(most), new Int32Array(most)]
  let [own, later, count] = [0, 0, 0]
  while (own < before.count || later < after.count) {
    const order = own === before.count ? 1 : later === after.count ? -1 : orderOfRows(own, later)
    inBefore[count] = order <= 0 ? own : -1
    inAfter[count] = order >= 0 ? later : -1
    if (order <= 0) own += 1
    if (order >= 0) later += 1
    count += 1
  }
  return { count, inBefore, inAfter }

  function orderOfRows(ownRow: number, laterRow: number): number {
    const [one, other] = [before.keyAt(ownRow), after.keyAt(laterRow)]
    const byService = (ranks[one.service] as number) - (2 * other.service + 1)
    return byService || (owns[one.currency] as number) - (laters[other.currency] as number)
  }
}
