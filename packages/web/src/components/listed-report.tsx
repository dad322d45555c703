// A screen that is one report of the month: its search, order, views and export. Screens differ in which report and where rows lead.
import type { ReactNode } from 'react'
import type { ReportQuery, ReportRow } from '../api/use-report.ts'
import { useFormat } from '../app/format.ts'
import { useScreenSearch, useSetSearch } from '../app/go.ts'
import { usePeriods } from '../app/periods.ts'
import { ExportMenu } from './export-menu.tsx'
import { SearchBox } from './filter-chips.tsx'
import { NoMonth } from './no-month.tsx'
import { PageHeader } from './page-header.tsx'
import { ReportTable, type ReportTableProps } from './report-table.tsx'
import type { RowLink } from './rows-table.tsx'
import { EmptyState, NothingNamed } from './states.tsx'
import { ViewsMenu } from './views-menu.tsx'

export type ListedReportProps = Pick<
  ReportTableProps,
  'columns' | 'titles' | 'explainsOf' | 'cellOf' | 'hidesTotals'
> & {
  readonly title: string
  /** After the name of the month. */
  readonly summary: string
  readonly report: string
  readonly query: Omit<ReportQuery, 'period' | 'search' | 'sort'>
  readonly searches: string
  readonly linkOf?: (row: ReportRow) => RowLink | undefined
  /** Until somebody chooses another order; the report's own if left out. */
  readonly sortedBy?: string
  readonly actions?: ReactNode
  /** Where the month has no row; what is usual if left out. */
  readonly empty?: ReactNode
  readonly above?: ReactNode
}

const NOTHING = (
  <EmptyState title="Nothing in this month">What is imported and closed for the month stands here.</EmptyState>
)

export function ListedReport(props: ListedReportProps) {
  const { title, summary, report, query: asked, searches, actions, above, empty = NOTHING, sortedBy } = props
  const search = useScreenSearch()
  const setSearch = useSetSearch()
  const format = useFormat()
  const { period, isPending } = usePeriods()
  if (!isPending && period === undefined) return <NoMonth title={title} />
  const sort = search.sort ?? sortedBy
  const query: ReportQuery = { ...asked, period, ...(search.q === undefined ? {} : { search: search.q }) }
  return (
    <>
      <PageHeader
        title={title}
        summary={period === undefined ? undefined : `${format.period(period)}: ${summary}`}
        actions={
          <>
            {actions}
            <ViewsMenu />
            <ExportMenu report={report} query={query} sort={sort} />
          </>
        }
      />
      {above}
      <div style={{ maxWidth: 320, marginBottom: 12 }}>
        <SearchBox label={searches} />
      </div>
      <ReportTable
        {...pick(props)}
        report={report}
        query={query}
        isReady={period !== undefined}
        label={title}
        sort={sort}
        onSort={(next) => setSearch({ sort: next })}
        empty={search.q === undefined ? empty : <NothingNamed text={search.q} />}
      />
    </>
  )
}

function pick({ columns, titles, explainsOf, cellOf, hidesTotals, linkOf }: ListedReportProps) {
  return {
    ...(columns === undefined ? {} : { columns }),
    ...(titles === undefined ? {} : { titles }),
    ...(explainsOf === undefined ? {} : { explainsOf }),
    ...(cellOf === undefined ? {} : { cellOf }),
    ...(hidesTotals === undefined ? {} : { hidesTotals }),
    ...(linkOf === undefined ? {} : { linkOf }),
  }
}
