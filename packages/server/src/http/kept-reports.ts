// Pages of reports that were asked for before: what a run says never changes, so that a page of the same runs, in the same
// scope, to the same question is the same. In memory alone, and forgotten from the one that was not asked for longest.

/** Of all texts together. */
const CHARACTERS_MAX = 64e6
/** Made at once: each may take most of the memory that the warehouse has, and together they take no longer in turn. */
const MAKING_MAX = 2
/** One page larger than this is not worth what it would displace. */
const PAGE_CHARACTERS_MAX = 4e6

export class KeptReports {
  readonly #texts = new Map<string, string>()
  readonly #underWay = new Map<string, Promise<string>>()
  readonly #queue: (() => void)[] = []
  #characters = 0
  #making = 0

  /** Pages are being made: whoever makes some that nobody waits for does so later. */
  get isMaking(): boolean {
    return this.#making > 0
  }

  /**
   * The text of a page, made where nobody keeps it. Several who ask at once wait for one answer. `key` holds everything that
   * the answer depends on: runs, scope and question. An answer that failed is not kept.
   */
  async get(key: string, make: () => Promise<string>): Promise<string> {
    const kept = this.#texts.get(key)
    if (kept !== undefined) {
      // The last of a Map is the one asked for last.
      this.#texts.delete(key)
      this.#texts.set(key, kept)
      return kept
    }
    const waited = this.#underWay.get(key)
    if (waited !== undefined) return waited
    const making = this.#inTurn(make)
    this.#underWay.set(key, making)
    try {
      const text = await making
      this.#keep(key, text)
      return text
    } finally {
      this.#underWay.delete(key)
    }
  }

  async #inTurn(make: () => Promise<string>): Promise<string> {
    if (this.#making >= MAKING_MAX) await new Promise<void>((resolve) => this.#queue.push(resolve))
    else this.#making += 1
    try {
      return await make()
    } finally {
      const next = this.#queue.shift()
      // Whoever waited takes the place over.
      if (next) next()
      else this.#making -= 1
    }
  }

  #keep(key: string, text: string): void {
    if (text.length > PAGE_CHARACTERS_MAX) return
    this.#texts.set(key, text)
    this.#characters += key.length + text.length
    for (const [oldest, old] of this.#texts) {
      if (this.#characters <= CHARACTERS_MAX) return
      this.#texts.delete(oldest)
      this.#characters -= oldest.length + old.length
    }
  }
}
