// A long answer to one question: as JSON once it is there, or, where the caller accepts events, with how far it is on the way.
// Whoever goes away cancels it: what it computes is nobody else's.
import { Refusal } from '@spillway/core'
import type { Context } from 'hono'
import type { Call } from './call.ts'
import type { ServerEnv } from './environment.ts'
import { problemDocument } from './problem-response.ts'

const HEARTBEAT_MS = 15_000
/** More would tell nobody anything. */
const PROGRESS_MS = 100

export type AnswerProgress = { readonly stage: string; readonly done: number; readonly total: number }
export type Answering<T> = (steps: {
  readonly signal: AbortSignal
  readonly onProgress: (progress: AnswerProgress) => void
}) => Promise<T>

export const wantsEvents = (c: Context) => (c.req.header('accept') ?? '').includes('text/event-stream')

/**
 * Events: `progress` while it goes on, then `result` with what the JSON would be, or `problem` with a problem document.
 */
export function answerInEvents<T>(c: Context<ServerEnv>, call: Call, work: Answering<T>): Response {
  const encoder = new TextEncoder()
  const gone = new AbortController()
  const { signal } = c.req.raw
  if (signal.aborted) gone.abort()
  signal.addEventListener('abort', () => gone.abort())
  const body = new ReadableStream<Uint8Array>({
    start: async (controller) => {
      const say = (text: string) => {
        if (!gone.signal.aborted) controller.enqueue(encoder.encode(text))
      }
      const tell = (name: string, value: unknown) => say(`event: ${name}\ndata: ${JSON.stringify(value)}\n\n`)
      const heartbeat = setInterval(() => say(': still here\n\n'), HEARTBEAT_MS)
      let toldAt = Number.NEGATIVE_INFINITY
      const onProgress = ({ stage, done, total }: AnswerProgress) => {
        const now = performance.now()
        if (now - toldAt < PROGRESS_MS && done !== total) return
        toldAt = now
        tell('progress', { stage, done, total })
      }
      try {
        tell('result', await work({ signal: gone.signal, onProgress }))
      } catch (error) {
        const { requestId } = call
        if (!(error instanceof Refusal)) call.services.log.error({ requestId, err: error }, 'a fault')
        tell('problem', problemDocument(error, requestId))
      } finally {
        clearInterval(heartbeat)
        if (!gone.signal.aborted) controller.close()
      }
    },
    cancel: () => gone.abort(),
  })
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  })
}
