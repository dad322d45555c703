// What the runs of several months come to by one column, from memory, as the query of a trend has it.
import { compareBytes } from '@spillway/core'
import type { RunTable } from '../../catalog/tables.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import type { RowFilter } from '../filter/row-filter.ts'
import { DIMENSION_COLUMN } from '../names.ts'
import type { SumRow, TrendMonth } from '../trend-series.ts'
import { type NamedDimension, shownNames } from './directory-names.ts'

export type CostRow = SumRow & { actual_minor: bigint; adjusted_minor: bigint }

export type KeptTrend = {
  readonly by: NamedDimension | 'all'
  readonly months: ReadonlyArray<TrendMonth>
  readonly filter: RowFilter
  /** Whose directory has the names. */
  readonly run: Pick<RunTable, 'inputs'>
}

/** Rows ordered by key, currency and month, without services counted; null where the sums of a month are not kept. */
export async function keptTrend(
  workspace: ScopedWorkspace,
  { by, months, filter, run }: KeptTrend,
): Promise<ReadonlyArray<CostRow> | null> {
  const { sums } = workspace
  if (!sums) return null
  const series = new Map<string, Map<string, CostRow[]>>()
  for (const { month, run: own } of months) {
    if (!own) continue
    const columns = by === 'all' ? ['currency'] : [DIMENSION_COLUMN[by], 'currency']
    const rows = sums.sumsOf(own.id)?.sum(columns, filter)
    if (!rows) return null
    for (const { keys, actualMinor, adjustedMinor } of rows) {
      const [key = '', part = ''] = by === 'all' ? ['all', ...keys] : keys
      const parts = series.get(key) ?? new Map<string, CostRow[]>()
      series.set(key, parts)
      const amounts = { actual_minor: actualMinor, adjusted_minor: adjustedMinor }
      const row = { key, part, month, name: '', ...amounts, services: 0n, started: 0n }
      const known = parts.get(part)
      if (known) known.push(row)
      else parts.set(part, [row])
    }
  }
  const keys = [...series.keys()].sort(compareBytes)
  const nameOf = by === 'all' ? () => 'everything' : await shownNames(workspace, { by, run, keys })
  return keys.flatMap((key) => {
    const name = nameOf(key)
    const parts = [...(series.get(key) ?? [])].sort(([left], [right]) => compareBytes(left, right))
    return parts.flatMap(([, rows]) => rows.map((row) => ({ ...row, name })))
  })
}
