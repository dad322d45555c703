// Lets one piece of work at a time have its turn, in the order in which they came: the workspace has one writer.
export class Turns {
  #last: Promise<unknown> = Promise.resolve()

  /** Runs `work` after those before it, whether they failed or not. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work)
    this.#last = turn.catch(() => {
      // Whoever took the turn hears of it; the next one need not.
    })
    return turn
  }
}
