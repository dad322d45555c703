// Beside the form: who would gain and who would lose in a closed month under the policy as it stands there. Nothing is changed.
import { Alert, Button, Group, Paper, Progress, SegmentedControl, Select, Stack, Text, Title } from '@mantine/core'
import { ApiProblem, type FollowedProgress } from '@spillway/server/client'
import { IconPlayerPlay, IconX } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { usePeriods } from '../../app/periods.ts'
import { useMay } from '../../app/session.tsx'
import { FailureState } from '../../components/states.tsx'
import { useDraft } from '../catalogue/document/use-draft.ts'
import { useWhatIf, type WhatIf, type WhatIfBy } from './use-what-if.ts'
import { WhatIfResult } from './what-if-result.tsx'

const VIEWS: ReadonlyArray<{ readonly value: WhatIfBy; readonly label: string }> = [
  { value: 'cost-centre', label: 'Cost centres' },
  { value: 'person', label: 'People' },
  { value: 'service', label: 'Services' },
]

export function WhatIfPanel() {
  const mayRun = useMay('run:read')
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="what-if">
      <Title order={2} size="h4" id="what-if">
        Who would pay
      </Title>
      {mayRun ? <Tried /> : <Text size="sm">Whoever may read runs can try a policy on a month.</Text>}
    </Paper>
  )
}

/** As soon as something is changed; what is saved already when somebody asks. */
function Tried() {
  const { body, base, isDirty, isNew, issues, isChecking } = useDraft()
  const [isAsked, setAsked] = useState(false)
  const search = useScreenSearch()
  const setSearch = useSetSearch()
  const format = useFormat()
  const { period, all } = usePeriods()
  const by = VIEWS.find(({ value }) => value === search.by)?.value ?? 'cost-centre'
  const isSound = issues.length === 0
  const isWanted = (isDirty || isAsked) && isSound
  const whatIf = useWhatIf({ body, period, by, isWanted, isChecked: !isChecking })
  const { result, isStale, isCancelled } = whatIf
  if (period === undefined)
    return <Text size="sm">Once a month is closed, this shows who would carry what in it under this policy.</Text>
  return (
    <Stack gap="sm" mt={4}>
      <Text size="sm" c="dimmed">
        Shares a closed month again with what stands in the form. Nothing is changed.
      </Text>
      <Group align="flex-end" gap="sm">
        <Select
          label="Month"
          w={180}
          data={all.map((one) => ({ value: one.period, label: format.period(one.period) }))}
          value={period}
          allowDeselect={false}
          onChange={(value) => setSearch({ period: value ?? undefined })}
        />
        <SegmentedControl
          size="sm"
          aria-label="One row for each"
          data={[...VIEWS]}
          value={by}
          onChange={(value) => setSearch({ by: value === 'cost-centre' ? undefined : value })}
        />
      </Group>
      {issues.length > 0 && (
        <Text size="sm" role="status">
          Once what is wrong in the form is mended, the month is tried.
        </Text>
      )}
      <Running whatIf={whatIf} isOffered={isSound && (!isWanted || isCancelled)}>
        <Button
          size="sm"
          leftSection={<IconPlayerPlay size={16} />}
          onClick={() => {
            setAsked(true)
            whatIf.run()
          }}
        >
          Try {format.period(period)} with it
        </Button>
      </Running>
      {result && <WhatIfResult {...{ result, by, period, isStale }} of={isDirty || isNew ? null : base.version} />}
    </Stack>
  )
}

type RunningProps = { readonly whatIf: WhatIf; readonly isOffered: boolean; readonly children: ReactNode }

function Running({ whatIf, isOffered, children }: RunningProps) {
  const { isWaiting, isRunning, name, progress, cancel, error, run } = whatIf
  if (isRunning)
    return (
      <Group gap="sm" wrap="nowrap">
        <Way key={name} progress={progress} />
        <Button size="xs" variant="default" leftSection={<IconX size={14} />} onClick={cancel}>
          Cancel
        </Button>
      </Group>
    )
  if (isWaiting) return <Bar percent={0}>Once you stop typing…</Bar>
  if (isOffered) return <Group>{children}</Group>
  if (error === null) return null
  if (error instanceof ApiProblem && error.code === 'bad-configuration')
    return (
      <Alert variant="outline" color="yellow" role="status">
        {error.message}
      </Alert>
    )
  return <FailureState error={error} onRetry={run} />
}

function Way({ progress }: { readonly progress: FollowedProgress | null }) {
  const seconds = useSeconds()
  const percent = progress === null ? 0 : percentOf(progress)
  const stage = progress === null ? 'Begins' : progress.stage.charAt(0).toUpperCase() + progress.stage.slice(1)
  return (
    <Bar percent={percent}>
      {stage}
      {percent > 0 ? `: ${percent} %` : '…'}
      <span aria-hidden>{seconds > 0 && ` · ${seconds} s`}</span>
    </Bar>
  )
}

/** Where each stage begins and ends, of a hundred: by how long they take when every pool is divided. */
const STAGES: Readonly<Record<string, readonly [begins: number, ends: number]>> = {
  read: [0, 10],
  place: [10, 30],
  usage: [30, 50],
  allocate: [50, 75],
  'roll-up': [75, 85],
  compare: [85, 100],
}

/** Only of pools is it known how many are left. */
function percentOf({ stage, done, total }: FollowedProgress): number {
  const [begins, ends] = STAGES[stage] ?? [0, 0]
  return stage === 'allocate' && total > 0 ? Math.round(begins + ((ends - begins) * done) / total) : begins
}

function Bar({ percent, children }: { readonly percent: number; readonly children: ReactNode }) {
  return (
    <Stack gap={4} role="status" flex={1}>
      <Progress value={percent} animated={percent === 0} striped={percent === 0} aria-label="Sharing the month" />
      <Text size="xs" c="dimmed">
        {children}
      </Text>
    </Stack>
  )
}

/** Since it was first drawn: a step may take longer than anybody believes a bar that stands still. */
function useSeconds(): number {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const ticking = setInterval(() => setSeconds((before) => before + 1), 1000)
    return () => clearInterval(ticking)
  }, [])
  return seconds
}
