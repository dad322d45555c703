// Two values of JSON as the places in which they differ.

export type Change = {
  /** `request.folder`, `expected.0`; '' for the value itself. */
  readonly path: string
  /** undefined where there is none on that side. */
  readonly before: string | undefined
  readonly after: string | undefined
}

/** In the order of the value after, then what only the one before had. */
export function changesOf(before: unknown, after: unknown): ReadonlyArray<Change> {
  const [was, is] = [leavesOf(before), leavesOf(after)]
  const paths = new Set([...is.keys(), ...was.keys()])
  return [...paths]
    .map((path) => ({ path, before: was.get(path), after: is.get(path) }))
    .filter((one) => one.before !== one.after)
}

function leavesOf(value: unknown, path = '', found = new Map<string, string>()): ReadonlyMap<string, string> {
  if (value === undefined) return found
  const parts = typeof value === 'object' && value !== null ? Object.entries(value) : []
  if (parts.length === 0) found.set(path, textOf(value))
  for (const [name, part] of parts) leavesOf(part, path === '' ? name : `${path}.${name}`, found)
  return found
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
