// Who watches a job as it goes on, and the stream that each gets: server-sent events, with a sign of life where nothing happens.
import type { Job } from '../contract/jobs.ts'

const HEARTBEAT_MS = 15_000
/** Who may watch is asked again when they connect again. */
const STREAM_MS = 10 * 60_000

type Watcher = { readonly job: string; tell(job: Job): void; end(): void }

export const hasEnded = ({ state }: Job) => state === 'done' || state === 'failed' || state === 'cancelled'

/** Which state of a job an event tells: the same text for the same state, whichever process tells it. */
export function eventIdOf({ state, attempt, progress: { stage, done, rows } }: Job): string {
  return `${attempt}-${state}-${stage}-${done}-${rows}`.replaceAll(/[^\w-]+/g, '_')
}

export class JobWatchers {
  readonly #watchers = new Set<Watcher>()

  has(job: string): boolean {
    for (const watcher of this.#watchers) if (watcher.job === job) return true
    return false
  }

  tell(job: Job): void {
    for (const watcher of [...this.#watchers]) if (watcher.job === job.id) watcher.tell(job)
  }

  /** Ends every stream: the server stops. */
  close(): void {
    for (const watcher of [...this.#watchers]) watcher.end()
  }

  /** Begins with `job` as it is, unless `lastEventId` says that this is known; ends when the job does. */
  stream(job: Job, lastEventId: string | undefined): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder()
    let stop: () => void = () => undefined
    return new ReadableStream({
      start: (controller) => {
        let last = lastEventId
        const heartbeat = setInterval(() => controller.enqueue(encoder.encode(': still here\n\n')), HEARTBEAT_MS)
        const limit = setTimeout(() => watcher.end(), STREAM_MS)
        stop = () => {
          clearInterval(heartbeat)
          clearTimeout(limit)
          this.#watchers.delete(watcher)
        }
        const watcher: Watcher = {
          job: job.id,
          tell: (now) => {
            const id = eventIdOf(now)
            const name = hasEnded(now) ? 'end' : 'progress'
            if (id !== last)
              controller.enqueue(encoder.encode(`id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(now)}\n\n`))
            last = id
            if (hasEnded(now)) watcher.end()
          },
          end: () => {
            stop()
            controller.close()
          },
        }
        this.#watchers.add(watcher)
        watcher.tell(job)
      },
      cancel: () => stop(),
    })
  }
}
