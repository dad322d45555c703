// What is done for clients: billable time by project, what projects cost in all, and calls that lack the code they need.
import type { ReportRow } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { usePeriods } from '../../app/periods.ts'
import { NoMonth } from '../../components/no-month.tsx'
import { keepPeriod, PageHeader } from '../../components/page-header.tsx'
import { ReportTable } from '../../components/report-table.tsx'
import { ScreenTabs } from '../../components/screen-tabs.tsx'
import { EmptyState } from '../../components/states.tsx'
import { durationCell } from './duration-cell.tsx'

export function Screen() {
  const format = useFormat()
  const { period, isPending } = usePeriods()
  if (!isPending && period === undefined) return <NoMonth title="Projects" />
  if (period === undefined) return null
  return (
    <>
      <PageHeader title="Projects" summary={format.period(period)} />
      <ScreenTabs
        label="Projects"
        tabs={[
          { value: 'billable-time', label: 'Billable time', content: <BillableTime period={period} /> },
          { value: 'costs', label: 'All costs', content: <Costs period={period} /> },
          { value: 'uncoded', label: 'Calls without a code', content: <Uncoded period={period} /> },
        ]}
      />
    </>
  )
}

type OfMonth = { readonly period: string }

function BillableTime({ period }: OfMonth) {
  const here = useScreenSearch()
  const setSearch = useSetSearch()
  return (
    <ReportTable
      report="billable-time"
      query={{ period, by: 'project' }}
      label="Billable time by project"
      columns={['name', 'project', 'client', 'calls', 'seconds', 'billable_seconds', 'cost', 'amount']}
      titles={{
        name: 'Project',
        project: 'Key',
        seconds: 'Time',
        billable_seconds: 'Billable time',
        amount: 'To bill',
      }}
      sort={here.sort}
      onSort={(sort) => setSearch({ sort })}
      cellOf={durationCell}
      linkOf={({ project }) =>
        project ? { to: `/projects/${encodeURIComponent(project)}`, search: keepPeriod(here) } : undefined
      }
      empty={
        <EmptyState title="No call was for a project">
          Calls get their project from an account code, or from the owner of their user id.
        </EmptyState>
      }
    />
  )
}

function Costs({ period }: OfMonth) {
  const here = useScreenSearch()
  const setSearch = useSetSearch()
  const linkOf = ({ key }: ReportRow) =>
    key
      ? { to: `/projects/${encodeURIComponent(key)}`, search: keepPeriod(here) }
      : { to: '/explore', search: { ...keepPeriod(here), by: 'service', where: ['project='] } }
  return (
    <ReportTable
      report="charges"
      query={{ period, by: 'project' }}
      label="Costs by project"
      columns={['name', 'key', 'actual', 'adjusted', 'difference']}
      titles={{ name: 'Project', key: 'Key' }}
      sort={here.sort}
      onSort={(sort) => setSearch({ sort })}
      linkOf={linkOf}
    />
  )
}

function Uncoded({ period }: OfMonth) {
  const here = useScreenSearch()
  const setSearch = useSetSearch()
  return (
    <ReportTable
      report="uncoded"
      query={{ period }}
      label="Calls without a valid account code"
      columns={['start', 'user_id', 'code', 'fault', 'seconds', 'participants', 'participant_names']}
      titles={{ seconds: 'Time' }}
      sort={here.sort}
      onSort={(sort) => setSearch({ sort })}
      cellOf={durationCell}
      empty={
        <EmptyState title="Every call has its code">
          Where an account asks for codes, calls without a valid one stand here.
        </EmptyState>
      }
    />
  )
}
