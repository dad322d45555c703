// Columns that are used again and again, so that a million small groups need no memory of their own each.

export class ColumnRoom {
  readonly #integers = new Map<string, Int32Array>()
  readonly #numbers = new Map<string, Float64Array>()

  /** At least so many, with what was last written there; the same column for the same name. */
  integers(name: string, count: number): Int32Array {
    const known = this.#integers.get(name)
    if (known !== undefined && known.length >= count) return known
    const made = new Int32Array(roomFor(known, count))
    this.#integers.set(name, made)
    return made
  }

  numbers(name: string, count: number): Float64Array {
    const known = this.#numbers.get(name)
    if (known !== undefined && known.length >= count) return known
    const made = new Float64Array(roomFor(known, count))
    this.#numbers.set(name, made)
    return made
  }
}

function roomFor(known: { readonly length: number } | undefined, count: number): number {
  return known === undefined ? count : Math.max(count, known.length * 2)
}
