// One job as it goes on: told by the server as it happens, and asked for where that cannot be.
import type { AnswerOf } from '@spillway/server/client'
import type { Job } from '@spillway/server/contract'
import { useEffect, useRef } from 'react'
import { keyOf, queries, useAsk } from '../../api/use-ask.ts'

export const hasEnded = ({ state }: Pick<Job, 'state'>) => state !== 'waiting' && state !== 'running'

const questionOf = (id: string) => ({ params: { id } })

/** `onEnd` is called once, when a job that was seen going on has ended. */
export function useJob(id: string | undefined, onEnd?: (job: Job) => void) {
  const answer = useAsk('getJob', questionOf(id ?? ''), { isReady: id !== undefined })
  const isOngoing = answer.data !== undefined && !hasEnded(answer.data)
  const told = useRef(onEnd)
  told.current = onEnd
  useEffect(() => {
    if (id === undefined || !isOngoing) return undefined
    const events = new EventSource(`/v1/jobs/${encodeURIComponent(id)}/events`)
    const take = ({ data }: MessageEvent<string>) => {
      const job = JSON.parse(data) as AnswerOf<'getJob'>
      queries.setQueryData(keyOf('getJob', questionOf(id)), job)
      if (!hasEnded(job)) return
      events.close()
      told.current?.(job)
    }
    events.addEventListener('progress', take)
    events.addEventListener('end', take)
    events.addEventListener('error', () => {
      if (events.readyState === EventSource.CLOSED)
        void queries.invalidateQueries({ queryKey: keyOf('getJob', questionOf(id)) })
    })
    return () => events.close()
  }, [id, isOngoing])
  return answer
}
