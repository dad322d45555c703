// One pool in a month: how much of its allowance was used and when it ran out, who drew what, and what each carries.
import { Stack } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { rowsOf, useReport } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch } from '../../app/go.ts'
import { usePeriods } from '../../app/periods.ts'
import { ExportMenu } from '../../components/export-menu.tsx'
import { NoMonth } from '../../components/no-month.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ScreenTabs } from '../../components/screen-tabs.tsx'
import { EmptyState, FailureState, LoadingState } from '../../components/states.tsx'
import { ViewsMenu } from '../../components/views-menu.tsx'
import type { OfPool } from './of-pool.ts'
import { PoolDays } from './pool-days.tsx'
import { PoolDivision } from './pool-division.tsx'
import { PoolFacts } from './pool-facts.tsx'
import { PoolMembers } from './pool-members.tsx'
import { PoolMonths } from './pool-months.tsx'

export function Screen() {
  const { pool = '' } = useParams({ strict: false }) as { pool?: string }
  const { sort } = useScreenSearch()
  const format = useFormat()
  const { period, isPending } = usePeriods()
  const listed = useReport('pools', { period, search: pool }, { isReady: period !== undefined, pageRows: 1000 })
  if (!isPending && period === undefined) return <NoMonth title={pool} />
  const rows = rowsOf(listed.data).filter((row) => row.pool === pool)
  const [first] = rows
  return (
    <>
      <PageHeader
        title={pool}
        crumbs={[{ label: 'Pools', to: '/pools' }]}
        summary={[first && `${capital(first.model ?? '')} pool of ${first.usage_type}`, period && format.period(period)]
          .filter(Boolean)
          .join(', ')}
        actions={
          <>
            <ViewsMenu />
            <ExportMenu report="allocation" query={{ period, where: [`pool=${pool}`] }} sort={sort} />
          </>
        }
      />
      {listed.isError ? (
        <FailureState error={listed.error} onRetry={() => listed.refetch()} />
      ) : !listed.data || period === undefined ? (
        <LoadingState />
      ) : first === undefined ? (
        <EmptyState title={`No pool ${pool} in ${format.period(period)}`} action={{ label: 'All pools', to: '/pools' }}>
          It may have another name, or nothing was charged in it. Choose another month, or look at all pools.
        </EmptyState>
      ) : (
        <Stack gap="lg">
          <PoolFacts rows={rows} pool={pool} period={period} />
          <PoolTabs pool={pool} period={period} />
        </Stack>
      )}
    </>
  )
}

function PoolTabs(of: OfPool) {
  return (
    <ScreenTabs
      label="Of this pool"
      tabs={[
        { value: 'members', label: 'Who pays', content: <PoolMembers {...of} /> },
        { value: 'usage', label: 'Who drew what', content: <PoolDays {...of} /> },
        { value: 'division', label: 'How it was divided', content: <PoolDivision {...of} /> },
        { value: 'months', label: 'Month by month', content: <PoolMonths {...of} /> },
      ]}
    />
  )
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
