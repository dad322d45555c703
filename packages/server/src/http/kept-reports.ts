// Pages of reports that were asked for before: what a run says never changes, so that a page of the same runs, in the same
// scope, to the same question is the same. In memory alone, and forgotten from the one that was not asked for longest.

import { Refusal } from '@spillway/core'

/** Of all texts together. */
const CHARACTERS_MAX = 64e6
/** Made at once: each may take most of the memory that the warehouse has, and together they take no longer in turn. */
const MAKING_MAX = 2
/** One page larger than this is not worth what it would displace. */
const PAGE_CHARACTERS_MAX = 4e6

/** A page that is being made, and by how many it is waited for. */
type Making = { readonly text: Promise<string>; readonly stop: AbortController; askers: number }

export class KeptReports {
  readonly #texts = new Map<string, string>()
  readonly #underWay = new Map<string, Making>()
  readonly #queue: (() => void)[] = []
  #characters = 0
  #making = 0

  /** Pages are being made: whoever makes some that nobody waits for does so later. */
  get isMaking(): boolean {
    return this.#making > 0
  }

  /**
   * The text of a page, made where nobody keeps it. Several who ask at once wait for one answer; once all of them have gone
   * away (`signal`) it is broken off, so that it takes no time from others. `key` holds everything that the answer depends on:
   * runs, scope and question. An answer that failed is not kept.
   */
  async get(key: string, make: (signal: AbortSignal) => Promise<string>, signal?: AbortSignal): Promise<string> {
    const kept = this.#texts.get(key)
    if (kept !== undefined) {
      // The last of a Map is the one asked for last.
      this.#texts.delete(key)
      this.#texts.set(key, kept)
      return kept
    }
    const making = this.#underWay.get(key) ?? this.#begin(key, make)
    const leave = () => this.#leave(key, making)
    making.askers += 1
    signal?.addEventListener('abort', leave, { once: true })
    if (signal?.aborted) leave()
    try {
      return await making.text
    } finally {
      signal?.removeEventListener('abort', leave)
    }
  }

  #begin(key: string, make: (signal: AbortSignal) => Promise<string>): Making {
    const stop = new AbortController()
    const text = this.#inTurn(() => {
      if (stop.signal.aborted) throw new Refusal('cancelled', 'Nobody waits for this page any more.')
      return make(stop.signal)
    })
    const making: Making = { text: text.finally(() => this.#forget(key, making)), stop, askers: 0 }
    this.#underWay.set(key, making)
    text.then(
      (made) => this.#keep(key, made),
      () => {
        // Those who wait hear of it.
      },
    )
    return making
  }

  #leave(key: string, making: Making): void {
    making.askers -= 1
    if (making.askers > 0) return
    this.#forget(key, making)
    making.stop.abort()
  }

  #forget(key: string, making: Making): void {
    if (this.#underWay.get(key) === making) this.#underWay.delete(key)
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
