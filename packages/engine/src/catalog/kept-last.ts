// What is made of the newest state of something, kept until that is another. Whoever asks says the state each time, so that nothing
// of before is answered; what is kept goes with the database that it was made of.

export class KeptLast<T> {
  readonly #kept = new WeakMap<object, Map<string, { readonly state: string; readonly value: Promise<T> }>>()

  /** `of` is the open database, `name` what of it; a value that could not be made is made anew for whoever asks next. */
  get(
    of: object,
    { name, state }: { readonly name: string; readonly state: string },
    make: () => Promise<T>,
  ): Promise<T> {
    const byName = this.#kept.get(of) ?? new Map()
    this.#kept.set(of, byName)
    const known = byName.get(name)
    if (known?.state === state) return known.value
    const value = make()
    byName.set(name, { state, value })
    value.catch(() => {
      if (byName.get(name)?.value === value) byName.delete(name)
    })
    return value
  }

  has(of: object, { name, state }: { readonly name: string; readonly state: string }): boolean {
    return this.#kept.get(of)?.get(name)?.state === state
  }
}
