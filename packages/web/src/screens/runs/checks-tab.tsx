// Whether what is stored of a run is what the same inputs give again, and whether its totals are kept: asked now, or when last.
import { Alert, Button, Group, Paper, Stack, Table, Text, ThemeIcon, Title } from '@mantine/core'
import type { CheckResult, Job } from '@spillway/server/contract'
import { IconCheck, IconMinus, IconShieldCheck, IconX } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../api/client.ts'
import { askAgain, useAsk } from '../../api/use-ask.ts'
import { useFormat } from '../../app/format.ts'
import { Hint } from '../../components/hint.tsx'
import { FailureState, LoadingState } from '../../components/states.tsx'
import { JobProgress } from '../jobs/job-progress.tsx'
import { hasEnded, useJob } from '../jobs/use-job.ts'
import type { Run } from './months.ts'

type CheckedRun = CheckResult['runs'][number]

export function ChecksTab({ run }: { readonly run: Run }) {
  const { period } = run
  const [started, setStarted] = useState<string>()
  const earlier = useAsk('listJobs', { query: { kind: 'check', limit: 50 } })
  const last = earlier.data?.items.find((one) => (!hasEnded(one) ? one.subject === period : checkedOf(one, run.id)))
  const watched = useJob(started ?? last?.id, () => void askAgain('listJobs')).data
  const start = useMutation({
    mutationFn: () => client.ask('startCheck', { body: { period } }),
    onSuccess: ({ id }) => setStarted(id),
  })
  const isOngoing = watched !== undefined && !hasEnded(watched)
  const stands = run.state !== 'reopened'
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Group justify="space-between">
          <Text size="sm" c="dimmed" maw={620}>
            Computes every stored figure of the run again from what was imported, and asks whether any differs.
          </Text>
          {stands && !isOngoing && (
            <Button
              size="sm"
              leftSection={<IconShieldCheck size={16} aria-hidden />}
              loading={start.isPending}
              onClick={() => start.mutate()}
            >
              {watched ? 'Check again' : 'Check now'}
            </Button>
          )}
        </Group>
        {start.isError && <FailureState error={start.error} />}
        {earlier.isPending && <LoadingState rows={3} />}
        {!stands && <Text size="sm">A run that was reopened stands no more, and is not checked.</Text>}
        {watched && <CheckJob job={watched} run={run.id} />}
      </Stack>
    </Paper>
  )
}

/** Of a check that has ended, what it says of the run. */
function checkedOf(job: Job, run: string): CheckedRun | undefined {
  return (job.result as CheckResult | null)?.runs?.find((one) => one.run === run)
}

function CheckJob({ job, run }: { readonly job: Job; readonly run: string }) {
  const format = useFormat()
  if (!hasEnded(job)) return <JobProgress job={job} />
  if (job.problem)
    return (
      <Text size="sm">
        {job.problem.detail} <Hint text={job.problem.hint} />
      </Text>
    )
  const checked = checkedOf(job, run)
  if (!checked) return null
  const { audit } = job.result as CheckResult
  return (
    <>
      <Title order={2} size="h5">
        {checked.isProved ? 'Every check passed' : 'Not every check passed'}, {format.instant(job.endedAt ?? '')}
      </Title>
      <Table fz="sm" verticalSpacing={6} aria-label="Checks">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Question</Table.Th>
            <Table.Th scope="col">Answer</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {checked.checks.map(({ name, question, isPassed }) => (
            <Table.Tr key={name}>
              <Table.Td>{question}</Table.Td>
              <Table.Td>
                <Answer isPassed={isPassed} />
              </Table.Td>
            </Table.Tr>
          ))}
          <Table.Tr>
            <Table.Td>Which of {format.count(audit.entries)} entries of the audit log was changed afterwards?</Table.Td>
            <Table.Td>
              <Answer isPassed={audit.isProved} />
            </Table.Td>
          </Table.Tr>
        </Table.Tbody>
      </Table>
      <Failures failures={[...checked.failures, ...audit.failures]} />
    </>
  )
}

function Answer({ isPassed }: { readonly isPassed: boolean | null }) {
  const [color, label, Icon] =
    isPassed === null
      ? (['gray', 'Not asked', IconMinus] as const)
      : isPassed
        ? (['green', 'None', IconCheck] as const)
        : (['red', 'Some', IconX] as const)
  return (
    <Group gap={6} wrap="nowrap">
      <ThemeIcon size="xs" color={color} variant="light" aria-hidden>
        <Icon size={12} />
      </ThemeIcon>
      {label}
    </Group>
  )
}

function Failures({ failures }: { readonly failures: CheckedRun['failures'] }) {
  if (failures.length === 0) return null
  return (
    <Alert variant="outline" color="red" title="What differs">
      <Table fz="sm">
        <Table.Thead>
          <Table.Tr>
            {['What', 'Where', 'Expected', 'Found'].map((title) => (
              <Table.Th key={title} scope="col">
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {failures.map(({ what, row, expected, found }) => (
            <Table.Tr key={`${what} ${row}`}>
              <Table.Td>{what}</Table.Td>
              <Table.Td>{row}</Table.Td>
              <Table.Td>{expected}</Table.Td>
              <Table.Td>{found}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Alert>
  )
}
