// The months of the company, from its runs, bills and imports.
import { useMemo } from 'react'
import { askAgain, queries, useAsk } from '../../api/use-ask.ts'
import { rowsOf, useReport } from '../../api/use-report.ts'
import { type Month, monthsOf } from './months.ts'

/** Newest first; older ones than these rows reach have been closed long since. */
const ROWS = 1000

export type Months = {
  readonly months: ReadonlyArray<Month> | undefined
  /** Bills take longer to count where there are many: until then their months may be missing. */
  readonly hasInvoices: boolean
  readonly error: Error | null
  readonly retry: () => void
}

export function useMonths(): Months {
  const runs = useAsk('listRuns', { query: { sort: '-closedAt', limit: 500 } })
  const invoices = useReport('reconciliation', { sort: '-period' }, { pageRows: ROWS })
  const imports = useReport('imports', { sort: '-until' }, { pageRows: ROWS })
  const months = useMemo(
    () =>
      runs.data && imports.data
        ? monthsOf({ runs: runs.data.items, invoices: rowsOf(invoices.data), imports: rowsOf(imports.data) })
        : undefined,
    [runs.data, invoices.data, imports.data],
  )
  const asked = [runs, invoices, imports]
  return {
    months,
    hasInvoices: invoices.data !== undefined,
    error: asked.find(({ error }) => error)?.error ?? null,
    retry: () => {
      for (const one of asked) void one.refetch()
    },
  }
}

/** After what a close, a publication or an accepted difference changes. */
export async function askMonthsAgain(): Promise<void> {
  // Of a month that was just reopened there are no problems to ask for: they are asked for again where they are shown next.
  await queries.invalidateQueries({ queryKey: ['getReport', 'problems'], refetchType: 'none' })
  await Promise.all([
    askAgain('listRuns', 'getRun', 'listPeriods', 'getOverview', 'listJobs'),
    queries.invalidateQueries({
      predicate: ({ queryKey: [of, report] }) => of === 'getReport' && report !== 'problems',
    }),
  ])
}
