// The values of those keys that were asked for last, at most so many: what is asked again soon is worth its room. Says nothing of
// whether a value still holds; whoever keeps it does, by what the key has in it.

export class LastAsked<K, V extends NonNullable<unknown> | null> {
  /** The last of a Map is the one that was set last. */
  readonly #values = new Map<K, V>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  get size(): number {
    return this.#values.size
  }

  get(key: K): V | undefined {
    const value = this.#values.get(key)
    if (value === undefined) return undefined
    this.#values.delete(key)
    this.#values.set(key, value)
    return value
  }

  /** Lets go of what nobody asked for longest, where there are too many. */
  set(key: K, value: V): void {
    this.#values.delete(key)
    this.#values.set(key, value)
    if (this.#values.size <= this.#most) return
    for (const oldest of this.#values.keys()) {
      this.#values.delete(oldest)
      return
    }
  }

  delete(key: K): void {
    this.#values.delete(key)
  }

  clear(): void {
    this.#values.clear()
  }

  /** Those that nobody asked for longest first. */
  entries(): IterableIterator<[K, V]> {
    return this.#values.entries()
  }
}
