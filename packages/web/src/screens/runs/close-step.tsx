// Closing a month: started here, and watched while it goes on, by whoever started it or anybody else.
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { Job } from '@spillway/server/contract'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../api/client.ts'
import { askAgain, useAsk } from '../../api/use-ask.ts'
import { useMay } from '../../app/session.tsx'
import { Hint } from '../../components/hint.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { FailureState } from '../../components/states.tsx'
import { JobProgress } from '../jobs/job-progress.tsx'
import { hasEnded, useJob } from '../jobs/use-job.ts'
import type { Month } from './months.ts'
import { askMonthsAgain } from './use-months.ts'

export function CloseStep({ month }: { readonly month: Month }) {
  const { period, run } = month
  const mayClose = useMay('period:change')
  const [started, setStarted] = useState<string>()
  const ongoing = useOngoingClose(period)
  const job = useJob(started ?? ongoing?.id, () => void askMonthsAgain()).data
  const close = useMutation({
    mutationFn: () => client.ask('closePeriod', { params: { period } }),
    onSuccess: async ({ id }) => {
      setStarted(id)
      notifications.show({ message: 'The close has begun. You may leave this page: it goes on.' })
      await askAgain('listJobs')
    },
  })
  const isOngoing = job !== undefined && !hasEnded(job)
  if (!mayClose && job === undefined) return null
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="close">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4" id="close">
            {run ? 'Close again' : 'Close'}
          </Title>
          {mayClose && !isOngoing && (
            <Button
              size="sm"
              variant={run && month.state === 'closed' ? 'default' : 'filled'}
              leftSection={<IconPlayerPlay size={16} aria-hidden />}
              loading={close.isPending}
              onClick={() => close.mutate()}
            >
              {run ? 'Close again' : 'Close the month'}
            </Button>
          )}
        </Group>
        {close.isError && <FailureState error={close.error} />}
        {job === undefined ? (
          <Text size="sm" c="dimmed">
            Computes who carries what, and checks that every total is kept. Until it is published, a month can be closed
            as often as something changed.
          </Text>
        ) : (
          <CloseJob job={job} />
        )}
      </Stack>
    </Paper>
  )
}

/** One that somebody started, here or elsewhere. */
function useOngoingClose(period: string): Job | undefined {
  const jobs = useAsk('listJobs', { query: { kind: 'close', limit: 20 } }, { refetchSeconds: 15 })
  return jobs.data?.items.find((job) => job.subject === period && !hasEnded(job))
}

function CloseJob({ job }: { readonly job: Job }) {
  if (!hasEnded(job)) return <JobProgress job={job} />
  if (job.state === 'cancelled')
    return <Text size="sm">The close was cancelled. Nothing of it is kept, and what stood before still stands.</Text>
  if (job.state === 'failed')
    return (
      <Stack gap={4} fz="sm" role="alert">
        <span>
          The close failed: {job.problem?.detail} <Hint text={job.problem?.hint ?? ''} />
        </span>
        <ScreenLink to="/jobs" search={{ chosen: job.id }}>
          See the job
        </ScreenLink>
      </Stack>
    )
  const { run, pools, unchanged } = (job.result ?? {}) as { run?: string; pools?: number; unchanged?: boolean }
  return (
    <Text size="sm" role="status">
      {unchanged === true
        ? `Nothing had changed: ${run} stands as it was.`
        : `Closed as ${run}: ${pools} ${pools === 1 ? 'pool' : 'pools'} shared out.`}
    </Text>
  )
}
