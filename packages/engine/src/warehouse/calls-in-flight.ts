// Which calls of a driver have not come back, so that nothing is closed under them: that would take the process with it.
import { invariant } from '@spillway/core'

export class CallsInFlight {
  readonly #open = new Set<Promise<unknown>>()
  #isClosed = false

  async make<T>(call: () => Promise<T>): Promise<T> {
    invariant(!this.#isClosed, 'a closed warehouse is asked nothing', {})
    const made = call()
    this.#open.add(made)
    try {
      return await made
    } finally {
      this.#open.delete(made)
    }
  }

  /** Refuses what is asked from now on, and waits for what was asked. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.allSettled(this.#open)
  }
}
