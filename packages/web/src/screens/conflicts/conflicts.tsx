// Conferences that one user id held at once: who has too few user ids, when it was, and one day of one of them hour by hour.
import { Stack } from '@mantine/core'
import type { ReportColumn, ReportRow } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { usePeriods } from '../../app/periods.ts'
import { ExportMenu } from '../../components/export-menu.tsx'
import { SearchBox } from '../../components/filter-chips.tsx'
import { NoMonth } from '../../components/no-month.tsx'
import { keepPeriod, PageHeader } from '../../components/page-header.tsx'
import { ReportTable } from '../../components/report-table.tsx'
import { ScreenTabs } from '../../components/screen-tabs.tsx'
import { EmptyState } from '../../components/states.tsx'
import { ViewsMenu } from '../../components/views-menu.tsx'
import { durationOf } from '../projects/duration-cell.tsx'
import { DayOfUserId } from './day-of-user-id.tsx'

const NONE = (
  <EmptyState title="No conflict this month" why="all-well">
    No user id was in two conferences at once, so nobody was kept out of one.
  </EmptyState>
)

export function Screen() {
  const here = useScreenSearch()
  const format = useFormat()
  const { period, isPending } = usePeriods()
  const { of, chosen, from } = here
  if (!isPending && period === undefined) return <NoMonth title="Conflicts" />
  const isByUserId = here.tab !== 'conferences'
  return (
    <>
      <PageHeader
        title="Conflicts"
        summary={period && `${format.period(period)}: conferences at once under one user id`}
        actions={
          <>
            <ViewsMenu />
            <ExportMenu
              report="conflicts"
              query={{ period, ...(isByUserId ? { by: 'user-id' } : {}), ...(here.q ? { search: here.q } : {}) }}
              sort={here.sort}
            />
          </>
        }
      />
      {period !== undefined && (
        <Stack gap="xl">
          {of !== undefined && chosen !== undefined && from !== undefined && (
            <DayOfUserId account={of} userId={chosen} day={from} />
          )}
          <div>
            <div style={{ maxWidth: 320, marginBottom: 12 }}>
              <SearchBox label="Search conflicts" />
            </div>
            <ScreenTabs
              label="Conflicts"
              tabs={[
                { value: 'user-ids', label: 'User ids', content: <UserIds period={period} /> },
                { value: 'conferences', label: 'Conferences at once', content: <Conferences period={period} /> },
              ]}
            />
          </div>
        </Stack>
      )}
    </>
  )
}

function UserIds({ period }: { readonly period: string }) {
  const here = useScreenSearch()
  const cellOf = useConflictCell()
  const setSearch = useSetSearch()
  return (
    <ReportTable
      report="conflicts"
      query={{ period, by: 'user-id', ...(here.q ? { search: here.q } : {}) }}
      label="User ids with conflicts"
      columns={['user_id', 'account', 'conflicts', 'seconds', 'peak', 'to_add', 'sub_accounts']}
      titles={{ seconds: 'Together', peak: 'Most at once', to_add: 'To add', sub_accounts: 'Sub-accounts to add' }}
      sort={here.sort}
      onSort={(sort) => setSearch({ sort })}
      cellOf={cellOf}
      linkOf={({ user_id }) => ({
        to: '/conflicts',
        search: { ...keepPeriod(here), tab: 'conferences', q: user_id ?? '' },
      })}
      empty={NONE}
    />
  )
}

function Conferences({ period }: { readonly period: string }) {
  const here = useScreenSearch()
  const cellOf = useConflictCell()
  const setSearch = useSetSearch()
  return (
    <ReportTable
      report="conflicts"
      query={{ period, ...(here.q ? { search: here.q } : {}) }}
      label="Conferences at once"
      columns={['from', 'until', 'user_id', 'seconds', 'peak', 'conference_ids', 'participants']}
      titles={{ seconds: 'How long', peak: 'At once', conference_ids: 'Conferences', participants: 'Who' }}
      sort={here.sort}
      onSort={(sort) => setSearch({ sort })}
      cellOf={cellOf}
      linkOf={({ account, user_id, from }) => ({
        to: '/conflicts',
        search: { ...here, of: account ?? '', chosen: user_id ?? '', from: from?.slice(0, 10), key: undefined },
      })}
      empty={NONE}
    />
  )
}

/** Times are those of the account, whatever the viewer's zone. */
function useConflictCell() {
  const format = useFormat()
  return ({ key }: ReportColumn, row: ReportRow) => {
    const value = row[key]
    if (!value) return undefined
    if (key === 'seconds') return <span title={`${value} s`}>{durationOf(Number(value))}</span>
    if (key === 'from') return <span title={value}>{format.wallTime(value.slice(0, 19))}</span>
    if (key === 'until') return <span title={value}>{value.slice(11, 19)}</span>
    return undefined
  }
}
