// What a closed month would have been billed under the document as it stands in the form, before anybody saves it.
import { Alert, Button, Group, Progress, Select, Stack, Text } from '@mantine/core'
import { type FollowedProgress, followAnswer } from '@spillway/server/client'
import { IconPlayerPlay, IconX } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { client } from '../../../api/client.ts'
import { useFormat } from '../../../app/format.ts'
import { useSetSearch } from '../../../app/go.ts'
import { usePeriods } from '../../../app/periods.ts'
import { useMay } from '../../../app/session.tsx'
import { FailureState } from '../../../components/states.tsx'
import { type Body, isSame } from './body.ts'
import { PreviewResult } from './preview-result.tsx'
import { useDraft } from './use-draft.ts'

export function PreviewTab() {
  const { body, isDirty } = useDraft()
  const mayRun = useMay('run:read')
  const format = useFormat()
  const search = useSearch({ strict: false })
  const setSearch = useSetSearch()
  const { period, all } = usePeriods()
  const { ask, cancel, progress, isOvertaken } = usePreview(body)
  if (!mayRun) return <Text size="sm">Whoever may read runs can try it on a month.</Text>
  if (period === undefined)
    return <Text size="sm">Once a month is closed, this shows what it would have been billed under this document.</Text>
  const isStale = ask.data !== undefined && !(isSame(ask.variables?.body, body) && ask.variables?.period === period)
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        Rates a closed month again with what stands in the form{isDirty ? ', saved or not' : ''}, and compares the
        bills. Nothing is changed.
      </Text>
      <Group align="flex-end">
        <Select
          label="Month"
          data={all.map((one) => ({ value: one.period, label: format.period(one.period) }))}
          value={search.period ?? period}
          allowDeselect={false}
          disabled={ask.isPending}
          onChange={(value) => setSearch({ period: value ?? undefined })}
        />
        {ask.isPending ? (
          <Button variant="default" leftSection={<IconX size={16} />} onClick={cancel}>
            Cancel
          </Button>
        ) : (
          <Button leftSection={<IconPlayerPlay size={16} />} onClick={() => ask.mutate({ body, period })}>
            Rate {format.period(period)} with it
          </Button>
        )}
      </Group>
      {ask.isPending && <Way progress={progress} />}
      {isOvertaken && (
        <Alert variant="outline" color="yellow" role="status">
          Broken off, because the form was changed meanwhile. Rate the month again to see what it says now.
        </Alert>
      )}
      {ask.isError && !isAborted(ask.error) && (
        <FailureState error={ask.error} onRetry={() => ask.mutate({ body, period })} />
      )}
      {isStale && !ask.isPending && (
        <Alert variant="outline" color="yellow" role="status">
          This is of what stood in the form before. Rate the month again to see what it says now.
        </Alert>
      )}
      {ask.data && <PreviewResult preview={ask.data} isStale={isStale} />}
    </Stack>
  )
}

/** Of each list, the greatest changes first; `spillway preview` on the server's machine has all of any number. */
const ROWS_MAX = 5000

type Tried = { readonly body: Body; readonly period: string }

/** One at a time; whoever leaves cancels it, and whoever changes the form: nobody will read what it said before. */
function usePreview(body: Body) {
  const [progress, setProgress] = useState<FollowedProgress | null>(null)
  const [overtaken, setOvertaken] = useState<Body | null>(null)
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])
  const ask = useMutation({
    mutationFn: ({ body: tried, period }: Tried) => {
      const stopping = new AbortController()
      running.current = stopping
      setProgress(null)
      setOvertaken(null)
      return followAnswer(client, 'preview', {
        body: { period, files: [{ name: 'form', text: JSON.stringify(tried) }], limit: ROWS_MAX },
        signal: stopping.signal,
        onProgress: (told) => stopping.signal.aborted || setProgress(told),
      })
    },
  })
  const { isPending, variables, reset } = ask
  const isOther = isPending && variables !== undefined && !isSame(variables.body, body)
  useEffect(() => {
    if (!isOther) return
    running.current?.abort()
    reset()
    setOvertaken(body)
  }, [isOther, body, reset])
  const cancel = () => {
    running.current?.abort()
    reset()
  }
  return { ask, cancel, progress, isOvertaken: overtaken !== null && !isPending && ask.data === undefined }
}

const isAborted = (error: unknown) => error instanceof DOMException && error.name === 'AbortError'

function Way({ progress }: { readonly progress: FollowedProgress | null }) {
  const percent = progress === null || progress.total === 0 ? 0 : Math.round((progress.done / progress.total) * 100)
  const stage = progress === null ? 'Begins' : progress.stage.charAt(0).toUpperCase() + progress.stage.slice(1)
  return (
    <Stack gap={4} role="status">
      <Progress value={percent} animated={percent === 0} striped={percent === 0} aria-label="Rating the month" />
      <Text size="sm" c="dimmed">
        {stage}
        {progress !== null && progress.total > 0 ? `: ${percent} %` : '…'}
      </Text>
    </Stack>
  )
}
