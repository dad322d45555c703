// Follows a job of a server to its end, and hands over what came of it; Ctrl-C cancels it there too.
import { Refusal } from '@spillway/core'
import type { AnswerOf } from '@spillway/server/client'
import type { Progress } from '../output/progress.ts'
import type { Client } from './connect.ts'

export type FollowedJob = {
  readonly started: { readonly id: string }
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
  /** What is said where it was cancelled. */
  readonly cancelled: string
}

/** How often is asked how far it is. */
const POLL_MS = 250

/** The job's result, as its kind writes it. @throws Refusal `cancelled`, and whatever the job was refused with. */
export async function followJob(client: Client, { cancelled, ...following }: FollowedJob): Promise<object> {
  const job = await ended(client, following)
  if (job.problem !== null) {
    const { code, detail, hint } = job.problem
    throw new Refusal(code as Refusal['kind'], detail, { hint })
  }
  if (job.result === null) throw new Refusal('cancelled', cancelled)
  return job.result
}

async function ended(
  client: Client,
  { started, signal, onProgress }: Omit<FollowedJob, 'cancelled'>,
): Promise<AnswerOf<'getJob'>> {
  const params = { id: started.id }
  let isCancelled = false
  while (true) {
    const job = await client.ask('getJob', { params })
    if (job.state !== 'waiting' && job.state !== 'running') return job
    onProgress(job.progress)
    if (signal.aborted && !isCancelled) {
      isCancelled = true
      await client.ask('cancelJob', { params })
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}
