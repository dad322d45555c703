// One month: where it stands, what it came to, and its next steps in their order.
import { Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useFormat } from '../../app/format.ts'
import { useMay } from '../../app/session.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { CloseStep } from './close-step.tsx'
import { InvoicesStep } from './invoices-step.tsx'
import { MonthBadge } from './month-list.tsx'
import type { Month } from './months.ts'
import { ProblemTable } from './problem-table.tsx'
import { PublishStep } from './publish-step.tsx'
import { ReopenButton } from './reopen-button.tsx'
import { RunHistory } from './run-history.tsx'
import { RunTotals } from './run-totals.tsx'

export function MonthPanel({ month }: { readonly month: Month }) {
  const format = useFormat()
  const mayChange = useMay('period:change')
  const { period, state, run } = month
  return (
    <Stack gap="md">
      <Paper withBorder p="md" component="section" aria-labelledby="month">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <Stack gap={4}>
            <Group gap="sm">
              <Title order={2} size="h3" id="month">
                {format.period(period)}
              </Title>
              <MonthBadge state={state} />
            </Group>
            <Text size="sm" c="dimmed">
              <WhereItStands month={month} />
            </Text>
          </Stack>
          {state === 'published' && mayChange && <ReopenButton period={period} />}
        </Group>
        {run && <RunTotals run={run} />}
        {run && (
          <Group gap="md" mt="sm" fz="sm">
            <ScreenLink to={`/runs/${encodeURIComponent(run.id)}`} search={{ period }}>
              Run {run.id}: compare, checks
            </ScreenLink>
            {state !== 'reopened' && (
              <ScreenLink to="/explore" search={{ period }}>
                Its figures
              </ScreenLink>
            )}
          </Group>
        )}
      </Paper>
      {state !== 'published' && <CloseStep month={month} />}
      <InvoicesStep month={month} />
      {(state === 'closed' || state === 'published') && <ProblemTable key={run?.id} period={period} />}
      {state === 'closed' && run && <PublishStep month={month} run={run} />}
      {month.runs.length > 1 && <RunHistory runs={month.runs} />}
    </Stack>
  )
}

function WhereItStands({ month: { state, run, invoices, files } }: { readonly month: Month }) {
  const format = useFormat()
  if (!run)
    return invoices + files === 0
      ? 'Nothing of this month is imported.'
      : `${format.count(invoices)} ${invoices === 1 ? 'bill' : 'bills'} and ${format.count(files)} files are imported; not closed yet.`
  if (state === 'published')
    return `Published ${format.instant(run.publishedAt ?? '')} by ${run.publishedBy ?? ''}. Nothing changes it unless it is reopened.`
  if (state === 'reopened')
    return `Reopened ${format.instant(run.reopenedAt ?? '')}: ${run.reopenReason ?? ''}. Close it again to have figures.`
  return `Closed ${format.instant(run.closedAt)} by ${run.closedBy}, and not published yet.`
}
