// Rows that are stored in the order of a key, by that key the other way, without putting them in order.

export type KeyedPlaces = {
  /** The same for rows of one key, which follow each other. */
  readonly keyAt: (place: number) => number
  readonly isDescending: boolean
  /** Rows without a key, which are stored first and come last. */
  readonly unnamed: number
  /** How many rows there are. */
  readonly of: number
  /** Of the order: from the first until before the last. */
  readonly from: number
  readonly until: number
}

/** The places of stored rows that stand between two places of the order. Rows of one key stay in the order in which they are stored. */
export function placesByKey({ keyAt, isDescending, unnamed, of, from, until }: KeyedPlaces): ReadonlyArray<number> {
  const named = of - unnamed
  const placeOf = (at: number) => {
    if (at >= named) return at - named
    return isDescending ? mirrored(of - 1 - at) : unnamed + at
  }
  /** The last row of a key stands where its first one would. */
  const mirrored = (place: number) => {
    const key = keyAt(place)
    let [first, last] = [place, place]
    while (first > unnamed && keyAt(first - 1) === key) first -= 1
    while (last + 1 < of && keyAt(last + 1) === key) last += 1
    return first + (last - place)
  }
  return Array.from({ length: Math.max(0, Math.min(of, until) - from) }, (_, index) => placeOf(from + index))
}
