// Names of what stands in directories, whole directories at once: so that a page asks for none. Knows no directory itself.

type Names = ReadonlyMap<string, string>

export type KeptNamesBounds = {
  /** A directory with more is not kept: names of it are asked for when they are shown. */
  readonly each: number
  /** Of all that are kept. */
  readonly all: number
  /** So many directories: every run that pinned other documents has its own. */
  readonly directories: number
}

export class KeptNames {
  readonly #bounds: KeptNamesBounds
  /** null: too many. From the one that was not asked for longest. */
  readonly #kept = new Map<string, Names | null>()
  #count = 0

  constructor(bounds: KeptNamesBounds = { each: 50_000, all: 500_000, directories: 100 }) {
    this.#bounds = bounds
  }

  /**
   * Names by key of the directory that is called `place`; null where they are too many. `read`: so many of them at most, for whoever
   * asks first.
   */
  async of(place: string, read: (most: number) => Promise<Names>): Promise<Names | null> {
    const kept = this.#kept.get(place)
    if (kept === undefined) return this.#read(place, read)
    // The last of a Map is the one asked for last.
    this.#kept.delete(place)
    this.#kept.set(place, kept)
    return kept
  }

  async #read(place: string, read: (most: number) => Promise<Names>): Promise<Names | null> {
    const { each, all, directories } = this.#bounds
    const found = await read(each + 1)
    const names = found.size > each ? null : found
    // Another may have read them meanwhile.
    if (!this.#kept.has(place)) this.#count += names?.size ?? 0
    this.#kept.set(place, names)
    for (const [oldest, old] of this.#kept) {
      if ((this.#count <= all && this.#kept.size <= directories) || oldest === place) break
      this.#kept.delete(oldest)
      this.#count -= old?.size ?? 0
    }
    return names
  }
}
