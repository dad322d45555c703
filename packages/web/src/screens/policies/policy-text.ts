// A document in YAML, as a person would write it: for reading and copying. Plain values alone, which is all that documents hold.

type Value = unknown
type Entries = Readonly<Record<string, Value>>

/** `{ name: 'a', 'applies-to': { pools: ['P'] } }` as three lines; ends with a line break. */
export function toYaml(body: Entries): string {
  return linesOf(body)
    .map((line) => `${line}\n`)
    .join('')
}

function linesOf(entries: Entries): ReadonlyArray<string> {
  return Object.entries(entries).flatMap(([key, value]) => {
    const name = scalar(key)
    if (isPlain(value)) return [`${name}: ${scalar(value)}`]
    if (Array.isArray(value)) return value.length === 0 ? [`${name}: []`] : [`${name}:`, ...indented(itemsOf(value))]
    const inner = linesOf(value as Entries)
    return inner.length === 0 ? [`${name}: {}`] : [`${name}:`, ...indented(inner)]
  })
}

function itemsOf(list: ReadonlyArray<Value>): ReadonlyArray<string> {
  return list.flatMap((item) => {
    if (isPlain(item)) return [`- ${scalar(item)}`]
    const inner = Array.isArray(item) ? itemsOf(item) : linesOf(item as Entries)
    return inner.length === 0
      ? [Array.isArray(item) ? '- []' : '- {}']
      : inner.map((line, index) => `${index === 0 ? '- ' : '  '}${line}`)
  })
}

const indented = (lines: ReadonlyArray<string>) => lines.map((line) => `  ${line}`)
const isPlain = (value: Value) => typeof value !== 'object' || value === null

/** Words of YAML's own, and what would be read as something else than text, are quoted. */
const SAFE = /^[A-Za-z_][\w ./+()%&-]*$/
const OWN_WORD = /^(?:true|false|null|yes|no|on|off|y|n)$/i

function scalar(value: Value): string {
  if (typeof value !== 'string') return String(value)
  const isSafe = SAFE.test(value) && !OWN_WORD.test(value) && value === value.trim()
  return isSafe || /^\d{4}-\d\d-\d\d$/.test(value) ? value : JSON.stringify(value)
}
