// The first screen: what the month cost, how that changed, and what somebody should look at; every figure leads to where it comes from.
import { SimpleGrid, Stack } from '@mantine/core'
import { useAsk } from '../../api/use-ask.ts'
import { useFormat } from '../../app/format.ts'
import { usePeriods } from '../../app/periods.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { FailureState, LoadingState } from '../../components/states.tsx'
import { Attention } from './attention.tsx'
import { FirstRun } from './first-run.tsx'
import { Movers } from './movers.tsx'
import { Spend } from './spend.tsx'
import { useHomeView } from './use-home-view.ts'

export function Screen() {
  const home = useHomeView()
  const format = useFormat()
  const { period, run, isPending } = usePeriods()
  const overview = useAsk('getOverview', { query: period === undefined ? {} : { period } }, { isReady: !isPending })
  if (home === 'going') return <LoadingState />
  if (overview.isError) return <FailureState error={overview.error} onRetry={() => overview.refetch()} />
  if (period === undefined) {
    if (!overview.data) return <LoadingState />
    const { isEmpty, items } = overview.data
    return (
      <>
        <PageHeader title="Overview" />
        <FirstRun hasImports={!isEmpty} />
        {items.length > 0 && <Attention items={items} />}
      </>
    )
  }
  return (
    <>
      <PageHeader
        title="Overview"
        summary={
          <>
            {format.period(period)}
            {run === undefined ? '' : run.state === 'published' ? ', published' : ', closed and not published yet'}
          </>
        }
      />
      <Stack gap="lg">
        <Spend period={period} />
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
          {overview.data ? <Attention items={overview.data.items} /> : <LoadingState rows={6} />}
          <Movers period={period} />
        </SimpleGrid>
      </Stack>
    </>
  )
}
