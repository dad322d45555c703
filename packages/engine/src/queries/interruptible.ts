// Work that a cancel breaks off at once. The statements that run are those of the workspace's own connection and of what it
// lends: over HTTP a query has a connection of its own, so that nobody else's is stopped.
import { Refusal } from '@spillway/core'
import type { Workspace } from '../workspace/workspace.ts'

/** @throws Refusal `cancelled` in place of what an interrupted statement throws. */
export async function interruptible<T>(
  { warehouse }: Pick<Workspace, 'warehouse'>,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const stop = () => warehouse.interrupt()
  signal?.addEventListener('abort', stop)
  try {
    return await work()
  } catch (error) {
    if (signal?.aborted) throw new Refusal('cancelled', 'It was cancelled; nothing was changed.')
    throw error
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}
