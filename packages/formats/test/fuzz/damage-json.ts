// A table as JSON that is not what programs write: records of other shapes, names twice, brackets that do not pair.
import type { Random } from '../generators/random.ts'
import type { Grid } from '../variants.ts'

type Change = (records: string[], random: Random) => void
const at = (list: ReadonlyArray<unknown>, random: Random) => random.integer(0, Math.max(0, list.length - 1))

function someRecord(records: string[], random: Random, change: (record: string) => string): void {
  const place = at(records, random)
  const record = records[place]
  if (record !== undefined) records[place] = change(record)
}
const VALUES = [
  '1e309',
  '-0',
  '9007199254740993',
  '0.30000000000000004',
  '01',
  'NaN',
  'null',
  'true',
  '[]',
  '{}',
  '[1,2]',
  '"\\ud800"',
  '"\\u0000"',
  '{"a":{"b":{"c":[{"d":1}]}}}',
]

const CHANGES: Readonly<Record<string, Change>> = {
  'nothing odd': () => undefined,
  'a value of another kind': (records, random) =>
    someRecord(records, random, (record) => record.replace(/:"[^"]*"/, () => `:${random.pick(VALUES)}`)),
  'a name twice': (records, random) =>
    someRecord(records, random, (record) => `${record.slice(0, -1)},${record.slice(1)}`),
  'a name of the language': (records, random) =>
    someRecord(records, random, (record) => `{"__proto__":{"x":1},"constructor":"y",${record.slice(1)}`),
  'a record that is none': (records, random) =>
    records.splice(at(records, random), 0, random.pick(['1', '"text"', 'null', '[]', '[[1]]', '{', '}', ''])),
  'a record that is cut': (records, random) =>
    someRecord(records, random, (record) => record.slice(0, random.integer(0, record.length))),
  'a bracket too many': (records, random) => someRecord(records, random, (record) => `${record}}`),
  'brackets by the thousand': (records, random) =>
    someRecord(records, random, (record) => `{"deep":${'['.repeat(50_000)}${']'.repeat(50_000)},${record.slice(1)}`),
  'names by the thousand': (records, random) =>
    someRecord(records, random, (record) => {
      const names = Array.from({ length: 2500 }, (_, index) => `"n${index}":1`)
      return `{${names.join(',')},${record.slice(1)}`
    }),
  'a comment': (records, random) => someRecord(records, random, (record) => `// note\n${record}`),
}

/** A record on each line, one list, or a page with a list in it. */
export function damageJson({ header, rows }: Grid, random: Random): { readonly text: string; readonly change: string } {
  const names = header.map((name, index) => (name === '' ? `column ${index}` : name))
  const records = rows.map((cells) =>
    JSON.stringify(Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']))),
  )
  const change = random.pick(Object.keys(CHANGES))
  ;(CHANGES[change] as Change)(records, random)
  const way = random.pick(['lines', 'list', 'page'])
  const list = `[${records.join(',\n')}]`
  const text = way === 'lines' ? `${records.join('\n')}\n` : way === 'list' ? list : `{"count":1,"value":${list}}`
  return {
    text: random.chance(0.1) ? text.slice(0, random.integer(0, text.length)) : text,
    change: `json ${way}: ${change}`,
  }
}
