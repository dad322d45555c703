// Rows that have one key, together, in the order in which they came.

export function byKey<T>(rows: ReadonlyArray<T>, keyOf: (row: T) => string): ReadonlyMap<string, ReadonlyArray<T>> {
  const found = new Map<string, T[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const own = found.get(key)
    if (own) own.push(row)
    else found.set(key, [row])
  }
  return found
}
