// Lets one piece of work at a time have its turn, in the order in which they came: the workspace has one writer.
export class Turns {
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0
  #onFree: () => void = () => undefined

  /** Nobody has a turn or waits for one. */
  get isFree(): boolean {
    return this.#waiting === 0
  }

  /** Calls `listener` whenever the last of those who waited has had their turn. */
  whenFree(listener: () => void): void {
    this.#onFree = listener
  }

  /** Runs `work` after those before it, whether they failed or not. */
  take<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1
    const turn = this.#last.then(work, work)
    const ended = () => {
      this.#waiting -= 1
      if (this.#waiting === 0) this.#onFree()
    }
    // Whoever took the turn hears of its failure; the next one need not.
    this.#last = turn.then(ended, ended)
    return turn
  }
}
