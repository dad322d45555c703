// Of which month bills are shown. A bill is there before its month is closed, so this is no list of closed months alone.
import { useAsk } from '../../api/use-ask.ts'
import { usePeriods } from '../../app/periods.ts'

export type BillMonth = {
  /** undefined while it is not known, or where there is no bill at all. */
  readonly period: string | undefined
  readonly isPending: boolean
  readonly isClosed: boolean
  /** The newest month that has a bill, where it is newer than the one shown. */
  readonly newer: string | undefined
}

export function useBillMonth(): BillMonth {
  const { period: shown, all, isPending } = usePeriods()
  const newest = useAsk('getReport', {
    params: { report: 'reconciliation' },
    query: { sort: '-period', limit: 1 },
  })
  const latest = newest.data?.rows[0]?.period ?? undefined
  const period = shown ?? latest
  return {
    period,
    isPending: isPending || newest.isPending,
    isClosed: all.some((one) => one.period === period),
    newer: latest !== undefined && period !== undefined && latest > period ? latest : undefined,
  }
}
