// What is done for clients: billable time by project, what projects cost in all, and calls that lack the code they need.
import { ActionIcon, Group, Tooltip } from '@mantine/core'
import { IconGavel } from '@tabler/icons-react'
import { useCallback, useState } from 'react'
import type { ReportRow } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { usePeriods } from '../../app/periods.ts'
import { ExportMenu } from '../../components/export-menu.tsx'
import { SearchBox } from '../../components/filter-chips.tsx'
import { NoMonth } from '../../components/no-month.tsx'
import { keepPeriod, PageHeader } from '../../components/page-header.tsx'
import { ReportTable, type ReportTableProps } from '../../components/report-table.tsx'
import { ScreenTabs } from '../../components/screen-tabs.tsx'
import { EmptyState, NothingNamed } from '../../components/states.tsx'
import { ViewsMenu } from '../../components/views-menu.tsx'
import { durationCell } from './duration-cell.tsx'
import { LedesDialog } from './ledes-dialog.tsx'

export function Screen() {
  const format = useFormat()
  const { period, isPending } = usePeriods()
  if (!isPending && period === undefined) return <NoMonth title="Projects" />
  if (period === undefined) return null
  return (
    <>
      <PageHeader
        title="Projects"
        summary={`${format.period(period)}: what is done for clients, and what it costs`}
        actions={<ViewsMenu />}
      />
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
type ListedProps = Omit<ReportTableProps, 'sort' | 'onSort'> & { readonly searches: string }

/** One of the lists: searched, put in order and exported like any other. */
function Listed({ searches, query: asked, empty, ...table }: ListedProps) {
  const { q, sort } = useScreenSearch()
  const setSearch = useSetSearch()
  const query = q === undefined ? asked : { ...asked, search: q }
  return (
    <>
      <Group mb="sm" justify="space-between">
        <SearchBox label={searches} />
        <ExportMenu report={table.report} query={query} sort={sort} />
      </Group>
      <ReportTable
        {...table}
        query={query}
        sort={sort}
        onSort={(next) => setSearch({ sort: next })}
        empty={q === undefined ? empty : <NothingNamed text={q} />}
      />
    </>
  )
}

function BillableTime({ period }: OfMonth) {
  const here = useScreenSearch()
  // Kept while the dialog fades out.
  const [billed, setBilled] = useState<ReportRow | null>(null)
  const [isBilling, setIsBilling] = useState(false)
  const actionOf = useCallback((row: ReportRow) => {
    if (!row.project) return undefined
    const bill = () => {
      setBilled(row)
      setIsBilling(true)
    }
    return <LedesAction project={row.project} onPress={bill} />
  }, [])
  return (
    <>
      <Listed
        searches="Search projects"
        report="billable-time"
        query={{ period, by: 'project' }}
        label="Billable time by project"
        columns={['name', 'project', 'client', 'billable_seconds', 'amount', 'calls', 'seconds', 'cost']}
        titles={{
          name: 'Project',
          project: 'Key',
          seconds: 'Time',
          billable_seconds: 'Billable time',
          amount: 'To bill',
        }}
        cellOf={durationCell}
        linkOf={({ project }) =>
          project ? { to: `/projects/${encodeURIComponent(project)}`, search: keepPeriod(here) } : undefined
        }
        empty={
          <EmptyState title="No call was for a project">
            Calls get their project from an account code, or from the owner of their user id.
          </EmptyState>
        }
        actionOf={actionOf}
      />
      {billed?.project && (
        <LedesDialog
          key={billed.project}
          isOpen={isBilling}
          onClose={() => setIsBilling(false)}
          project={billed.project}
          projectClient={billed.client ?? ''}
          period={period}
        />
      )}
    </>
  )
}

type LedesActionProps = { readonly project: string; readonly onPress: () => void }

function LedesAction({ project, onPress }: LedesActionProps) {
  return (
    <Tooltip label="LEDES invoice" openDelay={400}>
      <ActionIcon variant="subtle" color="gray" size={26} aria-label={`LEDES invoice of ${project}`} onClick={onPress}>
        <IconGavel size={15} aria-hidden />
      </ActionIcon>
    </Tooltip>
  )
}

function Costs({ period }: OfMonth) {
  const here = useScreenSearch()
  const linkOf = ({ key }: ReportRow) =>
    key
      ? { to: `/projects/${encodeURIComponent(key)}`, search: keepPeriod(here) }
      : { to: '/explore', search: { ...keepPeriod(here), by: 'service', where: ['project='] } }
  return (
    <Listed
      searches="Search projects"
      report="charges"
      query={{ period, by: 'project' }}
      label="Costs by project"
      columns={['name', 'key', 'actual', 'adjusted', 'difference']}
      titles={{ name: 'Project', key: 'Key' }}
      linkOf={linkOf}
    />
  )
}

function Uncoded({ period }: OfMonth) {
  return (
    <Listed
      searches="Search calls"
      report="uncoded"
      query={{ period }}
      label="Calls without a valid account code"
      columns={['start', 'user_id', 'code', 'fault', 'seconds', 'participants', 'participant_names']}
      titles={{ seconds: 'Time' }}
      cellOf={durationCell}
      empty={
        <EmptyState title="Every call has its code" why="all-well">
          Where an account asks for codes, calls without a valid one stand here.
        </EmptyState>
      }
    />
  )
}
