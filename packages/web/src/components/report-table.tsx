// Any report as a table that scrolls through as many rows as there are: those in sight come as they are needed, wherever they are.
// Sorting and totals are the server's, over all rows, seen or not.
import type { ReactNode } from 'react'
import type { ReportQuery } from '../api/use-report.ts'
import { useReportRows } from '../api/use-report-rows.ts'
import { RowsTable, type RowsTableProps } from './rows-table.tsx'
import { EmptyState, FailureState, LoadingState } from './states.tsx'

export type ReportTableProps = Omit<RowsTableProps, 'head' | 'rowAt' | 'of' | 'isStale' | 'onSight'> & {
  readonly report: string
  readonly query: ReportQuery
  /** False until it is known of which month. */
  readonly isReady?: boolean
  readonly empty?: ReactNode
}

export function ReportTable(props: ReportTableProps) {
  const { report, query, isReady = true, sort, empty } = props
  const { head, error, onRetry, ...rows } = useReportRows(
    report,
    { ...query, ...(sort === undefined ? {} : { sort }) },
    { isReady },
  )
  const failure = error === null ? null : <FailureState error={error} onRetry={onRetry} />
  if (!head) return failure ?? <LoadingState />
  if (head.rowCount === 0)
    return (
      empty ?? (
        <EmptyState title="Nothing here" why="no-match">
          No row of this month answers to what is asked for.
        </EmptyState>
      )
    )
  return (
    <>
      {failure}
      <RowsTable {...props} {...rows} head={head} />
    </>
  )
}
