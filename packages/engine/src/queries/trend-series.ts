// Turns sums that come sorted by key and month into one series a key, month after month without a gap: a month that was
// closed and has no row counts 0, one that was not closed is unknown. Holds one batch of sums at a time.
import { changesOf, invariant, type MonthChanges } from '@spillway/core'
import type { Row } from '../warehouse/warehouse.ts'
import type { MonthRun } from './current-run.ts'
import { monthNameOf } from './run-months.ts'

export type TrendMonth = MonthRun & { readonly month: number }

/** One row per series and month that has any; `services` counts those there, `started` those not there the month before. */
export type SumRow = Row & {
  key: string
  /** With the key what a series is of: a currency, or a usage class. */
  part: string
  name: string
  month: number
  services: bigint
  started: bigint
}

export type TrendPoint<R extends SumRow> = {
  readonly key: string
  readonly part: string
  readonly name: string
  readonly month: string
  readonly state: 'published' | 'closed' | 'not closed'
  /** null where the key has nothing in a closed month. */
  readonly sums: R | null
  readonly changes: MonthChanges
  readonly services: bigint
  /** null where the month before is not known. */
  readonly started: bigint | null
  readonly gone: bigint | null
}

type SeriesOptions<R extends SumRow> = {
  /** Consecutive, oldest first; the first `lookBack` of them are compared with and not shown. */
  readonly months: ReadonlyArray<TrendMonth>
  readonly lookBack: number
  readonly toValue: (row: R) => bigint
}

/** Per key and part one point for each month that is shown; keys without a row in those months are left out. */
export async function* trendSeries<R extends SumRow>(
  batches: AsyncIterable<ReadonlyArray<R>>,
  options: SeriesOptions<R>,
): AsyncGenerator<ReadonlyArray<TrendPoint<R>>> {
  let series: R[] = []
  for await (const batch of batches) {
    const points: TrendPoint<R>[] = []
    for (const row of batch) {
      const [head] = series
      if (head && (head.key !== row.key || head.part !== row.part)) {
        points.push(...pointsOf(series, options))
        series = []
      }
      series.push(row)
    }
    if (points.length > 0) yield points
  }
  const rest = pointsOf(series, options)
  if (rest.length > 0) yield rest
}

function pointsOf<R extends SumRow>(rows: ReadonlyArray<R>, options: SeriesOptions<R>): TrendPoint<R>[] {
  const { months, lookBack, toValue } = options
  const head = rows.at(-1)
  if (!head || head.month < (months[lookBack]?.month ?? 0)) return []
  const byMonth = new Map(rows.map((row) => [row.month, row]))
  invariant(byMonth.size === rows.length, 'a series has one sum a month', { key: head.key, part: head.part })
  const sumsAt = months.map(({ month }) => byMonth.get(month) ?? null)
  const changes = changesOf(months.map(({ run }, index) => (run ? valueOrZero(sumsAt[index], toValue) : null)))
  return months.slice(lookBack).map(({ month, run }, index) => {
    const at = index + lookBack
    const sums = sumsAt[at] ?? null
    const services = sums?.services ?? 0n
    const started = run && months[at - 1]?.run ? (sums?.started ?? 0n) : null
    return {
      key: head.key,
      part: head.part,
      name: head.name,
      month: monthNameOf(month),
      state: run?.state ?? 'not closed',
      sums,
      changes: changes[at] as MonthChanges,
      services,
      started,
      gone: started === null ? null : (sumsAt[at - 1]?.services ?? 0n) + started - services,
    }
  })
}

function valueOrZero<R>(row: R | null | undefined, toValue: (row: R) => bigint): bigint {
  return row ? toValue(row) : 0n
}
