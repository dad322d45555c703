// Follows an answer that comes in events: how far it is on the way, then the answer.
import { ApiProblem, type ProblemDetails } from './api-problem.ts'
import type { AnswerOf, Client, Question } from './client.ts'

/** Routes whose answer comes in events where it is asked so. */
export type FollowedOperation = 'preview' | 'simulate'
export type FollowedProgress = { readonly stage: string; readonly done: number; readonly total: number }

/** What `ask` answers. @throws as `ask`, also for a problem that comes in mid-answer. */
export async function followAnswer<O extends FollowedOperation>(
  client: Client,
  operation: O,
  question: Question<O> & { readonly onProgress: (progress: FollowedProgress) => void },
): Promise<AnswerOf<O>> {
  const { onProgress, ...asked } = question
  const headers = { ...asked.headers, accept: 'text/event-stream' }
  const pieces = client.download(operation, { ...asked, headers } as unknown as Question<O>)
  for await (const { name, data } of eventsOf(pieces)) {
    if (name === 'progress') onProgress(data as FollowedProgress)
    if (name === 'problem') throw new ApiProblem(data as ProblemDetails)
    if (name === 'result') return data as AnswerOf<O>
  }
  throw new ApiProblem({
    ...{ status: 502, code: 'internal', requestId: '' },
    ...{ detail: 'The answer broke off.', hint: 'Ask again.' },
  })
}

async function* eventsOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<{ name: string; data: unknown }> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const piece of pieces) {
    const events = (rest + decoder.decode(piece, { stream: true })).split('\n\n')
    rest = events.pop() ?? ''
    for (const event of events) {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/s.exec(event) ?? []
      if (name !== undefined && data !== undefined) yield { name, data: JSON.parse(data) as unknown }
    }
  }
}
