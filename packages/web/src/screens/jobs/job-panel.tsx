// One job: how far it is or what came of it, why it failed, the files it made.
import { Alert, Anchor, Button, Code, Group, Paper, Stack, Table, Text, Title } from '@mantine/core'
import type { Job } from '@spillway/server/contract'
import { IconAlertTriangle, IconDownload, IconRefresh } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { askAgain } from '../../api/use-ask.ts'
import { useFormat } from '../../app/format.ts'
import { useSetSearch } from '../../app/go.ts'
import { useMay } from '../../app/session.tsx'
import { Hint } from '../../components/hint.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { FailureState, LoadingState } from '../../components/states.tsx'
import { JobProgress, JobState } from './job-progress.tsx'
import { JOB_NAME } from './job-words.ts'
import { useJob } from './use-job.ts'

export function JobPanel({ id }: { readonly id: string }) {
  const format = useFormat()
  const answer = useJob(id, () => void askAgain('listJobs'))
  if (answer.isError) return <FailureState error={answer.error} onRetry={() => answer.refetch()} />
  if (!answer.data) return <LoadingState rows={5} />
  const job = answer.data
  const facts: ReadonlyArray<readonly [string, string | null]> = [
    ['Asked for', `${format.instant(job.createdAt)} by ${job.createdBy}`],
    ['Began', job.startedAt && format.instant(job.startedAt)],
    ['Ended', job.endedAt && format.instant(job.endedAt)],
    ['Attempt', job.attempt > 1 ? format.count(job.attempt) : null],
  ]
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="job">
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap">
          <Title order={2} size="h4" id="job" style={{ overflowWrap: 'anywhere' }}>
            {JOB_NAME[job.kind]}: {job.subject}
          </Title>
          <JobState job={job} />
        </Group>
        <JobProgress job={job} />
        {job.problem && <JobProblem job={job} />}
        <Table fz="sm" withRowBorders={false} verticalSpacing={3}>
          <Table.Tbody>
            {facts
              .filter(([, value]) => value !== null)
              .map(([name, value]) => (
                <Table.Tr key={name}>
                  <Table.Th scope="row" w={110} fw={500}>
                    {name}
                  </Table.Th>
                  <Table.Td>{value}</Table.Td>
                </Table.Tr>
              ))}
          </Table.Tbody>
        </Table>
        {job.retryOf !== null && (
          <Group gap={4} fz="sm">
            <span>Another try of</span>
            <ScreenLink to="/jobs" search={{ chosen: job.retryOf }}>
              {job.retryOf}
            </ScreenLink>
          </Group>
        )}
        <JobFiles job={job} />
        <JobResult job={job} />
        <Retry job={job} />
        <Text size="xs" c="dimmed">
          The log knows it as <Code>{job.id}</Code>
        </Text>
      </Stack>
    </Paper>
  )
}

function JobProblem({ job: { problem } }: { readonly job: Job }) {
  return (
    <Alert variant="outline" color="red" icon={<IconAlertTriangle size={18} />} title="Why it failed">
      <Text size="sm">{problem?.detail}</Text>
      {problem && problem.hint !== '' && (
        <Text size="sm">
          <Hint text={problem.hint} />
        </Text>
      )}
    </Alert>
  )
}

function JobFiles({ job: { files } }: { readonly job: Job }) {
  const format = useFormat()
  if (files.length === 0) return null
  return (
    <Stack gap={4}>
      <Title order={3} size="h6">
        Files
      </Title>
      {files.map(({ name, path, bytes }) => (
        <Group key={name} gap="xs" wrap="nowrap">
          <IconDownload size={15} aria-hidden />
          <Anchor href={path} download size="sm">
            {name}
          </Anchor>
          <Text size="xs" c="dimmed">
            {format.usage(String(bytes), 'data')}
          </Text>
        </Group>
      ))}
    </Stack>
  )
}

/** What a kind of job leads to, in the screen that knows it. */
function JobResult({ job }: { readonly job: Job }) {
  const { kind, subject, result, state } = job
  if (state !== 'done' || result === null) return null
  if (kind === 'close')
    return (
      <ScreenLink to={`/runs/${encodeURIComponent(String(result.run))}`} search={{ period: subject }}>
        The run {String(result.run)}
      </ScreenLink>
    )
  if (kind === 'check')
    return (
      <Group gap="xs" fz="sm">
        <span>{result.isProved === true ? 'Every figure was proved.' : 'Not every figure could be proved.'}</span>
        <ScreenLink to="/runs" search={/^\d{4}-\d\d$/.test(subject) ? { chosen: subject } : {}}>
          See the runs
        </ScreenLink>
      </Group>
    )
  if (kind === 'import')
    return (
      <ScreenLink to="/bills/imports" search={{}}>
        The imports
      </ScreenLink>
    )
  return null
}

function Retry({ job }: { readonly job: Job }) {
  const setSearch = useSetSearch()
  const mayChange = useMay('job:change')
  const retry = useMutation({
    mutationFn: () => client.ask('retryJob', { params: { id: job.id } }),
    onSuccess: async ({ id }) => {
      await askAgain('listJobs')
      setSearch({ chosen: id })
    },
  })
  if (!mayChange || (job.state !== 'failed' && job.state !== 'cancelled')) return null
  return (
    <>
      {retry.isError && <FailureState error={retry.error} />}
      <Group>
        <Button
          size="sm"
          variant="default"
          leftSection={<IconRefresh size={15} aria-hidden />}
          loading={retry.isPending}
          onClick={() => retry.mutate()}
        >
          Try again
        </Button>
      </Group>
    </>
  )
}
