// The month as it would be shared under the policy in the form: asked again when the form rests, and broken off when it changes.
import { useDebouncedValue } from '@mantine/hooks'
import { type AnswerOf, type FollowedProgress, followAnswer } from '@spillway/server/client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
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
}

export type WhatIf = {
  readonly result: Simulation | undefined
  /** It is of what stood in the form, or of the month or the rows, before. */
  readonly isStale: boolean
  readonly isRunning: boolean
  readonly isCancelled: boolean
  readonly progress: FollowedProgress | null
  readonly error: unknown
  readonly cancel: () => void
  readonly run: () => void
}

/** Longer than the check of the form takes, so that what is wrong is not tried. */
const TRY_AFTER_MS = 900

/** Of a policy on every pool each of a million services differs: more rows than these nobody reads, and their sums say all. */
const ROWS_MAX = 1000

export function useWhatIf({ body, period, by, isWanted }: WhatIfQuestion): WhatIf {
  const [settled] = useDebouncedValue(body, TRY_AFTER_MS)
  const [progress, setProgress] = useState<FollowedProgress | null>(null)
  const [cancelled, setCancelled] = useState('')
  const text = useMemo(() => JSON.stringify(named(settled)), [settled])
  const queryKey = useMemo(() => ['simulate', period, by, text], [period, by, text])
  const name = queryKey.join(' ')
  const isAsked = isWanted && period !== undefined && settled === body && cancelled !== name
  const answer = useQuery({
    queryKey,
    queryFn: ({ signal }) => {
      setProgress(null)
      const files = [{ name: 'form', text }]
      return followAnswer(client, 'simulate', {
        body: { period: period ?? '', by, files, limit: ROWS_MAX },
        signal,
        onProgress: setProgress,
      })
    },
    enabled: isAsked,
    placeholderData: keepPreviousData,
    retry: false,
  })
  return {
    result: answer.data,
    isStale: answer.data !== undefined && (answer.isPlaceholderData || settled !== body || !isWanted),
    isRunning: answer.isFetching,
    isCancelled: cancelled === name,
    progress,
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
