// The month as it would be shared under the policy in the form: asked again when the form rests, and broken off as soon as it
// changes, so that nothing is computed that nobody will read and no answer stands beside a form that it is not of.
import { useDebouncedValue } from '@mantine/hooks'
import { type AnswerOf, type FollowedProgress, followAnswer } from '@spillway/server/client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { client } from '../../api/client.ts'
import { queries } from '../../api/use-ask.ts'
import type { Body } from '../catalogue/document/body.ts'

export type Simulation = AnswerOf<'simulate'>
export type WhatIfBy = 'service' | 'person' | 'cost-centre'

export type WhatIfQuestion = {
  readonly body: Body
  readonly period: string | undefined
  readonly by: WhatIfBy
  /** False while there is nothing worth trying. */
  readonly isWanted: boolean
  /** False while it is being checked whether the form is sound. */
  readonly isChecked: boolean
}

export type WhatIf = {
  readonly result: Simulation | undefined
  /** It is of what stood in the form, or of the month or the rows, before. */
  readonly isStale: boolean
  /** The form does not rest yet, or is not checked yet: it is tried then. */
  readonly isWaiting: boolean
  readonly isRunning: boolean
  readonly isCancelled: boolean
  /** Tells what is tried from what was tried before. */
  readonly name: string
  readonly progress: FollowedProgress | null
  readonly error: unknown
  readonly cancel: () => void
  readonly run: () => void
}

/** Longer than the check of the form waits, so that what is wrong is not tried. */
const TRY_AFTER_MS = 600

/** Of a policy on every pool each of a million services differs: more rows than these nobody reads, and their sums say all. */
const ROWS_MAX = 1000

export function useWhatIf({ body, period, by, isWanted, isChecked }: WhatIfQuestion): WhatIf {
  const [settled] = useDebouncedValue(body, TRY_AFTER_MS)
  const [told, setTold] = useState<{ readonly name: string; readonly progress: FollowedProgress } | null>(null)
  const [cancelled, setCancelled] = useState('')
  const text = useMemo(() => JSON.stringify(named(settled)), [settled])
  const queryKey = useMemo(() => ['simulate', period, by, text], [period, by, text])
  const name = queryKey.join(' ')
  const isCurrent = isWanted && settled === body
  const isAsked = isCurrent && isChecked && period !== undefined && cancelled !== name
  const answer = useQuery({
    queryKey,
    queryFn: ({ signal }) => {
      setTold(null)
      const files = [{ name: 'form', text }]
      return followAnswer(client, 'simulate', {
        body: { period: period ?? '', by, files, limit: ROWS_MAX },
        signal,
        // What came with the last bytes before it was broken off is of nobody's interest any more.
        onProgress: (progress) => signal.aborted || setTold({ name, progress }),
      })
    },
    enabled: isAsked,
    placeholderData: keepPreviousData,
    retry: false,
  })
  useEffect(() => {
    if (!isCurrent) void queries.cancelQueries({ queryKey: ['simulate'] })
  }, [isCurrent])
  const isRunning = answer.isFetching && isCurrent
  return {
    result: answer.data,
    // What was tried and then saved is what stands there still.
    isStale: answer.data !== undefined && (answer.isPlaceholderData || settled !== body),
    isWaiting: isWanted && !isRunning && (settled !== body || !isChecked) && cancelled !== name,
    isRunning,
    isCancelled: cancelled === name,
    name,
    progress: told?.name === name ? told.progress : null,
    error: isAsked && answer.isError ? answer.error : null,
    cancel: () => {
      setCancelled(name)
      void queries.cancelQueries({ queryKey })
    },
    run: () => {
      setCancelled('')
      if (isAsked) void answer.refetch()
    },
  }
}

/** A policy needs a name to be tried, not before. */
const named = (body: Body): Body =>
  body.name === '' || body.name === undefined ? { ...body, name: 'new policy' } : body
