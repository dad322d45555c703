// One run: what it came to, how it differs from another, and whether its figures can be proved.
import { Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { useAsk } from '../../api/use-ask.ts'
import { useFormat } from '../../app/format.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { ScreenTabs } from '../../components/screen-tabs.tsx'
import { FailureState, LoadingState } from '../../components/states.tsx'
import { ChecksTab } from './checks-tab.tsx'
import { CompareTab } from './compare-tab.tsx'
import { MonthBadge } from './month-list.tsx'
import type { Run } from './months.ts'
import { ProblemTable } from './problem-table.tsx'
import { RunTotals } from './run-totals.tsx'

export function Screen() {
  const { run: id = '' } = useParams({ strict: false }) as { readonly run?: string }
  const format = useFormat()
  const answer = useAsk('getRun', { params: { id } })
  const crumbs = [{ label: 'Runs', to: '/runs', search: answer.data ? { chosen: answer.data.period } : {} }]
  return (
    <>
      <PageHeader
        title={`Run ${id}`}
        crumbs={crumbs}
        summary={answer.data && `Of ${format.period(answer.data.period)}, by Spillway ${answer.data.codeVersion}`}
      />
      {answer.isError && <FailureState error={answer.error} onRetry={() => answer.refetch()} />}
      {answer.isPending && <LoadingState />}
      {answer.data && <RunBody run={answer.data} />}
    </>
  )
}

function RunBody({ run }: { readonly run: Run }) {
  const stands = run.state !== 'reopened'
  return (
    <Stack gap="md">
      <Paper withBorder p="md" component="section" aria-labelledby="totals">
        <Group gap="sm">
          <Title order={2} size="h4" id="totals">
            Totals
          </Title>
          <MonthBadge state={run.state} />
        </Group>
        <RunTotals run={run} />
        <RunStory run={run} />
        {stands && (
          <Text component="div" size="sm">
            <ScreenLink to="/explore" search={{ period: run.period }}>
              Its figures
            </ScreenLink>
          </Text>
        )}
      </Paper>
      <ScreenTabs
        label="Of this run"
        tabs={[
          { value: 'compare', label: 'Compare', content: <CompareTab run={run} /> },
          { value: 'checks', label: 'Checks', content: <ChecksTab run={run} /> },
          ...(stands ? [{ value: 'problems', label: 'Problems', content: <ProblemTable period={run.period} /> }] : []),
        ]}
      />
    </Stack>
  )
}

function RunStory({ run }: { readonly run: Run }) {
  const format = useFormat()
  return (
    <Stack gap={2} my="sm">
      <Text size="sm">
        Closed {format.instant(run.closedAt)} by {run.closedBy}
      </Text>
      {run.publishedAt !== null && (
        <Text size="sm">
          Published {format.instant(run.publishedAt)} by {run.publishedBy}
        </Text>
      )}
      {run.reopenedAt !== null && (
        <Text size="sm">
          Reopened {format.instant(run.reopenedAt)}: {run.reopenReason}
        </Text>
      )}
    </Stack>
  )
}
