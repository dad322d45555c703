// One project: its calls with the time that is billed for each, by call, by person, by month.
import { Button, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconGavel } from '@tabler/icons-react'
import { useParams } from '@tanstack/react-router'
import { useAsk } from '../../api/use-ask.ts'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { usePeriods } from '../../app/periods.ts'
import { CostByMonth } from '../../components/cost-by-month.tsx'
import { ExportMenu } from '../../components/export-menu.tsx'
import { NoMonth } from '../../components/no-month.tsx'
import { keepPeriod, PageHeader } from '../../components/page-header.tsx'
import { ReportTable } from '../../components/report-table.tsx'
import { ScreenTabs } from '../../components/screen-tabs.tsx'
import { EmptyState, FailedPart } from '../../components/states.tsx'
import { durationCell } from './duration-cell.tsx'
import { LedesDialog, type LedesDialogProps } from './ledes-dialog.tsx'

export function Screen() {
  const { project = '' } = useParams({ strict: false }) as { project?: string }
  const here = useScreenSearch()
  const format = useFormat()
  const { period, isPending } = usePeriods()
  const known = useAsk('listProjects', { query: { key: project, limit: 1 } })
  if (!isPending && period === undefined) return <NoMonth title={project} />
  if (period === undefined) return null
  const named = known.data?.items[0]
  return (
    <>
      <PageHeader
        title={named?.name || project}
        crumbs={[{ label: 'Projects', to: '/projects' }]}
        summary={[project, named?.client, format.period(period)].filter(Boolean).join(' · ')}
        actions={
          <>
            <Ledes project={project} projectClient={named?.client ?? ''} period={period} />
            <ExportMenu
              report="billable-time"
              query={{ period, project, ...(here.tab === 'people' ? { by: 'person' } : {}) }}
              sort={here.sort}
            />
          </>
        }
      />
      <Stack gap="lg">
        <FailedPart answer={known} />
        <CostByMonth
          period={period}
          by="project"
          trendOf={project}
          title={(currency) => `Charged to it in ${currency}`}
        />
        <Text size="sm" c="dimmed">
          Above stands what the services assigned to it cost; below, the calls made for it, under whichever user id.
        </Text>
        <ScreenTabs
          label="Billable time"
          tabs={[
            { value: 'calls', label: 'Calls', content: <Calls project={project} period={period} /> },
            { value: 'people', label: 'By person', content: <By project={project} period={period} by="person" /> },
          ]}
        />
      </Stack>
    </>
  )
}

function Ledes(of: Omit<LedesDialogProps, 'isOpen' | 'onClose'>) {
  const [isOpen, { open, close }] = useDisclosure(false)
  return (
    <>
      <Button variant="default" size="sm" leftSection={<IconGavel size={16} aria-hidden />} onClick={open}>
        LEDES invoice
      </Button>
      <LedesDialog {...of} isOpen={isOpen} onClose={close} />
    </>
  )
}

type OfProject = { readonly project: string; readonly period: string }

function Calls({ project, period }: OfProject) {
  const here = useScreenSearch()
  const setSearch = useSetSearch()
  return (
    <ReportTable
      report="billable-time"
      query={{ period, project }}
      label="Calls of the project"
      columns={[
        'start',
        'name',
        'account_code',
        'participants',
        'participant_names',
        'seconds',
        'billable_seconds',
        'cost',
        'amount',
      ]}
      titles={{
        name: 'Person',
        account_code: 'Code',
        seconds: 'Time',
        billable_seconds: 'Billable',
        amount: 'To bill',
      }}
      sort={here.sort}
      onSort={(sort) => setSearch({ sort })}
      cellOf={durationCell}
      empty={<EmptyState title="No call this month">No call of this month was for this project.</EmptyState>}
    />
  )
}

function By({ project, period, by }: OfProject & { readonly by: 'person' }) {
  const here = useScreenSearch()
  const setSearch = useSetSearch()
  return (
    <ReportTable
      report="billable-time"
      query={{ period, project, by }}
      label="Billable time by person"
      columns={['name', 'person', 'calls', 'seconds', 'billable_seconds', 'cost', 'amount']}
      titles={{ name: 'Person', person: 'Employee', seconds: 'Time', billable_seconds: 'Billable', amount: 'To bill' }}
      sort={here.sort}
      onSort={(sort) => setSearch({ sort })}
      cellOf={durationCell}
      linkOf={({ person }) =>
        person ? { to: `/people/${encodeURIComponent(person)}`, search: keepPeriod(here) } : undefined
      }
    />
  )
}
