// What befalls a file that comes as JSON: its values, names, brackets and lines. Most changes leave it JSON, so that its
// records are judged.
import type { Random } from '../generators/random.ts'
import { hostileCell } from './hostile-cells.ts'

type Change = (text: string, random: Random) => string

const at = (text: string, random: Random) => random.integer(0, text.length)
const insert = (text: string, random: Random, what: string) => {
  const place = at(text, random)
  return text.slice(0, place) + what + text.slice(place)
}

/** One match of the pattern, as what `change` makes of it. */
function someMatch(
  text: string,
  { pattern, random }: { pattern: RegExp; random: Random },
  change: (found: string) => string,
) {
  const found = [...text.matchAll(pattern)]
  const match = found[random.integer(0, Math.max(0, found.length - 1))]
  if (!match) return text
  return text.slice(0, match.index) + change(match[0]) + text.slice(match.index + match[0].length)
}

const VALUE = /(?<=": ?)("(?:[^"\\]|\\.)*"|-?[\d.e]+|null)/g
const NAME = /"(?:[^"\\]|\\.)*"(?= ?:)/g
const RECORD_START = /\{"?/g

const someValue = (text: string, random: Random, change: (value: string) => string) =>
  someMatch(text, { pattern: VALUE, random }, change)

const CHANGES: Readonly<Record<string, Change>> = {
  'hostile values': (text, random) => {
    let damaged = text
    for (let count = random.integer(1, 5); count > 0; count -= 1)
      damaged = someValue(damaged, random, (value) => JSON.stringify(hostileCell(value.replace(/^"|"$/g, ''), random)))
    return damaged
  },
  'a number that is odd': (text, random) =>
    someValue(text, random, () =>
      random.pick([
        '1e999',
        '-1e-999',
        '1e5',
        '01',
        '0x10',
        '.5',
        '1.',
        '+1',
        'NaN',
        '-Infinity',
        '9'.repeat(400),
        '-0',
        '1E+2',
      ]),
    ),
  'a value of another kind': (text, random) =>
    someValue(text, random, () =>
      random.pick(['true', 'null', '{}', '[]', '[1,{"a":2}]', '{"a":{"b":1}}', '""', '[{}]']),
    ),
  'a name changed': (text, random) =>
    someMatch(text, { pattern: NAME, random }, () =>
      random.pick([
        '""',
        '"__proto__"',
        '"constructor"',
        '"a.b"',
        '"data.bytes"',
        '"\\u0000"',
        `"${'n'.repeat(2000)}"`,
      ]),
    ),
  'a name twice': (text, random) => someMatch(text, { pattern: NAME, random }, (name) => `${name}:"77",${name}`),
  'a text that is odd': (text, random) =>
    someValue(text, random, () =>
      random.pick(['"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"\\x41"', '"\t"', '"\n"', '"']),
    ),
  'deep nesting': (text, random) =>
    someValue(text, random, () => {
      const depth = random.pick([10, 100, 100_000])
      return random.chance(0.5)
        ? '['.repeat(depth) + ']'.repeat(depth)
        : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
    }),
  'names by the thousand': (text, random) =>
    someMatch(text, { pattern: RECORD_START, random }, (start) => {
      const names = Array.from({ length: random.pick([500, 2500]) }, (_, index) => `"n${index}":1,`)
      return start.replace('{', `{${names.join('')}`)
    }),
  'a value far too long': (text, random) =>
    someValue(text, random, () => JSON.stringify('x'.repeat(random.pick([300_000, 1_100_000])))),
  'another list of objects': (text, random) =>
    someMatch(text, { pattern: RECORD_START, random }, (start) => start.replace('{', '{"others":[{"a":1}],')),
  'a comma or bracket changed': (text, random) =>
    someMatch(text, { pattern: /[{}[\],:]/g, random }, () =>
      random.pick(['', '{', '}', '[', ']', ',', ',,', ':', ';']),
    ),
  'something strewn in': (text, random) =>
    insert(text, random, random.pick(['"', '\\', '\u0000', '\n', '//', '/* */', '\ufeff', '\u2028', '7', '{', ']'])),
  'an end cut off': (text, random) => text.slice(0, at(text, random)),
  'all of it twice': (text) => `${text}\n${text}`,
  'lines between all': (text) => text.replaceAll(',', ',\n'),
  'line ends that are odd': (text, random) => text.replaceAll('\n', random.pick(['\r', '\r\n', '\n\n', ' '])),
  'words around it': (text, random) => random.pick([`callback(${text})`, `${text};`, `)]}'\n${text}`, `\u001e${text}`]),
}

export function damageJsonText(
  text: string,
  random: Random,
): { readonly text: string; readonly changes: ReadonlyArray<string> } {
  const changes = Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, () => random.pick(Object.keys(CHANGES)))
  return {
    text: changes.reduce((damaged, name) => (CHANGES[name] as Change)(damaged, random), text),
    changes: changes.map((name) => `json: ${name}`),
  }
}
