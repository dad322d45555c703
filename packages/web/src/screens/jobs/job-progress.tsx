// How far a job is: a bar, the words beside it, and a way to stop it.
import { Badge, Button, Group, Progress, Stack, Text } from '@mantine/core'
import type { Job } from '@spillway/server/contract'
import { IconPlayerStop } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { askAgain } from '../../api/use-ask.ts'
import { useFormat } from '../../app/format.ts'
import { useMay } from '../../app/session.tsx'
import { FailureState } from '../../components/states.tsx'
import { JOB_NAME, JOB_STATE, percentOf, progressWords } from './job-words.ts'
import { hasEnded } from './use-job.ts'

export function JobState({ job: { state } }: { readonly job: Pick<Job, 'state'> }) {
  const { label, color } = JOB_STATE[state]
  return (
    <Badge variant="light" color={color} tt="none" miw="max-content">
      {label}
    </Badge>
  )
}

export function JobProgress({ job }: { readonly job: Job }) {
  const format = useFormat()
  const mayCancel = useMay('job:change')
  const cancel = useMutation({
    mutationFn: () => client.ask('cancelJob', { params: { id: job.id } }),
    onSettled: () => askAgain('listJobs', 'getJob'),
  })
  if (hasEnded(job)) return null
  const percent = percentOf(job.progress)
  const words = progressWords(job.progress, format.count)
  return (
    <Stack gap={6}>
      <Progress.Root size="lg">
        <Progress.Section
          value={percent ?? 100}
          striped={percent === undefined}
          animated={percent === undefined}
          aria-label={`${JOB_NAME[job.kind]} of ${job.subject}`}
          {...(percent === undefined ? { 'aria-valuetext': words } : {})}
        />
      </Progress.Root>
      <Group justify="space-between">
        <Text size="sm" c="dimmed" role="status">
          {words}
        </Text>
        {mayCancel && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlayerStop size={14} aria-hidden />}
            loading={cancel.isPending}
            onClick={() => cancel.mutate()}
          >
            Cancel
          </Button>
        )}
      </Group>
      {cancel.isError && <FailureState error={cancel.error} />}
    </Stack>
  )
}
