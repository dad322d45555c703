// Pages of reports that were asked for before: what a run says never changes, so that a page of the same runs, in the same
// scope, to the same question is the same. In memory alone, and forgotten from the one that was not asked for longest.

import { Refusal } from '@spillway/core'

/** Of all pages together. */
const BYTES_MAX = 32e6
/** Made at once: each may take most of the memory that the warehouse has, and together they take no longer in turn. */
const MAKING_MAX = 2
/** What takes longer waits for others of its like, so that what takes less has a place. */
const LONG_MS = 200
/** One page larger than this is not worth what it would displace. */
const PAGE_BYTES_MAX = 4e6

/** As it goes over the wire: a text would be made to bytes for everybody who asks, and lie in the way of the collector. */
export type PageBytes = Uint8Array<ArrayBuffer>

/** A page that is being made, and by how many it is waited for. */
type Making = { readonly page: Promise<PageBytes>; readonly stop: AbortController; askers: number }

type Asked = {
  readonly kind?: string
  /** Takes so little that to wait for others would take longer. */
  readonly isQuick?: boolean
  /** Aborted once whoever asks has gone away. */
  readonly signal?: AbortSignal | undefined
}
/** How to make a page that nobody keeps. */
type Maker = {
  readonly make: (signal: AbortSignal) => Promise<string>
  /** Pages of one kind take about as long as each other. */
  readonly kind: string
  readonly isQuick: boolean
}
/** Somebody who waits for a place among those that are made, since when. */
type Waiting = { readonly kind: string; readonly sinceMs: number; readonly begin: () => void }

export class KeptReports {
  readonly #pages = new Map<string, PageBytes>()
  readonly #underWay = new Map<string, Making>()
  readonly #queue: Waiting[] = []
  /** How long the last page of each kind took. */
  readonly #took = new Map<string, number>()
  /** Kinds of those that are being made. */
  readonly #kinds: string[] = []
  #bytes = 0

  /** Pages are being made: whoever makes some that nobody waits for does so later. */
  get isMaking(): boolean {
    return this.#kinds.length > 0
  }

  /** A page that is kept. */
  find(key: string): PageBytes | undefined {
    const kept = this.#pages.get(key)
    if (kept === undefined) return undefined
    // The last of a Map is the one asked for last.
    this.#pages.delete(key)
    this.#pages.set(key, kept)
    return kept
  }

  /**
   * A page, from the text that `make` makes where nobody keeps it. Several who ask at once wait for one answer; once all of them have gone
   * away (`signal`) it is broken off, so that it takes no time from others. `key` holds everything that the answer depends on:
   * runs, scope and question. An answer that failed is not kept.
   */
  async get(key: string, make: Maker['make'], { kind = '', isQuick = false, signal }: Asked = {}): Promise<PageBytes> {
    const kept = this.find(key)
    if (kept !== undefined) return kept
    const making = this.#underWay.get(key) ?? this.#begin(key, { make, kind, isQuick })
    const leave = () => this.#leave(key, making)
    making.askers += 1
    signal?.addEventListener('abort', leave, { once: true })
    if (signal?.aborted) leave()
    try {
      return await making.page
    } finally {
      signal?.removeEventListener('abort', leave)
    }
  }

  #begin(key: string, { make, kind, isQuick }: Maker): Making {
    const stop = new AbortController()
    const begun = async () => {
      if (stop.signal.aborted) throw new Refusal('cancelled', 'Nobody waits for this page any more.')
      return make(stop.signal)
    }
    const page = (isQuick ? begun() : this.#inTurn(kind, begun)).then(bytesOf)
    const making: Making = { page: page.finally(() => this.#forget(key, making)), stop, askers: 0 }
    this.#underWay.set(key, making)
    page.then(
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

  async #inTurn(kind: string, make: () => Promise<string>): Promise<string> {
    await new Promise<void>((begin) => {
      this.#queue.push({ kind, sinceMs: performance.now(), begin: () => begin() })
      this.#next()
    })
    const startedAt = performance.now()
    try {
      const text = await make()
      this.#took.set(kind, performance.now() - startedAt)
      return text
    } finally {
      this.#kinds.splice(this.#kinds.indexOf(kind), 1)
      this.#next()
    }
  }

  /** Gives the places there are to those that take least, less what they have waited; a long one has no other beside it. */
  #next(): void {
    while (this.#kinds.length < MAKING_MAX && this.#queue.length > 0) {
      const now = performance.now()
      const isLong = (kind: string) => (this.#took.get(kind) ?? 0) > LONG_MS
      const waits = ({ kind, sinceMs }: Waiting) => (this.#took.get(kind) ?? 0) - (now - sinceMs)
      const mayBegin = this.#kinds.some(isLong) ? this.#queue.filter(({ kind }) => !isLong(kind)) : [...this.#queue]
      const first = mayBegin.sort((a, b) => waits(a) - waits(b))[0]
      if (!first) return
      this.#queue.splice(this.#queue.indexOf(first), 1)
      this.#kinds.push(first.kind)
      first.begin()
    }
  }

  #keep(key: string, page: PageBytes): void {
    if (page.byteLength > PAGE_BYTES_MAX) return
    this.#pages.set(key, page)
    this.#bytes += key.length + page.byteLength
    for (const [oldest, old] of this.#pages) {
      if (this.#bytes <= BYTES_MAX) return
      this.#pages.delete(oldest)
      this.#bytes -= oldest.length + old.byteLength
    }
  }
}

const encoder = new TextEncoder()
export const bytesOf = (text: string): PageBytes => encoder.encode(text)
