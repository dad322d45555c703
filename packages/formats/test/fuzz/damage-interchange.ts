// What befalls an X12 interchange: its segments, levels, counts, elements and the delimiters that its ISA names.
import type { Random } from '../generators/random.ts'
import { hostileCell } from './hostile-cells.ts'

type Interchange = { readonly element: string; readonly end: string; segments: string[][] }
type Change = (interchange: Interchange, random: Random) => void

/** As the text's own ISA names its delimiters. */
function parse(text: string): Interchange {
  const element = text.charAt(3)
  let place = 3
  for (let count = 1; count < 16; count += 1) place = text.indexOf(element, place + 1)
  const end = text.charAt(place + 2)
  const segments = text.split(end).map((segment) => segment.replace(/^[\r\n\s]+/, '').split(element))
  return { element, end, segments: segments.filter(([id]) => id !== '') }
}

const at = (list: ReadonlyArray<unknown>, random: Random) => random.integer(0, Math.max(0, list.length - 1))

function someOf(id: RegExp, { segments }: Interchange, random: Random, change: (segment: string[]) => void): void {
  const found = segments.filter((segment) => id.test(segment[0] ?? ''))
  const segment = found[at(found, random)]
  if (segment) change(segment)
}

const CHANGES: Readonly<Record<string, Change>> = {
  'a segment dropped': ({ segments }, random) => segments.splice(at(segments, random), 1),
  'a segment twice': ({ segments }, random) => {
    const from = at(segments, random)
    segments.splice(from, 0, [...(segments[from] ?? [])])
  },
  'segments in another order': ({ segments }, random) => {
    const [from, count] = [at(segments, random), random.integer(2, 8)]
    segments.splice(from, 0, ...random.shuffled(segments.splice(from, count)))
  },
  'a parent that is wrong': (interchange, random) =>
    someOf(/^HL$/, interchange, random, (segment) => {
      segment[2] = random.pick([segment[1] ?? '', '9999', '', '-1', 'x', '1e3'])
    }),
  'levels in a circle': (interchange) => {
    const levels = interchange.segments.filter(([id]) => id === 'HL')
    levels.forEach((segment, index) => {
      segment[2] = levels[(index + 1) % levels.length]?.[1] ?? ''
    })
  },
  'levels of one number': (interchange) => {
    for (const segment of interchange.segments) if (segment[0] === 'HL') segment[1] = '1'
  },
  'a level of another kind': (interchange, random) =>
    someOf(/^HL$/, interchange, random, (segment) => {
      segment[3] = random.pick(['', '1', '4', '5', '8', '9', 'ZZ', 'x'.repeat(50)])
    }),
  'a count that is wrong': (interchange, random) =>
    someOf(/^(SE|GE|IEA|CTT)$/, interchange, random, (segment) => {
      segment[1] = random.pick(['0', '999999', '-1', '', 'x', '1e3'])
    }),
  'control numbers that differ': (interchange, random) =>
    someOf(/^(SE|GE|IEA|ST|GS)$/, interchange, random, (segment) => {
      segment[segment.length - 1] = '777'
    }),
  'hostile elements': (interchange, random) => {
    for (let count = random.integer(1, 4); count > 0; count -= 1)
      someOf(/./, interchange, random, (segment) => {
        const place = random.integer(1, Math.max(1, segment.length - 1))
        if (segment[0] !== 'ISA') segment[place] = hostileCell(segment[place] ?? '', random)
      })
  },
  'an element far too long': (interchange, random) =>
    someOf(/^(?!ISA)/, interchange, random, (segment) => {
      segment[at(segment, random)] = 'X'.repeat(random.pick([300, 100_000, 1_100_000]))
    }),
  'elements by the hundred': (interchange, random) =>
    someOf(/^(?!ISA)/, interchange, random, (segment) => segment.push(...Array.from({ length: 500 }, () => '1'))),
  'an amount that is wrong': (interchange, random) =>
    someOf(/^(TDS|ITA|TXI|SAC|BAL|AMT|QTY|IT1|SLN)$/, interchange, random, (segment) => {
      const place = random.integer(1, Math.max(1, segment.length - 1))
      segment[place] = hostileCell('1', random)
    }),
  'another transaction set': (interchange, random) =>
    someOf(/^ST$/, interchange, random, (segment) => {
      segment[1] = random.pick(['810', '997', '', '811 '])
    }),
  'a name of a segment that is wrong': (interchange, random) =>
    someOf(/^(?!ISA)/, interchange, random, (segment) => {
      segment[0] = random.pick(['', 'ZZZ', 'isa', 'HLX', '__proto__', 'constructor'])
    }),
  'an interchange in an interchange': ({ segments }, random) =>
    segments.splice(at(segments, random), 0, ...segments.map((segment) => [...segment])),
  'an interchange behind it': ({ segments }) => segments.push(...segments.map((segment) => [...segment])),
}

const TEXT_CHANGES: Readonly<Record<string, (text: string, random: Random) => string>> = {
  'delimiters that are equal': (text, random) => {
    const { element, end } = parse(text)
    return random.chance(0.5) ? text.replaceAll(end, element) : text.replaceAll(element, end)
  },
  'an ISA that is cut': (text, random) => text.slice(0, random.integer(0, 110)),
  'an ISA without some of it': (text, random) => text.slice(0, 40) + text.slice(40 + random.integer(1, 60)),
  'an end cut off': (text, random) => text.slice(0, random.integer(0, text.length)),
  'a delimiter midway in a value': (text, random) => {
    const { element, end } = parse(text)
    const from = random.integer(110, text.length)
    return text.slice(0, from) + random.pick([element, end, '\n', '\u0000', '"']) + text.slice(from)
  },
}

export function damageInterchange(
  text: string,
  random: Random,
): { readonly text: string; readonly changes: ReadonlyArray<string> } {
  if (random.chance(0.15)) {
    const change = random.pick(Object.keys(TEXT_CHANGES))
    return { text: (TEXT_CHANGES[change] as (text: string, random: Random) => string)(text, random), changes: [change] }
  }
  const interchange = parse(text)
  const changes = Array.from({ length: random.pick([1, 1, 2, 3]) }, () => random.pick(Object.keys(CHANGES)))
  for (const name of changes) (CHANGES[name] as Change)(interchange, random)
  const { element, end, segments } = interchange
  return { text: segments.map((segment) => segment.join(element) + end).join('\n'), changes }
}
