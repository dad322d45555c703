// A document of configuration as its form holds it: plain values under the keys of the file. Changing one makes another; a key
// without a value is left out, as nobody would write it.

export type Body = Readonly<Record<string, unknown>>
export type Part = string | number
export type Place = ReadonlyArray<Part>

/** `buckets[0].tiers[1].size`, as the server names a place. */
export function pathOf(place: Place): string {
  return place
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '')
}

/** `buckets[0].tiers[1].size` as `buckets 1, tiers 2, size`; '' for the document as a whole. */
export function sayPath(path: string): string {
  return path
    .replaceAll(/\[(\d+)\]/g, (_, index: string) => ` ${Number(index) + 1}`)
    .replaceAll('.', ', ')
    .replaceAll('-', ' ')
}

export function valueAt(body: unknown, place: Place): unknown {
  return place.reduce<unknown>((value, part) => (value as Readonly<Record<Part, unknown>> | undefined)?.[part], body)
}

export function textAt(body: unknown, place: Place): string {
  const value = valueAt(body, place)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

export function listAt(body: unknown, place: Place): ReadonlyArray<Body> {
  const value = valueAt(body, place)
  return Array.isArray(value) ? value : []
}

export function setAt(body: Body, place: Place, value: unknown): Body {
  return changed(body, place, value) as Body
}

function changed(value: unknown, [part, ...rest]: Place, next: unknown): unknown {
  if (part === undefined) return next
  if (typeof part === 'number') {
    const list = Array.isArray(value) ? value : []
    return Object.assign([...list], { [part]: changed(list[part], rest, next) })
  }
  const entries = (value ?? {}) as Body
  const inner = changed(entries[part], rest, next)
  // A set of keys whose last one went goes with it.
  const isEmptied = next === undefined && rest.length > 0 && Object.keys(inner as Body).length === 0
  if (inner !== undefined && !isEmptied) return { ...entries, [part]: inner }
  const { [part]: _, ...others } = entries
  return others
}

/** Without its `index`; a list that becomes empty stays one. */
export function without<T>(list: ReadonlyArray<T>, index: number): ReadonlyArray<T> {
  return list.filter((_, at) => at !== index)
}

/** With what is at `index` one place up or down. */
export function moved<T>(list: ReadonlyArray<T>, index: number, by: -1 | 1): ReadonlyArray<T> {
  const [from, to] = [list[index], list[index + by]]
  return from === undefined || to === undefined ? list : Object.assign([...list], { [index]: to, [index + by]: from })
}

/** A set of keys without one of them; undefined once it is empty. */
export function withoutKey(entries: unknown, key: string): Body | undefined {
  const { [key]: _, ...others } = (entries ?? {}) as Body
  return Object.keys(others).length > 0 ? others : undefined
}

/** The same with its keys in the order of another: what was emptied and filled again stands where it stood. */
export function inOrderOf(order: unknown, value: unknown): unknown {
  if (Array.isArray(value)) {
    const known = Array.isArray(order) ? order : []
    return value.map((one, at) => inOrderOf(known[at], one))
  }
  if (typeof value !== 'object' || value === null) return value
  const known = typeof order === 'object' && order !== null && !Array.isArray(order) ? (order as Body) : {}
  const entries = value as Body
  const keys = [
    ...Object.keys(known).filter((key) => key in entries),
    ...Object.keys(entries).filter((key) => !(key in known)),
  ]
  return Object.fromEntries(keys.map((key) => [key, inOrderOf(known[key], entries[key])]))
}

/** Whether they say the same: `4` is `"4"`, and the order of keys says nothing. */
export function isSame(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other)
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'number') return String(inner)
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
