// Any report as a table that scrolls through as many rows as there are: the next ones come as they are needed. Sorting and totals
// are the server's, over all rows, seen or not.
import type { ReactNode } from 'react'
import { type ReportQuery, rowsOf, useReport } from '../api/use-report.ts'
import { RowsTable, type RowsTableProps } from './rows-table.tsx'
import { EmptyState, FailureState, LoadingState } from './states.tsx'

export type ReportTableProps = Omit<RowsTableProps, 'head' | 'rows' | 'isStale' | 'onEnd'> & {
  readonly report: string
  readonly query: ReportQuery
  /** False until it is known of which month. */
  readonly isReady?: boolean
  readonly empty?: ReactNode
}

export function ReportTable(props: ReportTableProps) {
  const { report, query, isReady = true, sort, empty } = props
  const answer = useReport(report, { ...query, ...(sort === undefined ? {} : { sort }) }, { isReady })
  if (answer.isError) return <FailureState error={answer.error} onRetry={() => answer.refetch()} />
  const head = answer.data?.pages[0]
  if (!head) return <LoadingState />
  const rows = rowsOf(answer.data)
  if (rows.length === 0)
    return (
      empty ?? (
        <EmptyState title="Nothing here" isNoMatch>
          No row of this month answers to what is asked for.
        </EmptyState>
      )
    )
  return (
    <RowsTable
      {...props}
      head={head}
      rows={rows}
      isStale={answer.isPlaceholderData}
      onEnd={() => {
        if (answer.hasNextPage && !answer.isFetchingNextPage) void answer.fetchNextPage()
      }}
    />
  )
}
