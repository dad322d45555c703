// What each month of a series changed by on the month before and on the same month of the year before. A month that is
// not known compares with nothing: it is never taken for zero.
import { shareOfChange } from './change.ts'

export type Change = {
  readonly change: bigint
  /** See `shareOfChange`: '' where nothing was there before. */
  readonly share: string
}

export type MonthChanges = {
  /** null where either month is not known, or before the series. */
  readonly onMonth: Change | null
  readonly onYear: Change | null
}

const MONTHS_IN_YEAR = 12

/** `series`: one value per consecutive month, oldest first, in minor or base units; null where the month is not known. */
export function changesOf(series: ReadonlyArray<bigint | null>): MonthChanges[] {
  return series.map((now, index) => ({
    onMonth: changeBetween(series[index - 1], now),
    onYear: changeBetween(series[index - MONTHS_IN_YEAR], now),
  }))
}

function changeBetween(before: bigint | null | undefined, now: bigint | null): Change | null {
  if (before === null || before === undefined || now === null) return null
  return { change: now - before, share: shareOfChange({ before, now }) }
}
