// What two versions of a policy say differently, field by field. Components are told apart by their names, not by their order.

export type FieldDifference = { readonly field: string; readonly before: string; readonly after: string }

/** In the order of the later version; what it no longer says comes last. '' is a field that was not there. */
export function fieldDifferences(before: unknown, after: unknown): ReadonlyArray<FieldDifference> {
  const [old, now] = [fieldsOf(before), fieldsOf(after)]
  return [...new Set([...now.keys(), ...old.keys()])].flatMap((field) => {
    const [was, is] = [old.get(field) ?? '', now.get(field) ?? '']
    return was === is ? [] : [{ field, before: was, after: is }]
  })
}

function fieldsOf(body: unknown): ReadonlyMap<string, string> {
  return new Map(leavesOf(body, []).map(({ place, text }) => [place.join(', '), text === '' ? '(empty)' : text]))
}

type Leaf = { readonly place: ReadonlyArray<string>; readonly text: string }

/** A list of plain values is one field. */
function leavesOf(value: unknown, place: ReadonlyArray<string>): ReadonlyArray<Leaf> {
  if (Array.isArray(value))
    return value.some(isObject)
      ? value.flatMap((item, index) => leavesOf(item, [...place, itemName(item, index)]))
      : [{ place, text: value.map(String).join(', ') }]
  if (isObject(value))
    return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...place, key.replaceAll('-', ' ')]))
  return [{ place, text: String(value) }]
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const itemName = (item: unknown, index: number) =>
  isObject(item) && typeof item.name === 'string' ? `“${item.name}”` : String(index + 1)
