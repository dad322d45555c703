// Cuts a list that is in memory into pages by its order, and reads and writes cursors.
import { compareBytes, Refusal } from '@spillway/core'

type Item = Readonly<Record<string, unknown>>

export type PageRequest = { readonly limit: number; readonly cursor?: string | undefined; readonly sort: string }

/**
 * The items after the cursor in the order of `sort` (`-key` the other way), at most `limit`; `idOf` tells apart what is equal.
 * Items that come or go between two pages move no other one. @throws Refusal `bad-command` for a cursor of another order.
 */
export function pageOfItems<T extends Item>(
  items: ReadonlyArray<T>,
  { limit, cursor, sort, idOf }: PageRequest & { readonly idOf: (item: T) => string },
): { items: T[]; next: string | null } {
  const isDescending = sort.startsWith('-')
  const key = isDescending ? sort.slice(1) : sort
  const placeOf = (item: T): Place => [String(item[key] ?? ''), idOf(item)]
  const compare = (a: Place, b: Place) =>
    (compareBytes(a[0], b[0]) || compareBytes(a[1], b[1])) * (isDescending ? -1 : 1)
  const sorted = items.map((item) => ({ item, place: placeOf(item) })).sort((a, b) => compare(a.place, b.place))
  const after = cursor === undefined ? null : readCursor(cursor, sort)
  const rest = after === null ? sorted : sorted.filter(({ place }) => compare(place, after) > 0)
  const shown = rest.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(({ item }) => item),
    next: rest.length > limit && last ? writeCursor(sort, last.place) : null,
  }
}

type Place = readonly [string, string]

export function writeCursor(sort: string, place: Place): string {
  return Buffer.from(JSON.stringify([sort, ...place])).toString('base64url')
}

/** @throws Refusal `bad-command`. */
export function readCursor(cursor: string, sort: string): Place {
  const parts = parsed(cursor)
  if (
    Array.isArray(parts) &&
    parts.length === 3 &&
    parts[0] === sort &&
    parts.every((part) => typeof part === 'string')
  )
    return [String(parts[1]), String(parts[2])]
  throw new Refusal('bad-command', 'This cursor is of another list, or of another order.', {
    hint: 'Use the `next` of a page with the same parameters.',
  })
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}
