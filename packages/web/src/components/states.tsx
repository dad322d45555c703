// What stands where figures do not: while they come, where there are none, where they could not be had.
import { Alert, Button, Center, Code, Group, Paper, Skeleton, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import { ApiProblem } from '@spillway/server/client'
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconLock,
  IconMoodEmpty,
  IconPointer,
  IconRefresh,
  IconSearchOff,
} from '@tabler/icons-react'
import { type Query, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Hint } from './hint.tsx'

export type EmptyStateProps = {
  readonly title: string
  /** What to do about it. */
  readonly children: ReactNode
  readonly action?: { readonly label: string; readonly to: string; readonly search?: Readonly<Record<string, unknown>> }
  /** Nothing matches, nothing is chosen yet, or nothing is wrong, as opposed to nothing there. */
  readonly why?: 'no-match' | 'no-choice' | 'all-well' | undefined
}

const EMPTY_ICONS = {
  'no-match': IconSearchOff,
  'no-choice': IconPointer,
  'all-well': IconCircleCheck,
  none: IconMoodEmpty,
} as const

export function EmptyState({ title, children, action, why }: EmptyStateProps) {
  const Icon = EMPTY_ICONS[why ?? 'none']
  return (
    <Paper withBorder p="xl">
      <Center>
        <Stack align="center" gap="xs" maw={520}>
          <ThemeIcon variant="light" size="xl" radius="xl" color={why === 'all-well' ? 'teal' : 'indigo'} aria-hidden>
            <Icon size={22} />
          </ThemeIcon>
          <Title order={2} size="h4" ta="center">
            {title}
          </Title>
          <Text component="div" c="dimmed" ta="center" size="sm">
            {children}
          </Text>
          {action && (
            <Button
              mt="xs"
              renderRoot={(props) => <Link to={action.to} search={(action.search ?? {}) as never} {...props} />}
            >
              {action.label}
            </Button>
          )}
        </Stack>
      </Center>
    </Paper>
  )
}

/** Of a list that is searched. */
export function NothingNamed({ text }: { readonly text: string }) {
  return (
    <EmptyState title={`Nothing is named “${text}”`} why="no-match">
      Look for another name or key, or clear the search.
    </EmptyState>
  )
}

/** What went wrong, what to do, and by which number the log knows it. */
export function FailureState({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const problem = error instanceof ApiProblem ? error : null
  const isRefused = problem?.status === 403
  const queries = useQueryClient()
  const tryAgain = () => {
    onRetry?.()
    // A server that was away failed more than this one answer.
    const failed = { type: 'active', predicate: ({ state }: Query) => state.status === 'error' } as const
    // What is asked for already is not asked for twice, nor broken off.
    void queries.refetchQueries(failed, { cancelRefetch: false })
  }
  return (
    <Alert
      color={isRefused ? 'yellow' : 'red'}
      variant="outline"
      bg="var(--spillway-surface)"
      icon={isRefused ? <IconLock size={18} /> : <IconAlertTriangle size={18} />}
      title={isRefused ? 'Not for you to see' : problem ? titleOf(problem) : 'The server does not answer'}
      role="alert"
    >
      <Stack gap="xs">
        <Text size="sm">{problem ? problem.message : 'Check your connection, and whether Spillway still runs.'}</Text>
        {problem !== null && problem.hint !== '' && (
          <Text size="sm">
            <Hint text={problem.hint} />
          </Text>
        )}
        <ProblemIssues problem={problem} />
        <Group gap="sm">
          {onRetry && !isRefused && (
            <Button size="xs" variant="default" leftSection={<IconRefresh size={14} />} onClick={tryAgain}>
              Try again
            </Button>
          )}
          {problem !== null && problem.requestId !== '' && (
            <Text size="xs" c="dimmed">
              Request <Code>{problem.requestId}</Code>
            </Text>
          )}
        </Group>
      </Stack>
    </Alert>
  )
}

/** Of an answer without which the rest of a screen stands: told where it failed, and left out where it is not for the viewer. */
export function FailedPart({ answer }: { readonly answer: FailingAnswer }) {
  const { isError, error, refetch } = answer
  if (!isError || (error instanceof ApiProblem && error.status === 403)) return null
  return <FailureState error={error} onRetry={() => void refetch()} />
}

type FailingAnswer = { readonly isError: boolean; readonly error: unknown; readonly refetch: () => unknown }

/** A fault in the app itself, or a part of it that could not be loaded, such as after an update. */
export function PageFault({ error }: { readonly error: unknown }) {
  if (error instanceof ApiProblem) return <FailureState error={error} onRetry={() => window.location.reload()} />
  return (
    <Alert
      color="red"
      variant="outline"
      bg="var(--spillway-surface)"
      icon={<IconAlertTriangle size={18} />}
      title="This page cannot be shown"
      role="alert"
    >
      <Stack gap="xs">
        <Text size="sm">Nothing was changed. Load it again; where that does not help, tell whoever runs Spillway:</Text>
        <Code block>{error instanceof Error ? error.message : String(error)}</Code>
        <Group>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={14} aria-hidden />}
            onClick={() => window.location.reload()}
          >
            Load it again
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}

function ProblemIssues({ problem }: { readonly problem: ApiProblem | null }) {
  if (!problem || problem.issues.length < 2) return null
  return (
    <ul>
      {problem.issues.slice(0, 20).map((issue) => (
        <li key={JSON.stringify(issue)}>
          <Text size="sm">{issue.message}</Text>
        </li>
      ))}
    </ul>
  )
}

function titleOf({ status }: ApiProblem): string {
  if (status === 404) return 'Not found'
  if (status === 412) return 'Somebody changed it meanwhile'
  if (status === 429) return 'Too many requests'
  return status >= 500 ? 'Something went wrong here' : 'That could not be done'
}

/** Grey bars in the shape of what comes. */
export function LoadingState({ rows = 8, label = 'Loading' }: { readonly rows?: number; readonly label?: string }) {
  return (
    <Stack gap={8} role="status" aria-label={label}>
      {BARS.slice(0, rows).map((bar) => (
        <Skeleton key={bar} height={bar === 0 ? 28 : 20} radius="sm" />
      ))}
    </Stack>
  )
}

const BARS = Array.from({ length: 40 }, (_, index) => index)
